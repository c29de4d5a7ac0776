"""What was done: activities that took place, by person and kind, and by day."""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Date, Sum
from pypika.terms import Criterion

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_filters import ReportFilters, all_of

ACTIVITY = "Dafater Activity"
KINDS = ("Call", "Meeting", "Visit", "E-mail", "Note", "Task", "Document")


def by_person(filters: ReportFilters) -> list[dict]:
	"""Rows of person (or None), full name, activity_type, number and seconds. One statement."""
	table, user = DocType(ACTIVITY), DocType("User")
	return (
		frappe.qb.from_(table)
		.left_join(user)
		.on(user.name == table.assigned_to)
		.select(table.assigned_to.as_("person"), user.full_name, table.activity_type)
		.select(Count("*").as_("number"), Sum(table.duration).as_("seconds"))
		.where(_rule(filters, table))
		.groupby(table.assigned_to, user.full_name, table.activity_type)
		.run(as_dict=True)
	)


def by_day(filters: ReportFilters) -> dict:
	"""Day -> number of activities done on it. One statement."""
	table = DocType(ACTIVITY)
	day = Date(table.done_on)
	return dict(
		frappe.qb.from_(table)
		.select(day, Count("*"))
		.where(_rule(filters, table))
		.groupby(day)
		.orderby(day)
		.run()
	)


def _rule(filters: ReportFilters, table) -> Criterion:
	"""Done in the period: what is open or cancelled did not take place."""
	person = filters.get("assigned_to")
	return all_of(
		table.status == "Done",
		filters.on_moment(table.done_on),
		(table.assigned_to == person) if person else None,
		filters.links(table, "reference_doctype"),
		filters.one_of(table.activity_type, "activity_type"),
		ListedRows(ACTIVITY),
	)
