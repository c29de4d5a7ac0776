"""What is in the pipeline, by stage. Not cached: Frappe's chart cache is shared by users who see different rows."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder.functions import Sum

from dafater_crm.queries.access import ListedRows

AT_WORK = ("Open", "Quotation", "Partially Ordered")


@frappe.whitelist(methods=["GET", "POST"])
def get() -> dict:
	"""Amounts of open opportunities in company currency for each enabled open stage, in the order of the stages.

	Permission: read on Dafater Opportunity; only rows that the user's list shows are added up.
	"""
	frappe.has_permission("Dafater Opportunity", "read", throw=True)
	amounts = dict(_amounts())
	stages = frappe.get_all(
		"Dafater Sales Stage", {"disabled": 0, "outcome": "Open"}, pluck="name", order_by="sequence, name"
	)
	if not any(amounts.get(stage) for stage in stages):
		return {}
	return {
		"labels": [_(stage) for stage in stages],
		"datasets": [{"name": _("Amount"), "values": [amounts.get(stage) or 0 for stage in stages]}],
	}


def _amounts() -> list[tuple[str, float]]:
	opportunity = frappe.qb.DocType("Dafater Opportunity")
	return (
		frappe.qb.from_(opportunity)
		.select(opportunity.sales_stage, Sum(opportunity.base_opportunity_amount))
		.where(opportunity.status.isin(AT_WORK))
		.where(ListedRows("Dafater Opportunity"))
		.groupby(opportunity.sales_stage)
		.run()
	)
