"""Whom WhatsApp steps reach: numbers, opt-outs, consent by channel, and who skips a step."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.records.nurture import enrol
from tests.site.factories import make_lead, make_prospect, phone
from tests.site.nurture_messages import (
	answers,
	at_the_provider,  # noqa: F401
	go_on,
	inbox_swept,  # noqa: F401
	ledger,
	provider,  # noqa: F401
	swept,  # noqa: F401
	whatsapp,
)
from tests.site.nurture_rows import (
	EMAIL,
	due,
	enrolled,
	mails,
	make_sequence,
	promotional,
	run,
	states,
)
from tests.site.people import MANAGING, SELLER_A, cast  # noqa: F401
from tests.site.test_nurture import TASK, consent, unsubscribe

CONVERSATION = "Dafater Conversation"


# -- whom
def test_the_whatsapp_number_comes_before_the_mobile():
	lead = make_lead(whatsapp_no=phone())
	enrolment = enrolled(make_sequence(whatsapp()), lead)
	run()
	assert (enrolment.recipient_phone, ledger(enrolment)[0].recipient) == (
		lead.whatsapp_no,
		lead.whatsapp_no,
	)
	assert lead.whatsapp_no != lead.mobile_no


def test_whatsapp_alone_needs_no_email_address_and_minds_no_unsubscription():
	bare, left = make_lead(email_id=None), make_lead(unsubscribed=1)
	unsubscribe(left.email_id)
	sequence = make_sequence(whatsapp(), {**TASK, "delay_days": 1})
	enrolments = [enrolled(sequence, lead) for lead in (bare, left)]
	assert run() == {"Sent": 2}
	unsubscribe(left.email_id, left)
	left.reload().update({"unsubscribed": 0}).save()
	left.reload().update({"unsubscribed": 1}).save()
	assert [enrolment.reload().status for enrolment in enrolments] == ["Active", "Active"]


def test_whatsapp_alone_needs_a_number():
	lead = make_lead(mobile_no=None)
	assert enrol.enrol(make_sequence(whatsapp()), [lead.name]) == {
		"enrolled": 0,
		"skipped": {"The record has no number for WhatsApp.": 1},
	}


def test_who_lacks_an_address_skips_those_steps_and_goes_on():
	without_number, without_mail = make_lead(mobile_no=None), make_lead(email_id=None)
	nobody = make_lead(mobile_no=None, email_id=None)
	sequence = make_sequence(EMAIL, whatsapp(delay_days=1), {**TASK, "delay_days": 1})
	assert enrol.enrol(sequence, [nobody.name])["enrolled"] == 0
	first, second = enrolled(sequence, without_number), enrolled(sequence, without_mail)
	assert run() == {"Sent": 1, "Skipped": 1}
	for enrolment in (first, second):
		due(enrolment.reload())
	assert run() == {"Sent": 1, "Skipped": 1}
	assert states(first) == [(1, "Sent"), (2, "Skipped")]
	assert states(second) == [(1, "Skipped"), (2, "Sent")]
	assert ledger(first)[1].reason == "The record has no number for WhatsApp."
	assert ledger(second)[0].reason == "The record has no e-mail address."
	assert first.reload().current_step == second.reload().current_step == 3


def test_an_unsubscribed_address_skips_the_mails_of_a_mixed_sequence():
	lead = make_lead()
	enrolment = enrolled(make_sequence(EMAIL, whatsapp(delay_days=1)), lead)
	unsubscribe(lead.email_id)
	assert enrolment.reload().status == "Active"
	assert run() == {"Skipped": 1} and mails(lead) == []
	assert ledger(enrolment)[0].reason == "The person unsubscribed."
	assert go_on(enrolment) == {"Sent": 1}


@pytest.mark.parametrize("where", ["record", "same number"])
def test_do_not_contact_ends_a_mixed_sequence(where):
	lead = make_lead()
	enrolment = enrolled(make_sequence(EMAIL, whatsapp(delay_days=1)), lead)
	if where == "record":
		frappe.db.set_value("Dafater Lead", lead.name, "do_not_contact", 1)
	else:
		make_prospect(mobile_no=lead.mobile_no, do_not_contact=1)
	assert run() == {} and mails(lead) == []
	enrolment.reload()
	assert (enrolment.status, enrolment.stopped_reason) == (
		"Stopped",
		"The person does not want to be contacted.",
	)


def identity(lead, **values) -> None:
	"""The inbox knows the number, and this about it."""
	answers(lead.mobile_no)
	frappe.db.set_value("Dafater Contact Identity", {"phone": lead.mobile_no}, values)
	frappe.db.commit()


def test_a_blocked_person_gets_nothing_in_any_sequence():
	lead = make_lead()
	identity(lead, blocked=1)
	result = enrol.enrol(make_sequence(whatsapp()), [lead.name])
	assert result == {"enrolled": 0, "skipped": {"The person is blocked in the inbox.": 1}}


def test_who_stopped_marketing_skips_whatsapp_in_promotion_and_is_reached_by_service():
	lead = make_lead()
	consent(lead, "Granted")
	mixed = promotional(whatsapp(), {**EMAIL, "delay_days": 1})
	service = make_sequence(whatsapp())
	identity(lead, no_marketing=1)
	first, second = enrolled(mixed, lead), enrolled(service, lead)
	alone = enrol.enrol(promotional(whatsapp()), [lead.name])
	assert alone == {"enrolled": 0, "skipped": {"The person stopped marketing messages on WhatsApp.": 1}}
	assert run() == {"Skipped": 1, "Sent": 1}
	assert states(first) == [(1, "Skipped")] and states(second) == [(1, "Sent")]
	assert first.reload().status == "Active"


CONSENTS = {
	"all": ([("Granted", "All")], True, True),
	"whatsapp": ([("Granted", "WhatsApp")], False, True),
	"e-mail": ([("Granted", "E-mail")], True, False),
	"phone": ([("Granted", "Phone")], False, False),
	"all but e-mail": ([("Granted", "All"), ("Withdrawn", "E-mail")], False, True),
	"all but whatsapp": ([("Granted", "All"), ("Withdrawn", "WhatsApp")], True, False),
	"none": ([], False, False),
}


@pytest.mark.parametrize("case", sorted(CONSENTS))
def test_consent_counts_by_channel(case):
	entries, by_mail, by_whatsapp = CONSENTS[case]
	lead = make_lead()
	for action, channel in entries:
		consent(lead, action, channel)
	mail = enrol.enrol(promotional(EMAIL), [lead.name])
	message = enrol.enrol(promotional(whatsapp()), [lead.name])
	mixed = enrol.enrol(promotional(EMAIL, whatsapp(delay_days=1)), [lead.name])
	assert (mail["enrolled"], message["enrolled"]) == (by_mail, by_whatsapp)
	assert mixed["enrolled"] == (by_mail or by_whatsapp)


@pytest.mark.parametrize(
	("channel", "ended"),
	[("All", {"mail", "message", "mixed"}), ("E-mail", {"mail"}), ("WhatsApp", {"message"})],
)
def test_withdrawn_consent_ends_what_it_leaves_no_way_for(channel, ended):
	lead = make_lead()
	consent(lead, "Granted")
	sequences = {
		"mail": promotional(EMAIL),
		"message": promotional(whatsapp()),
		"mixed": promotional(EMAIL, whatsapp(delay_days=1)),
	}
	enrolments = {kind: enrolled(sequence, lead) for kind, sequence in sequences.items()}
	consent(lead, "Withdrawn", channel)
	assert {kind for kind, row in enrolments.items() if row.reload().status == "Stopped"} == ended
	run()
	mixed = {"All": [], "E-mail": [(1, "Skipped")], "WhatsApp": [(1, "Sent")]}[channel]
	assert states(enrolments["mixed"]) == mixed
