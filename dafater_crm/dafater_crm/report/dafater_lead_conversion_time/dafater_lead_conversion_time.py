# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""One row for each lead converted in the period: days, interactions and tickets until it ordered."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.dafater_crm.report.cells import LEADS_CUT, cut_message, presented
from dafater_crm.queries import report_conversion as conversion
from dafater_crm.queries.report_filters import most_rows, read

LEAD = "Dafater Lead"
# last day of each bar of the chart
STEPS = (7, 30, 60, 90, 180)


@presented
def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read leads, else the report is empty."""
	chosen = read(filters)
	if not frappe.has_permission(LEAD, "read"):
		return _columns(), [], _("You may not read leads. Ask a sales manager for the right."), None, []
	rows = conversion.conversions(chosen)
	shown = _shown(rows[: most_rows(chosen)])
	message = cut_message(_definition(), LEADS_CUT, len(shown), len(rows))
	return _columns(), shown, message, _chart(rows), _summary(rows)


def _definition() -> str:
	definition = _(
		"Leads whose first submitted order or invoice is dated in the period. Days from the day the lead was entered; "
		"interactions are messages, calls, meetings and visits up to that document."
	)
	if conversion.sees_tickets():
		return f"{definition} {_('Tickets are the issues of the lead in your own list.')}"
	if conversion.has_tickets():
		return f"{definition} {_('Figures of documents that you may not read are left out.')}"
	return definition


def _shown(rows: list[dict]) -> list[dict]:
	"""Sellers may often not read invoices: then the kind of document and its date are shown without its number."""
	return [
		{
			**row,
			"creation": row["creation"].date(),
			"source": _(row["source"]) if row["source"] else _("Not Specified"),
			"lead_owner": row["lead_owner"] or _("Not Specified"),
			"customer_type": "Customer",
			"document_title": _(row["document_type"]),
		}
		for row in rows
	]


def _columns() -> list[dict]:
	"""No Link but the lead's: for each, Frappe would drop rows by the User Permissions of that DocType, after the
	summary was made, and refuse the report to a reader without the right to it."""
	hidden = {"fieldtype": "Data", "hidden": 1}
	columns = [
		{"fieldname": "lead", "label": _("Lead Number"), "fieldtype": "Link", "options": LEAD, "width": 150},
		{"fieldname": "title", "label": _("Lead Title"), "fieldtype": "Data", "width": 200},
		{
			"fieldname": "customer",
			"label": _("Customer"),
			"fieldtype": "Dynamic Link",
			"options": "customer_type",
			"width": 180,
		},
		{"fieldname": "creation", "label": _("Created On"), "fieldtype": "Date", "width": 110},
		{"fieldname": "converted_on", "label": _("Ordered On"), "fieldtype": "Date", "width": 110},
		{"fieldname": "days", "label": _("Days"), "fieldtype": "Int", "width": 90},
		{"fieldname": "interactions", "label": _("Interactions"), "fieldtype": "Int", "width": 110},
		{"fieldname": "tickets", "label": _("Tickets"), "fieldtype": "Int", "width": 90},
		{"fieldname": "lead_owner", "label": _("Lead Owner"), "fieldtype": "Data", "width": 160},
		{"fieldname": "source", "label": _("Source"), "fieldtype": "Data", "width": 140},
		{"fieldname": "territory", "label": _("Territory"), "fieldtype": "Data", "width": 120},
		{"fieldname": "document_title", "label": _("First Document"), "fieldtype": "Data", "width": 120},
		{
			"fieldname": "document",
			"label": _("Document"),
			"fieldtype": "Dynamic Link",
			"options": "document_type",
			"width": 170,
		},
		{"fieldname": "document_type", "label": _("Document Type"), **hidden},
		{"fieldname": "customer_type", "label": _("Customer Type"), **hidden},
	]
	return [column for column in columns if column["fieldname"] != "tickets" or conversion.sees_tickets()]


def _summary(rows: list[dict]) -> list[dict]:
	totals = conversion.totals(rows)
	cards = [
		{"label": _("Converted Leads"), "value": totals["leads"], "datatype": "Int"},
		{"label": _("Average Days"), "value": totals["average"], "datatype": "Float"},
		{"label": _("Median Days"), "value": totals["median"], "datatype": "Float"},
		{"label": _("Average Interactions"), "value": totals["interactions"], "datatype": "Float"},
	]
	if not conversion.sees_tickets():
		return cards
	return [*cards, {"label": _("Tickets"), "value": totals["tickets"], "datatype": "Int"}]


def _chart(rows: list[dict]) -> dict | None:
	"""How many leads took how long."""
	if not rows:
		return None
	bounds = [0, *(step + 1 for step in STEPS)]
	labels = [_("{0} to {1} days").format(low, high) for low, high in zip(bounds, STEPS, strict=False)] + [
		_("More than {0} days").format(STEPS[-1])
	]
	values = [0] * len(labels)
	for row in rows:
		values[sum(row["days"] > step for step in STEPS)] += 1
	return {
		"data": {"labels": labels, "datasets": [{"name": _("Converted Leads"), "values": values}]},
		"type": "bar",
		"fieldtype": "Int",
	}
