"""Who may make, read and act on sequences, and what a sequence refuses to be saved with."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.api import nurture as api
from tests.site.factories import make_lead
from tests.site.nurture_rows import EMAIL, enrolled, enrolment_of, make_sequence, states
from tests.site.people import EXECUTIVE, MANAGING, OPERATING, SELLER_A, SELLER_B, STRANGER, cast  # noqa: F401
from tests.site.test_nurture import run, swept  # noqa: F401  (a fixture)


def test_sellers_read_sequences_and_managers_write_them(as_user):
	sequence = make_sequence()
	for user in (SELLER_A, EXECUTIVE):
		with as_user(user):
			assert frappe.has_permission(sequence.doctype, "read", sequence.name)
			with pytest.raises(frappe.PermissionError):
				frappe.get_doc(sequence.doctype, sequence.name).save()
	for user in (MANAGING, OPERATING):
		with as_user(user):
			frappe.get_doc(sequence.doctype, sequence.name).save()
	with as_user(STRANGER):
		assert not frappe.has_permission(sequence.doctype, "read", sequence.name)


def test_a_seller_enrols_own_leads_and_is_told_how_many_were_not_allowed(as_user):
	sequence = make_sequence()
	with as_user(SELLER_A):
		mine = make_lead(lead_owner=SELLER_A)
	with as_user(SELLER_B):
		theirs = make_lead(lead_owner=SELLER_B)
	shared = make_lead(lead_owner=SELLER_B)
	frappe.share.add(shared.doctype, shared.name, SELLER_A, read=1)
	names = frappe.as_json([mine.name, theirs.name, shared.name])
	with as_user(SELLER_A):
		before = api.preview(sequence.name, names)
		assert before == {
			"enrolled": 1,
			"skipped": [{"reason": "You may not change this record.", "count": 2}],
		}
		assert api.enrol_records(sequence.name, names) == before
		with pytest.raises(frappe.PermissionError):
			api.preview(sequence.name)
	assert enrolment_of(sequence, mine).responsible == SELLER_A


def test_whoever_may_change_the_record_acts_on_its_enrolment(as_user):
	sequence = make_sequence(EMAIL, {**EMAIL, "delay_days": 1})
	with as_user(SELLER_A):
		lead = make_lead(lead_owner=SELLER_A)
	enrolment = enrolled(sequence, lead)
	acts = (api.pause, api.resume, api.skip_step, api.stop_enrolment)
	with as_user(SELLER_B):
		for act in (*acts, api.history):
			with pytest.raises(frappe.PermissionError):
				act(enrolment.name)
		with pytest.raises(frappe.PermissionError):
			api.of_record(lead.doctype, lead.name)
		assert frappe.get_list(enrolment.doctype, {"name": enrolment.name}) == []
	with as_user(SELLER_A):
		assert frappe.get_list(enrolment.doctype, {"name": enrolment.name}, pluck="name") == [enrolment.name]
		assert [act(enrolment.name) for act in acts] == ["Paused", "Active", "Active", "Stopped"]
		assert [row["state"] for row in api.history(enrolment.name)] == ["Skipped"]
		assert [row["status"] for row in api.of_record(lead.doctype, lead.name)] == ["Stopped"]
	with as_user(STRANGER), pytest.raises(frappe.PermissionError):
		api.condition_fields("Dafater Lead")


def test_the_new_owner_of_a_lead_sees_its_enrolment(as_user):
	lead = make_lead(lead_owner=SELLER_A)
	enrolment = enrolled(make_sequence(), lead)
	lead.lead_owner = SELLER_B
	lead.save()
	with as_user(SELLER_B):
		assert frappe.get_list(enrolment.doctype, {"name": enrolment.name}, pluck="name") == [enrolment.name]


def test_who_makes_sequences_is_offered_what_can_be_sent(as_user):
	for user in (MANAGING, OPERATING):
		with as_user(user):
			choices = api.form_choices()
			assert {"E-mail", "Task", "Wait", "Branch on Reply"} <= set(choices["step_kinds"])
			assert "Asia/Riyadh" in choices["time_zones"]
			assert [name for name, _meaning in choices["variables"]][:2] == ["name", "organisation"]
	for user in (SELLER_A, EXECUTIVE, STRANGER):
		with as_user(user), pytest.raises(frappe.PermissionError):
			api.form_choices()


def test_an_enrolment_is_made_by_the_api_alone(as_user):
	lead, sequence = make_lead(), make_sequence()
	with as_user(MANAGING), pytest.raises(frappe.PermissionError):
		frappe.get_doc(
			{
				"doctype": "Dafater Nurture Enrolment",
				"sequence": sequence.name,
				"reference_doctype": lead.doctype,
				"reference_name": lead.name,
			}
		).insert()


REFUSED = {
	"no steps": ({"steps": []}, "steps"),
	"unknown variable": (
		{"steps": [{"kind": "E-mail", "subject": "x", "message": "{{ password }}"}]},
		"uses the variable <strong>password</strong>, which does not exist",
	),
	"code": (
		{"steps": [{"kind": "E-mail", "subject": "{{ frappe.session.user }}", "message": "x"}]},
		"which does not exist",
	),
	"call": (
		{"steps": [{"kind": "E-mail", "subject": "x", "message": "{{ name.upper() }}"}]},
		"command that templates do not allow",
	),
	"empty message": ({"steps": [{"kind": "E-mail", "subject": "x", "message": "<p></p>"}]}, "is empty"),
	"task without subject": ({"steps": [{"kind": "Task"}]}, "Enter its subject"),
	"branch target": (
		{
			"exit_on_reply": 0,
			"steps": [EMAIL, {"kind": "Branch on Reply", "delay_days": 1, "if_replied": 7}],
		},
		"which does not exist",
	),
	"loop": (
		{
			"exit_on_reply": 0,
			"steps": [EMAIL, {"kind": "Branch on Reply", "delay_days": 1, "if_replied": 1}],
		},
		"does not come after it",
	),
	"time zone": ({"time_zone": "Riyadh"}, "is not a time zone"),
	"unknown field": (
		{"exit_conditions": [{"field": "nonsense", "operator": "is", "value": "1"}]},
		"has no field",
	),
	"column that is no field": (
		{"exit_conditions": [{"field": "owner", "operator": "is", "value": "1"}]},
		"has no field",
	),
	"operator of another type": (
		{"exit_conditions": [{"field": "status", "operator": "greater than", "value": "Open"}]},
		"cannot be asked with",
	),
	"no such choice": (
		{"exit_conditions": [{"field": "status", "operator": "is", "value": "Sold"}]},
		"is not a choice of",
	),
	"no such link": (
		{"exit_conditions": [{"field": "source", "operator": "is", "value": "Nowhere"}]},
		"does not exist",
	),
	"no number": (
		{"exit_conditions": [{"field": "score", "operator": "is", "value": "nan"}]},
		"is not a number",
	),
	"no date": (
		{"exit_conditions": [{"field": "next_follow_up", "operator": "is", "value": "soon"}]},
		"is not a date",
	),
	"no condition": ({"enrolment": "When Conditions Match", "conditions": []}, "Add at least one condition"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_a_sequence_refuses_with_one_clear_message(case):
	values, message = REFUSED[case]
	with pytest.raises(frappe.ValidationError) as refusal:
		make_sequence(**values)
	assert message in str(refusal.value)


def test_an_email_template_is_checked_like_a_text_of_our_own():
	template = frappe.get_doc(
		{
			"doctype": "Email Template",
			"name": frappe.generate_hash(length=8),
			"subject": "{{ doc.secret }}",
			"response": "x",
		}
	).insert()
	with pytest.raises(frappe.ValidationError, match="does not exist"):
		make_sequence({"kind": "E-mail", "email_template": template.name})


def test_steps_stay_while_people_are_in_the_sequence_and_texts_may_change():
	sequence = make_sequence(EMAIL, {**EMAIL, "delay_days": 1})
	enrolment = enrolled(sequence)
	sequence.reload()
	sequence.steps[1].subject = "موضوع آخر"
	sequence.save()
	sequence.append("steps", {"kind": "Task", "task_subject": "اتصال"})
	with pytest.raises(frappe.ValidationError, match="People are in this sequence"):
		sequence.save()
	api.stop_enrolment(enrolment.name)
	sequence.reload()
	sequence.append("steps", {"kind": "Task", "task_subject": "اتصال"})
	sequence.save()
	with pytest.raises(frappe.ValidationError, match="Disable it instead"):
		frappe.delete_doc(sequence.doctype, sequence.name)


def test_conditions_on_every_kind_of_field_ask_what_they_say():
	from frappe.utils import add_days, now_datetime, nowdate

	from dafater_crm.records.nurture import conditions

	lead = make_lead(city="الرياض", next_follow_up=add_days(nowdate(), 3), annual_revenue=5000)
	frappe.db.set_value("Dafater Lead", lead.name, "last_contact_on", add_days(now_datetime(), -10))
	table = frappe.qb.DocType("Dafater Lead")

	def matches(field, operator, value=None) -> bool:
		row = frappe._dict(field=field, operator=operator, value=value, idx=1)
		rule = conditions.matches_all("Dafater Lead", [row])
		return bool(
			frappe.qb.from_(table).select(table.name).where(table.name == lead.name).where(rule).run()
		)

	assert matches("city", "is", "الرياض") and not matches("city", "is not", "الرياض")
	assert matches("city", "is one of", "جدة، الرياض") and matches("city", "contains", "ريا")
	assert not matches("city", "contains", "%") and not matches("city", "contains", "_____")
	assert matches("job_title", "is not set") and matches("city", "is set")
	assert matches("annual_revenue", "greater than", "4,999") and not matches(
		"annual_revenue", "less than", "5000"
	)
	assert matches("last_contact_on", "more than days ago", "9")
	assert not matches("last_contact_on", "more than days ago", "11")
	assert matches("last_contact_on", "within the last days", "11")
	assert matches("next_follow_up", "is", add_days(nowdate(), 3))
	assert matches("do_not_contact", "is", "0")
	assert matches("status", "is one of", "New, Open")


def test_the_sequence_of_a_disabled_site_account_keeps_its_messages():
	"""Without an outgoing account nothing is lost: the message waits."""
	lead = make_lead()
	sequence = make_sequence()
	enrolment = enrolled(sequence, lead)
	frappe.db.set_value("Email Account", sequence.email_account, "enable_outgoing", 0)
	frappe.clear_document_cache("Email Account", sequence.email_account)
	try:
		assert run() == {}
		assert states(enrolment) == [] and enrolment.reload().status == "Active"
	finally:
		frappe.db.set_value("Email Account", sequence.email_account, "enable_outgoing", 1)
		frappe.clear_document_cache("Email Account", sequence.email_account)
		frappe.db.commit()
