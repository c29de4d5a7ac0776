# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""Leads that we talk with, that are old enough, and that have not become customers."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import frappe
from frappe import _
from frappe.utils import cint, flt

from dafater_crm.queries.report_engaged import engaged_leads
from dafater_crm.queries.report_filters import ReportFilters, read

LEAD = "Dafater Lead"
# Frappe's medium is called as our own activity is
CHANNEL_WORDS = {"Email": "E-mail"}
# used when the filter is empty; 0 days is a choice of its own
LEAST_INTERACTIONS, LEAST_AGE = 2, 30


def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read leads, else the report is empty."""
	chosen = read(filters, dates=False)
	least = max(_whole(chosen, "minimum_interactions", LEAST_INTERACTIONS), 1)
	age = _whole(chosen, "minimum_age", LEAST_AGE)
	if not frappe.has_permission(LEAD, "read"):
		return _columns(), [], _("You may not read leads. Ask a sales manager for the right."), None, []
	rows = _shown(engaged_leads(chosen, least, age))
	return _columns(), rows, _definition(least, age), _chart(rows), _summary(rows)


def _whole(filters: ReportFilters, name: str, default: int) -> int:
	"""A whole number, 0 or more. Raises ValidationError for anything else."""
	value = filters.get(name)
	if value is None:
		return default
	if cint(value) < 0 or flt(value) != cint(value) or not str(value).strip().lstrip("+").isdecimal():
		frappe.throw(
			_("{0} is no number of interactions or days. Enter a whole number, 0 or more.").format(
				frappe.utils.escape_html(str(value))
			)
		)
	return cint(value)


def _definition(least: int, age: int) -> str:
	return _(
		"Leads with at least {0} messages, calls, meetings or visits that were entered {1} days ago or earlier. Converted and "
		"disqualified leads, and those that must not be contacted, are left out."
	).format(least, age)


def _shown(rows: list[dict]) -> list[dict]:
	"""Translated in place, each word once: there may be tens of thousands of rows."""
	word = lru_cache(maxsize=None)(lambda key: _(key) if key else _("Not Specified"))
	for row in rows:
		row["creation"] = row["creation"].date()
		row["status"], row["source"] = word(row["status"]), word(row["source"])
		row["channel"] = word(CHANNEL_WORDS.get(row["channel"], row["channel"]))
		row["lead_owner"] = row["lead_owner"] or word("")
	return rows


def _columns() -> list[dict]:
	"""No Link but the lead's: for each, Frappe would drop rows by the User Permissions of that DocType, after the
	summary was made, and refuse the report to a reader without the right to it."""
	return [
		{"fieldname": "lead", "label": _("Lead Number"), "fieldtype": "Link", "options": LEAD, "width": 150},
		{"fieldname": "title", "label": _("Lead Title"), "fieldtype": "Data", "width": 180},
		{"fieldname": "organisation_name", "label": _("Organisation"), "fieldtype": "Data", "width": 180},
		{"fieldname": "status", "label": _("Status"), "fieldtype": "Data", "width": 110},
		{"fieldname": "lead_owner", "label": _("Lead Owner"), "fieldtype": "Data", "width": 160},
		{"fieldname": "age", "label": _("Age (Days)"), "fieldtype": "Int", "width": 100},
		{"fieldname": "interactions", "label": _("Interactions"), "fieldtype": "Int", "width": 110},
		{"fieldname": "last_contact", "label": _("Last Contact On"), "fieldtype": "Datetime", "width": 160},
		{"fieldname": "channel", "label": _("Last Channel"), "fieldtype": "Data", "width": 120},
		{"fieldname": "source", "label": _("Source"), "fieldtype": "Data", "width": 140},
		{"fieldname": "territory", "label": _("Territory"), "fieldtype": "Data", "width": 120},
		{"fieldname": "creation", "label": _("Created On"), "fieldtype": "Date", "width": 110},
	]


def _summary(rows: list[dict]) -> list[dict]:
	talks = sum(row["interactions"] for row in rows)
	ages = sum(row["age"] for row in rows)
	return [
		{"label": _("Engaged Leads"), "value": len(rows), "datatype": "Int"},
		{"label": _("Interactions"), "value": talks, "datatype": "Int"},
		{
			"label": _("Average Interactions"),
			"value": flt(talks / len(rows), 1) if rows else None,
			"datatype": "Float",
		},
		{
			"label": _("Average Age (Days)"),
			"value": flt(ages / len(rows), 1) if rows else None,
			"datatype": "Float",
		},
	]


def _chart(rows: list[dict]) -> dict | None:
	"""Leads by the channel of their last contact."""
	if not rows:
		return None
	channels = Counter(row["channel"] for row in rows).most_common()
	return {
		"data": {
			"labels": [channel for channel, _count in channels],
			"datasets": [{"name": _("Engaged Leads"), "values": [count for _channel, count in channels]}],
		},
		"type": "bar",
		"fieldtype": "Int",
	}
