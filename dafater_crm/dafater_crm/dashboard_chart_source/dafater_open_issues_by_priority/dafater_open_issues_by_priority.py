"""Open issues by priority."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.dafater_crm.dashboard_chart_source.chart_data import (
	Filters,
	bars,
	empty_or,
	name_of,
	no_access,
	to_list,
)
from dafater_crm.queries.dashboard_counts import ISSUE, open_issues_by_priority
from dafater_crm.queries.dashboard_scope import readable


@frappe.whitelist(methods=["GET", "POST"])
def get(filters: Filters = None) -> dict:
	"""Number of open issues. Permission: read on Issue where the site has it, else a sentence; the user's list."""
	if not readable(ISSUE):
		return no_access(ISSUE)
	rows = open_issues_by_priority()
	routes = [to_list(ISSUE, status="Open", priority=empty_or(priority)) for priority, _count in rows]
	return bars(
		[name_of(priority) for priority, _count in rows], {_("Open Issues"): [row[1] for row in rows]}, routes
	)
