"""What people of the inbox may do: each method asks for write permission on the conversation."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_to_date

from dafater_crm.api import inbox_send
from dafater_crm.records.inbox import seen
from tests.provider import payloads
from tests.site.inbox_cast import (
	CONVERSATION,
	MESSAGE,
	conversing,
	now_utc,
	person,
	provider,  # noqa: F401
	received,
	rows_of,
	send,
	stored,
	swept,  # noqa: F401
)
from tests.site.pdfs import pdf
from tests.site.people import EXECUTIVE, SELLER_A, SELLER_B, STRANGER, cast  # noqa: F401

pytestmark = pytest.mark.usefixtures("swept", "cast")


@pytest.fixture
def conversation(swept, provider) -> str:  # noqa: F811 - the fixture bears its name
	"""Assigned to one seller: the other one does not see it."""
	name = conversing(provider)
	frappe.db.set_value(CONVERSATION, name, {"assigned_to": SELLER_A, "status": "New", "team": None})
	frappe.db.commit()
	return name


@pytest.mark.parametrize("user", [SELLER_B, STRANGER, "Guest"])
def test_nobody_writes_in_a_conversation_that_is_not_theirs(conversation, user, as_user):
	(message,) = rows_of(MESSAGE)
	with as_user(user):
		for method, arguments in (
			(inbox_send.send, {"conversation": conversation, "client_key": "k", "text": "x"}),
			(inbox_send.note, {"conversation": conversation, "client_key": "k", "text": "x"}),
			(inbox_send.mark_seen, {"conversation": conversation}),
			(inbox_send.upload, {"conversation": conversation}),
			(inbox_send.react, {"message": message.name, "emoji": "👍"}),
			(inbox_send.resend, {"message": message.name}),
		):
			with pytest.raises(frappe.PermissionError):
				method(**arguments)
	assert len(rows_of(MESSAGE)) == 1


def test_an_agent_answers_under_their_own_name(provider, conversation, as_user):  # noqa: F811
	with as_user(SELLER_A):
		message = inbox_send.send(conversation, "key-1", "أهلًا بك")["message"]
		assert inbox_send.send(conversation, "key-1", "أهلًا بك")["message"] == message
	frappe.db.commit()
	assert send() == {"Sent": 1}
	assert (stored(message).author, stored(message).status) == (SELLER_A, "Sent")
	assert len(provider.sent) == 1


@pytest.mark.parametrize(
	("arguments", "words"),
	[
		({"text": "  "}, "message"),
		({"text": "x" * 4097}, "4096"),
		({"text": "x", "client_key": ""}, "no valid key"),
		({"text": "x", "reply_to": "nothing"}, "not in this conversation"),
		({"text": "x", "attachments": '{"a": 1}'}, "as a list"),
		({"template": "nothing"}, "not found"),
	],
)
def test_what_cannot_be_sent_is_told_and_not_kept(conversation, arguments, words, as_user):
	with as_user(SELLER_A), pytest.raises(frappe.ValidationError, match=words):
		inbox_send.send(**{"conversation": conversation, "client_key": "key-1", **arguments})
	assert len(rows_of(MESSAGE)) == 1


def test_a_note_stays_inside_and_tells_who_is_mentioned_and_may_read_it(provider, conversation, as_user):  # noqa: F811
	with as_user(SELLER_A):
		note = inbox_send.note(conversation, "انظري هنا", "n-1", [SELLER_B, SELLER_A, "nobody@x.example"])[
			"message"
		]
		assert inbox_send.note(conversation, "انظري هنا", "n-1")["message"] == note
	frappe.db.commit()
	row = stored(note)
	assert (row.direction, row.status, row.author) == ("Note", None, SELLER_A)
	assert row.mentions.split("\n") == [SELLER_B, SELLER_A]
	assert send() == {}
	assert provider.sent == []
	(state,) = rows_of(CONVERSATION, "waiting_since", "unread", "last_direction")
	assert state.waiting_since and state.unread == 1 and state.last_direction == "Incoming"


def test_looking_opens_a_new_conversation_and_tells_the_person_once(provider, conversation, as_user):  # noqa: F811
	with as_user(SELLER_A):
		inbox_send.mark_seen(conversation)
		inbox_send.mark_seen(conversation)
	frappe.db.commit()
	(state,) = rows_of(CONVERSATION, "unread", "status", "waiting_since")
	assert (state.unread, state.status) == (0, "Open")
	assert state.waiting_since, "seen is not answered"
	seen.send_read_mark(conversation)
	(mark,) = provider.sent
	assert mark["status"] == "read"
	assert mark["message_id"] == rows_of(MESSAGE, "provider_id")[0].provider_id


def test_buttons_go_below_a_text(provider, conversation, as_user):  # noqa: F811
	with as_user(SELLER_A):
		message = inbox_send.send(conversation, "key-1", "هل وصل؟", buttons='["نعم", " لا ", ""]')["message"]
		with pytest.raises(frappe.ValidationError, match="a text alone"):
			inbox_send.send(conversation, "key-2", "هل وصل؟", buttons=["نعم"], attachments=["x"])
	frappe.db.commit()
	assert send() == {"Sent": 1}
	(body,) = provider.sent
	replies = [one["reply"]["title"] for one in body["interactive"]["action"]["buttons"]]
	assert (stored(message).message_type, replies) == ("Buttons", ["نعم", "لا"])


def test_a_reaction_goes_out_and_is_taken_back(provider, conversation, as_user):  # noqa: F811
	(message,) = rows_of(MESSAGE, "provider_id")
	for emoji in ("👍", ""):
		with as_user(SELLER_A):
			inbox_send.react(message.name, emoji)
		frappe.db.commit()
		assert (stored(message.name).our_reaction or "") == emoji
		seen.send_reaction(message.name)
		assert provider.sent[-1]["reaction"] == {"message_id": message.provider_id, "emoji": emoji}
	with as_user(SELLER_A), pytest.raises(frappe.ValidationError, match="single emoji"):
		inbox_send.react(message.name, "not an emoji")


def test_a_reaction_that_the_provider_refuses_is_taken_back(provider, conversation, as_user):  # noqa: F811
	(message,) = rows_of(MESSAGE)
	provider.fail("messages", 131026)
	with as_user(SELLER_A):
		inbox_send.react(message.name, "👍")
	frappe.db.commit()
	seen.send_reaction(message.name)
	assert stored(message.name).our_reaction is None
	assert provider.sent == []


def test_no_reaction_is_given_after_the_24_hours(provider, conversation, as_user):  # noqa: F811
	(message,) = rows_of(MESSAGE)
	frappe.db.set_value(CONVERSATION, conversation, "last_inbound_on", add_to_date(None, hours=-25))
	frappe.db.commit()
	with as_user(SELLER_A), pytest.raises(frappe.ValidationError, match="24 hours"):
		inbox_send.react(message.name, "👍")
	assert stored(message.name).our_reaction is None


def test_only_a_failed_message_of_ours_is_sent_again(provider, conversation, as_user):  # noqa: F811
	(incoming,) = rows_of(MESSAGE)
	provider.fail("messages", 131026)
	with as_user(SELLER_A):
		with pytest.raises(frappe.ValidationError, match="that you sent"):
			inbox_send.resend(incoming.name)
		message = inbox_send.send(conversation, "key-1", "مرة")["message"]
	frappe.db.commit()
	assert send() == {"Failed": 1}
	with as_user(SELLER_A):
		assert inbox_send.resend(message) == {"message": message}
	frappe.db.commit()
	assert send() == {"Sent": 1}
	row = stored(message)
	assert (row.status, row.error, row.failed_on) == ("Sent", None, None)


def test_an_answer_may_quote_a_message(provider, conversation, as_user):  # noqa: F811
	(question,) = rows_of(MESSAGE, "provider_id")
	with as_user(SELLER_A):
		inbox_send.send(conversation, "key-1", "جوابًا", reply_to=question.name)
	frappe.db.commit()
	send()
	assert provider.sent[0]["context"] == {"message_id": question.provider_id}


# files
def make_file(conversation: str, name: str = "عرض.pdf", content: bytes = b""):
	return frappe.get_doc(
		{
			"doctype": "File",
			"file_name": name,
			"content": content or pdf(name),
			"is_private": 1,
			"attached_to_doctype": CONVERSATION,
			"attached_to_name": conversation,
		}
	).insert()


def test_a_file_is_uploaded_once_and_sent(provider, conversation, as_user):  # noqa: F811
	file = make_file(conversation)
	frappe.db.commit()
	provider.fail("messages", 131000)
	with as_user(SELLER_A):
		message = inbox_send.send(conversation, "key-1", "العرض", attachments=[file.name])["message"]
	frappe.db.commit()
	assert send() == {"Queued": 1}
	assert send(hurry=True) == {"Sent": 1}
	(body,) = provider.sent
	assert body["type"] == "document"
	assert body["document"]["caption"] == "العرض"
	assert body["document"]["filename"] == file.file_name
	uploads = [each for each in provider.script.requests if each["path"].endswith("/media")]
	assert len(uploads) == 1, "the provider had the file when the message was tried again"
	assert stored(message).message_type == "Document"


def test_several_files_are_several_messages_in_their_order(provider, conversation, as_user):  # noqa: F811
	files = [make_file(conversation, f"{number}.pdf").name for number in range(3)]
	frappe.db.commit()
	with as_user(SELLER_A):
		inbox_send.send(conversation, "key-1", "ثلاثة", attachments=frappe.as_json(files))
		inbox_send.send(conversation, "key-1", "ثلاثة", attachments=frappe.as_json(files))
	frappe.db.commit()
	assert send() == {"Sent": 3}
	assert [body["document"].get("caption") for body in provider.sent] == ["ثلاثة", None, None]


def test_nobody_sends_a_file_they_may_not_read_or_one_that_runs(conversation, as_user):
	foreign = frappe.get_doc(
		{"doctype": "File", "file_name": "secret.txt", "content": "x", "is_private": 1}
	).insert()
	page = make_file(conversation, "page.html", b"<html>x</html>")
	frappe.db.commit()
	with as_user(SELLER_A):
		with pytest.raises(frappe.PermissionError):
			inbox_send.send(conversation, "key-1", attachments=[foreign.name])
		with pytest.raises(frappe.ValidationError, match="text/html"):
			inbox_send.send(conversation, "key-2", attachments=[page.name])


# templates
def make_template(**values):
	return frappe.get_doc(
		{
			"doctype": "Dafater Message Template",
			"title": "فاتورة مستحقة",
			"account": "واتساب الرياض",
			"template_name": "invoice_due",
			"language": "ar",
			"category": "Utility",
			"approval": "Approved",
			"body": "مرحبًا {{1}}، فاتورتك {{2}} مستحقة.",
			"parameters": [{"placeholder": "1", "value_from": "Person's Name"}],
			**values,
		}
	).insert()


def test_a_template_goes_out_after_the_window_with_its_values(provider, conversation, as_user):  # noqa: F811
	template = make_template()
	frappe.db.set_value(CONVERSATION, conversation, "last_inbound_on", "2020-01-01")
	frappe.db.commit()
	with as_user(SELLER_A):
		with pytest.raises(frappe.ValidationError, match="Fill in these values of the template: 2"):
			inbox_send.send(conversation, "key-1", template=template.name)
		message = inbox_send.send(conversation, "key-1", template=template.name, values={"2": "SINV-1"})[
			"message"
		]
	frappe.db.commit()
	assert send() == {"Sent": 1}
	(body,) = provider.sent
	assert body["template"]["name"] == "invoice_due"
	assert body["template"]["language"] == {"code": "ar"}
	(component,) = body["template"]["components"]
	assert [value["text"] for value in component["parameters"]] == ["سارة 1", "SINV-1"]
	assert stored(message).body == "مرحبًا سارة 1، فاتورتك SINV-1 مستحقة."


def test_a_template_that_is_not_approved_or_of_marketing_to_who_stopped_it_is_refused(conversation, as_user):
	paused = make_template(approval="Paused", template_name="paused")
	offer = make_template(category="Marketing", template_name="offer", body="عرض", parameters=[])
	frappe.db.set_value("Dafater Contact Identity", {"phone": person().phone}, "no_marketing", 1)
	frappe.db.commit()
	with as_user(SELLER_A):
		with pytest.raises(frappe.ValidationError, match="not approved"):
			inbox_send.send(conversation, "key-1", template=paused.name, values={"1": "x", "2": "y"})
		with pytest.raises(frappe.ValidationError, match="marketing"):
			inbox_send.send(conversation, "key-2", template=offer.name)


def test_a_template_is_checked_when_it_is_saved():
	make_template_account()
	for values, words in (
		({"template_name": "Invoice Due"}, "small letters"),
		({"language": "Arabic"}, "spelled"),
		({"body": "x" * 1025}, "1024"),
		({"header_type": "Text", "header_text": ""}, "header"),
		({"footer": "{{1}}"}, "footer"),
		({"buttons": [{"kind": "Web Address", "label": "فتح", "value": ""}]}, "address"),
		({"buttons": [{"kind": "Quick Reply", "label": "x" * 26}]}, "25"),
	):
		with pytest.raises(frappe.ValidationError, match=words):
			make_template(**values)
	template = make_template(body="{{name}} {{2}}", parameters=[{"placeholder": "name", "example": "سارة"}])
	assert [(row.placeholder, row.example) for row in template.parameters] == [("name", "سارة"), ("2", None)]
	with pytest.raises(frappe.DuplicateEntryError):
		make_template()


def make_template_account() -> None:
	from tests.site.inbox_cast import make_account

	make_account()


def test_a_conversation_of_nobody_is_for_everybody_in_the_inbox(provider, conversation, as_user):  # noqa: F811
	frappe.db.set_value(CONVERSATION, conversation, "assigned_to", None)
	frappe.db.commit()
	with as_user(EXECUTIVE):
		inbox_send.send(conversation, "key-1", "أهلًا")
	received(payloads.whatsapp_text("1111", person(), "شكرًا", on=now_utc()))
	assert len(rows_of(MESSAGE)) == 3
