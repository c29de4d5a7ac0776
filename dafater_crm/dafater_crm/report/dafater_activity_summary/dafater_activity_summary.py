# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

"""Activities that took place in a period: how many of which kind by each person, and how many on each day."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import flt, formatdate

from dafater_crm.queries import report_activities as activities
from dafater_crm.queries.report_filters import ReportFilters, read

# the chart shows single days up to this number, then weeks
MOST_DAYS = 62


def execute(filters: dict | None = None) -> tuple:
	"""Done activities only, those of the reader's own list. Raises ValidationError for a missing or reversed period."""
	chosen = read(filters)
	if not frappe.has_permission("Dafater Activity", "read"):
		return (
			_columns(),
			[],
			_("You may not see activities, so this report has nothing to show."),
			None,
			None,
		)
	rows = _rows(activities.by_person(chosen))
	message = _("Activities that were done in the period, by the person whom they are assigned to.")
	return _columns(), rows, message, _chart(activities.by_day(chosen), chosen), _summary(rows)


def _rows(cells: list[dict]) -> list[dict]:
	"""One row a person, the busiest first."""
	people: dict = defaultdict(lambda: dict.fromkeys((*map(_field, activities.KINDS), "total", "hours"), 0))
	for cell in cells:
		row = people[cell.person]
		row["person"] = cell.person
		row["person_name"] = cell.full_name or cell.person or _("Not Assigned")
		row[_field(cell.activity_type)] += cell.number
		row["total"] += cell.number
		row["hours"] += flt(cell.seconds) / 3600
	rows = [{**row, "hours": flt(row["hours"], 2)} for row in people.values()]
	return sorted(rows, key=lambda row: (-row["total"], row["person_name"]))


def _field(kind: str) -> str:
	return frappe.scrub(kind)


def _columns() -> list[dict]:
	counts = [
		{"fieldname": _field(kind), "label": _(kind), "fieldtype": "Int", "width": 100}
		for kind in activities.KINDS
	]
	return [
		{"fieldname": "person_name", "label": _("Assigned To"), "fieldtype": "Data", "width": 200},
		*counts,
		{"fieldname": "total", "label": _("Total"), "fieldtype": "Int", "width": 100},
		{"fieldname": "hours", "label": _("Hours"), "fieldtype": "Float", "width": 100, "precision": 2},
	]


def _chart(days: dict, chosen: ReportFilters) -> dict | None:
	"""By day, or by week over a longer period; days on which nothing was done are shown as zero."""
	if not days:
		return None
	length = (chosen.to_date - chosen.from_date).days + 1
	step = 1 if length <= MOST_DAYS else 7
	starts = [chosen.from_date + timedelta(days=offset) for offset in range(0, length, step)]
	values = [sum(days.get(start + timedelta(days=offset), 0) for offset in range(step)) for start in starts]
	labels = [formatdate(start) for start in starts]
	return {
		"type": "bar",
		"data": {"labels": labels, "datasets": [{"name": _("Activities"), "values": values}]},
		"fieldtype": "Int",
	}


def _summary(rows: list[dict]) -> list[dict] | None:
	total = sum(row["total"] for row in rows)
	if not total:
		return None
	return [
		{"label": _("Activities"), "value": total, "datatype": "Int"},
		{"label": _("People"), "value": len(rows), "datatype": "Int"},
		{"label": _("Calls"), "value": sum(row[_field("Call")] for row in rows), "datatype": "Int"},
		{"label": _("Visits"), "value": sum(row[_field("Visit")] for row in rows), "datatype": "Int"},
	]
