"""New leads per month. Not cached: Frappe's chart cache is shared by users who see different rows."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.query_builder import CustomFunction
from frappe.query_builder.functions import Count
from frappe.utils import add_months, format_date, get_first_day, getdate

from dafater_crm.queries.access import ListedRows

MONTHS = 12
DateFormat = CustomFunction("DATE_FORMAT", ["date", "format"])


@frappe.whitelist(methods=["GET", "POST"])
def get() -> dict:
	"""Number of leads created in each of the last twelve months, this one included; empty months count 0.

	Permission: read on Dafater Lead; only rows that the user's list shows are counted.
	"""
	frappe.has_permission("Dafater Lead", "read", throw=True)
	months = _months()
	counts = dict(_counts(months[0]))
	if not counts:
		return {}
	return {
		"labels": [format_date(month, "MM/yy") for month in months],
		"datasets": [{"name": _("Leads"), "values": [counts.get(f"{month:%Y-%m}", 0) for month in months]}],
	}


def _months() -> list[date]:
	this_month = get_first_day(getdate())
	return [getdate(add_months(this_month, -back)) for back in range(MONTHS - 1, -1, -1)]


def _counts(since: date) -> list[tuple[str, int]]:
	lead = frappe.qb.DocType("Dafater Lead")
	month = DateFormat(lead.creation, "%Y-%m")
	return (
		frappe.qb.from_(lead)
		.select(month, Count("*"))
		.where(lead.creation >= since)
		.where(ListedRows("Dafater Lead"))
		.groupby(month)
		.run()
	)
