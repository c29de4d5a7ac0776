# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""How long opportunities waited for the first answer, by the day or month in which they were created."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import flt, formatdate, get_last_day, getdate

from dafater_crm.queries import report_response as response
from dafater_crm.queries.report_filters import ReportFilters, read

OPPORTUNITY = "Dafater Opportunity"
# a longer period has one row a month
MOST_DAYS = 62
DAILY, MONTHLY = "Day", "Month"
TIMES = ("mean", "median", "p90")


def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read opportunities, else it is empty."""
	chosen = read(filters)
	monthly = _monthly(chosen)
	if not frappe.has_permission(OPPORTUNITY, "read"):
		refusal = _("You may not read opportunities. Ask a sales manager for the right.")
		return _columns(monthly), [], refusal, None, []
	rows = response.response_times(chosen, response.MONTH if monthly else response.DAY)
	whole = response.overall(chosen) if rows else None
	shown = [_shown(row, monthly) for row in rows]
	return _columns(monthly), shown, _definition(), _chart(shown), _summary(whole)


def _monthly(filters: ReportFilters) -> bool:
	wanted = filters.get("group_by")
	if wanted in (DAILY, MONTHLY):
		return wanted == MONTHLY
	return (filters.to_date - filters.from_date).days >= MOST_DAYS


def _definition() -> str:
	return _(
		"From the creation of the opportunity to our first message, call, meeting or visit, around the clock. "
		"Times are of answered opportunities; unanswered ones are counted beside them."
	)


def _shown(row: dict, monthly: bool) -> dict:
	"""`first_day` and `last_day` are for drill-down; `key` sorts."""
	first = getdate(f"{row['period']}-01" if monthly else row["period"])
	return {
		"key": row["period"],
		"period": formatdate(first, "MMMM yyyy") if monthly else first,
		"first_day": first,
		"last_day": _last(first) if monthly else first,
		"opportunities": row["opportunities"],
		"answered": row["answered"],
		"unanswered": row["opportunities"] - row["answered"],
		**_times(row),
	}


def _times(row: dict) -> dict:
	return {name: None if row[name] is None else round(row[name]) for name in TIMES}


def _last(first: date) -> date:
	return getdate(get_last_day(first))


def _columns(monthly: bool) -> list[dict]:
	period = (
		{"label": _("Month"), "fieldtype": "Data"} if monthly else {"label": _("Day"), "fieldtype": "Date"}
	)
	count = {"fieldtype": "Int", "width": 130}
	duration = {"fieldtype": "Duration", "width": 150}
	hidden = {"fieldtype": "Date", "hidden": 1}
	return [
		{"fieldname": "period", "width": 150, **period},
		{"fieldname": "opportunities", "label": _("Opportunities"), **count},
		{"fieldname": "answered", "label": _("Answered"), **count},
		{"fieldname": "unanswered", "label": _("Unanswered"), **count},
		{"fieldname": "mean", "label": _("Average Response Time"), **duration},
		{"fieldname": "median", "label": _("Median Response Time"), **duration},
		{"fieldname": "p90", "label": _("90% Answered Within"), **duration},
		{"fieldname": "first_day", "label": _("First Day"), **hidden},
		{"fieldname": "last_day", "label": _("Last Day"), **hidden},
	]


def _summary(whole: dict | None) -> list[dict]:
	if not whole:
		return [{"label": _("Opportunities"), "value": 0, "datatype": "Int"}]
	unanswered = whole["opportunities"] - whole["answered"]
	times = _times(whole)
	return [
		{"label": _("Opportunities"), "value": whole["opportunities"], "datatype": "Int"},
		{"label": _("Answered"), "value": whole["answered"], "datatype": "Int", "indicator": "Green"},
		{
			"label": _("Unanswered"),
			"value": unanswered,
			"datatype": "Int",
			"indicator": "Red" if unanswered else "Green",
		},
		{"label": _("Average Response Time"), "value": times["mean"], "datatype": "Duration"},
		{"label": _("Median Response Time"), "value": times["median"], "datatype": "Duration"},
		{"label": _("90% Answered Within"), "value": times["p90"], "datatype": "Duration"},
	]


def _chart(rows: list[dict]) -> dict | None:
	"""Median in hours; a period without an answer has no point of its own and is left out."""
	answered = [row for row in rows if row["median"] is not None]
	if not answered:
		return None
	return {
		"data": {
			"labels": [str(row["period"]) for row in answered],
			"datasets": [
				{
					"name": _("Median Hours to First Response"),
					"values": [flt(row["median"] / 3600, 2) for row in answered],
				}
			],
		},
		"type": "line",
		"fieldtype": "Float",
	}
