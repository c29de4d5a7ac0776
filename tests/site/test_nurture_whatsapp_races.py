"""WhatsApp steps in real processes: two drains at once, workers that are killed; and what a batch costs."""

# ruff: noqa: F811 - a test that takes a fixture bears its name
from __future__ import annotations

import frappe
import pytest

from dafater_crm.records.nurture import batch, drain
from tests.site.factories import make_lead
from tests.site.nurture_messages import (
	at_the_provider,  # noqa: F401
	greeting,
	inbox_swept,  # noqa: F401
	messages,
	provider,  # noqa: F401
	send,
	swept,  # noqa: F401
	whatsapp,
)
from tests.site.nurture_rows import EMAIL, enrolled, make_sequence, run, states
from tests.site.processes import NURTURE, at_once, results, start
from tests.site.statements import counted


def waiting(number: int):
	sequence = make_sequence(whatsapp(), {**EMAIL, "delay_days": 1})
	leads = [make_lead() for _ in range(number)]
	enrolments = [enrolled(sequence, lead) for lead in leads]
	frappe.db.commit()
	return leads, enrolments


def test_two_drains_at_once_queue_and_send_each_message_once(provider):
	leads, enrolments = waiting(60)
	counts = results(at_once(NURTURE, "drain", [{}] * 2, start_up=12))
	assert not frappe.get_all("Error Log", {"method": ("like", "Nurture%")}, pluck="error")
	assert sum(count.get("Sent", 0) for count in counts) == 60, counts
	assert [len(messages(lead)) for lead in leads] == [1] * 60
	assert [states(enrolment) for enrolment in enrolments] == [[(1, "Sent")]] * 60
	assert send() == {"Sent": 60}
	assert sorted(body["to"] for body in provider.sent) == sorted(lead.mobile_no[1:] for lead in leads)


def test_two_drains_that_find_the_same_planned_messages_queue_each_once():
	leads, enrolments = waiting(30)
	for rows in (enrolments[:15], enrolments[15:]):
		sequence = frappe.get_doc("Dafater Nurture Sequence", rows[0].sequence)
		batch.work(sequence, drain.claim([row.name for row in rows]))
		frappe.db.commit()
	counts = results(at_once(NURTURE, "drain", [{}] * 2, start_up=12))
	assert sum(count.get("Sent", 0) for count in counts) == 30, counts
	assert [len(messages(lead)) for lead in leads] == [1] * 30
	assert not frappe.get_all("Error Log", {"method": ("like", "Nurture%")}, pluck="error")


@pytest.mark.parametrize(
	("moment", "queued"),
	[("before_the_first_message", 0), ("between_two_messages", 1), ("before_settling", 0)],
)
def test_a_killed_worker_leaves_messages_that_the_next_drain_sends_once(provider, moment, queued):
	leads, enrolments = waiting(3)
	worker = start(NURTURE, moment)
	_out, error = worker.communicate(timeout=120)
	assert worker.returncode == 9, error[-2000:]
	frappe.db.rollback()
	assert sum(len(messages(lead)) for lead in leads) == queued
	assert sorted(states(row)[0][1] for row in enrolments) == ["Planned"] * (3 - queued) + ["Sent"] * queued
	assert all(row.reload().current_step == 2 for row in enrolments), "they have moved on"
	assert run() == {"Sent": 3 - queued}
	assert run() == {}
	assert [states(row) for row in enrolments] == [[(1, "Sent")]] * 3
	assert send() == {"Sent": 3}
	assert sorted(body["to"] for body in provider.sent) == sorted(lead.mobile_no[1:] for lead in leads)


def statements_of_a_run(number: int, template) -> tuple[int, int]:
	"""(statements until the batch is committed, those after it) for this many messages."""
	sequence = make_sequence(whatsapp(template), {**EMAIL, "delay_days": 1})
	names = [enrolled(sequence).name for _ in range(number)]
	frappe.db.commit()
	with counted() as planning:
		batch.work(frappe.get_cached_doc(sequence.doctype, sequence.name), drain.claim(names))
	frappe.db.commit()
	with counted() as sending:
		assert run() == {"Sent": number}
	return len(planning), len(sending)


def test_a_batch_costs_the_same_for_five_and_for_twenty_five_but_for_the_messages_themselves():
	template = greeting()
	statements_of_a_run(1, template)  # warm
	(planning, few), (planning_more, many) = (statements_of_a_run(number, template) for number in (5, 25))
	print("COST", planning, planning_more, few, many)
	assert planning == planning_more <= 18
	assert (many - few) % 20 == 0, (few, many)
	each = (many - few) / 20
	assert each <= 26 and few - 5 * each <= 18, (few, many)
