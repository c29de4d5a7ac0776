"""Amount and expected revenue (weighted amount) of the opportunities at work, by stage."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.dafater_crm.dashboard_chart_source.chart_data import (
	Filters,
	bars,
	empty_or,
	name_of,
	several_currencies,
	to_list,
)
from dafater_crm.queries.dashboard_pipeline import at_work_by_stage
from dafater_crm.queries.dashboard_scope import read_scope
from dafater_crm.queries.report_pipeline import AT_WORK, DOCTYPE


@frappe.whitelist(methods=["GET", "POST"])
def get(filters: Filters = None) -> dict:
	"""Sums in company currency, stages in their order. Permission: read on Dafater Opportunity; the user's list."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	scope = read_scope(filters)
	if scope.several_currencies:
		return several_currencies()
	rows = at_work_by_stage(scope)
	routes = [
		to_list(DOCTYPE, sales_stage=empty_or(stage), status=["in", list(AT_WORK)], company=scope.company)
		for stage, _figures in rows
	]
	series = {
		_("Amount"): [figures.amount for _stage, figures in rows],
		_("Expected Revenue"): [figures.weighted for _stage, figures in rows],
	}
	return bars([name_of(stage) for stage, _figures in rows], series, routes)
