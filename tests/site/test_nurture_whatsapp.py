"""WhatsApp steps of sequences: sent to the provider of the tests, in time, filled in; a reply stops them; what is refused."""

# ruff: noqa: F811 - a test that takes a fixture bears its name
from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, now_datetime

from dafater_crm.api import nurture as api
from dafater_crm.records.inbox import steps, upkeep
from dafater_crm.records.nurture import choices
from tests.site import inbox_cast
from tests.site.factories import make_lead, make_opportunity, phone
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
	provider,  # noqa: F401
	send,
	swept,  # noqa: F401
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
	promotional,
	run,
	states,
)
from tests.site.people import MANAGING, SELLER_A, cast  # noqa: F401
from tests.site.test_inbox_recognition import make_customer
from tests.site.test_nurture import TASK, consent

CONVERSATION, SETTINGS = "Dafater Conversation", "Dafater Inbox Settings"


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
	settings = {"assign_automatically": 1, "resolve_after_days": 2}
	before = {field: frappe.db.get_single_value(SETTINGS, field) for field in settings}
	frappe.db.set_single_value(SETTINGS, settings)
	try:
		assert upkeep.assign_waiting() == 0
		assert upkeep.resolve_silent() == 0
		frappe.db.set_value(CONVERSATION, talk.name, "last_message_on", add_days(now_datetime(), -3))
		assert upkeep.resolve_silent() == 1
	finally:
		frappe.db.set_single_value(SETTINGS, before)
		frappe.db.commit()
	assert frappe.db.get_value(CONVERSATION, talk.name, "status") == "Resolved"


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


def test_a_message_of_a_customer_stops_the_sequences_of_the_customers_deals():
	customer = make_customer()
	deal = make_opportunity(customer, contact_email="buyer@nurture.example")
	other = make_opportunity(make_customer(), contact_email="else@nurture.example")
	sequence = make_sequence(EMAIL, {**EMAIL, "delay_days": 1}, applies_to="Dafater Opportunity")
	enrolment, another = enrolled(sequence, deal), enrolled(sequence, other)
	known = "+966500004711"
	answers(known)
	frappe.db.set_value("Dafater Contact Identity", {"phone": known}, "customer", customer.name)
	frappe.db.commit()
	answers(known, "متى نلتقي؟")
	assert (enrolment.reload().status, another.reload().status) == ("Stopped", "Active")


def test_somebody_elses_message_stops_nothing_and_neither_does_an_old_one():
	lead, other = make_lead(), make_lead()
	answers(lead.mobile_no)
	frappe.db.set_value(CONVERSATION, {"lead": lead.name}, "last_inbound_on", "2020-01-01")
	enrolment = enrolled(make_sequence(EMAIL, {**EMAIL, "delay_days": 1}), lead)
	frappe.db.commit()
	answers(other.mobile_no)
	steps.after_inbound(frappe.db.get_value(CONVERSATION, {"lead": lead.name}))
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

	template = greeting(approval="Pending")
	assert offered() == (False, [])
	with pytest.raises(frappe.ValidationError, match="no WhatsApp account with an approved template"):
		make_sequence({"kind": "WhatsApp Template"})
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
