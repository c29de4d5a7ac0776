"""WhatsApp steps of sequences: sent by the provider of the tests, late but never twice, to nobody who does not want them."""

# ruff: noqa: F811 - a test that takes a fixture bears its name
from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import add_to_date, get_system_timezone, now_datetime

from dafater_crm.api import nurture as api
from dafater_crm.records.inbox import steps, upkeep
from dafater_crm.records.nurture import batch, choices, drain, enrol
from tests.site import inbox_cast
from tests.site.factories import make_lead, make_opportunity, make_prospect, phone
from tests.site.inbox_cast import provider  # noqa: F401
from tests.site.inbox_cast import swept as inbox_swept  # noqa: F401
from tests.site.nurture_messages import (
	ACCOUNT,
	answers,
	greeting,
	ledger,
	make_template,
	messages,
	promotional,
	ready,
	whatsapp,
)
from tests.site.nurture_rows import (
	EMAIL,
	due,
	enrolled,
	enrolment_of,
	mails,
	make_account,
	make_sequence,
	run,
	states,
)
from tests.site.people import MANAGING, SELLER_A, cast  # noqa: F401
from tests.site.test_nurture import TASK, consent, swept, unsubscribe  # noqa: F401

CONVERSATION = "Dafater Conversation"


@pytest.fixture(autouse=True)
def at_the_provider(inbox_swept, swept, provider):
	ready(provider)
	return provider


def send() -> dict[str, int]:
	return inbox_cast.send(ACCOUNT)


def go_on(enrolment) -> dict:
	"""Run the next step now."""
	due(enrolment.reload())
	frappe.db.commit()
	return run()


# -- a whole sequence
def test_mail_then_whatsapp_then_task(provider):
	lead = make_lead(lead_owner="Administrator")
	template = make_template()
	sequence = make_sequence(EMAIL, whatsapp(template, delay_days=1), {**TASK, "delay_days": 1})
	enrolment = enrolled(sequence, lead)
	assert enrolment.recipient_phone == lead.mobile_no
	assert run() == {"Sent": 1} and len(mails(lead)) == 1
	assert go_on(enrolment) == {"Sent": 1}
	(message,) = messages(lead)
	assert message.status == "Queued" and message.author is None
	assert send() == {"Sent": 1}
	(body,) = provider.sent
	assert body["to"] == lead.mobile_no.removeprefix("+")
	assert body["template"]["name"] == template.template_name
	(component,) = body["template"]["components"]
	filled = [value["text"] for value in component["parameters"]]
	assert filled == [" ".join(lead.lead_name.split()), "Administrator", lead.company]
	(_mail, row) = ledger(enrolment)
	assert (row.state, row.message, row.recipient) == ("Sent", message.name, lead.mobile_no)
	assert go_on(enrolment) == {"Done": 1}
	assert states(enrolment) == [(1, "Sent"), (2, "Sent"), (3, "Done")]
	assert enrolment.reload().status == "Completed"
	assert run() == {} and send() == {} and len(messages(lead)) == 1


def test_an_automatic_message_moves_no_status_and_nobody_is_asked_for_an_answer():
	lead = make_lead()
	enrolled(make_sequence(whatsapp()), lead)
	assert run() == {"Sent": 1} and send() == {"Sent": 1}
	lead.reload()
	assert (lead.status, lead.last_contact_on, lead.first_response_time) == ("New", None, None)
	(talk,) = inbox_cast.rows_of(
		CONVERSATION,
		"status",
		"lead",
		"assigned_to",
		"waiting_since",
		"unread",
		"first_responded_on",
		"last_direction",
	)
	assert (talk.status, talk.lead, talk.last_direction) == ("Pending", lead.name, "Outgoing")
	assert (talk.assigned_to, talk.waiting_since, talk.unread, talk.first_responded_on) == (
		None,
		None,
		0,
		None,
	)
	frappe.db.set_single_value("Dafater Inbox Settings", "assign_automatically", 1)
	try:
		assert upkeep.assign_waiting() == 0
	finally:
		frappe.db.set_single_value("Dafater Inbox Settings", "assign_automatically", 0)
		frappe.db.commit()


def test_a_person_who_waits_for_us_still_waits_after_an_automatic_message():
	lead = make_lead()
	answers(lead.mobile_no, "هل من جديد؟")
	enrolled(make_sequence(whatsapp()), lead)
	frappe.db.commit()
	(before,) = inbox_cast.rows_of(CONVERSATION, "waiting_since", "status")
	assert run() == {"Sent": 1}
	(after,) = inbox_cast.rows_of(CONVERSATION, "waiting_since", "status", "first_responded_on", "messages")
	assert (after.waiting_since, after.status) == (before.waiting_since, before.status)
	assert after.first_responded_on is None and after.messages == 2


def test_an_opportunity_is_written_to_by_its_contacts_number(provider):
	lead = make_lead()
	deal = make_opportunity(lead, contact_mobile=phone())
	number = deal.contact_mobile
	sequence = make_sequence(whatsapp(), applies_to="Dafater Opportunity")
	enrolment = enrolled(sequence, deal)
	assert run() == {"Sent": 1} and send() == {"Sent": 1}
	assert provider.sent[0]["to"] == number.removeprefix("+")
	assert frappe.db.get_value("Dafater Contact Identity", {"phone": number}, "lead") == lead.name
	assert states(enrolment) == [(1, "Sent")]


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
	here = now_datetime().replace(tzinfo=ZoneInfo(get_system_timezone())).astimezone(ZoneInfo("Asia/Riyadh"))
	opens = (here + timedelta(hours=2)).hour
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
def planned(lead=None, **values):
	"""An enrolment whose first message was planned by a worker that died; a mail follows."""
	lead = lead or make_lead()
	sequence = make_sequence(whatsapp(), {**EMAIL, "delay_days": 1}, **values)
	enrolment = enrolled(sequence, lead)
	frappe.db.commit()
	batch.work(sequence, drain.claim([enrolment.name]))
	frappe.db.commit()
	assert states(enrolment) == [(1, "Planned")] and messages(lead) == []
	return lead, enrolment


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
	lead, enrolment = planned()
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


# -- replies
@pytest.mark.parametrize("by", ["lead", "number alone", "deal of the lead"])
def test_a_reply_on_whatsapp_stops_at_once(by):
	lead = make_lead()
	record = make_opportunity(lead, contact_mobile=phone()) if by == "deal of the lead" else lead
	sequence = make_sequence(EMAIL, {**EMAIL, "delay_days": 1}, applies_to=record.doctype)
	if by == "deal of the lead":
		record.db_set("contact_email", "buyer@nurture.example")
	enrolment = enrolled(sequence, record)
	if by == "number alone":
		# the number belongs to somebody else's record by now
		frappe.db.set_value("Dafater Lead", lead.name, {"mobile_no": None, "whatsapp_no": None})
	frappe.db.commit()
	answers(lead.mobile_no)
	enrolment.reload()
	assert (enrolment.status, enrolment.stopped_reason) == ("Stopped", "The person replied.")
	assert enrolment.replied_on


def test_somebody_elses_message_stops_nothing_and_neither_does_an_old_one():
	lead, other = make_lead(), make_lead()
	answers(lead.mobile_no)
	frappe.db.set_value(CONVERSATION, {"lead": lead.name}, "last_inbound_on", "2020-01-01")
	enrolment = enrolled(make_sequence(EMAIL, {**EMAIL, "delay_days": 1}), lead)
	frappe.db.commit()
	answers(other.mobile_no)
	steps.after_inbound([frappe.db.get_value(CONVERSATION, {"lead": lead.name})])
	assert enrolment.reload().status == "Active" and not enrolment.replied_on


def test_a_branch_takes_the_path_of_a_reply_on_whatsapp():
	lead = make_lead(lead_owner="Administrator")
	sequence = make_sequence(
		whatsapp(),
		{"kind": "Branch on Reply", "delay_days": 2, "if_replied": 3, "if_not_replied": 4},
		{**TASK, "ends_here": 1},
		whatsapp(),
		exit_on_reply=0,
	)
	enrolment = enrolled(sequence, lead)
	run()
	answers(lead.mobile_no)
	go_on(enrolment)
	go_on(enrolment)
	assert states(enrolment) == [(1, "Sent"), (2, "Done"), (3, "Done")]


# -- what a sequence offers and refuses
def test_whatsapp_is_offered_where_an_enabled_account_has_an_approved_template(as_user):
	def offered(sequence=None) -> tuple[bool, list[str]]:
		with as_user(MANAGING):
			found = choices.of_form(sequence)
		return "WhatsApp Template" in found["step_kinds"], found["whatsapp_accounts"]

	assert offered() == (False, [])
	template = greeting(approval="Pending")
	assert offered() == (False, [])
	template.update({"approval": "Approved"}).save()
	assert offered() == (True, [ACCOUNT])
	sequence = make_sequence(whatsapp(template))
	frappe.db.set_value("Dafater Channel Account", ACCOUNT, "enabled", 0)
	assert offered() == (False, []) and offered(sequence) == (True, [])


def test_a_manager_makes_the_sequence_and_a_seller_enrols_own_leads(as_user, provider):
	template = greeting()
	frappe.db.commit()
	with as_user(MANAGING):
		sequence = make_sequence(whatsapp(template), email_account=None)
	with as_user(SELLER_A):
		lead = make_lead(lead_owner=SELLER_A)
		assert api.enrol_records(sequence.name, [lead.name])["enrolled"] == 1
	due(enrolment_of(sequence, lead))
	assert run() == {"Sent": 1} and send() == {"Sent": 1}
	assert [body["to"] for body in provider.sent] == [lead.mobile_no[1:]]
	with as_user(SELLER_A):
		assert [row["state"] for row in api.history(enrolment_of(sequence, lead).name)] == ["Sent"]


REFUSED = {
	"no template": (lambda: {"message_template": None}, "choose the WhatsApp template"),
	"not approved": (lambda: {"message_template": greeting(approval="Pending").name}, "cannot be sent"),
	"disabled": (lambda: {"message_template": greeting(enabled=0).name}, "cannot be sent"),
	"file": (lambda: {"message_template": greeting(header_type="Image").name}, "needs a file"),
	"one-time code": (
		lambda: {"message_template": greeting(category="Authentication").name},
		"one-time codes",
	),
	"marketing in service": (
		lambda: {"message_template": greeting(category="Marketing").name},
		"marketing template",
	),
	"placeholder": (
		lambda: {
			"message_template": make_template(
				body="{{1}}", parameters=[{"placeholder": "1", "value_from": "Text"}]
			).name
		},
		"placeholders that a sequence cannot fill",
	),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_template_that_a_sequence_cannot_send_is_refused(case):
	values, words = REFUSED[case]
	greeting()
	with pytest.raises(frappe.ValidationError, match=words):
		make_sequence({"kind": "WhatsApp Template", **values()})


def test_a_template_that_lost_its_approval_keeps_nobody_from_disabling_the_sequence():
	template = greeting()
	sequence = make_sequence(whatsapp(template))
	template.approval = "Paused"
	template.save()
	sequence.reload().update({"title": "عنوان آخر"}).save()
	sequence.update({"enabled": 0}).save()
	sequence.enabled = 1
	with pytest.raises(frappe.ValidationError, match="cannot be sent"):
		sequence.save()


def test_promotion_may_send_marketing():
	lead = make_lead()
	consent(lead, "Granted", "WhatsApp")
	enrolment = enrolled(promotional(whatsapp(greeting(category="Marketing"))), lead)
	assert run() == {"Sent": 1} and send() == {"Sent": 1}
	assert states(enrolment) == [(1, "Sent")]


def test_a_site_without_an_outgoing_mail_account_sends_on_whatsapp():
	frappe.db.set_value("Email Account", make_account(), "enable_outgoing", 0)
	try:
		lead = make_lead()
		sequence = make_sequence(whatsapp(), email_account=None)
		enrolled(sequence, lead)
		assert run() == {"Sent": 1}
		assert enrolment_of(sequence, lead).status == "Completed"
	finally:
		frappe.db.set_value("Email Account", make_account(), "enable_outgoing", 1)
		frappe.db.commit()
