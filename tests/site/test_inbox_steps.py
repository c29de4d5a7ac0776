"""What follows a message: a step that fails is done later, and the message is not written twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest
from frappe.utils import now_datetime
from redis.exceptions import ConnectionError

from dafater_crm.api import deliveries
from dafater_crm.records.inbox import ending, events, upkeep
from tests.provider import payloads
from tests.site.conversation_cast import ANSWERING, HELPING, inbox, make_agent  # noqa: F401
from tests.site.inbox_cast import (
	CONVERSATION,
	EVENT,
	MESSAGE,
	drained,
	make_account,
	now_utc,
	person,
	received,
	rows_of,
	swept,  # noqa: F401
)
from tests.site.people import OPERATING, cast  # noqa: F401
from tests.site.test_inbox_recognition import begun, no_records_left  # noqa: F401

pytestmark = pytest.mark.usefixtures("swept", "inbox", "begun", "no_records_left")
LEAD, LOG = "Dafater Lead", "Dafater Conversation Log"


@contextmanager
def refused(doctype: str, where: str) -> Iterator[None]:
	"""The database refuses these new rows, as a full disk or a broken column would. `where`: a condition on `new`."""
	frappe.db.sql_ddl("drop trigger if exists dafater_step")
	frappe.db.sql_ddl(
		f"create trigger dafater_step before insert on `tab{doctype}` for each row "
		f"if {where} then signal sqlstate '45000' set message_text = 'refused by the test'; end if"
	)
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.db.sql_ddl("drop trigger if exists dafater_step")


def leads() -> list[str]:
	frappe.db.rollback()
	return frappe.get_all(LEAD, {"creation": (">=", frappe.flags.begun)}, pluck="name")


def test_a_lead_that_could_not_be_made_is_made_later_and_once():
	make_account(lead_rule="Always")
	with refused(LEAD, "new.captured_through = 'Channel'"):
		assert received(payloads.whatsapp_text("1111", person(), "أريد عرض سعر", id="wamid.A")) == {
			"Failed": 1
		}
		(event,) = rows_of(EVENT, "status", "error", "attempts", "retry_on")
		assert event.error.startswith("ensure_lead of ") and "refused by the test" in event.error
		assert (event.status, event.attempts) == ("Failed", 1)
		waits = (event.retry_on - now_datetime()).total_seconds()
		assert 0 < waits <= ending.BACKOFF[0]
		assert events.drain() == {}, "it is not due yet"
		assert drained() == {"Failed": 1}
		(event,) = rows_of(EVENT, "attempts", "retry_on")
		assert event.attempts == 2
		assert ending.BACKOFF[0] < (event.retry_on - now_datetime()).total_seconds() <= ending.BACKOFF[1]
	assert leads() == []
	assert drained() == {"Done": 1}
	(lead,) = leads()
	assert [row.lead for row in rows_of(CONVERSATION, "lead")] == [lead]
	assert [row.body for row in rows_of(MESSAGE, "body")] == ["أريد عرض سعر"]
	assert [(row.messages, row.unread) for row in rows_of(CONVERSATION, "messages", "unread")] == [(1, 1)]
	assert [(row.status, row.error) for row in rows_of(EVENT, "status", "error")] == [("Done", None)]


def test_a_step_that_fails_keeps_no_other_and_no_neighbour_from_its_work():
	"""The lead is refused; the agent is found all the same. Two persons in one drain: the other's delivery is done."""
	make_account(lead_rule="Always")
	make_agent(ANSWERING)
	for number in (1, 2):
		body = payloads.whatsapp_text("1111", person(number), "مرحبا")
		events.keep(payloads.encoded(body), "واتساب الرياض", "WhatsApp", True)
	frappe.db.commit()
	with refused(LEAD, f"new.mobile_no = '{person(1).phone}'"):
		assert drained() == {"Failed": 1, "Done": 1}
	assert [row.assigned_to for row in rows_of(CONVERSATION, "assigned_to")] == [ANSWERING] * 2
	assert len(leads()) == 1
	assert drained() == {"Done": 1}
	assert len(leads()) == 2
	assert frappe.db.count(LOG, {"kind": "Assignment"}) == 2


def test_an_assignment_that_could_not_be_written_is_made_later():
	make_account()
	make_agent(ANSWERING)
	frappe.db.commit()
	with refused(LOG, "new.kind = 'Assignment'"):
		assert received(payloads.whatsapp_text("1111", person(), "مرحبا")) == {"Failed": 1}
	assert [row.assigned_to for row in rows_of(CONVERSATION, "assigned_to")] == [None]
	assert drained() == {"Done": 1}
	assert [row.assigned_to for row in rows_of(CONVERSATION, "assigned_to")] == [ANSWERING]
	assert frappe.db.count(LOG, {"kind": "Assignment"}) == 1
	assert len(rows_of(MESSAGE)) == 1


def test_a_delivery_that_failed_for_good_is_told_once_and_can_be_tried_again(as_user):
	make_account(lead_rule="Always")
	frappe.cache.delete_value("dafater_inbox_given_up:واتساب الرياض")
	frappe.db.delete("Notification Log", {"document_type": EVENT})
	for number in (1, 2):
		body = payloads.whatsapp_text("1111", person(number), "مرحبا")
		events.keep(payloads.encoded(body), "واتساب الرياض", "WhatsApp", True)
	frappe.db.commit()
	with refused(LEAD, "new.captured_through = 'Channel'"):
		for _attempt in range(len(ending.BACKOFF)):
			assert drained() == {"Failed": 2}
		assert told() == []
		assert drained() == {"Failed": 2}
		assert len(told()) == 1
	first, second = rows_of(EVENT, "status", "retry_on", "attempts")
	assert [(row.status, row.retry_on) for row in (first, second)] == [("Failed", None)] * 2
	assert events.drain() == {}
	(notice,) = told()
	assert notice.document_name in (first.name, second.name)
	assert "واتساب الرياض" in notice.subject and "Try Again" in notice.subject
	with as_user(ANSWERING), pytest.raises(frappe.PermissionError):
		deliveries.try_again(first.name)
	with as_user(OPERATING):
		deliveries.try_again(first.name)
	frappe.db.commit()
	assert events.drain() == {"Done": 1}
	assert len(leads()) == 1
	with as_user(OPERATING), pytest.raises(frappe.ValidationError, match="Only a delivery that failed"):
		deliveries.try_again(first.name)
	assert [row.status for row in rows_of(EVENT, "status")] == ["Done", "Failed"]


def told() -> list:
	"""What the one person of operations hears of deliveries. In a test Frappe writes it at once, and the job's commit is missing."""
	frappe.db.commit()
	filters = {"document_type": EVENT, "for_user": OPERATING}
	return frappe.get_all("Notification Log", filters, ["document_name", "subject"])


@pytest.mark.parametrize("status", ["Pending", "Snoozed", "Resolved"])
def test_what_wakes_goes_on_with_its_agent_who_then_gets_nothing_new_until_there_is_room(status):
	make_account()
	make_agent(ANSWERING, inbox_capacity=1)
	frappe.db.commit()
	received(payloads.whatsapp_text("1111", person(1), "الأولى", on=now_utc()))
	(first,) = rows_of(CONVERSATION, "assigned_to")
	assert first.assigned_to == ANSWERING
	resting(first.name, status)
	received(payloads.whatsapp_text("1111", person(2), "الثانية", on=now_utc()))
	assert holders() == [(status, ANSWERING), ("New", ANSWERING)]
	received(payloads.whatsapp_text("1111", person(1), "عدت", on=now_utc()))
	assert holders() == [("Open", ANSWERING), ("New", ANSWERING)]
	received(payloads.whatsapp_text("1111", person(3), "الثالثة", on=now_utc()))
	assert holders()[2] == ("New", None)
	resting(first.name, "Resolved")
	upkeep.assign_waiting()
	assert holders()[2] == ("New", None), "there is one conversation at work still"
	resting(rows_of(CONVERSATION)[1].name, "Resolved")
	upkeep.assign_waiting()
	assert holders()[2] == ("New", ANSWERING)


def resting(conversation: str, status: str) -> None:
	"""As its agent leaves it."""
	doc = frappe.get_doc(CONVERSATION, conversation)
	doc.status = status
	if status == "Snoozed":
		doc.snoozed_until = frappe.utils.add_to_date(None, days=1)
	doc.save()
	frappe.db.commit()


def holders() -> list[tuple]:
	return [(row.status, row.assigned_to) for row in rows_of(CONVERSATION, "status", "assigned_to")]


def test_without_redis_a_delivery_that_is_given_up_ends_all_the_same(monkeypatch):
	make_account(lead_rule="Always")
	frappe.db.delete("Notification Log", {"document_type": EVENT})
	events.keep(
		payloads.encoded(payloads.whatsapp_text("1111", person(), "مرحبا")), "واتساب الرياض", "WhatsApp", True
	)
	frappe.db.set_value(EVENT, {"account": "واتساب الرياض"}, "attempts", len(ending.BACKOFF))
	frappe.db.commit()

	def down(*args, **values):
		raise ConnectionError("Redis is down")

	monkeypatch.setattr(frappe.cache, "set", down)
	with refused(LEAD, "new.captured_through = 'Channel'"):
		assert drained() == {"Failed": 1}
	assert [(row.status, row.retry_on) for row in rows_of(EVENT, "status", "retry_on")] == [("Failed", None)]
