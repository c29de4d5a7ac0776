"""What does not fit a channel is told to the person who writes, in one message, and nothing of it is queued."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.api import inbox_send
from dafater_crm.records.inbox import outbox
from tests.provider import payloads
from tests.site.inbox_cast import (
	CONVERSATION,
	MESSAGE,
	conversing,
	make_account,
	now_utc,
	provider,  # noqa: F401
	received,
	rows_of,
	send,
	swept,  # noqa: F401
)

pytestmark = pytest.mark.usefixtures("swept")
PERSON = payloads.Person("نورة", user_id="7001")
WRITTEN = {"Messenger": payloads.messenger_text, "Instagram": payloads.instagram_text}


def in_conversation(provider, channel: str) -> str:  # noqa: F811
	if channel == "WhatsApp":
		return conversing(provider)
	name = f"حساب {channel}"
	make_account(name, channel=channel, external_id="2001", base_url=provider.url, sandbox=1)
	received(WRITTEN[channel]("2001", PERSON, "مرحبا", on=now_utc()), name, channel)
	(conversation,) = rows_of(CONVERSATION)
	return conversation.name


def picture(conversation: str) -> str:
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "a.png",
			"attached_to_doctype": CONVERSATION,
			"attached_to_name": conversation,
			"is_private": 1,
			"content": b"\x89PNG\r\n\x1a\n" + bytes(32),
		}
	)
	return file.insert().name


def queued() -> list[tuple[str, str]]:
	return [
		(row.message_type, row.body) for row in rows_of(MESSAGE, "message_type", "body", direction="Outgoing")
	]


def refused(conversation: str, text: str, **values) -> str:
	frappe.clear_messages()
	with pytest.raises(frappe.ValidationError) as told:
		inbox_send.send(conversation, frappe.generate_hash(), text, **values)
	frappe.db.rollback()
	assert len(frappe.get_message_log()) == 1
	assert queued() == []
	return str(told.value)


@pytest.mark.parametrize(
	("channel", "fits", "too_long", "words"),
	[
		("WhatsApp", "م" * 4096, "م" * 4097, "4096"),
		("Messenger", "م" * 2000, "م" * 2001, "2000"),
		# bytes: an Arabic letter takes two
		("Instagram", "م" * 500, "م" * 501, "1000"),
		("Instagram", "a" * 1000, "م" * 499 + "abc", "1001"),
	],
)
def test_a_text_over_the_limit_is_refused_and_one_at_it_is_sent(provider, channel, fits, too_long, words):  # noqa: F811
	conversation = in_conversation(provider, channel)
	assert words in refused(conversation, too_long)
	account = frappe.db.get_value(CONVERSATION, conversation, "account")
	inbox_send.send(conversation, frappe.generate_hash(), fits)
	frappe.db.commit()
	assert send(account) == {"Sent": 1}


def test_the_refusal_is_in_the_readers_language(provider):  # noqa: F811
	conversation = in_conversation(provider, "Instagram")
	frappe.local.lang = "ar"
	try:
		told = refused(conversation, "م" * 501)
	finally:
		frappe.local.lang = "en"
	assert "1002" in told and not any("a" <= letter <= "z" for letter in told.lower()), told


def test_a_caption_over_whatsapps_limit_is_refused_with_its_file(provider):  # noqa: F811
	conversation = in_conversation(provider, "WhatsApp")
	file = picture(conversation)
	frappe.db.commit()
	assert "1024" in refused(conversation, "م" * 1025, attachments=[file])
	inbox_send.send(conversation, frappe.generate_hash(), "م" * 1024, attachments=[file])
	frappe.db.commit()
	assert queued() == [("Image", "م" * 1024)]


def test_where_files_carry_no_text_it_goes_before_them(provider):  # noqa: F811
	conversation = in_conversation(provider, "Messenger")
	file = picture(conversation)
	frappe.db.commit()
	inbox_send.send(conversation, frappe.generate_hash(), "الصورة", attachments=[file])
	frappe.db.commit()
	assert queued() == [("Text", "الصورة"), ("Image", "")]
	account = frappe.db.get_value(CONVERSATION, conversation, "account")
	assert send(account) == {"Sent": 2}
	words, file = (body["message"] for body in provider.sent)
	assert (words["text"], file["attachment"]["type"]) == ("الصورة", "image")


def test_a_file_is_refused_where_none_can_be_sent(provider):  # noqa: F811
	"""Instagram fetches files from public addresses alone, and ours are private."""
	conversation = in_conversation(provider, "Instagram")
	file = picture(conversation)
	frappe.db.commit()
	assert "Files cannot be sent" in refused(conversation, "الصورة", attachments=[file])
	assert "Files cannot be sent" in refused(conversation, "", attachments=[file])


@pytest.mark.parametrize(
	("channel", "emoji", "words"),
	[
		("Messenger", "👍", "takes no reactions"),
		("Instagram", "👍", "a heart alone"),
		("Instagram", "❤️", None),
		("WhatsApp", "👍", None),
	],
)
def test_a_reaction_has_to_be_one_that_the_channel_shows(provider, channel, emoji, words):  # noqa: F811
	in_conversation(provider, channel)
	(message,) = rows_of(MESSAGE)
	if words is None:
		inbox_send.react(message.name, emoji)
		frappe.db.commit()
		assert frappe.db.get_value(MESSAGE, message.name, "our_reaction") == emoji
		return
	with pytest.raises(frappe.ValidationError, match=words):
		inbox_send.react(message.name, emoji)
	frappe.db.rollback()
	assert frappe.db.get_value(MESSAGE, message.name, "our_reaction") is None


@pytest.mark.parametrize(
	("buttons", "words"),
	[(["نعم", "لا", "ربما", "لاحقا"], "at most 3"), (["ن" * 21], "20"), (["نعم", "لا"], None)],
)
def test_buttons_have_to_fit(provider, buttons, words):  # noqa: F811
	conversation = in_conversation(provider, "WhatsApp")

	def ask() -> None:
		values = {"buttons": buttons}
		outbox.queue_message(conversation, text="هل وصل؟", kind="Buttons", values=values, client_key="k")

	if words is None:
		ask()
		frappe.db.commit()
		assert queued() == [("Buttons", "هل وصل؟")]
		assert send() == {"Sent": 1}
		(body,) = provider.sent
		replies = [one["reply"]["title"] for one in body["interactive"]["action"]["buttons"]]
		assert (body["interactive"]["body"]["text"], replies) == ("هل وصل؟", buttons)
		return
	with pytest.raises(frappe.ValidationError, match=words):
		ask()
	frappe.db.rollback()
	assert queued() == []
