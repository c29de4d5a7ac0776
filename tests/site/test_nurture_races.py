"""The drain in real processes: two at once, and one that is killed between the ledger and the message."""

from __future__ import annotations

import frappe
import pytest

from tests.site.factories import make_lead
from tests.site.nurture_rows import enrolled, mails, make_sequence, run, states
from tests.site.processes import NURTURE, at_once, results, start
from tests.site.statements import counted
from tests.site.test_nurture import TASK, swept  # noqa: F401  (a fixture)


def waiting(number: int):
	sequence = make_sequence()
	leads = [make_lead() for _ in range(number)]
	enrolments = [enrolled(sequence, lead) for lead in leads]
	frappe.db.commit()
	return leads, enrolments


def test_two_drains_at_once_send_each_message_once():
	leads, enrolments = waiting(60)
	counts = results(at_once(NURTURE, "drain", [{}] * 2, start_up=12))
	assert not frappe.get_all("Error Log", {"method": ("like", "Nurture%")}, pluck="error")
	assert sum(count.get("Sent", 0) for count in counts) == 60, counts
	assert all(count.get("Sent") for count in counts), f"only one of the two worked: {counts}"
	assert [len(mails(lead)) for lead in leads] == [1] * 60
	assert [states(enrolment) for enrolment in enrolments] == [[(1, "Sent")]] * 60


@pytest.mark.parametrize("moment", ["before_sending", "after_sending"])
def test_a_worker_killed_in_the_middle_of_a_batch_leaves_nothing_and_the_next_sends_once(moment):
	leads, enrolments = waiting(3)
	worker = start(NURTURE, moment)
	_out, error = worker.communicate(timeout=120)
	assert worker.returncode == 9, error[-2000:]
	frappe.db.rollback()
	assert [mails(lead) for lead in leads] == [[]] * 3
	assert [states(enrolment) for enrolment in enrolments] == [[]] * 3
	assert run() == {"Sent": 3}
	assert run() == {}
	assert [len(mails(lead)) for lead in leads] == [1] * 3


def test_a_planned_row_that_was_committed_alone_is_never_sent_again():
	(lead,), (enrolment,) = waiting(1)
	frappe.get_doc(
		{
			"doctype": "Dafater Nurture Ledger",
			"enrolment": enrolment.name,
			"sequence": enrolment.sequence,
			"step_no": 1,
			"kind": "E-mail",
			"state": "Planned",
		}
	).insert()
	assert run() == {}
	assert mails(lead) == []
	assert states(enrolment) == [(1, "Failed")]
	assert enrolment.reload().status == "Completed"


def statements_of_a_run(number: int, *steps) -> int:
	sequence = make_sequence(*steps)
	for _ in range(number):
		enrolled(sequence)
	frappe.db.commit()
	with counted() as statements:
		run()
	return len(statements)


def test_a_batch_of_tasks_takes_the_same_statements_for_two_and_for_twenty():
	statements_of_a_run(1, TASK)  # warm
	assert statements_of_a_run(2, TASK) == statements_of_a_run(20, TASK) <= 30


def test_a_message_costs_what_frappe_needs_for_it_and_little_more():
	statements_of_a_run(1)  # warm
	few, many = statements_of_a_run(2), statements_of_a_run(22)
	assert (many - few) / 20 <= 30, (few, many)
