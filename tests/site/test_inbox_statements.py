"""What a received message costs: statements of one alone, and of many that wait together. More of either is a decision, not an accident."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest

from dafater_crm.records.inbox import events
from tests.provider import payloads
from tests.site.conversation_cast import ANSWERING, inbox, make_agent  # noqa: F401
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
from tests.site.people import cast  # noqa: F401
from tests.site.statements import counted

pytestmark = pytest.mark.usefixtures("inbox", "swept")
# of a drain, whatever it finds: a fresh transaction before, a look for new and for failed deliveries after
AROUND = 4
# everything else that the drain sends, commits as well
FURTHER, NEW, STATUS = 16, 27, 10
# of each one more among many: its conversation and its person are updated
EACH_MORE = 2


@pytest.fixture(autouse=True)
def warm(inbox, swept):  # noqa: F811
	"""An account, and what Redis and the process keep of settings, rules and agents."""
	make_account()
	received(payloads.whatsapp_text("1111", person(99), "أول من كتب", on=now_utc()))


def keep(*bodies: dict) -> None:
	for body in bodies:
		events.keep(payloads.encoded(body), "واتساب الرياض", "WhatsApp", enabled=True)
	frappe.db.commit()


def text(number: int, words: str = "مرحبا", minutes: int = 0) -> dict:
	return payloads.whatsapp_text("1111", person(number), words, on=now_utc() + timedelta(minutes=minutes))


def drained_with() -> int:
	"""How many statements the drain takes for what waits."""
	with counted() as statements:
		done = events.drain()
	assert set(done) == {"Done"}, done
	return len(statements) - AROUND


def with_an_agent() -> None:
	"""Everything belongs to somebody who is at work."""
	make_agent(ANSWERING)
	table = frappe.qb.DocType(CONVERSATION)
	frappe.qb.update(table).set(table.assigned_to, ANSWERING).run()
	frappe.db.commit()
	# the pool of agents is read once more
	received(text(99, "من جديد"))


def test_a_further_message_in_an_open_conversation_that_somebody_has():
	received(text(1, "السعر"))
	with_an_agent()
	keep(text(1, "كم سعر الكرسي؟", minutes=1))
	assert drained_with() <= FURTHER
	assert [row.messages for row in rows_of(CONVERSATION, "messages", last_message="كم سعر الكرسي؟")] == [2]


def test_the_first_message_of_a_new_person():
	keep(text(1, "كم سعر الكرسي؟"))
	assert drained_with() <= NEW
	(conversation,) = rows_of(
		CONVERSATION, "conversation_class", "messages", "unread", last_message="كم سعر الكرسي؟"
	)
	# classified by the shipped rules, in the statement that inserted it
	assert (conversation.conversation_class, conversation.messages, conversation.unread) == ("Sales", 1, 1)


def test_a_status():
	(message,) = rows_of(MESSAGE)
	sent = {"direction": "Outgoing", "status": "Sent", "provider_id": "wamid.O"}
	frappe.db.set_value(MESSAGE, message.name, {**sent, "provider_key": "واتساب الرياض:wamid.O"})
	frappe.db.commit()
	keep(payloads.whatsapp("1111", statuses=[payloads.whatsapp_status("wamid.O", "delivered")]))
	assert drained_with() <= STATUS
	assert [row.status for row in rows_of(MESSAGE, "status")] == ["Delivered"]


def test_many_that_wait_share_their_statements():
	people = range(1, 11)
	for number in people:
		received(text(number))
	with_an_agent()
	keep(*(text(number, f"{turn}", minutes=turn) for turn in (1, 2) for number in people))
	assert drained_with() <= FURTHER + EACH_MORE * (len(people) - 1)
	rows = rows_of(CONVERSATION, "messages", "unread", "last_message", identity=("in", identities(people)))
	assert [(row.messages, row.unread, row.last_message) for row in rows] == [(3, 3, "2")] * len(people)


def test_reports_of_one_message_that_wait_together_are_one_update():
	(message,) = rows_of(MESSAGE)
	sent = {"direction": "Outgoing", "status": "Sent", "provider_id": "wamid.O"}
	frappe.db.set_value(MESSAGE, message.name, {**sent, "provider_key": "واتساب الرياض:wamid.O"})
	frappe.db.commit()
	reports = [payloads.whatsapp_status("wamid.O", status) for status in ("read", "sent", "delivered")]
	keep(*(payloads.whatsapp("1111", statuses=[report]) for report in reports))
	assert drained_with() <= STATUS
	(row,) = rows_of(MESSAGE, "status", "sent_on", "delivered_on", "read_on")
	assert row.status == "Seen" and row.sent_on and row.delivered_on and row.read_on


def test_a_delivery_that_fails_takes_none_of_its_neighbours_with_it():
	"""The database refuses one of them; the fast way is taken back, and each is taken alone."""
	frappe.db.sql_ddl(
		"create trigger dafater_broken before insert on `tabDafater Message` for each row "
		"if new.body = 'boom' then signal sqlstate '45000' set message_text = 'boom is refused'; end if"
	)
	try:
		keep(text(1, "قبل"), text(2, "boom"), text(1, "بعد", minutes=1), text(3, "غيرها"))
		assert events.drain() == {"Done": 3, "Failed": 1}
	finally:
		frappe.db.sql_ddl("drop trigger if exists dafater_broken")
	found = rows_of(MESSAGE, "body")
	assert [row.body for row in found][1:] == ["قبل", "بعد", "غيرها"]
	assert sorted(row.messages for row in rows_of(CONVERSATION, "messages")) == [1, 1, 2]
	(failed,) = rows_of(EVENT, "error", status="Failed")
	assert "boom is refused" in failed.error


def identities(people) -> list[str]:
	phones = [person(number).phone for number in people]
	return [row.name for row in rows_of(IDENTITY, phone=("in", phones))]
