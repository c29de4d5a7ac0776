"""How far the leads of the period came: created, qualified, with an opportunity, quoted, won."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.dafater_crm.dashboard_chart_source.chart_data import Filters, bars, to_report
from dafater_crm.queries.dashboard_funnel import STEPS, funnel
from dafater_crm.queries.dashboard_scope import read_scope


@frappe.whitelist(methods=["GET", "POST"])
def get(filters: Filters = None) -> dict:
	"""Leads of the period that reached each step or a later one; a step that the reader may not read is left out.

	Permission: read on Dafater Lead; counts the rows of the user's own lists.
	"""
	frappe.has_permission("Dafater Lead", "read", throw=True)
	scope = read_scope(filters)
	reached = funnel(scope)
	steps = [step for step in STEPS if reached[step] is not None]
	routes = [
		to_report("Dafater Lead Details" if step == "leads" else "Dafater Lead Owner Efficiency", scope)
		for step in steps
	]
	names = _names()
	return bars([names[step] for step in steps], {_("Leads"): [reached[step] for step in steps]}, routes)


def _names() -> dict[str, str]:
	return {
		"leads": _("Leads", context="Sales Funnel"),
		"qualified": _("Qualified"),
		"opportunity": _("Opportunity"),
		"quotation": _("Quotation"),
		"won": _("Won"),
	}
