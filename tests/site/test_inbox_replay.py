"""What is told again long after: deliveries are forgotten with time, and a message's own key still knows it."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from dafater_crm.records.inbox import erasure, retention
from tests.provider import payloads
from tests.site.conversation_cast import set_inbox
from tests.site.inbox_cast import (
	CONVERSATION,
	EVENT,
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
STATE = ("status", "unread", "messages", "reopened", "last_message", "assigned_to")


@pytest.fixture(autouse=True)
def short_memory(swept):  # noqa: F811
	"""The settings ask for one day."""
	before = frappe.db.get_single_value("Dafater Inbox Settings", "keep_events_days")
	make_account()
	set_inbox(keep_events_days=1)
	yield
	set_inbox(keep_events_days=before)


@pytest.fixture
def days_later(monkeypatch):
	"""The daily job, so long from now."""

	def forget(**passed) -> None:
		moment = now_datetime() + timedelta(**passed)
		monkeypatch.setattr(retention, "now_datetime", lambda: moment)
		retention.run()

	return forget


def text(**more) -> dict:
	return payloads.whatsapp_text("1111", person(), "كلمة السر", id="wamid.A", on=now_utc(), **more)


def test_deliveries_are_kept_for_as_long_as_providers_repeat_them_whatever_the_settings_say(days_later):
	received(text())
	days_later(days=7, hours=23)
	assert len(rows_of(EVENT)) == 1
	days_later(days=8, minutes=1)
	assert rows_of(EVENT) == []


@pytest.mark.parametrize("status", ["New", "Resolved"])
def test_a_message_told_again_after_eight_days_is_one_row_and_wakes_nobody(days_later, status):
	body = text()
	received(body)
	open_key = None if status == "Resolved" else rows_of(IDENTITY)[0].name
	frappe.db.set_value(
		CONVERSATION,
		{"channel": "WhatsApp"},
		{"status": status, "open_key": open_key, "resolved_on": now_datetime(), "unread": 0},
	)
	frappe.db.commit()
	before = rows_of(CONVERSATION, *STATE)
	days_later(days=8, minutes=1)
	assert received(body) == {"Done": 1}
	assert [row.body for row in rows_of(MESSAGE, "body")] == ["كلمة السر"]
	assert rows_of(CONVERSATION, *STATE) == before
	assert [row.status for row in before] == [status]


def test_what_was_taken_back_does_not_come_back_by_a_replay(days_later):
	body = text()
	received(body)
	revoke = payloads.whatsapp_message(person(), "revoke", {"original_message_id": "wamid.A"}, on=now_utc())
	received(payloads.whatsapp("1111", contacts=[payloads.contact(person())], messages=[revoke]))
	days_later(days=8, minutes=1)
	assert received(body) == {"Done": 1}
	assert [row.body for row in rows_of(MESSAGE, "body")] == [""]
	assert [row.last_message for row in rows_of(CONVERSATION, "last_message")] == [""]
	# neither in the raw delivery
	assert [(row.status, row.body) for row in rows_of(EVENT, "status", "body")] == [("Done", "{}")]
	assert len(rows_of(IDENTITY)) == 1


def test_who_was_forgotten_does_not_come_back_by_a_replay(days_later):
	body = text()
	received(body)
	frappe.db.set_value(IDENTITY, {"phone": person().phone}, "email_id", "forget.me@replay.example")
	assert erasure.forget("forget.me@replay.example") == 1
	frappe.db.commit()
	days_later(days=8, minutes=1)
	assert received(body) == {"Done": 1}
	assert [row.body for row in rows_of(MESSAGE, "body")] == [""]
	assert [
		(row.display_name, row.phone, row.user_id)
		for row in rows_of(IDENTITY, "display_name", "phone", "user_id")
	] == [("Deleted Person", None, None)]
	assert [(row.status, row.body) for row in rows_of(EVENT, "status", "body")] == [("Done", "{}")]


def test_who_was_forgotten_and_writes_again_beside_a_replay_is_a_stranger(days_later):
	body = text()
	received(body)
	frappe.db.set_value(IDENTITY, {"phone": person().phone}, "email_id", "forget.me@replay.example")
	erasure.forget("forget.me@replay.example")
	frappe.db.commit()
	days_later(days=8, minutes=1)
	again = payloads.whatsapp_text("1111", person(), "من جديد", id="wamid.B", on=now_utc())
	assert received({**body, "entry": body["entry"] + again["entry"]}) == {"Done": 1}
	assert [row.body for row in rows_of(MESSAGE, "body")] == ["", "من جديد"]
	gone, new = rows_of(IDENTITY, "phone")
	assert (gone.phone, new.phone) == (None, person().phone)
	assert [row.identity for row in rows_of(CONVERSATION, "identity")] == [gone.name, new.name]
