"""A sequence whose condition names what is gone: leads are saved, nobody is written to, and the sequence says why until it is mended."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.records.nurture import enrol
from tests.site.factories import make_lead, unique
from tests.site.nurture_rows import due, enrolled, enrolment_of, mails, make_sequence, run
from tests.site.people import SELLER_A, cast  # noqa: F401
from tests.site.test_nurture import swept  # noqa: F401  (a fixture)

SEQUENCE = "Dafater Nurture Sequence"


@pytest.fixture
def source():
	"""A lead source that a condition names; jobs commit, so it is taken away again."""
	name = frappe.get_doc({"doctype": "Dafater Lead Source", "source_name": unique("معرض")}).insert().name
	yield name
	for one in (name, f"{name} 2"):
		frappe.delete_doc_if_exists("Dafater Lead Source", one, force=1)
	frappe.db.commit()


def leaves(*rows: tuple) -> dict:
	return {"exit_conditions": [dict(zip(("field", "operator", "value"), row, strict=True)) for row in rows]}


def joins(*rows: tuple) -> dict:
	return {"enrolment": "When Conditions Match", "conditions": leaves(*rows)["exit_conditions"]}


def remove_field(sequence, table: str = "exit_conditions", place: int = 0) -> None:
	"""What is left of a condition when the custom field that it asks is deleted."""
	row = sequence.get(table)[place]
	frappe.db.set_value(row.doctype, row.name, "field", "custom_gone")
	frappe.clear_document_cache(SEQUENCE, sequence.name)


def problem(sequence) -> str:
	return frappe.db.get_value(SEQUENCE, sequence.name, "problem") or ""


@pytest.mark.parametrize("gone", ["field", "renamed link"])
def test_a_broken_condition_blocks_no_save_and_the_others_still_count(source, as_user, cast, gone):  # noqa: F811
	sequence = make_sequence(**leaves(("source", "is", source), ("city", "is", "تبوك")))
	with as_user(SELLER_A):
		lead = make_lead(lead_owner=SELLER_A, city="جدة")
	enrolment = enrolled(sequence, lead)
	if gone == "field":
		remove_field(sequence)
	else:
		frappe.rename_doc("Dafater Lead Source", source, f"{source} 2", force=True)
	with as_user(SELLER_A):
		lead.reload()
		lead.city = "الرياض"
		lead.save()
		assert enrolment.reload().status == "Active"
		lead.city = "تبوك"
		lead.save()
	assert (enrolment.reload().status, enrolment.stopped_reason) == (
		"Stopped",
		"The record matches an exit condition.",
	)


def test_nobody_is_written_to_until_it_is_mended_and_then_once(source):
	sequence = make_sequence(**leaves(("source", "is", source)))
	lead = make_lead()
	enrolment = enrolled(sequence, lead)
	paused = enrolled(sequence)
	frappe.db.set_value(paused.doctype, paused.name, {"status": "Paused", "stopped_reason": None})
	frappe.rename_doc("Dafater Lead Source", source, f"{source} 2", force=True)
	assert run() == {} and mails(lead) == []
	enrolment.reload()
	assert (enrolment.status, enrolment.stopped_reason) == (
		"Paused",
		"A condition of the sequence can no longer be checked.",
	)
	assert problem(sequence).startswith(
		"Stop When One of These Matches: Condition 1: "
	) and source in problem(sequence)
	assert not frappe.db.count("Error Log"), "it is the sequence that says so"
	assert run() == {}
	sequence.reload()
	with pytest.raises(frappe.ValidationError, match="does not exist"):
		sequence.save()
	sequence.reload()
	sequence.exit_conditions[0].value = f"{source} 2"
	sequence.save()
	assert problem(sequence) == ""
	assert (enrolment.reload().status, paused.reload().status) == ("Active", "Paused")
	assert run() == {"Sent": 1} and len(mails(lead)) == 1


def test_what_is_right_again_by_itself_goes_on_within_the_hour(source):
	sequence = make_sequence(**leaves(("source", "is", source)))
	enrolment = enrolled(sequence)
	frappe.rename_doc("Dafater Lead Source", source, f"{source} 2", force=True)
	run()
	assert enrolment.reload().status == "Paused"
	frappe.rename_doc("Dafater Lead Source", f"{source} 2", source, force=True)
	enrol.run()
	assert (problem(sequence), enrolment.reload().status) == ("", "Active")


def test_nobody_is_enrolled_by_conditions_of_which_one_is_gone():
	"""The other condition alone would take more than was meant. Who is in it already goes on."""
	city = unique("بلدة")
	sequence = make_sequence(include_existing=1, **joins(("city", "is", city), ("job_title", "is set", "")))
	lead = make_lead(city=city, job_title="مدير")
	inside = enrolled(sequence)
	remove_field(sequence, "conditions", 1)
	assert enrol.run() == 0
	assert problem(sequence).startswith("Conditions: Condition 2: ")
	assert not frappe.db.exists(inside.doctype, {"reference_name": lead.name})
	assert run() == {"Sent": 1}
	sequence.reload()
	sequence.conditions[1].update({"field": "job_title"})
	sequence.save()
	assert enrol.run() == 1 and enrolment_of(sequence, lead).status == "Active"


def test_a_broken_sequence_does_not_keep_others_from_being_sent():
	broken, whole = make_sequence(**leaves(("city", "is", "تبوك"))), make_sequence()
	lead = make_lead()
	enrolled(broken, lead, days_ago=2)
	due(enrolled(whole, lead))
	remove_field(broken)
	assert run() == {"Sent": 1} and len(mails(lead)) == 1


@pytest.mark.parametrize(
	"rows",
	[
		[("status", "is", "New"), ("status", "is", "Open")],
		[("city", "is", "جدة"), ("city", "is not set", "")],
		[("annual_revenue", "greater than", "100"), ("annual_revenue", "less than", "50")],
		[("last_contact_on", "more than days ago", "30"), ("last_contact_on", "within the last days", "10")],
		[("do_not_contact", "is", "1"), ("do_not_contact", "is", "0")],
	],
)
def test_conditions_that_exclude_each_other_are_refused(rows):
	with pytest.raises(frappe.ValidationError, match="No record can ever meet all conditions on"):
		make_sequence(**joins(*rows))


@pytest.mark.parametrize(
	"rows",
	[
		[("status", "is one of", "New, Open"), ("status", "is not", "New")],
		[("annual_revenue", "greater than", "50"), ("annual_revenue", "less than", "100")],
		[("last_contact_on", "is", "2026-01-31"), ("last_contact_on", "greater than", "2026-01-31 08:00")],
		[("city", "contains", "ريا"), ("city", "is set", "")],
	],
)
def test_conditions_that_can_be_met_together_are_saved(rows):
	assert make_sequence(**joins(*rows)).name
	exits = make_sequence(**leaves(("status", "is", "Open"), ("status", "is", "Contacted")))
	assert exits.name, "one exit condition is enough to leave"
