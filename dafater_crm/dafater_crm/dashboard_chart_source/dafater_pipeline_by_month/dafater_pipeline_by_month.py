"""Amount and expected revenue of the opportunities at work by month of expected closing, this month and five more."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import format_date

from dafater_crm.dafater_crm.dashboard_chart_source.chart_data import (
	Filters,
	bars,
	several_currencies,
	to_list,
)
from dafater_crm.queries.dashboard_pipeline import months_ahead, pipeline_by_month
from dafater_crm.queries.dashboard_scope import Scope, read_scope
from dafater_crm.queries.report_pipeline import AT_WORK, DOCTYPE, Figures, periods


@frappe.whitelist(methods=["GET", "POST"])
def get(filters: Filters = None) -> dict:
	"""Sums in company currency; a last column holds the deals without a date. A chosen period replaces the six months.

	Permission: read on Dafater Opportunity; adds up the rows of the user's list.
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	scope = read_scope(filters, *months_ahead())
	if scope.several_currencies:
		return several_currencies()
	figures = pipeline_by_month(scope)
	months = periods(scope.filters, quarterly=False)
	labels = [format_date(first, "MM/yy") for first, _last in months.values()]
	routes = [_closing(scope, ["Between", [str(first), str(last)]]) for first, last in months.values()]
	keys = list(months)
	if "" in figures:
		keys.append("")
		labels.append(_("No Date"))
		routes.append(_closing(scope, ["is", "not set"]))
	found = [figures.get(key) or Figures() for key in keys]
	series = {
		_("Amount"): [each.amount for each in found],
		_("Expected Revenue"): [each.weighted for each in found],
	}
	return bars(labels, series, routes)


def _closing(scope: Scope, expected_closing: list) -> dict:
	return to_list(
		DOCTYPE,
		status=["in", list(AT_WORK)],
		expected_closing=expected_closing,
		company=scope.company,
	)
