"""Recording what leads did: once, all or none, by whom it is allowed, machines apart."""

from __future__ import annotations

import json

import frappe
import pytest
from frappe.share import add as share
from frappe.utils import add_to_date, now_datetime

from dafater_crm.api import events as api
from dafater_crm.records import lead_events
from tests.site.factories import make_lead
from tests.site.people import MANAGING, SELLER_A, SELLER_B, STRANGER, cast  # noqa: F401 - `cast` is a fixture
from tests.site.score_rows import insert_leads
from tests.site.statements import counted

EVENT = "Dafater Lead Event"


def event(lead, /, **values) -> dict:
	return {"lead": getattr(lead, "name", lead), "event_type": "Page Visit", "subject": "/pricing", **values}


def test_a_repeated_event_is_recorded_once(as_user):
	with as_user(SELLER_A):
		lead = make_lead()
		rows = [event(lead, source_reference=f"site:{number}") for number in range(3)]
		assert api.record(json.dumps(rows)) == {"recorded": 3, "known": 0}
		assert api.record([*rows, event(lead, source_reference="site:3")]) == {"recorded": 1, "known": 3}
		assert api.record([event(lead), event(lead)]) == {"recorded": 2, "known": 0}
		assert api.record([]) == {"recorded": 0, "known": 0}
	assert frappe.db.count(EVENT, {"lead": lead.name}) == 6
	assert frappe.get_all(EVENT, {"lead": lead.name}, pluck="owner", distinct=True) == [SELLER_A]


def test_only_for_leads_that_one_may_write(as_user):
	with as_user(SELLER_A):
		lead = make_lead()
	with as_user(SELLER_B):
		own = make_lead()
		for name in (lead.name, "DLEAD-NONE"):
			with pytest.raises(frappe.PermissionError, match="Nothing was recorded"):
				api.record([event(own), event(name)])
		assert frappe.db.count(EVENT, {"lead": own.name}) == 0
	share("Dafater Lead", lead.name, SELLER_B, read=1)
	with as_user(SELLER_B), pytest.raises(frappe.PermissionError):
		api.record([event(lead)])
	share("Dafater Lead", lead.name, SELLER_B, read=1, write=1)
	with as_user(SELLER_B):
		assert api.record([event(lead)])["recorded"] == 1
	with as_user(MANAGING):
		assert api.record([event(lead), event(own)])["recorded"] == 2
	with as_user(STRANGER), pytest.raises(frappe.PermissionError):
		api.record([])


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"lead": ""}, "names no lead"),
		({"event_type": "Telepathy"}, "not a type of event"),
		({"event_type": "<img src=x>"}, "&lt;img"),
		({"happened_on": "yesterday-ish"}, "not a date and time"),
		({"happened_on": "2999-01-01 00:00:00"}, "in the future"),
		({"happened_on": "2026-01-01T10:00:00+03:00"}, "without a time zone"),
		({"source_reference": "x" * 141}, "141 characters"),
	],
)
def test_one_wrong_event_refuses_all(values, message):
	lead = make_lead()
	with pytest.raises(frappe.ValidationError, match=message):
		lead_events.record_many([event(lead), event(lead, **values)])
	assert frappe.db.count(EVENT, {"lead": lead.name}) == 0


def test_a_lead_that_does_not_exist():
	with pytest.raises(frappe.DoesNotExistError, match="DLEAD-NONE"):
		lead_events.record("DLEAD-NONE", "Download")


@pytest.mark.parametrize("sent", ["not json", "5", '"text"', "[1, 2]", "{}"])
def test_what_is_no_list_of_events(sent):
	with pytest.raises((frappe.ValidationError, ValueError)):
		api.record(sent)


def test_not_more_than_five_hundred_at_once():
	lead = make_lead()
	with pytest.raises(frappe.ValidationError, match="at most 500"):
		api.record([event(lead)] * 501)


def test_texts_are_cleaned_and_cut():
	lead = make_lead()
	lead_events.record(lead.name, "Page Visit", subject="\u202e/%D8%A3%0A" + "ص" * 400, channel=["x"])
	row = frappe.get_last_doc(EVENT, {"lead": lead.name})
	assert row.subject.startswith("/أ ص") and len(row.subject) == 255
	assert row.channel is None


def test_machines_are_marked():
	lead, sent = make_lead(), add_to_date(now_datetime(), hours=-1)
	later = add_to_date(sent, seconds=90)
	for values, machine in (
		({"method": "HEAD"}, 1),
		({"user_agent": "Mimecast Link Scan"}, 1),
		({"sent_on": sent, "happened_on": add_to_date(sent, seconds=12)}, 1),
		({"sent_on": sent, "happened_on": later}, 0),
		({"is_bot": 1}, 1),
		({}, 0),
	):
		lead_events.record(lead.name, "E-mail Opened", **values)
		newest = frappe.get_all(EVENT, {"lead": lead.name}, pluck="is_bot", order_by="creation desc", limit=1)
		assert newest == [machine], values


def test_clicks_on_many_links_at_once_are_a_scanners_also_one_by_one():
	lead, other = make_lead(), make_lead()
	start = add_to_date(now_datetime(), hours=-1)
	click = {"event_type": "E-mail Clicked"}
	lead_events.record_many(event(other, happened_on=start, subject=str(n), **click) for n in range(5))
	for second in range(6):
		moment = add_to_date(start, seconds=second)
		lead_events.record_many([event(lead, happened_on=moment, subject=f"link {second}", **click)])
	lead_events.record_many([event(lead, happened_on=add_to_date(start, seconds=60), **click)])
	assert frappe.db.count(EVENT, {"lead": lead.name, "is_bot": 1}) == 6
	assert frappe.db.count(EVENT, {"lead": lead.name, "is_bot": 0}) == 1
	assert frappe.db.count(EVENT, {"lead": other.name, "is_bot": 1}) == 0


def test_five_statements_for_one_event_and_for_many():
	names = insert_leads([{"status": "Open"}] * 60)

	def statements_for(leads: list[str]) -> int:
		rows = [event(lead, event_type="E-mail Clicked") for lead in leads]
		with counted() as statements:
			lead_events.record_many(rows)
		return len(statements)

	statements_for(names[:1])
	assert statements_for(names[:1]) == statements_for(names) <= 5


def test_events_go_with_their_lead():
	lead = make_lead()
	lead_events.record(lead.name, "Download")
	lead.delete()
	assert frappe.db.count(EVENT, {"lead": lead.name}) == 0
