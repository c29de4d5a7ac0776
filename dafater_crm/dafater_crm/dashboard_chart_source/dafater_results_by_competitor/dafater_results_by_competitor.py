"""Opportunities won and lost in the period, by the competitor that took part."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.dafater_crm.dashboard_chart_source.chart_data import Filters, bars, to_list
from dafater_crm.queries.dashboard_pipeline import LOST, MOST_SHOWN, WON, results_by_competitor
from dafater_crm.queries.dashboard_scope import Scope, read_scope
from dafater_crm.queries.report_pipeline import DOCTYPE


@frappe.whitelist(methods=["GET", "POST"])
def get(filters: Filters = None) -> dict:
	"""The eight competitors met most. Permission: read on Dafater Opportunity; counts the rows of the user's list."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	scope = read_scope(filters)
	rows = results_by_competitor(scope)[:MOST_SHOWN]
	routes = [
		[_decided(scope, row[0], WON, "won_on"), _decided(scope, row[0], LOST, "lost_on")] for row in rows
	]
	series = {_("Won"): [row[1] for row in rows], _("Lost"): [row[2] for row in rows]}
	return bars([row[0] for row in rows], series, routes)


def _decided(scope: Scope, competitor: str, status: str, day: str) -> dict:
	period = ["Between", [str(scope.filters.from_date), str(scope.filters.to_date)]]
	chosen = {"Dafater Opportunity Competitor.competitor": competitor, day: period}
	return to_list(DOCTYPE, **chosen, status=status, company=scope.company)
