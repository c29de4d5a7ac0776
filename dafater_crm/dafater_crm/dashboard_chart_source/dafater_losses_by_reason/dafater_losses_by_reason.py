"""Opportunities lost in the period by reason; one with several reasons counts for each."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.dafater_crm.dashboard_chart_source.chart_data import Filters, bars, name_of, to_report
from dafater_crm.queries.dashboard_pipeline import MOST_SHOWN, losses_by_reason
from dafater_crm.queries.dashboard_scope import read_scope
from dafater_crm.queries.report_pipeline import DOCTYPE


@frappe.whitelist(methods=["GET", "POST"])
def get(filters: Filters = None) -> dict:
	"""The eight most frequent reasons. Permission: read on Dafater Opportunity; counts the rows of the user's list."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	scope = read_scope(filters)
	rows = losses_by_reason(scope)[:MOST_SHOWN]
	routes = [
		to_report("Dafater Lost Opportunity", scope, **({"lost_reason": [reason]} if reason else {}))
		for reason, _count in rows
	]
	return bars([name_of(reason) for reason, _count in rows], {_("Lost"): [row[1] for row in rows]}, routes)
