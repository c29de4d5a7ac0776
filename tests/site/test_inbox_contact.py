"""What is said in the inbox counts for the lead and the opportunity: contact, first response, status, reports."""

from __future__ import annotations

from datetime import date, timedelta

import frappe
import pytest
from frappe.utils import get_datetime, now_datetime

from dafater_crm.dafater_crm.report.dafater_lead_conversion_time.dafater_lead_conversion_time import (
	execute as conversion,
)
from dafater_crm.dafater_crm.report.dafater_prospects_engaged_but_not_converted.dafater_prospects_engaged_but_not_converted import (
	execute as engaged,
)
from tests.site.engagement_rows import lead_row, make_territory, opportunity_row, order_row, row
from tests.site.factories import make_lead, make_opportunity
from tests.site.inbox_cast import (
	CONVERSATION,
	MESSAGE,
	conversing,
	provider,  # noqa: F401
	queue,
	swept,  # noqa: F401
)

LEAD, OPPORTUNITY = "Dafater Lead", "Dafater Opportunity"
STAMPS = ("first_responded_on", "first_response_time", "last_contact_on")


@pytest.fixture
def asked(swept, provider):  # noqa: F811
	"""A lead and its opportunity, both an hour old, and the conversation in which the person has just written."""
	conversation = conversing(provider)
	lead = make_lead()
	deal = make_opportunity(lead)
	hour_ago = now_datetime() - timedelta(hours=1)
	for doc in (lead, deal):
		frappe.db.set_value(doc.doctype, doc.name, "creation", hour_ago, update_modified=False)
	frappe.db.set_value(CONVERSATION, conversation, {"lead": lead.name, "opportunity": deal.name})
	frappe.db.commit()
	yield lead, deal, conversation
	frappe.db.rollback()
	frappe.delete_doc(OPPORTUNITY, deal.name, force=True)
	frappe.delete_doc(LEAD, lead.name, force=True)
	frappe.db.commit()


def stamps(doc) -> tuple:
	return frappe.db.get_value(doc.doctype, doc.name, STAMPS)


def test_an_answer_is_the_first_response_and_the_last_contact_of_both_records(asked):
	lead, deal, conversation = asked
	assert stamps(lead) == stamps(deal) == (None, None, None)
	queue(conversation)
	for doc in (lead, deal):
		responded, seconds, contact = stamps(doc)
		assert responded == contact and now_datetime() - responded < timedelta(minutes=1)
		assert 3600 <= seconds < 3660
	assert frappe.db.get_value(LEAD, lead.name, "fact_status") in ("Contacted", "Opportunity")
	first = stamps(deal)
	queue(conversation, "وأيضًا")
	later = stamps(deal)
	assert later[:2] == first[:2] and later[2] > first[2]


def test_what_a_program_sends_is_no_answer(asked):
	lead, deal, conversation = asked
	queue(conversation, author=None)
	assert stamps(lead) == stamps(deal) == (None, None, None)


def test_a_lead_that_was_only_answered_in_the_inbox_is_contacted(swept, provider):  # noqa: F811
	conversation = conversing(provider)
	lead = make_lead()
	frappe.db.set_value(CONVERSATION, conversation, "lead", lead.name)
	queue(conversation)
	assert frappe.db.get_value(LEAD, lead.name, ("status", "fact_status")) == ("Contacted", "Contacted")
	frappe.delete_doc(LEAD, lead.name, force=True)
	frappe.db.commit()


def chat(moment: str, direction: str = "Incoming", channel: str = "WhatsApp", **links) -> None:
	conversation = row(CONVERSATION, title="x", channel=channel, status="Open", **links)
	row(MESSAGE, conversation=conversation, direction=direction, message_on=moment)


def test_chats_count_once_in_the_reports_and_e_mails_of_the_inbox_do_not():
	territory = make_territory()
	lead = lead_row(territory, "2015-03-01 00:00:00")
	deal = opportunity_row(territory, "2015-03-02 08:00:00", lead)
	chat("2015-03-02 09:00:00", lead=lead)
	chat("2015-03-02 10:00:00", "Outgoing", lead=lead, opportunity=deal)
	chat("2015-03-03 11:00:00", "Outgoing", "Messenger", opportunity=deal)
	chat("2015-03-03 12:00:00", "Note", lead=lead)
	chat("2015-03-03 13:00:00", "Incoming", "E-mail", lead=lead)
	chat("2999-01-01 00:00:00", lead=lead)
	_columns, rows, *_more = engaged({"territory": territory, "least": 1, "age": 0})
	assert [(r["lead"], r["interactions"], get_datetime(r["last_contact"])) for r in rows] == [
		(lead, 3, get_datetime("2015-03-03 11:00:00"))
	]
	assert rows[0]["channel"] == "Messenger"
	order_row("2015-03-02", dafater_opportunity=deal)
	year = {"from_date": "2015-01-01", "to_date": "2015-12-31", "territory": territory}
	(found,) = conversion(year)[1]
	assert (found["converted_on"], found["interactions"]) == (date(2015, 3, 2), 2)
