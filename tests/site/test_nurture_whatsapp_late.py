"""WhatsApp steps that wait, go out late, or cannot be prepared: hours, gaps, withdrawn templates, planned messages."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from dafater_crm.api import nurture as api
from dafater_crm.records.nurture import batch, drain
from tests.site import inbox_cast
from tests.site.factories import make_lead
from tests.site.nurture_messages import (
	ACCOUNT,
	answers,
	at_the_provider,  # noqa: F401
	go_on,
	greeting,
	inbox_swept,  # noqa: F401
	ledger,
	make_template,
	messages,
	planned,
	provider,  # noqa: F401
	swept,  # noqa: F401
	whatsapp,
)
from tests.site.nurture_rows import (
	EMAIL,
	due,
	enrolled,
	in_riyadh,
	mails,
	make_sequence,
	promotional,
	run,
	states,
)
from tests.site.people import MANAGING, SELLER_A, cast  # noqa: F401
from tests.site.test_nurture import TASK

CONVERSATION = "Dafater Conversation"


# -- when
def test_two_messages_of_either_kind_are_an_hour_apart():
	lead = make_lead()
	enrolment = enrolled(make_sequence(whatsapp(), EMAIL, whatsapp()), lead)
	assert run() == {"Sent": 1} and run() == {}
	enrolment.reload()
	assert enrolment.next_run_on >= enrolment.last_sent_on + timedelta(hours=1)
	assert go_on(enrolment) == {"Sent": 1} and run() == {}
	enrolment.reload()
	assert enrolment.next_run_on >= enrolment.last_sent_on + timedelta(hours=1)


def test_promotion_waits_for_its_hours():
	opens = (in_riyadh() + timedelta(hours=2)).hour
	sequence = promotional(
		whatsapp(), requires_consent=0, send_from_hour=opens, send_until_hour=(opens + 2) % 24
	)
	lead = make_lead()
	enrolment = due(enrolled(sequence, lead))
	assert run() == {} and messages(lead) == []
	assert enrolment.reload().next_run_on > now_datetime() and states(enrolment) == []


TROUBLES = {
	"template paused": ("Dafater Message Template", {"approval": "Paused"}, {"approval": "Approved"}),
	"template disabled": ("Dafater Message Template", {"enabled": 0}, {"enabled": 1}),
	"template became marketing": (
		"Dafater Message Template",
		{"category": "Marketing"},
		{"category": "Utility"},
	),
	"account disabled": ("Dafater Channel Account", {"enabled": 0}, {"enabled": 1}),
	"account stopped": ("Dafater Channel Account", {"health": "Stopped"}, {"health": "Healthy"}),
}


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_what_cannot_be_sent_now_waits_an_hour_at_a_time(trouble):
	doctype, before, after = TROUBLES[trouble]
	template = greeting()
	name = template.name if doctype == template.doctype else ACCOUNT
	lead = make_lead()
	enrolment = enrolled(make_sequence(whatsapp(template)), lead)
	frappe.db.set_value(doctype, name, before)
	assert run() == {} and messages(lead) == [] and states(enrolment) == []
	wait = enrolment.reload().next_run_on - now_datetime()
	assert timedelta(minutes=59) < wait <= timedelta(hours=1)
	assert enrolment.status == "Active"
	frappe.db.set_value(doctype, name, after)
	assert go_on(enrolment) == {"Sent": 1} and len(messages(lead)) == 1


# -- planned and not sent yet
def test_what_was_planned_and_not_sent_goes_out_late_and_keeps_the_next_one_away():
	lead, enrolment = planned()
	frappe.db.set_value(
		"Dafater Nurture Ledger",
		{"enrolment": enrolment.name},
		"creation",
		add_to_date(now_datetime(), hours=-30),
		update_modified=False,
	)
	due(enrolment.reload())
	frappe.db.commit()
	assert run() == {"Sent": 1} and len(messages(lead)) == 1
	assert states(enrolment) == [(1, "Sent")] and mails(lead) == []
	enrolment.reload()
	assert enrolment.next_run_on >= enrolment.last_sent_on + timedelta(minutes=59)
	assert now_datetime() - enrolment.last_sent_on < timedelta(minutes=1)


def test_the_next_step_waits_for_a_message_that_is_held_back():
	lead, enrolment = planned()
	frappe.db.set_value("Dafater Channel Account", ACCOUNT, "enabled", 0)
	assert go_on(enrolment) == {} and mails(lead) == []
	assert enrolment.reload().next_run_on > now_datetime() + timedelta(minutes=59)
	assert states(enrolment) == [(1, "Planned")], "it is not marked as interrupted"
	frappe.db.set_value("Dafater Channel Account", ACCOUNT, "enabled", 1)
	assert run() == {"Sent": 1} and len(messages(lead)) == 1


def test_an_enrolment_that_was_set_back_does_not_interrupt_its_planned_message():
	_lead, enrolment = planned()
	frappe.db.set_value("Dafater Channel Account", ACCOUNT, "enabled", 0)
	frappe.db.set_value("Dafater Nurture Enrolment", enrolment.name, "current_step", 1)
	assert go_on(enrolment) == {}
	assert states(enrolment) == [(1, "Planned")] and enrolment.reload().current_step == 2


ENDINGS = {
	"reply": (lambda lead: answers(lead.mobile_no), "The person replied."),
	"do not contact": (
		lambda lead: lead.update({"do_not_contact": 1}).save(),
		"The person does not want to be contacted.",
	),
	"number removed": (
		lambda lead: frappe.db.set_value("Dafater Lead", lead.name, "mobile_no", None),
		"The record has no number for WhatsApp.",
	),
	"closed": (
		lambda lead: lead.update({"status": "Disqualified", "disqualify_reason": "Spam"}).save(),
		"The record is converted, closed or disqualified.",
	),
}


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_what_ends_a_sequence_holds_back_a_planned_message_too(ending):
	act, reason = ENDINGS[ending]
	lead, enrolment = planned()
	act(lead.reload())
	frappe.db.commit()
	assert run() == {"Skipped": 1} and messages(lead) == []
	assert [(row.state, row.reason) for row in ledger(enrolment)] == [("Skipped", reason)]


def test_a_reply_holds_back_the_last_message_of_a_completed_sequence():
	lead = make_lead()
	sequence = make_sequence(whatsapp())
	enrolment = enrolled(sequence, lead)
	frappe.db.commit()
	batch.work(sequence, drain.claim([enrolment.name]))
	frappe.db.commit()
	assert enrolment.reload().status == "Completed"
	answers(lead.mobile_no)
	assert run() == {"Skipped": 1} and messages(lead) == []


def test_a_paused_enrolment_keeps_its_planned_message_until_it_goes_on():
	lead, enrolment = planned()
	api.pause(enrolment.name)
	assert run() == {} and states(enrolment) == [(1, "Planned")]
	api.resume(enrolment.name)
	assert run() == {"Sent": 1} and len(messages(lead)) == 1


# -- what cannot be prepared
def test_a_message_that_cannot_be_filled_fails_with_its_reason_and_the_next_step_follows():
	lead = make_lead(lead_owner=None)
	frappe.db.set_value("Dafater Lead", lead.name, "lead_owner", None)
	enrolment = enrolled(make_sequence(whatsapp(make_template()), {**TASK, "delay_days": 1}), lead)
	assert run() == {"Failed": 1} and messages(lead) == []
	(row,) = ledger(enrolment)
	assert row.reason == "The template names the record's owner, and the record has none."
	assert (enrolment.reload().status, enrolment.current_step) == ("Active", 2)
	frappe.local.lang = "ar"
	try:
		assert api.history(enrolment.name)[0]["reason"] == "يذكر القالب مسؤول السجل، ولا مسؤول للسجل."
	finally:
		frappe.local.lang = "en"
	assert go_on(enrolment) == {"Done": 1}


def test_a_conversation_with_another_account_is_not_written_into():
	inbox_cast.make_account("واتساب جدة", external_id="2222", sandbox=1)
	lead = make_lead()
	answers(lead.mobile_no)
	frappe.db.set_value(CONVERSATION, {"lead": lead.name}, "account", "واتساب جدة")
	enrolment = enrolled(make_sequence(whatsapp()), lead)
	assert run() == {"Failed": 1} and messages(lead) == []
	assert ledger(enrolment)[0].reason == "The person's open conversation is with another WhatsApp account."
