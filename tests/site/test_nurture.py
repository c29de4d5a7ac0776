"""Nurture sequences: sent late but never twice, stopped by whatever should stop them."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, now_datetime

from dafater_crm.api import nurture as api
from dafater_crm.records.nurture import enrol
from tests.site.factories import make_lead, make_opportunity, make_prospect
from tests.site.nurture_rows import (
	EMAIL,
	due,
	enrolled,
	enrolment_of,
	in_riyadh,
	mails,
	make_sequence,
	promotional,
	run,
	states,
)

TASK = {"kind": "Task", "task_subject": "اتصال بالعميل", "task_type": "Call", "task_due_in_days": 2}


@pytest.fixture(autouse=True)
def swept():
	"""The drain commits: what a test made is taken away again."""
	frappe.db.delete("Error Log")
	yield
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for doctype in ("Dafater Nurture Ledger", "Dafater Nurture Enrolment"):
		frappe.db.delete(doctype)
	for name in frappe.get_all("Dafater Nurture Sequence", pluck="name"):
		frappe.delete_doc("Dafater Nurture Sequence", name, force=True)
	frappe.db.delete("Email Unsubscribe")
	frappe.db.delete("Email Queue Recipient")
	frappe.db.delete("Email Queue")
	frappe.db.commit()


def reply(doc=None, sender: str | None = None, **values):
	return frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Received",
			"subject": "رد",
			"content": "نعم",
			"sender": sender or (doc.email_id if doc else None),
			"reference_doctype": doc.doctype if doc else None,
			"reference_name": doc.name if doc else None,
			**values,
		}
	).insert()


def test_a_message_is_queued_once_filled_in_and_on_the_timeline():
	lead = make_lead(lead_owner="Administrator")
	enrolment = enrolled(make_sequence(), lead)
	assert run() == {"Sent": 1}, frappe.get_last_doc("Error Log").error
	(mail,) = mails(lead)
	assert mail.add_unsubscribe_link
	message = frappe.get_doc("Communication", mail.communication)
	assert (message.reference_name, message.sent_or_received) == (lead.name, "Sent")
	assert message.recipients == lead.email_id
	assert message.subject == f"أهلاً {' '.join(lead.lead_name.split())}"
	assert lead.lead_name in message.content and "Administrator" in message.content
	from frappe.desk.form.load import get_communication_data

	assert message.name in [row.name for row in get_communication_data(lead.doctype, lead.name)]
	enrolment.reload()
	assert (enrolment.status, enrolment.active_key, states(enrolment)) == ("Completed", None, [(1, "Sent")])
	assert run() == {}
	assert len(mails(lead)) == 1


def test_an_automatic_message_is_no_contact_by_a_person():
	lead = make_lead()
	enrolled(make_sequence(), lead)
	run()
	lead.reload()
	assert (lead.status, lead.last_contact_on, lead.first_response_time) == ("New", None, None)
	assert not frappe.db.exists("Contact Email", {"email_id": lead.email_id}), (
		"no Contact is made of an address"
	)


def test_after_days_without_a_scheduler_each_step_is_sent_once_in_order_and_spaced():
	lead = make_lead()
	sequence = make_sequence(EMAIL, {**EMAIL, "subject": "الثانية"}, {**EMAIL, "subject": "الثالثة"})
	enrolment = enrolled(sequence, lead, days_ago=5)
	assert run() == {"Sent": 1}
	assert run() == {}, "the second step had no delay, but no two messages go out within an hour"
	enrolment.reload()
	assert enrolment.next_run_on >= enrolment.last_sent_on + timedelta(hours=1)
	due(enrolment)
	run()
	due(enrolment.reload())
	run()
	subjects = [frappe.db.get_value("Communication", mail.communication, "subject") for mail in mails(lead)]
	assert subjects[1:] == ["الثانية", "الثالثة"]
	assert states(enrolment) == [(1, "Sent"), (2, "Sent"), (3, "Sent")]
	assert enrolment.reload().status == "Completed"


def test_the_next_delay_counts_from_the_real_sending():
	sequence = make_sequence(EMAIL, {**EMAIL, "delay_days": 3})
	enrolment = enrolled(sequence, days_ago=10)
	before = now_datetime()
	run()
	enrolment.reload()
	assert before + timedelta(days=3) <= enrolment.next_run_on <= now_datetime() + timedelta(days=3)


def test_a_ledger_row_stops_a_second_sending_whatever_the_enrolment_says():
	lead = make_lead()
	sequence = make_sequence(EMAIL, {**EMAIL, "delay_days": 1})
	enrolment = enrolled(sequence, lead)
	run()
	frappe.db.set_value("Dafater Nurture Enrolment", enrolment.name, "current_step", 1)
	due(enrolment.reload())
	run()
	assert len(mails(lead)) == 1
	assert enrolment.reload().current_step == 2
	ledger = frappe.get_doc("Dafater Nurture Ledger", {"enrolment": enrolment.name})
	copy = frappe.copy_doc(ledger)
	with pytest.raises((frappe.UniqueValidationError, frappe.DuplicateEntryError)):
		copy.insert()


def test_a_reply_on_the_record_stops_at_once():
	lead = make_lead()
	enrolment = enrolled(make_sequence(EMAIL, {**EMAIL, "delay_days": 1}), lead)
	run()
	reply(lead)
	enrolment.reload()
	assert (enrolment.status, enrolment.stopped_reason) == ("Stopped", "The person replied.")
	assert enrolment.next_run_on is None and enrolment.replied_on
	assert run() == {} and len(mails(lead)) == 1


def test_a_message_from_the_address_stops_the_sequences_of_every_record_with_it():
	lead = make_lead()
	enrolment = enrolled(make_sequence(), lead)
	reply(sender=lead.email_id.upper())
	assert enrolment.reload().status == "Stopped"


def test_what_we_send_is_no_reply():
	lead = make_lead()
	enrolment = enrolled(make_sequence(), lead)
	reply(lead, sent_or_received="Sent", sender="sales@nurture.example", recipients=lead.email_id)
	assert enrolment.reload().status == "Active"


@pytest.mark.parametrize("replied", [True, False])
def test_a_branch_takes_the_path_of_the_reply(replied):
	lead = make_lead(lead_owner="Administrator")
	sequence = make_sequence(
		EMAIL,
		{"kind": "Branch on Reply", "delay_days": 2, "if_replied": 3, "if_not_replied": 4},
		{**TASK, "ends_here": 1},
		{**EMAIL, "subject": "تذكير"},
		exit_on_reply=0,
	)
	enrolment = enrolled(sequence, lead)
	run()
	if replied:
		reply(lead)
		assert enrolment.reload().replied_on
	for _ in range(3):
		if enrolment.reload().status == "Active":
			due(enrolment)
			run()
	expected = [(1, "Sent"), (2, "Done"), (3, "Done")] if replied else [(1, "Sent"), (2, "Done"), (4, "Sent")]
	assert states(enrolment) == expected
	assert enrolment.reload().status == "Completed"
	tasks = frappe.get_all(
		"Dafater Activity",
		{"reference_name": lead.name},
		["activity_type", "subject", "status", "assigned_to", "due_on"],
	)
	if replied:
		(task,) = tasks
		assert (task.activity_type, task.status, task.assigned_to) == ("Call", "Open", "Administrator")
		assert task.due_on.date() == add_days(now_datetime(), 2).date()
	else:
		assert tasks == []


OPT_OUTS = {
	"do not contact": lambda lead: lead.update({"do_not_contact": 1}).save(),
	"status": lambda lead: lead.update({"status": "Do Not Contact"}).save(),
	"unsubscribed": lambda lead: lead.update({"unsubscribed": 1}).save(),
	"disqualified": lambda lead: lead.update({"status": "Disqualified", "disqualify_reason": "Spam"}).save(),
	"record": lambda lead: unsubscribe(lead.email_id, lead),
	"everywhere": lambda lead: unsubscribe(lead.email_id),
}


def unsubscribe(email: str, doc=None):
	frappe.get_doc(
		{
			"doctype": "Email Unsubscribe",
			"email": email,
			"global_unsubscribe": 0 if doc else 1,
			"reference_doctype": doc.doctype if doc else None,
			"reference_name": doc.name if doc else None,
		}
	).insert()


@pytest.mark.parametrize("way", sorted(OPT_OUTS))
def test_every_opt_out_stops_at_once(way):
	lead = make_lead()
	enrolment = enrolled(make_sequence(), lead)
	OPT_OUTS[way](lead)
	assert enrolment.reload().status == "Stopped"
	assert run() == {} and mails(lead) == []


@pytest.mark.parametrize("field", ["do_not_contact", "unsubscribed"])
def test_an_opt_out_that_fired_no_event_is_found_when_sending(field):
	lead = make_lead()
	enrolment = enrolled(make_sequence(), lead)
	frappe.db.set_value("Dafater Lead", lead.name, field, 1)
	assert run() == {} and mails(lead) == []
	assert enrolment.reload().status == "Stopped"


def test_an_opt_out_on_another_record_with_the_same_address_counts():
	lead = make_lead()
	enrolment = enrolled(make_sequence(), lead)
	make_prospect(email_id=lead.email_id, do_not_contact=1)
	run()
	assert (
		mails(lead) == [] and enrolment.reload().stopped_reason == "The person does not want to be contacted."
	)


def consent(lead, action: str, channel: str = "All"):
	frappe.get_doc(
		{
			"doctype": "Dafater Consent Entry",
			"party_type": lead.doctype,
			"party_name": lead.name,
			"purpose": "Marketing",
			"channel": channel,
			"action": action,
			"given_on": now_datetime(),
		}
	).insert()


def test_promotion_needs_consent_and_ends_with_its_withdrawal():
	lead, other = make_lead(), make_lead()
	sequence = promotional(EMAIL, {**EMAIL, "delay_days": 1})
	consent(lead, "Granted")
	result = enrol.enrol(sequence, [lead.name, other.name])
	assert result == {"enrolled": 1, "skipped": {"The person has not agreed to marketing.": 1}}
	consent(lead, "Withdrawn", "E-mail")
	enrolment = enrolment_of(sequence, lead)
	assert (enrolment.status, enrolment.stopped_reason) == (
		"Stopped",
		"The person withdrew the consent to marketing.",
	)


def test_promotion_waits_for_the_sending_hours_of_riyadh():
	here = in_riyadh()
	opens = here.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
	closed = {"send_from_hour": opens.hour, "send_until_hour": (opens.hour + 2) % 24}
	lead = make_lead()
	enrolment = enrolled(promotional(EMAIL, requires_consent=0, **closed), lead)
	assert run() == {} and mails(lead) == []
	enrolment.reload()
	assert abs(enrolment.next_run_on - (now_datetime() + (opens - here))) < timedelta(seconds=60)
	assert enrolment.status == "Active" and states(enrolment) == []


def test_the_stage_or_status_of_the_record_stops():
	stage = frappe.get_all("Dafater Sales Stage", {"outcome": "Open"}, pluck="name", order_by="sequence")[1]
	deal = make_opportunity(contact_email="buyer@nurture.example")
	sequence = make_sequence(
		applies_to="Dafater Opportunity",
		exit_conditions=[{"field": "sales_stage", "operator": "is", "value": stage}],
	)
	enrolment = enrolled(sequence, deal)
	deal.reload()
	deal.sales_stage = stage
	deal.save()
	assert enrolment.reload().stopped_reason == "The record matches an exit condition."


def test_a_won_deal_stops():
	deal = make_opportunity(contact_email="buyer2@nurture.example")
	enrolment = enrolled(make_sequence(applies_to="Dafater Opportunity"), deal)
	deal.reload()
	deal.sales_stage = frappe.db.get_value("Dafater Sales Stage", {"outcome": "Won"})
	deal.save()
	assert enrolment.reload().stopped_reason == "The record is converted, closed or disqualified."


def test_a_deleted_record_takes_its_enrolments_along():
	lead = make_lead()
	enrolment = enrolled(make_sequence(), lead)
	frappe.delete_doc(lead.doctype, lead.name)
	assert not frappe.db.exists("Dafater Nurture Enrolment", enrolment.name)


def test_a_message_that_cannot_be_prepared_waits_for_a_person_and_holds_up_nobody():
	bad, good = make_lead(), make_lead()
	frappe.db.set_value("Dafater Lead", bad.name, "email_id", "not an address")
	sequence = make_sequence()
	first, second = enrolled(sequence, bad, days_ago=1), enrolled(sequence, good)
	assert run() == {"Failed": 1, "Sent": 1}
	assert first.reload().status == "Paused" and first.stopped_reason
	assert second.reload().status == "Completed" and len(mails(good)) == 1
	assert not frappe.get_all("Communication", {"reference_name": bad.name})
	frappe.db.set_value("Dafater Lead", bad.name, "email_id", "corrected@nurture.example")
	assert api.resume(first.name) == "Active"
	assert run() == {"Sent": 1}
	assert len(mails(bad)) == 1 and states(first) == [(1, "Sent")]


def test_pausing_skipping_and_stopping_by_hand():
	lead = make_lead()
	enrolment = enrolled(make_sequence(EMAIL, {**EMAIL, "subject": "الثانية"}), lead)
	assert api.pause(enrolment.name) == "Paused"
	assert run() == {}
	assert api.skip_step(enrolment.name) == "Paused"
	assert enrolment.reload().current_step == 2
	api.resume(enrolment.name)
	due(enrolment.reload())
	assert run() == {"Sent": 1}
	assert states(enrolment) == [(1, "Skipped"), (2, "Sent")]
	with pytest.raises(frappe.ValidationError):
		api.stop_enrolment(enrolment.name)
	other = enrolled(make_sequence())
	assert api.stop_enrolment(other.name) == "Stopped"
	assert run() == {}


def test_a_disabled_sequence_waits_and_goes_on_when_enabled():
	lead = make_lead()
	sequence = make_sequence()
	enrolment = enrolled(sequence, lead)
	sequence.enabled = 0
	sequence.save()
	assert enrolment.reload().status == "Paused" and run() == {}
	sequence.enabled = 1
	sequence.save()
	assert enrolment.reload().status == "Active" and run() == {"Sent": 1}


def test_nobody_is_twice_in_a_sequence_at_the_same_time():
	lead = make_lead()
	sequence = make_sequence(EMAIL, {**EMAIL, "delay_days": 1})
	enrolled(sequence, lead)
	again = enrol.enrol(sequence, [lead.name])
	assert again == {"enrolled": 0, "skipped": {"The record is in this sequence already.": 1}}
	rows = [{"name": lead.name, "title": lead.title, "email_id": lead.email_id, "lead_owner": None}]
	assert enrol._insert(sequence, [frappe._dict(row) for row in rows]) == 0, "the unique key decides a race"


def test_conditions_enrol_what_matches_once_and_only_what_came_later():
	old = make_lead(city="الرياض")
	frappe.db.set_value("Dafater Lead", old.name, "creation", add_days(now_datetime(), -2))
	sequence = make_sequence(
		enrolment="When Conditions Match",
		conditions=[
			{"field": "city", "operator": "is", "value": "الرياض"},
			{"field": "score", "operator": "greater than", "value": "-1"},
		],
	)
	match, other = make_lead(city="الرياض"), make_lead(city="جدة")
	frappe.db.commit()
	assert enrol.run() >= 1
	assert enrolment_of(sequence, match).status == "Active"
	for lead in (other, old):
		assert not frappe.db.exists("Dafater Nurture Enrolment", {"reference_name": lead.name})
	api.stop_enrolment(enrolment_of(sequence, match).name)
	frappe.db.commit()
	enrol.run()
	assert frappe.db.count("Dafater Nurture Enrolment", {"reference_name": match.name}) == 1
	sequence.include_existing = 1
	assert old.name in enrol.matching(sequence)
