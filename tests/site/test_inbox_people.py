"""Whom deliveries are from: one person under several ids and numbers, and the conversation that a message opens or goes on with."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from tests.provider import payloads
from tests.site.inbox_cast import (
	CONVERSATION,
	IDENTITY,
	MESSAGE,
	make_account,
	now_utc,
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


# people
def test_a_person_first_without_and_then_with_a_number_is_one():
	received(payloads.whatsapp_text("1111", person(phone=""), "بلا رقم"))
	received(payloads.whatsapp_text("1111", person(), "برقم"))
	(identity,) = rows_of(IDENTITY, "user_id", "phone", "user_key", "phone_key")
	assert (identity.user_id, identity.phone) == ("SA.9001", "+966500000001")
	assert identity.phone_key == "WhatsApp:+966500000001"
	assert len(rows_of(CONVERSATION)) == 1


def test_a_number_and_an_id_that_turn_out_to_be_one_person_are_merged():
	received(payloads.whatsapp_text("1111", person(user_id=""), "الأولى", on=NOON))
	received(
		payloads.whatsapp_text("1111", person(phone="", name=""), "الثانية", on=NOON + timedelta(minutes=1))
	)
	assert len(rows_of(CONVERSATION, status="New")) == 2
	received(payloads.whatsapp_text("1111", person(), "الثالثة", on=NOON + timedelta(minutes=2)))
	first, second = rows_of(IDENTITY, "user_key", "phone_key", "merged_into")
	assert second.merged_into == first.name
	assert first.user_key and first.phone_key
	kept, emptied = rows_of(CONVERSATION, "status", "messages", "unread", "open_key", "last_message")
	assert (kept.messages, kept.unread, kept.open_key, kept.last_message) == (3, 3, first.name, "الثالثة")
	assert (emptied.status, emptied.messages, emptied.open_key) == ("Resolved", 0, None)
	assert {row.conversation for row in rows_of(MESSAGE, "conversation")} == {kept.name}
	assert {row.identity for row in rows_of(MESSAGE, "identity")} == {first.name}
	assert [row.kind for row in rows_of("Dafater Conversation Log", "kind")] == ["Merge"]
	# what is told by the id alone still arrives with the person
	received(payloads.whatsapp_text("1111", person(phone=""), "الرابعة", on=NOON + timedelta(minutes=3)))
	assert len(rows_of(IDENTITY)) == 2
	assert [row.messages for row in rows_of(CONVERSATION, "messages", status="New")] == [4]


def test_who_turns_out_to_be_one_person_is_answered_where_they_wrote_last():
	"""The delivery that says so is an old one: it does not decide."""
	make_account("واتساب جدة", external_id="2222")
	received(payloads.whatsapp_text("1111", person(user_id=""), "بالرقم", on=NOON))
	later = NOON + timedelta(hours=1)
	received(payloads.whatsapp_text("2222", person(phone=""), "بالمعرف", on=later), "واتساب جدة")
	assert [row.account for row in rows_of(CONVERSATION, "account")] == ["واتساب الرياض", "واتساب جدة"]
	late = payloads.whatsapp_text("2222", person(), "متأخرة", on=NOON - timedelta(hours=1))
	received(late, "واتساب جدة")
	kept, _emptied = rows_of(CONVERSATION, "account", "last_inbound_on", "messages")
	(newest,) = rows_of(MESSAGE, "message_on", body="بالمعرف")
	assert (kept.account, kept.last_inbound_on, kept.messages) == ("واتساب جدة", newest.message_on, 3)


def test_one_number_at_two_accounts_is_one_person_with_one_conversation():
	make_account("واتساب جدة", external_id="2222")
	received(payloads.whatsapp_text("1111", person(), "الرياض", on=NOON))
	received(payloads.whatsapp_text("2222", person(), "جدة", on=NOON + timedelta(hours=1)), "واتساب جدة")
	received(
		payloads.whatsapp_text("2222", person(phone=""), "بالمعرف", on=NOON + timedelta(hours=2)),
		"واتساب جدة",
	)
	assert len(rows_of(IDENTITY, merged_into=("is", "not set"))) == 1
	(conversation,) = rows_of(CONVERSATION, "messages", "account")
	assert (conversation.messages, conversation.account) == (3, "واتساب جدة")


def test_a_changed_number_stays_with_the_person():
	received(payloads.whatsapp_text("1111", person(user_id=""), "من القديم"))
	system = {"type": "user_changed_number", "wa_id": "966509999999", "body": "changed"}
	message = payloads.whatsapp_message(person(user_id=""), "system", system)
	received(payloads.whatsapp("1111", messages=[message]))
	received(payloads.whatsapp_text("1111", payloads.Person("سارة", "+966509999999"), "من الجديد"))
	assert len(rows_of(CONVERSATION)) == 1
	(identity,) = rows_of(IDENTITY, "phone", merged_into=("is", "not set"))
	assert identity.phone == "+966509999999"


def test_a_blocked_person_opens_nothing():
	received(payloads.whatsapp_text("1111", person(), "قبل"))
	frappe.db.set_value(IDENTITY, {"phone": person().phone}, "blocked", 1)
	frappe.db.set_value(CONVERSATION, {"channel": "WhatsApp"}, {"status": "Resolved", "open_key": None})
	frappe.db.commit()
	received(payloads.whatsapp_text("1111", person(), "بعد"))
	assert bodies() == ["قبل"]


def test_who_stops_marketing_is_marked_and_may_come_back():
	for value, marked in (("stop", 1), ("resume", 0)):
		wishes(value)
		assert [row.no_marketing for row in rows_of(IDENTITY, "no_marketing")] == [marked]


@pytest.mark.parametrize(
	("newer", "older", "marked"), [("stop", "resume", 1), ("resume", "stop", 0), ("stop", "stop", 1)]
)
def test_an_older_wish_that_comes_late_does_not_undo_the_newer(newer, older, marked):
	wishes(newer, on=NOON)
	wishes(older, on=NOON - timedelta(seconds=1))
	assert [row.no_marketing for row in rows_of(IDENTITY, "no_marketing")] == [marked]
	# told again, nothing changes
	wishes(newer, on=NOON, again=True)
	assert [row.no_marketing for row in rows_of(IDENTITY, "no_marketing")] == [marked]


def test_a_wish_that_was_set_at_the_desk_is_not_undone_by_an_older_one():
	wishes("resume", on=now_utc() - timedelta(days=2))
	(row,) = rows_of(IDENTITY)
	identity = frappe.get_doc(IDENTITY, row.name)
	identity.no_marketing = 1
	identity.save()
	frappe.db.commit()
	wishes("resume", on=now_utc() - timedelta(days=1))
	assert [row.no_marketing for row in rows_of(IDENTITY, "no_marketing")] == [1]
	wishes("resume", on=now_utc() + timedelta(minutes=1))
	assert [row.no_marketing for row in rows_of(IDENTITY, "no_marketing")] == [0]


@pytest.mark.parametrize(("by_id", "by_number", "marked"), [("stop", "resume", 0), ("resume", "stop", 1)])
def test_of_two_rows_that_turn_out_to_be_one_person_the_newer_wish_counts(by_id, by_number, marked):
	received(payloads.whatsapp_text("1111", person(phone=""), "بالمعرف"))
	received(payloads.whatsapp_text("1111", person(user_id=""), "بالرقم"))
	wishes(by_number, on=NOON, whose=person(user_id=""))
	wishes(by_id, on=NOON - timedelta(hours=1), whose=person(phone=""))
	received(payloads.whatsapp_text("1111", person(), "بكليهما"))
	assert [row.no_marketing for row in rows_of(IDENTITY, "no_marketing", merged_into=("is", "not set"))] == [
		marked
	]


def wishes(value: str, on=NOON, whose: payloads.Person | None = None, **more) -> None:
	"""A delivery that says whether a person wants marketing messages."""
	whose = whose or person()
	wish = {"category": "marketing_messages", "value": value, "timestamp": payloads.seconds(on)}
	wish |= {"wa_id": whose.wa_id} if whose.phone else {"user_id": whose.user_id}
	body = payloads.whatsapp(
		"1111", field="user_preferences", contacts=[payloads.contact(whose)], user_preferences=[wish]
	)
	received({**body, **more})


# conversations
def test_a_message_after_a_resolved_conversation_reopens_it_within_its_time_and_opens_a_new_one_later():
	received(payloads.whatsapp_text("1111", person(), "الأولى", on=now_utc()))
	(conversation,) = rows_of(CONVERSATION)
	resolve(conversation.name, hours_ago=71)
	received(payloads.whatsapp_text("1111", person(), "الثانية", on=now_utc()))
	(conversation,) = rows_of(CONVERSATION, "status", "reopened", "resolved_on", "open_key")
	assert (conversation.status, conversation.reopened, conversation.resolved_on) == ("Open", 1, None)
	assert conversation.open_key
	resolve(conversation.name, hours_ago=73)
	received(payloads.whatsapp_text("1111", person(), "الثالثة", on=now_utc()))
	assert [row.status for row in rows_of(CONVERSATION, "status")] == ["Resolved", "New"]


@pytest.mark.parametrize("status", ["Pending", "Snoozed"])
def test_a_message_wakes_what_waits(status):
	received(payloads.whatsapp_text("1111", person(), "الأولى"))
	frappe.db.set_value(
		CONVERSATION, {"channel": "WhatsApp"}, {"status": status, "snoozed_until": add_to_date(None, days=1)}
	)
	frappe.db.commit()
	received(payloads.whatsapp_text("1111", person(), "الثانية"))
	assert [(row.status, row.snoozed_until) for row in rows_of(CONVERSATION, "status", "snoozed_until")] == [
		("Open", None)
	]


def test_a_message_that_comes_late_does_not_hide_the_newest():
	received(payloads.whatsapp_text("1111", person(), "الأحدث", on=NOON + timedelta(hours=1)))
	received(payloads.whatsapp_text("1111", person(), "المتأخرة", on=NOON))
	(conversation,) = rows_of(CONVERSATION, "last_message", "messages", "last_message_on", "last_inbound_on")
	assert (conversation.last_message, conversation.messages) == ("الأحدث", 2)
	assert conversation.last_message_on == conversation.last_inbound_on


def resolve(conversation: str, hours_ago: float) -> None:
	values = {
		"status": "Resolved",
		"open_key": None,
		"resolved_on": now_datetime() - timedelta(hours=hours_ago),
	}
	frappe.db.set_value(CONVERSATION, conversation, values)
	frappe.db.commit()
