# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""How long opportunities waited for the first answer, by the day or month in which they were created."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, get_last_day, getdate

from dafater_crm.dafater_crm.report.cells import presented
from dafater_crm.queries import report_response as response
from dafater_crm.queries.business_calendar import business_calendar
from dafater_crm.queries.report_filters import ReportFilters, read

OPPORTUNITY = "Dafater Opportunity"
# a longer period has one row a month
MOST_DAYS = 62
# times around the clock are whole seconds, those in business hours hours: a day of work is not a day of the clock
TIMES = ("mean", "median", "p90")
BUSINESS_TIMES = tuple(f"business_{name}" for name in TIMES)


@presented
def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read opportunities, else it is empty."""
	chosen = read(filters)
	monthly = _monthly(chosen)
	calendar = business_calendar(chosen.get("company"))
	columns = _columns(monthly, not calendar.is_empty)
	if not frappe.has_permission(OPPORTUNITY, "read"):
		refusal = _("You may not read opportunities. Ask a sales manager for the right.")
		return columns, [], refusal, None, []
	periods = response.response_times(chosen, response.MONTH if monthly else response.DAY, calendar)
	rows = [_shown(first, answers.figures(), monthly, chosen) for first, answers in periods.items()]
	whole = response.overall(periods).figures()
	return columns, rows, _definition(calendar.is_empty), _chart(rows), _summary(whole, calendar.is_empty)


def _monthly(filters: ReportFilters) -> bool:
	wanted = filters.get("group_by")
	if wanted in (response.DAY, response.MONTH):
		return wanted == response.MONTH
	return (filters.to_date - filters.from_date).days >= MOST_DAYS


def _definition(no_business_hours: bool) -> str:
	definition = _(
		"From the creation of the opportunity to our first message, call, meeting or visit: around the clock, and in business hours "
		"without the time in which the company does not work. Times are of answered opportunities; unanswered ones are "
		"counted beside them."
	)
	if not no_business_hours:
		return definition
	missing = _("No working hours are set in Dafater CRM Settings, so business hours are left out.")
	return f"{definition} {missing}"


def _shown(first: date, figures: dict, monthly: bool, filters: ReportFilters) -> dict:
	"""A row of the period that begins with a day. `first_day` and `last_day` are for drill-down,
	within the report's own period."""
	return {
		"period": formatdate(first, "MMMM yyyy") if monthly else first,
		"first_day": max(first, filters.from_date),
		"last_day": min(_last(first), filters.to_date) if monthly else first,
		"opportunities": figures["opportunities"],
		"answered": figures["answered"],
		"unanswered": figures["opportunities"] - figures["answered"],
		**_times(figures),
	}


def _times(figures: dict) -> dict:
	clock = {name: None if figures[name] is None else round(figures[name]) for name in TIMES}
	hours = {
		name: None if figures[name] is None else round(figures[name] / 3600, 2) for name in BUSINESS_TIMES
	}
	return clock | hours


def _last(first: date) -> date:
	return getdate(get_last_day(first))


def _columns(monthly: bool, with_business_hours: bool) -> list[dict]:
	period = (
		{"label": _("Month"), "fieldtype": "Data"} if monthly else {"label": _("Day"), "fieldtype": "Date"}
	)
	count = {"fieldtype": "Int", "width": 130}
	duration = {"fieldtype": "Duration", "width": 150}
	hours = {"fieldtype": "Float", "precision": 2, "width": 170}
	business = [
		{"fieldname": "business_mean", "label": _("Average Business Hours"), **hours},
		{"fieldname": "business_median", "label": _("Median Business Hours"), **hours},
		{"fieldname": "business_p90", "label": _("90% Within Business Hours"), **hours},
	]
	hidden = {"fieldtype": "Date", "hidden": 1}
	return [
		{"fieldname": "period", "width": 150, **period},
		{"fieldname": "opportunities", "label": _("Opportunities"), **count},
		{"fieldname": "answered", "label": _("Answered"), **count},
		{"fieldname": "unanswered", "label": _("Unanswered"), **count},
		{"fieldname": "mean", "label": _("Average Response Time"), **duration},
		{"fieldname": "median", "label": _("Median Response Time"), **duration},
		{"fieldname": "p90", "label": _("90% Answered Within"), **duration},
		*(business if with_business_hours else []),
		{"fieldname": "first_day", "label": _("First Day"), **hidden},
		{"fieldname": "last_day", "label": _("Last Day"), **hidden},
	]


def _summary(whole: dict, no_business_hours: bool) -> list[dict]:
	if not whole["opportunities"]:
		return [{"label": _("Opportunities"), "value": 0, "datatype": "Int"}]
	unanswered = whole["opportunities"] - whole["answered"]
	times = _times(whole)
	cards = [
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
	if no_business_hours:
		return cards
	return [
		*cards,
		{"label": _("Average Business Hours"), "value": times["business_mean"], "datatype": "Float"},
		{"label": _("Median Business Hours"), "value": times["business_median"], "datatype": "Float"},
		{"label": _("90% Within Business Hours"), "value": times["business_p90"], "datatype": "Float"},
	]


def _chart(rows: list[dict]) -> dict | None:
	"""Medians in hours; a period without an answer has no point of its own and is left out."""
	answered = [row for row in rows if row["median"] is not None]
	if not answered:
		return None
	medians = [(_("Median Hours to First Response"), [round(row["median"] / 3600, 2) for row in answered])]
	if answered[0]["business_median"] is not None:
		medians.append((_("Median Business Hours"), [row["business_median"] for row in answered]))
	return {
		"data": {
			"labels": [str(row["period"]) for row in answered],
			"datasets": [{"name": name, "values": values} for name, values in medians],
		},
		# Frappe's chart library cannot draw a line of one point
		"type": "line" if len(answered) > 1 else "bar",
		"fieldtype": "Float",
	}
