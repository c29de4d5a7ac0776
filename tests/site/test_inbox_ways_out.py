"""Every way out to its end: what the provider or the gateway gets, byte for byte where it matters."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import frappe
import pytest
from frappe.utils import now_datetime
from frappe.utils.background_jobs import get_job, is_job_enqueued

from dafater_crm.api import inbox as reading
from dafater_crm.api import inbox_send
from dafater_crm.domain.channels import Sender
from dafater_crm.records.inbox import media_jobs, starting
from tests.provider import payloads
from tests.site.inbox_cast import (
	ATTACHMENT,
	CONVERSATION,
	MESSAGE,
	conversing,
	make_account,
	now_utc,
	person,
	provider,  # noqa: F401
	queue,
	received,
	rows_of,
	send,
	stored,
	swept,  # noqa: F401
)
from tests.site.pdfs import pdf
from tests.site.people import SELLER_A, cast  # noqa: F401
from tests.site.test_channel_sms import gateway  # noqa: F401
from tests.site.test_inbox_limits import in_conversation, picture
from tests.site.test_inbox_send import make_template

pytestmark = pytest.mark.usefixtures("swept", "cast")
PDF = pdf("فاتورة")
MEDIA_JOB = "dafater-inbox-media-0"


def written_before(conversation: str, **past) -> None:
	"""The person's last message is so long ago."""
	frappe.db.set_value(CONVERSATION, conversation, "last_inbound_on", now_datetime() - timedelta(**past))
	frappe.db.commit()


def answered(conversation: str, text: str = "", **values) -> str:
	"""As the button does it. Returns the message."""
	message = inbox_send.send(conversation, frappe.generate_hash(), text, **values)["message"]
	frappe.db.commit()
	return message


def account_of(conversation: str) -> str:
	return frappe.db.get_value(CONVERSATION, conversation, "account")


def document(conversation: str) -> str:
	file = {"doctype": "File", "file_name": "فاتورة.pdf", "content": PDF, "is_private": 1}
	place = {"attached_to_doctype": CONVERSATION, "attached_to_name": conversation}
	return frappe.get_doc({**file, **place}).insert().name


# templates with a file
def test_the_file_of_a_template_s_header_is_uploaded_once_and_named_by_its_id(provider):  # noqa: F811
	conversation = conversing(provider)
	written_before(conversation, hours=30)
	template = make_template(header_type="Document")
	message = answered(
		conversation, template=template.name, values={"2": "SINV-1"}, attachments=[document(conversation)]
	)
	provider.fail("messages", 131000)
	assert send() == {"Queued": 1}
	assert send(hurry=True) == {"Sent": 1}
	uploads = [each for each in provider.script.requests if each["kind"] == "media"]
	assert len(uploads) == 1 and PDF in uploads[0]["content"]
	(body,) = provider.sent
	header, values = body["template"]["components"]
	(given,) = header["parameters"]
	assert (header["type"], given["type"]) == ("header", "document")
	assert given["document"] == {"id": provider_file(message), "filename": "فاتورة.pdf"}
	assert [value["text"] for value in values["parameters"]] == ["سارة 1", "SINV-1"]
	assert (stored(message).message_type, stored(message).status) == ("Template", "Sent")


def provider_file(message: str) -> str:
	"""The id that the provider gave the file of a message."""
	(file,) = rows_of(ATTACHMENT, "provider_media_id", message=message)
	assert file.provider_media_id
	return file.provider_media_id


def test_a_picture_is_the_header_where_the_template_wants_one(provider):  # noqa: F811
	conversation = conversing(provider)
	template = make_template(header_type="Image")
	with pytest.raises(frappe.ValidationError, match="exactly one file"):
		answered(conversation, template=template.name, values={"2": "SINV-1"})
	message = answered(
		conversation, template=template.name, values={"2": "SINV-1"}, attachments=[picture(conversation)]
	)
	assert send() == {"Sent": 1}
	header = provider.sent[0]["template"]["components"][0]
	assert header["parameters"] == [{"type": "image", "image": {"id": provider_file(message)}}]


# buttons
@pytest.mark.parametrize("channel", ["Messenger", "Instagram"])
def test_quick_replies_arrive_with_what_they_say(provider, channel):  # noqa: F811
	conversation = in_conversation(provider, channel)
	labels = ["نعم", "لا", *(f"خيار {number}" for number in range(11))]
	with pytest.raises(frappe.ValidationError, match="at most 13"):
		answered(conversation, "هل وصل؟", buttons=[*labels, "آخر"])
	with pytest.raises(frappe.ValidationError, match="say the same"):
		answered(conversation, "هل وصل؟", buttons=["نعم", "لا", "نعم "])
	# lists as a form sends them
	message = answered(conversation, "هل وصل؟", buttons=frappe.as_json(labels), attachments="[]")
	assert send(account_of(conversation)) == {"Sent": 1}
	said = provider.sent[0]["message"]
	assert said["text"] == "هل وصل؟"
	assert [(one["content_type"], one["title"], one["payload"]) for one in said["quick_replies"]] == [
		("text", label, label) for label in labels
	]
	(shown,) = [one for one in reading.thread(conversation)["messages"] if one.name == message]
	assert frappe.parse_json(shown.content)["buttons"] == labels


@pytest.mark.parametrize(
	("channel", "limits"),
	[
		("WhatsApp", {"files": True, "buttons": 3, "button_length": 20, "reactions": None}),
		("Messenger", {"files": True, "buttons": 13, "button_length": 20, "reactions": ()}),
		("Instagram", {"files": False, "buttons": 13, "button_length": 20, "reactions": ("❤️",)}),
	],
)
def test_the_page_is_told_what_the_channel_takes(provider, channel, limits):  # noqa: F811
	assert reading.conversation(in_conversation(provider, channel))["limits"] == limits


# SMS
def test_an_sms_leaves_through_the_gateway_of_the_settings(gateway):  # noqa: F811
	make_account("رسائل قصيرة", channel="SMS", external_id="", access_token="", app_secret="")
	conversation = starting.begin("رسائل قصيرة", Sender(phone="+966551234567", name="نورة"))
	with pytest.raises(frappe.ValidationError, match="Files cannot be sent"):
		answered(conversation, attachments=[picture(conversation)])
	message = answered(conversation, "موعدك غدًا الساعة ٩")
	gateway.status = 503
	assert send("رسائل قصيرة") == {"Queued": 1}
	assert gateway.received == []
	gateway.status = 200
	assert send("رسائل قصيرة", hurry=True) == {"Sent": 1}
	assert send("رسائل قصيرة", hurry=True) == {}
	assert gateway.received == [{"to": "+966551234567", "text": "موعدك غدًا الساعة ٩", "sender": "DAFATER"}]
	assert (stored(message).status, stored(message).provider_id) == ("Sent", None)


# a person's answer after the 24 hours
@pytest.mark.parametrize("channel", ["Messenger", "Instagram"])
def test_after_a_day_an_answer_bears_the_tag_of_a_human_agent_for_a_week(provider, channel):  # noqa: F811
	conversation = in_conversation(provider, channel)
	account = account_of(conversation)
	answered(conversation, "في اليوم نفسه")
	assert send(account) == {"Sent": 1}
	written_before(conversation, hours=25)
	answered(conversation, "بعد يوم")
	assert send(account) == {"Sent": 1}
	written_before(conversation, days=6, hours=23)
	answered(conversation, "في الأسبوع نفسه")
	assert send(account) == {"Sent": 1}
	tags = [
		(body["message"]["text"], body["messaging_type"], body.get("tag"))
		for body in provider.sent
		if "message" in body
	]
	assert tags == [
		("في اليوم نفسه", "RESPONSE", None),
		("بعد يوم", "MESSAGE_TAG", "HUMAN_AGENT"),
		("في الأسبوع نفسه", "MESSAGE_TAG", "HUMAN_AGENT"),
	]
	with pytest.raises(frappe.ValidationError, match="too long ago"):
		queue(conversation, "برنامج", author=None)
	frappe.db.rollback()
	written_before(conversation, days=7, minutes=1)
	with pytest.raises(frappe.ValidationError, match="too long ago"):
		answered(conversation, "بعد الأسبوع")
	frappe.db.rollback()
	assert len(rows_of(MESSAGE, direction="Outgoing")) == 3


# what comes in
def test_a_file_that_is_received_is_fetched_by_a_job_that_was_queued_with_it(provider):  # noqa: F811
	make_account(base_url=provider.url, sandbox=1)
	if waiting := get_job(MEDIA_JOB):
		waiting.delete()
	received(payloads.whatsapp_text("1111", person(), "بلا ملف", on=now_utc()))
	assert not is_job_enqueued(MEDIA_JOB), "a text alone wakes nobody"
	part = {"id": provider.add_file(PDF, "application/pdf"), "mime_type": "application/pdf"}
	received(payloads.whatsapp_received("1111", person(), "document", part, on=now_utc()))
	assert is_job_enqueued(MEDIA_JOB)
	job = get_job(MEDIA_JOB)
	assert job.kwargs["method"] == media_jobs.FETCH
	assert frappe.get_attr(job.kwargs["method"])(**job.kwargs["kwargs"]) == {"Ready": 1}
	(file,) = rows_of(ATTACHMENT, "status", "file")
	assert Path(frappe.get_doc("File", file.file).get_full_path()).read_bytes() == PDF
	job.delete()


@pytest.mark.parametrize("emoji", ["👍🏽", "❤️", "👨‍👩‍👧‍👦🇸🇦"])
def test_a_message_of_emojis_alone_is_received_classified_and_shown(provider, emoji):  # noqa: F811
	make_account(base_url=provider.url, sandbox=1, lead_rule="For Sales Conversations")
	assert received(payloads.whatsapp_text("1111", person(), emoji, on=now_utc())) == {"Done": 1}
	(row,) = rows_of(CONVERSATION, "conversation_class", "last_message", "status", "lead", "title")
	assert (row.conversation_class or "", row.last_message, row.status) == ("", emoji, "New")
	assert row.lead is None, "nobody knows what is wanted"
	(message,) = reading.thread(row.name)["messages"]
	assert (message.message_type, message.body) == ("Text", emoji)
	assert [one["name"] for one in reading.conversations()["rows"]] == [row.name]
	assert frappe.db.count("Error Log", {"method": ("like", "Dafater inbox%")}) == 0
