"""How far the leads of a period came, and what their sources brought: one statement each.

Leads *created* in the period are followed until today, whenever their deals happened. Which lead a deal goes back to is
decided as in the reports (`report_attribution`), by all records; counted are the rows of the reader's own lists.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Max, Sum
from frappe.utils import cint, flt
from pypika import Case
from pypika.functions import NullIf
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, LiteralValue, ValueWrapper

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.dashboard_pipeline import WON
from dafater_crm.queries.dashboard_scope import Scope, readable
from dafater_crm.queries.report_attribution import (
	CUSTOMER,
	LEAD,
	OPPORTUNITY,
	lead_of_document,
	lead_of_opportunity,
)
from dafater_crm.queries.report_efficiency import EVERY_ROW, QUOTATION
from dafater_crm.queries.report_filters import all_of
from dafater_crm.queries.view_section import when

STEPS = ("leads", "qualified", "opportunity", "quotation", "won")
QUALIFIED_ON = ("Qualified", "Opportunity", "Quotation", "Converted")


@dataclass(frozen=True)
class Source:
	"""What a lead source brought: leads of the period, their cost and their won revenue in company currency."""

	name: str | None
	leads: int
	cost: float
	revenue: float


def funnel(scope: Scope) -> dict[str, int | None]:
	"""Step -> leads of the period that reached it or a later one; None for a step whose documents the reader may not read."""
	visible = _visible()
	lead, deal = DocType(LEAD), _reached(scope, visible).as_("deal")
	reached = {
		"won": deal.won == 1,
		"quotation": (deal.quotation == 1) | (deal.won == 1),
		"opportunity": deal.lead.isnotnull(),
		"qualified": deal.lead.isnotnull()
		| (lead.qualification_status == "Qualified")
		| lead.status.isin(QUALIFIED_ON),
	}
	query = frappe.qb.from_(lead)
	if OPPORTUNITY not in visible:
		reached = {"qualified": (lead.qualification_status == "Qualified") | lead.status.isin(QUALIFIED_ON)}
	else:
		query = query.left_join(deal).on(deal.lead == lead.name)
	row = (
		query.select(Count("*").as_("leads"), *(Sum(when(rule)).as_(step) for step, rule in reached.items()))
		.where(_cohort(scope, lead, visible))
		.run(as_dict=True)[0]
	)
	hidden = {"quotation"} if QUOTATION not in visible else set()
	return {step: cint(row[step]) if step in row and step not in hidden else None for step in STEPS}


def sources(scope: Scope) -> list[Source]:
	"""Every source of the period's leads, highest revenue first; revenue 0 where the reader may not read deals."""
	visible = _visible()
	lead, source = DocType(LEAD), DocType("Dafater Lead Source")
	query = (
		frappe.qb.from_(lead)
		.left_join(source)
		.on(source.name == lead.source)
		.select(NullIf(lead.source, ""), Count("*"), Max(source.cost_per_lead))
		.where(_cohort(scope, lead, visible))
		.groupby(NullIf(lead.source, ""))
	)
	if OPPORTUNITY in visible:
		won = _won(scope, visible).as_("won")
		query = query.left_join(won).on(won.lead == lead.name).select(Sum(won.amount))
	else:
		query = query.select(ValueWrapper(0))
	found = [
		Source(name, count, flt(count * flt(cost), 2), flt(amount, 2))
		for name, count, cost, amount in query.run()
	]
	return sorted(found, key=lambda row: (-row.revenue, -row.leads, row.name or ""))


def _visible() -> dict[str, Criterion]:
	"""DocType -> the reader's list of it, rendered once, for those that the reader may read."""
	return {
		doctype: LiteralValue(ListedRows(doctype).get_sql())
		for doctype in (LEAD, OPPORTUNITY, QUOTATION)
		if readable(doctype)
	}


def _cohort(scope: Scope, lead, visible: dict[str, Criterion]) -> Criterion:
	return all_of(scope.filters.on_moment(lead.creation), scope.of_company(lead), visible[LEAD])


def _reached(scope: Scope, visible: dict[str, Criterion]) -> QueryBuilder:
	"""One row for each lead with a deal: whether it was quoted and won. The limit is explained at EVERY_ROW."""
	table = DocType(OPPORTUNITY)
	each = _of_company(frappe.qb.from_(table), scope, table).select(
		lead_of_opportunity(table).as_("lead"),
		ValueWrapper(0).as_("quotation"),
		when(table.status == WON).as_("won"),
	)
	each = each.where(visible.get(OPPORTUNITY, LiteralValue("1=0")))
	if QUOTATION in visible:
		each = each.union_all(_quoted(scope, visible))
	found = (
		frappe.qb.from_(each.as_("found")).select("lead", "quotation", "won").limit(EVERY_ROW).as_("found")
	)
	return (
		frappe.qb.from_(found)
		.select(found.lead, Max(found.quotation).as_("quotation"), Max(found.won).as_("won"))
		.where(found.lead.isnotnull())
		.groupby(found.lead)
	)


def _quoted(scope: Scope, visible: dict[str, Criterion]) -> QueryBuilder:
	"""Submitted quotations, lost and expired ones too, with the lead that each goes back to."""
	table, deal = DocType(QUOTATION), DocType(OPPORTUNITY)
	customer = Case().when(table.quotation_to == CUSTOMER, table.party_name)
	query = frappe.qb.from_(table).left_join(deal).on(deal.name == table.dafater_opportunity)
	return (
		_of_company(query, scope, table)
		.select(lead_of_document(table, deal, customer).as_("lead"), ValueWrapper(1), ValueWrapper(0))
		.where(table.docstatus == 1)
		.where(visible[QUOTATION])
	)


def _won(scope: Scope, visible: dict[str, Criterion]) -> QueryBuilder:
	"""Won amount in company currency of each lead that a won opportunity goes back to."""
	table = DocType(OPPORTUNITY)
	each = (
		_of_company(frappe.qb.from_(table), scope, table)
		.select(lead_of_opportunity(table).as_("lead"), table.base_opportunity_amount.as_("amount"))
		.where((table.status == WON) & visible[OPPORTUNITY])
		.limit(EVERY_ROW)
		.as_("each_won")
	)
	return (
		frappe.qb.from_(each)
		.select(each.lead, Sum(each.amount).as_("amount"))
		.where(each.lead.isnotnull())
		.groupby(each.lead)
	)


def _of_company(query: QueryBuilder, scope: Scope, table) -> QueryBuilder:
	rule = scope.of_company(table)
	return query if rule is None else query.where(rule)
