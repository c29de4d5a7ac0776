# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""How long opportunities waited for the first answer, by the day or month in which they were created."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, formatdate, get_last_day, getdate

from dafater_crm.dafater_crm.report.cells import presented
from dafater_crm.queries import report_response as response
from dafater_crm.queries.report_filters import ReportFilters, read

OPPORTUNITY = "Dafater Opportunity"
# a longer period has one row a month
MOST_DAYS = 62
# times around the clock are whole seconds, those in business hours hours: a day of work is not a day of the clock
TIMES = ("mean", "median", "p90")


@presented
def execute(filters: dict | None = None):
	"""Return columns, rows, message, chart and summary. Needs the right to read opportunities, else it is empty."""
	chosen = read(filters)
	monthly = _monthly(chosen)
	shape = _Shape(bool(cint(chosen.get("medians"))), _has_business_hours())
	columns = _columns(monthly, shape)
	if not frappe.has_permission(OPPORTUNITY, "read"):
		refusal = _("You may not read opportunities. Ask a sales manager for the right.")
		return columns, [], refusal, None, []
	period = response.MONTH if monthly else response.DAY
	periods = response.response_times(chosen, period, shape.medians)
	rows = [
		_shown(first, answers.figures(shape.medians), monthly, shape, chosen)
		for first, answers in periods.items()
	]
	whole = response.overall(periods).figures(shape.medians)
	return columns, rows, _definition(shape), _chart(rows, shape), _summary(whole, shape)


@dataclass(frozen=True)
class _Shape:
	"""Which times are shown: medians where they are asked for, business hours where the settings have some."""

	medians: bool
	business: bool

	@property
	def times(self) -> tuple[str, ...]:
		return TIMES if self.medians else TIMES[:1]

	@property
	def business_times(self) -> tuple[str, ...]:
		return tuple(f"business_{name}" for name in self.times) if self.business else ()


def _has_business_hours() -> bool:
	return bool(frappe.get_cached_doc("Dafater CRM Settings").working_hours)


def _monthly(filters: ReportFilters) -> bool:
	wanted = filters.get("group_by")
	if wanted in (response.DAY, response.MONTH):
		return wanted == response.MONTH
	return (filters.to_date - filters.from_date).days >= MOST_DAYS


def _definition(shape: _Shape) -> str:
	definition = _(
		"From the creation of the opportunity to our first message, call, meeting or visit: around the clock, and in business hours "
		"without the time in which the company does not work. Times are of answered opportunities; unanswered ones are "
		"counted beside them."
	)
	if shape.business:
		return definition
	missing = _("No working hours are set in Dafater CRM Settings, so business hours are left out.")
	return f"{definition} {missing}"


def _shown(first: date, figures: dict, monthly: bool, shape: _Shape, filters: ReportFilters) -> dict:
	"""A row of the period that begins with a day. `first_day` and `last_day` are for drill-down,
	within the report's own period."""
	return {
		"period": formatdate(first, "MMMM yyyy") if monthly else first,
		"first_day": max(first, filters.from_date),
		"last_day": min(_last(first), filters.to_date) if monthly else first,
		"opportunities": figures["opportunities"],
		"answered": figures["answered"],
		"unanswered": figures["opportunities"] - figures["answered"],
		**_times(figures, shape),
	}


def _times(figures: dict, shape: _Shape) -> dict:
	clock = {name: None if figures[name] is None else round(figures[name]) for name in shape.times}
	hours = {
		name: None if figures[name] is None else round(figures[name] / 3600, 2)
		for name in shape.business_times
	}
	return clock | hours


def _last(first: date) -> date:
	return getdate(get_last_day(first))


def _labels() -> dict[str, str]:
	"""Time -> what its column and its card are called."""
	return {
		"mean": _("Average Response Time"),
		"median": _("Median Response Time"),
		"p90": _("90% Answered Within"),
		"business_mean": _("Average Business Hours"),
		"business_median": _("Median Business Hours"),
		"business_p90": _("90% Within Business Hours"),
	}


def _columns(monthly: bool, shape: _Shape) -> list[dict]:
	period = (
		{"label": _("Month"), "fieldtype": "Data"} if monthly else {"label": _("Day"), "fieldtype": "Date"}
	)
	labels = _labels()
	count = {"fieldtype": "Int", "width": 130}
	duration = {"fieldtype": "Duration", "width": 150}
	hours = {"fieldtype": "Float", "precision": 2, "width": 170}
	hidden = {"fieldtype": "Date", "hidden": 1}
	return [
		{"fieldname": "period", "width": 150, **period},
		{"fieldname": "opportunities", "label": _("Opportunities"), **count},
		{"fieldname": "answered", "label": _("Answered"), **count},
		{"fieldname": "unanswered", "label": _("Unanswered"), **count},
		*({"fieldname": name, "label": labels[name], **duration} for name in shape.times),
		*({"fieldname": name, "label": labels[name], **hours} for name in shape.business_times),
		{"fieldname": "first_day", "label": _("First Day"), **hidden},
		{"fieldname": "last_day", "label": _("Last Day"), **hidden},
	]


def _summary(whole: dict, shape: _Shape) -> list[dict]:
	if not whole["opportunities"]:
		return [{"label": _("Opportunities"), "value": 0, "datatype": "Int"}]
	unanswered = whole["opportunities"] - whole["answered"]
	times, labels = _times(whole, shape), _labels()
	return [
		{"label": _("Opportunities"), "value": whole["opportunities"], "datatype": "Int"},
		{"label": _("Answered"), "value": whole["answered"], "datatype": "Int", "indicator": "Green"},
		{
			"label": _("Unanswered"),
			"value": unanswered,
			"datatype": "Int",
			"indicator": "Red" if unanswered else "Green",
		},
		*({"label": labels[name], "value": times[name], "datatype": "Duration"} for name in shape.times),
		*(
			{"label": labels[name], "value": times[name], "datatype": "Float"}
			for name in shape.business_times
		),
	]


def _chart(rows: list[dict], shape: _Shape) -> dict | None:
	"""Averages, or medians where they are asked for, in hours; a period without an answer has no point of its own and is left out."""
	answered = [row for row in rows if row["mean"] is not None]
	if not answered:
		return None
	if shape.medians:
		which, clock, business = "median", _("Median Hours to First Response"), _("Median Business Hours")
	else:
		which, clock, business = "mean", _("Average Hours to First Response"), _("Average Business Hours")
	lines = [(clock, [round(row[which] / 3600, 2) for row in answered])]
	if shape.business:
		lines.append((business, [row[f"business_{which}"] for row in answered]))
	return {
		"data": {
			"labels": [str(row["period"]) for row in answered],
			"datasets": [{"name": name, "values": values} for name, values in lines],
		},
		# Frappe's chart library cannot draw a line of one point
		"type": "line" if len(answered) > 1 else "bar",
		"fieldtype": "Float",
	}
