# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""Leads that we talk with, that are old enough, and that have not become customers."""

from __future__ import annotations

from collections import Counter
from functools import cache

import frappe
from frappe import _
from frappe.utils import cint, flt

from dafater_crm.dafater_crm.report.cells import ENGAGED_CUT, cut_message, presented
from dafater_crm.queries.report_engaged import Engaged, engaged_leads
from dafater_crm.queries.report_filters import ReportFilters, read

LEAD = "Dafater Lead"
# Frappe's medium is called as our own activity is
CHANNEL_WORDS = {"Email": "E-mail"}
# used when the filter is empty; 0 days is a choice of its own
LEAST_INTERACTIONS, LEAST_AGE = 2, 30


@presented
def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read leads, else the report is empty."""
	chosen = read(filters, dates=False)
	least = max(_whole(chosen, "minimum_interactions", LEAST_INTERACTIONS), 1)
	age = _whole(chosen, "minimum_age", LEAST_AGE)
	if not frappe.has_permission(LEAD, "read"):
		return _columns(), [], _("You may not read leads. Ask a sales manager for the right."), None, []
	found = engaged_leads(chosen, least, age)
	message = cut_message(_definition(least, age), ENGAGED_CUT, len(found.rows), found.leads)
	return _columns(), _shown(found.rows), message, _chart(found), _summary(found)


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
	"""Translated in place, each word once: there may be thousands of rows."""
	word = cache(lambda key: _(key) if key else _("Not Specified"))
	for row in rows:
		row["creation"] = row["creation"].date()
		row["status"], row["source"] = word(row["status"]), word(row["source"])
		row["channel"] = word(_channel(row["channel"]))
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


def _channel(key: str) -> str:
	return CHANNEL_WORDS.get(key, key)


def _summary(found: Engaged) -> list[dict]:
	talks, ages = (
		flt(total / found.leads, 1) if found.leads else None for total in (found.interactions, found.days)
	)
	return [
		{"label": _("Engaged Leads"), "value": found.leads, "datatype": "Int"},
		{"label": _("Interactions"), "value": found.interactions, "datatype": "Int"},
		{"label": _("Average Interactions"), "value": talks, "datatype": "Float"},
		{"label": _("Average Age (Days)"), "value": ages, "datatype": "Float"},
	]


def _chart(found: Engaged) -> dict | None:
	"""Leads by the channel of their last contact."""
	if not found.leads:
		return None
	counts = Counter()
	for key, count in found.by_channel.items():
		counts[_channel(key)] += count
	channels = counts.most_common()
	return {
		"data": {
			"labels": [_(channel) if channel else _("Not Specified") for channel, _number in channels],
			"datasets": [{"name": _("Engaged Leads"), "values": [count for _name, count in channels]}],
		},
		"type": "bar",
		"fieldtype": "Int",
	}
