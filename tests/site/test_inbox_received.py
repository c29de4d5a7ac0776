"""What deliveries become: messages, once each, whatever the order and however often."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from dafater_crm.records.inbox import ending, events
from tests.provider import payloads
from tests.site.inbox_cast import (
	ATTACHMENT,
	CONVERSATION,
	EVENT,
	IDENTITY,
	MESSAGE,
	drained,
	make_account,
	person,
	received,
	rows_of,
	swept,  # noqa: F401
)

pytestmark = pytest.mark.usefixtures("swept")
NOON = payloads.NOON


@pytest.fixture(autouse=True)
def account(swept):  # noqa: F811
	return make_account()


def bodies() -> list[str]:
	return [row.body for row in rows_of(MESSAGE, "body")]


def test_every_message_and_status_of_a_delivery_is_taken():
	"""Three entries with three changes of three messages and three statuses each."""
	people = [person(number) for number in range(1, 4)]
	entries = []
	for entry in range(3):
		for change in range(3):
			texts = [
				payloads.whatsapp_message(one, "text", {"body": f"{entry}{change}{n}"})
				for n, one in enumerate(people)
			]
			reports = [payloads.whatsapp_status(f"wamid.S{entry}{change}{n}", "sent") for n in range(3)]
			body = payloads.whatsapp(
				"1111", contacts=[payloads.contact(one) for one in people], messages=texts, statuses=reports
			)
			entries += body["entry"]
	assert received({"object": "whatsapp_business_account", "entry": entries}) == {"Done": 1}
	assert sorted(bodies()) == sorted(f"{e}{c}{n}" for e in range(3) for c in range(3) for n in range(3))
	assert len(rows_of(CONVERSATION)) == len(rows_of(IDENTITY)) == 3
	assert [row.messages for row in rows_of(CONVERSATION, "messages")] == [9, 9, 9]
	assert len(rows_of("Dafater Message Status")) == 27  # of messages that nobody here sent


def test_a_message_told_again_in_other_bytes_is_one_row():
	body = payloads.whatsapp_text("1111", person(), "مرحبا", id="wamid.A")
	received(body)
	body["entry"][0]["changes"][0]["value"]["metadata"]["display_phone_number"] = "966110000000"
	assert received(body) == {"Done": 1}
	assert bodies() == ["مرحبا"]
	assert [row.unread for row in rows_of(CONVERSATION, "unread")] == [1]
	assert len(rows_of(EVENT)) == 2


def test_only_what_the_person_writes_opens_the_window():
	received(payloads.whatsapp_text("1111", person(), "مرحبا", id="wamid.A", on=NOON))
	later = NOON + timedelta(hours=5)
	message = payloads.whatsapp_message(
		person(), "reaction", {"message_id": "wamid.A", "emoji": "👍"}, on=later
	)
	received(payloads.whatsapp("1111", contacts=[payloads.contact(person())], messages=[message]))
	echo = {"from": "966110000000", "to": "966500000001", "id": "wamid.E", "type": "text"}
	echo |= {"text": {"body": "جواب"}, "timestamp": payloads.seconds(later)}
	received(payloads.whatsapp("1111", field="smb_message_echoes", message_echoes=[echo]))
	report = payloads.whatsapp_status("wamid.E", "read", on=later)
	received(payloads.whatsapp("1111", statuses=[report]))
	assert [row.status for row in rows_of(MESSAGE, "status")] == ["Received", "Seen"]
	assert [row.reaction for row in rows_of(MESSAGE, "reaction")] == ["👍", None]
	(conversation,) = rows_of(CONVERSATION, "last_inbound_on", "first_inbound_on", "last_message_on")
	assert conversation.last_inbound_on == conversation.first_inbound_on < conversation.last_message_on
	assert [row.last_inbound_on for row in rows_of(IDENTITY, "last_inbound_on")] == [
		conversation.last_inbound_on
	]


def test_the_same_id_at_two_accounts_is_two_messages():
	make_account("واتساب جدة", external_id="2222", business_account_id="OTHER")
	received(payloads.whatsapp_text("1111", person(), "الرياض", id="wamid.A"))
	received(payloads.whatsapp_text("2222", person(2), "جدة", id="wamid.A"), account="واتساب جدة")
	assert bodies() == ["الرياض", "جدة"]


def test_an_unknown_type_is_kept_with_its_raw_content():
	received(payloads.whatsapp_received("1111", person(), "hologram", {"depth": 3}))
	(message,) = rows_of(MESSAGE, "message_type", "content")
	assert message.message_type == "Unsupported"
	assert '"depth": 3' in message.content


@pytest.mark.parametrize("odd", [{"entry": []}, {"entry": None}, {"entry": [{"changes": "x"}]}, {}])
def test_odd_deliveries_are_kept_and_ignored(odd):
	assert received({"object": "whatsapp_business_account", **odd}) == {"Ignored": 1}
	assert rows_of(MESSAGE) == []


def test_half_surrogates_and_zero_bytes_lose_no_message():
	body = payloads.whatsapp_text("1111", person(), "broken \ud83d emoji \x00 end")
	assert received(body) == {"Done": 1}
	assert bodies() == ["broken  emoji  end"]


# what speaks of another message
def test_reactions_edits_and_deletions_change_their_message():
	received(payloads.whatsapp_text("1111", person(), "خطأ", id="wamid.A"))
	about = {"reaction": {"message_id": "wamid.A", "emoji": "👍"}}
	received(message_about("reaction", about["reaction"]))
	assert [row.reaction for row in rows_of(MESSAGE, "reaction")] == ["👍"]
	received(message_about("reaction", {"message_id": "wamid.A"}))
	assert [row.reaction for row in rows_of(MESSAGE, "reaction")] == [None]
	edit = {"original_message_id": "wamid.A", "message": {"type": "text", "text": {"body": "صواب"}}}
	received(message_about("edit", edit))
	(message,) = rows_of(MESSAGE, "body", "edited_on")
	assert message.body == "صواب" and message.edited_on
	assert [row.last_message for row in rows_of(CONVERSATION, "last_message")] == ["صواب"]
	received(message_about("revoke", {"original_message_id": "wamid.A"}))
	(message,) = rows_of(MESSAGE, "body", "deleted_on")
	assert message.body == "" and message.deleted_on
	assert [row.last_message for row in rows_of(CONVERSATION, "last_message")] == [""]
	received({**message_about("edit", edit), "late": True})
	assert bodies() == [""]
	assert rows_of(EVENT, "body")[-1].body == "{}"


@pytest.mark.parametrize(("newer", "older", "left"), [("👍", "❤️", "👍"), ("", "👍", None)])
def test_an_older_reaction_that_comes_late_does_not_undo_the_newer(newer, older, left):
	received(payloads.whatsapp_text("1111", person(), "مرحبا", id="wamid.A"))
	received(message_about("reaction", {"message_id": "wamid.A", "emoji": newer}, on=NOON))
	received(
		message_about("reaction", {"message_id": "wamid.A", "emoji": older}, on=NOON - timedelta(seconds=1))
	)
	assert [row.reaction for row in rows_of(MESSAGE, "reaction")] == [left]
	received(
		message_about("reaction", {"message_id": "wamid.A", "emoji": "😂"}, on=NOON + timedelta(seconds=1))
	)
	assert [row.reaction for row in rows_of(MESSAGE, "reaction")] == ["😂"]


def test_what_a_person_takes_back_is_gone_from_the_deliveries_at_once():
	received(payloads.whatsapp_text("1111", person(), "كلمة السر الأولى", id="wamid.A"))
	edit = {
		"original_message_id": "wamid.A",
		"message": {"type": "text", "text": {"body": "كلمة السر الثانية"}},
	}
	received(message_about("edit", edit))
	received(payloads.whatsapp_text("1111", person(2), "لشخص آخر"))
	told = [
		words in json.loads(row.body).__str__()
		for row in rows_of(EVENT, "body")
		for words in ("الأولى", "الثانية")
	]
	assert told == [True, False, False, True, False, False]
	received(message_about("revoke", {"original_message_id": "wamid.A"}))
	first, edited, other, revoked = rows_of(EVENT, "body", "status")
	assert (first.body, edited.body) == ("{}", "{}")
	assert "wamid.A" in revoked.body and "لشخص" in str(json.loads(other.body))
	assert [row.status for row in (first, edited, other, revoked)] == ["Done"] * 4


def test_what_is_taken_back_while_it_still_waits_is_gone_as_well():
	"""Both in one drain: the first is blanked when it is done."""
	for body in (
		payloads.whatsapp_text("1111", person(), "سر", id="wamid.A"),
		message_about("revoke", {"original_message_id": "wamid.A"}),
	):
		events.keep(payloads.encoded(body), "واتساب الرياض", "WhatsApp", True)
	frappe.db.commit()
	assert drained() == {"Done": 2}
	assert [row.body == "{}" for row in rows_of(EVENT, "body")] == [True, False]
	assert bodies() == [""]


def test_what_comes_before_its_message_waits_for_it():
	assert received(message_about("revoke", {"original_message_id": "wamid.A"})) == {"Received": 1}
	(event,) = rows_of(EVENT, "error", "retry_on", "attempts")
	assert event.error == "waits for message wamid.A" and event.attempts == 1
	assert event.retry_on > now_datetime()
	received(payloads.whatsapp_text("1111", person(), "سر", id="wamid.A"))
	drained()
	(message,) = rows_of(MESSAGE, "body", "deleted_on")
	assert message.body == "" and message.deleted_on
	assert [row.status for row in rows_of(EVENT, "status")] == ["Done", "Done"]


def test_what_speaks_of_nothing_ends_ignored():
	received(message_about("reaction", {"message_id": "wamid.never", "emoji": "👍"}))
	for _attempt in range(ending.MOST_WAITS):
		drained()
	(event,) = rows_of(EVENT, "status", "error", "retry_on")
	assert (event.status, event.retry_on) == ("Ignored", None)
	assert event.error == "not known: message wamid.never"


def test_what_was_sent_from_the_telephone_is_ours():
	received(payloads.whatsapp_text("1111", person(), "سؤال", on=NOON))
	echo = {
		"from": "966110000000",
		"to": "966500000001",
		"id": "wamid.E",
		"type": "text",
		"text": {"body": "جواب"},
	}
	echo["timestamp"] = payloads.seconds(NOON + timedelta(minutes=4))
	received(payloads.whatsapp("1111", field="smb_message_echoes", message_echoes=[echo]))
	question, answer = rows_of(MESSAGE, "direction", "via_app", "status", "conversation", "body")
	assert (answer.direction, answer.via_app, answer.status, answer.body) == ("Outgoing", 1, "Sent", "جواب")
	assert answer.conversation == question.conversation
	(conversation,) = rows_of(
		CONVERSATION, "waiting_since", "first_response_time", "status", "last_direction"
	)
	assert conversation.waiting_since is None
	assert conversation.first_response_time == 240
	assert (conversation.status, conversation.last_direction) == ("Open", "Outgoing")


def test_files_wait_beside_their_message():
	picture = {
		"id": "M1",
		"mime_type": "image/jpeg",
		"sha256": b64encode(bytes(32)).decode(),
		"caption": "الفاتورة",
	}
	received(payloads.whatsapp_received("1111", person(), "image", picture))
	(message,) = rows_of(MESSAGE, "body", "message_type", "has_attachments")
	assert (message.body, message.message_type, message.has_attachments) == ("الفاتورة", "Image", 1)
	(file,) = rows_of(ATTACHMENT, "status", "provider_media_id", "message", "kind", "sha256")
	assert (file.status, file.provider_media_id, file.kind) == ("Pending", "M1", "Image")
	assert (file.message, file.sha256) == (message.name, "00" * 32)


# failures
def test_a_failed_first_attempt_is_noted_and_the_message_comes_later(broken_messages):
	body = payloads.whatsapp(
		"1111",
		contacts=[payloads.contact(person())],
		messages=[
			payloads.whatsapp_message(person(), "text", {"body": text}) for text in ("قبل", "boom", "بعد")
		],
	)
	with broken_messages("boom"):
		assert received(body) == {"Failed": 1}
		(event,) = rows_of(EVENT, "status", "error", "attempts", "retry_on")
		assert "boom is refused" in event.error
		assert event.attempts == 1 and event.retry_on > now_datetime()
		assert bodies() == ["قبل", "بعد"]
	assert drained() == {"Done": 1}
	assert sorted(bodies()) == sorted(["قبل", "boom", "بعد"])
	assert [row.messages for row in rows_of(CONVERSATION, "messages")] == [3]
	assert [row.error for row in rows_of(EVENT, "error")] == [None]


@pytest.fixture
def broken_messages():
	"""The database itself refuses messages with a text, as a full disk or a wrong column would."""
	from contextlib import contextmanager

	@contextmanager
	def broken(text: str):
		frappe.db.sql_ddl(
			"create trigger dafater_broken before insert on `tabDafater Message` for each row "
			f"if new.body = '{text}' then signal sqlstate '45000' set message_text = '{text} is refused'; end if"
		)
		try:
			yield
		finally:
			frappe.db.sql_ddl("drop trigger if exists dafater_broken")

	yield broken
	frappe.db.sql_ddl("drop trigger if exists dafater_broken")


def message_about(kind: str, part: dict, **more) -> dict:
	return payloads.whatsapp(
		"1111",
		contacts=[payloads.contact(person())],
		messages=[payloads.whatsapp_message(person(), kind, part, **more)],
	)
