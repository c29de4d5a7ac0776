"""What the sources of the period's leads brought, against what those leads cost."""

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
	to_report,
)
from dafater_crm.queries.dashboard_funnel import sources
from dafater_crm.queries.dashboard_pipeline import MOST_SHOWN
from dafater_crm.queries.dashboard_scope import Scope, read_scope


@frappe.whitelist(methods=["GET", "POST"])
def get(filters: Filters = None) -> dict:
	"""Won revenue of each source, and leads × cost per lead where a cost is known. Permission: read on Dafater Lead.

	A source's cost is in the site's currency: for a company in another one it is left out.
	"""
	frappe.has_permission("Dafater Lead", "read", throw=True)
	scope = read_scope(filters)
	if scope.several_currencies:
		return several_currencies()
	rows = [row for row in sources(scope) if row.revenue or row.cost][:MOST_SHOWN]
	series = {_("Won Revenue"): [row.revenue for row in rows]}
	if any(row.cost for row in rows) and scope.currency == frappe.db.get_default("currency"):
		series[_("Cost of Leads")] = [row.cost for row in rows]
	routes = [_leads(scope, row.name) for row in rows]
	return bars([name_of(row.name) for row in rows], series, routes)


def _leads(scope: Scope, source: str | None) -> dict:
	"""The report has no filter for leads without a source; the list has."""
	if source:
		return to_report("Dafater Lead Details", scope, source=source)
	period = ["Between", [str(scope.filters.from_date), str(scope.filters.to_date)]]
	return to_list("Dafater Lead", source=empty_or(None), creation=period, company=scope.company)
