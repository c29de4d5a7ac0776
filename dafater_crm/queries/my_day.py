"""What a seller has to do today: seven lists, each with its first rows and its true total, one statement a DocType.

Every list is narrowed to one person and shows only what the reader's own list of that DocType shows.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import frappe
from frappe.query_builder import DocType, Order
from frappe.utils import add_days, get_datetime
from pypika import analytics
from pypika.queries import QueryBuilder
from pypika.terms import ExistsCriterion, Term

from dafater_crm.queries.access import ListedRows, team_below
from dafater_crm.queries.follow_up import FOLLOWED

SHOWN = 8
REPLY_DAYS = 30
LEAD, OPPORTUNITY, PROSPECT = "Dafater Lead", "Dafater Opportunity", "Dafater Prospect"
ACTIVITY, APPOINTMENT = "Dafater Activity", "Dafater Appointment"
WEEK_STARTS = {"Monday": 0, "Saturday": 5, "Sunday": 6}
TITLE = {LEAD: "title", OPPORTUNITY: "title", PROSPECT: "prospect_name"}
# what a row offers to call or write to
REACH = {
	LEAD: ("mobile_no", "whatsapp_no", "email_id"),
	OPPORTUNITY: ("contact_mobile", None, "contact_email"),
	PROSPECT: ("mobile_no", "whatsapp_no", "email_id"),
}


def people_below(user: str) -> list[dict]:
	"""name and full_name of the active users in the reporting line below `user`. One statement, none without a team."""
	below = team_below(user)
	if not below:
		return []
	table = DocType("User")
	return (
		frappe.qb.from_(table)
		.select(table.name, table.full_name)
		.where(table.name.isin(below) & (table.enabled == 1))
		.orderby(table.full_name)
		.run(as_dict=True)
	)


def sections(person: str, today: date, week_start: str, readable) -> list[dict]:
	"""The lists of `person` in the order of the page: {"key", "total", "rows", "parts": {DocType: total}}.

	`readable(doctype)`: whether the reader's roles may read a DocType. Nine statements at most, whatever the rows.
	"""
	kinds = [doctype for doctype in (LEAD, OPPORTUNITY, PROSPECT) if readable(doctype)]
	deals = [doctype for doctype in (LEAD, OPPORTUNITY) if readable(doctype)]
	lists = {
		"follow_ups": [_follow_ups(doctype, person, today) for doctype in kinds],
		"activities": [_activities(person, today)] if readable(ACTIVITY) else [],
		"appointments": [_appointments(person, today)] if readable(APPOINTMENT) else [],
		"replies": [_replies(doctype, person, today) for doctype in deals],
		"new_leads": [_new_leads(person)] if readable(LEAD) else [],
		"closing": [_closing(person, week_end(today, week_start))] if readable(OPPORTUNITY) else [],
	}
	return [_section(key, [run for run in runs if run]) for key, runs in lists.items()]


def week_end(today: date, week_start: str) -> date:
	"""The last day of the week of `today`, by the first day in the settings."""
	passed = (today.weekday() - WEEK_STARTS.get(week_start, 6)) % 7
	return today + timedelta(days=6 - passed)


def _section(key: str, parts: list[list[dict]]) -> dict:
	rows = sorted((row for part in parts for row in part), key=lambda row: (row["moment"], row["name"]))
	totals = {part[0]["doctype"]: part[0]["total"] for part in parts}
	return {
		"key": key,
		"total": sum(totals.values()),
		"parts": totals,
		"rows": [{**row, "moment": row["moment"] or None} for row in rows[:SHOWN]],
	}


def _run(query: QueryBuilder, doctype: str, moment: Term, order: Order = Order.asc) -> list[dict]:
	"""The first rows, oldest `moment` first, each with the total. One statement."""
	rows = (
		query.select(moment.as_("moment"), analytics.Count("*").over().as_("total"))
		.where(ListedRows(doctype))
		.orderby(moment, order=order)
		.limit(SHOWN)
		.run(as_dict=True)
	)
	return [{**row, "doctype": doctype, "moment": _moment(row.moment)} for row in rows]


def _moment(value: date | datetime | None) -> datetime | str:
	return get_datetime(value) if value else ""


def _record(doctype: str, person: str) -> tuple:
	"""(table, query) over the records of a person, with what every row of the page shows."""
	table = DocType(doctype)
	mobile, whatsapp, email = REACH[doctype]
	query = (
		frappe.qb.from_(table)
		.select(table.name, table[TITLE[doctype]].as_("title"), table.status)
		.select(table[mobile].as_("mobile"), table[email].as_("email"))
		.where(table[FOLLOWED[doctype][0]] == person)
	)
	return table, query.select(table[whatsapp].as_("whatsapp")) if whatsapp else query


def _follow_ups(doctype: str, person: str, today: date) -> list[dict]:
	_owner, note, over = FOLLOWED[doctype]
	table, query = _record(doctype, person)
	query = query.select(table[note].as_("note"))
	query = query.where((table.next_follow_up <= today) & table.status.notin(over))
	return _run(query, doctype, table.next_follow_up)


def _new_leads(person: str) -> list[dict]:
	"""Leads that nobody has contacted yet, the longest waiting first."""
	table, query = _record(LEAD, person)
	query = query.where(table.status.isin(["New", "Open"]) & table.last_contact_on.isnull())
	return _run(query, LEAD, table.creation)


def _closing(person: str, until: date) -> list[dict]:
	"""Open deals whose expected closing lies in this week or has passed."""
	table, query = _record(OPPORTUNITY, person)
	query = query.select(
		table.sales_stage.as_("note"), table.base_opportunity_amount.as_("amount"), table.company
	)
	query = query.where((table.expected_closing <= until) & table.status.notin(FOLLOWED[OPPORTUNITY][2]))
	return _run(query, OPPORTUNITY, table.expected_closing)


def _activities(person: str, today: date) -> list[dict]:
	table = DocType(ACTIVITY)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.subject.as_("title"), table.activity_type.as_("note"))
		.select(table.reference_doctype, table.reference_name)
		.where((table.assigned_to == person) & (table.status == "Open"))
		.where(table.due_on < add_days(today, 1))
	)
	return _run(query, ACTIVITY, table.due_on)


def _appointments(person: str, today: date) -> list[dict]:
	table = DocType(APPOINTMENT)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.subject.as_("title"), table.channel.as_("note"), table.status)
		.select(table.contact_mobile.as_("mobile"), table.contact_email.as_("email"))
		.where((table.agent == person) & table.status.isin(["Unverified", "Scheduled"]))
		.where((table.starts_on >= today) & (table.starts_on < add_days(today, 1)))
	)
	return _run(query, APPOINTMENT, table.starts_on)


def _replies(doctype: str, person: str, today: date) -> list[dict]:
	"""Messages of the last month that came in and that nobody answered on the same record."""
	table, query = _record(doctype, person)
	mail, answer = DocType("Communication"), DocType("Communication").as_("answer")
	since = add_days(today, -REPLY_DAYS)
	answered = (
		frappe.qb.from_(answer)
		.select(answer.name)
		.where((answer.reference_doctype == doctype) & (answer.reference_name == table.name))
		.where((answer.sent_or_received == "Sent") & (answer.communication_type == "Communication"))
		.where(answer.communication_date > mail.communication_date)
	)
	query = (
		query.join(mail)
		.on((mail.reference_doctype == doctype) & (mail.reference_name == table.name))
		.select(mail.subject.as_("note"), mail.name.as_("message"))
		# a message stamps its record, so the index on the stamp keeps old records out
		.where(table.last_contact_on >= since)
		.where((mail.sent_or_received == "Received") & (mail.communication_type == "Communication"))
		.where(mail.communication_date >= since)
		.where(ExistsCriterion(answered).negate())
	)
	return _run(query, doctype, mail.communication_date)
