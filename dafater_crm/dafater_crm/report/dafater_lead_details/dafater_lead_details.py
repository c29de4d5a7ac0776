# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

from functools import cache

import frappe
from frappe import _
from frappe.utils import flt

from dafater_crm.dafater_crm.report.cells import LEADS_CUT, cut_message, presented
from dafater_crm.queries.report_filters import read
from dafater_crm.queries.report_leads import leads_by_status, leads_in_detail

# shown in the reader's language
TRANSLATED = ("status", "qualification_status", "source", "market_segment", "region")


@presented
def execute(filters: dict | None = None) -> tuple:
	"""The leads of a period, newest first: one row a lead, exactly those of the user's own list."""
	chosen = read(filters)
	if not frappe.has_permission("Dafater Lead", "read"):
		return _columns(), [], _("You may not see leads, so this report has nothing to show."), None, None
	rows = _shown(leads_in_detail(chosen))
	counts = leads_by_status(chosen)
	return (
		_columns(),
		rows,
		_message(len(rows), sum(counts.values())),
		_chart(counts),
		_summary(counts),
	)


def _shown(leads: list[dict]) -> list[dict]:
	"""Translated in place, each word once: there may be 20,000 rows of 23 columns."""
	word = cache(lambda key: _(key) if key else None)
	for lead in leads:
		lead["owner_name"] = lead["owner_name"] or lead["lead_owner"] or _("Not Specified")
		for name in TRANSLATED:
			lead[name] = word(lead[name])
	return leads


def _columns() -> list[dict]:
	return [
		_column("name", _("Dafater Lead"), "Link", 160, "Dafater Lead"),
		_column("title", _("Title"), "Data", 180),
		_column("organisation_name", _("Organisation"), "Data", 180),
		_column("status", _("Status"), "Data", 110),
		_column("owner_name", _("Lead Owner"), "Data", 150),
		_column("mobile_no", _("Mobile No"), "Data", 140),
		_column("email_id", _("Email"), "Data", 180),
		_column("territory", _("Territory"), "Data", 120),
		_column("source", _("Source"), "Data", 120),
		_column("campaign", _("Campaign"), "Data", 140),
		_column("market_segment", _("Market Segment"), "Data", 130),
		_column("qualification_status", _("Qualification"), "Data", 120),
		_column("score", _("Score"), "Int", 80),
		_column("creation", _("Created On"), "Datetime", 160),
		_column("last_contact_on", _("Last Contact"), "Datetime", 160),
		_column("next_follow_up", _("Next Follow-up"), "Date", 120),
		_column("converted_on", _("Converted On"), "Datetime", 160),
		_column("street", _("Street"), "Data", 140),
		_column("district", _("District"), "Data", 120),
		_column("city", _("City"), "Data", 110),
		_column("region", _("Region"), "Data", 120),
		_column("company", _("Company"), "Data", 150),
	]


def _column(fieldname: str, label: str, fieldtype: str, width: int, options: str | None = None) -> dict:
	column = {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width}
	return {**column, "options": options} if options else column


def _message(shown: int, total: int) -> str:
	definition = _("Leads created in the period, each once, with the address written on the lead.")
	return cut_message(definition, LEADS_CUT, shown, total)


def _chart(counts: dict[str, int]) -> dict | None:
	if not counts:
		return None
	labels = [_label(status) for status in counts]
	return {
		"type": "bar",
		"data": {"labels": labels, "datasets": [{"name": _("Leads"), "values": list(counts.values())}]},
		"fieldtype": "Int",
	}


def _label(status: str | None) -> str:
	return _(status) if status else _("Not Specified")


def _summary(counts: dict[str, int]) -> list[dict] | None:
	total, converted = sum(counts.values()), counts.get("Converted", 0)
	if not total:
		return None
	return [
		{"label": _("Leads"), "value": total, "datatype": "Int"},
		{"label": _("Converted"), "value": converted, "datatype": "Int", "indicator": "Green"},
		{"label": _("Disqualified"), "value": counts.get("Disqualified", 0), "datatype": "Int"},
		{"label": _("Conversion %"), "value": flt(converted / total * 100, 2), "datatype": "Percent"},
	]
