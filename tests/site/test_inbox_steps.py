"""What follows a message: a step that fails is done later, and the message is not written twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest
from frappe.utils import now_datetime

from dafater_crm.records.inbox import ending, events
from tests.provider import payloads
from tests.site.conversation_cast import ANSWERING, HELPING, inbox, make_agent  # noqa: F401
from tests.site.inbox_cast import (
	CONVERSATION,
	EVENT,
	MESSAGE,
	drained,
	make_account,
	person,
	received,
	rows_of,
	swept,  # noqa: F401
)
from tests.site.people import cast  # noqa: F401
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
