"""What both leads of a merge have and one may have once: a place in a sequence, a reminder of the same date."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import now_datetime, today

from dafater_crm.api import duplicates
from dafater_crm.records import merge_links
from dafater_crm.records.nurture import enrol
from dafater_crm.records.raw_rows import append_rows
from tests.site.factories import make_lead
from tests.site.nurture_rows import EMAIL, due, enrolled, mails, make_sequence, run
from tests.site.test_nurture import swept  # noqa: F401  (a fixture)

LEAD, REMINDER = "Dafater Lead", "Dafater Follow Up Reminder"
MERGED = "The lead was merged with another one that is in this sequence."


@pytest.fixture
def two():
	keep, remove = make_lead(), make_lead()
	yield keep, remove
	frappe.db.rollback()
	frappe.db.delete(REMINDER, {"reference_name": ("in", (keep.name, remove.name))})
	frappe.db.commit()


def stands(enrolment) -> tuple:
	enrolment.reload()
	return enrolment.reference_name, enrolment.status, enrolment.stopped_reason


def test_two_leads_in_one_sequence_get_each_message_once(two):
	keep, remove = two
	sequence, other = make_sequence(EMAIL, {**EMAIL, "delay_days": 2}), make_sequence()
	mine, theirs, alone = enrolled(sequence, keep), enrolled(sequence, remove), enrolled(other, remove)
	done = duplicates.merge(keep.name, remove.name)
	assert stands(mine) == (keep.name, "Active", None)
	assert stands(theirs) == (keep.name, "Stopped", MERGED)
	assert stands(alone) == (keep.name, "Active", None)
	assert enrol.enrol(other, [keep.name], by_person=False)["enrolled"] == 0
	duplicates.undo(done["merge"])
	assert stands(mine) == (keep.name, "Active", None)
	assert stands(theirs) == (remove.name, "Active", None)
	assert stands(alone) == (remove.name, "Active", None)
	keys = {one.active_key for one in (mine, theirs, alone)}
	assert keys == {
		enrol.active_key(sequence.name, LEAD, keep.name),
		enrol.active_key(sequence.name, LEAD, remove.name),
		enrol.active_key(other.name, LEAD, remove.name),
	}
	duplicates.merge(keep.name, remove.name)
	assert run() == {"Sent": 2}, "one of each sequence"
	assert len(mails(keep)) == 2


def test_the_enrolment_that_is_further_goes_on(two):
	keep, remove = two
	sequence = make_sequence(EMAIL, {**EMAIL, "subject": "الثانية"})
	mine, theirs = enrolled(sequence, keep), enrolled(sequence, remove)
	frappe.db.set_value(theirs.doctype, theirs.name, "current_step", 2)
	done = duplicates.merge(keep.name, remove.name)
	assert stands(mine) == (keep.name, "Stopped", MERGED)
	assert stands(theirs) == (keep.name, "Active", None)
	assert theirs.active_key == enrol.active_key(sequence.name, LEAD, keep.name)
	due(theirs)
	assert run() == {"Sent": 1}
	subjects = [frappe.db.get_value("Communication", mail.communication, "subject") for mail in mails(keep)]
	assert subjects == ["الثانية"]
	duplicates.undo(done["merge"])
	assert stands(mine) == (keep.name, "Active", None)
	assert stands(theirs) == (remove.name, "Completed", None), "what it sent meanwhile stays sent"


def test_an_undo_leaves_alone_who_was_enrolled_again_meanwhile(two):
	keep, remove = two
	sequence = make_sequence()
	mine, theirs = enrolled(sequence, keep), enrolled(sequence, remove)
	frappe.db.set_value(theirs.doctype, theirs.name, "current_step", 2)
	done = duplicates.merge(keep.name, remove.name)
	frappe.db.set_value(theirs.doctype, theirs.name, {"status": "Completed", "active_key": None})
	again = enrolled(sequence, keep)
	assert again.name != mine.name
	duplicates.undo(done["merge"])
	assert stands(again) == (keep.name, "Active", None)
	assert stands(mine) == (keep.name, "Stopped", MERGED)


def test_two_reminders_of_one_date_become_one_and_two_again(two):
	keep, remove = two

	def remind(lead, number: int) -> str:
		values = {
			"due_date": today(),
			"round": number,
			"user": "Administrator",
			"reminded_on": now_datetime(),
		}
		row = {"doctype": REMINDER, "reference_doctype": LEAD, "reference_name": lead.name, **values}
		return frappe.get_doc(row).insert().name

	def whose() -> dict:
		rows = frappe.get_all(REMINDER, {"name": ("in", (mine, theirs, later))}, ["name", "reference_name"])
		return {row.name: row.reference_name for row in rows}

	mine, theirs, later = remind(keep, 0), remind(remove, 0), remind(remove, 1)
	done = duplicates.merge(keep.name, remove.name)
	assert whose() == {mine: keep.name, later: keep.name}
	duplicates.undo(done["merge"])
	assert whose() == {mine: keep.name, theirs: remove.name, later: remove.name}


def test_rows_that_were_written_in_bulk_move_though_frappe_has_not_heard_of_them(two, monkeypatch):
	"""Later releases of Frappe remember for hours which DocTypes a Dynamic Link names."""
	keep, remove = two
	monkeypatch.setattr(merge_links, "get_dynamic_link_map", dict)
	names = append_rows(
		REMINDER,
		[
			{
				"reference_doctype": LEAD,
				"reference_name": remove.name,
				"due_date": today(),
				"user": "Administrator",
			}
		],
	)
	duplicates.merge(keep.name, remove.name)
	assert frappe.db.get_value(REMINDER, names[0], "reference_name") == keep.name
