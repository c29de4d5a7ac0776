"""What leads of a period brought, by campaign or by lead owner: one statement for any number of rows.

The leads created in the period are followed to their opportunities, submitted quotations and submitted Sales Orders,
whenever those happened and under whatever party: the lead, its prospect, its Customer. By campaign, an opportunity that
goes back to no lead counts through its own campaign, when it is dated in the period; its documents follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import mul

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt
from pypika import Case
from pypika.functions import NullIf
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, CustomFunction, LiteralValue, NullValue, Term, ValueWrapper

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_attribution import (
	CUSTOMER,
	LEAD,
	OPPORTUNITY,
	lead_of_document,
	lead_of_opportunity,
)
from dafater_crm.queries.report_filters import ReportFilters, all_of
from dafater_crm.queries.report_interactions import in_bytes, longest_name, text_of
from dafater_crm.queries.view_section import may_read

CAMPAIGN, LEAD_OWNER = "campaign", "lead_owner"
QUOTATION, ORDER = "Quotation", "Sales Order"
DOCUMENTS = (QUOTATION, ORDER)
COUNTED = (LEAD, OPPORTUNITY, *DOCUMENTS)
ORDERING = "Leads with an order"
# A limit keeps MariaDB from merging the inner read into the outer one: merged, it would try every lead for every
# document (minutes for 100,000 leads); apart, it finds each document's lead by its key.
EVERY_ROW = 2**62
# bytes of a key that may be cut at its end where its master is gone and was longer than all that are left
USUAL_KEY = 64
MASTER = {CAMPAIGN: "Dafater Campaign", LEAD_OWNER: "User"}

Greatest = CustomFunction("GREATEST", ["one", "other"])
Least = CustomFunction("LEAST", ["one", "other"])


@dataclass
class Efficiency:
	"""Figures of one campaign or lead owner; `key` is None where the leads have none.

	A count is None where the reader may not read such documents at all. `order_value` is in company currency,
	before tax. `ordering_leads`: leads with at least one order, each counted once, where `leads` counts it.
	"""

	key: str | None
	full_name: str | None = None
	leads: int = 0
	opportunities: int | None = 0
	quotations: int | None = 0
	orders: int | None = 0
	ordering_leads: int | None = 0
	order_value: float | None = 0.0


FIGURE_OF = {
	LEAD: "leads",
	OPPORTUNITY: "opportunities",
	QUOTATION: "quotations",
	ORDER: "orders",
	ORDERING: "ordering_leads",
}


def readable() -> set[str]:
	"""The counted DocTypes that the session's user may read by role; a share of single documents makes no figure."""
	return {
		doctype for doctype in COUNTED if frappe.db.table_exists(doctype, cached=True) and may_read(doctype)
	}


def efficiency(filters: ReportFilters, by: str) -> list[Efficiency]:
	"""One row for each campaign or lead owner (`by`: "campaign" or "lead_owner"), highest order value first.

	Counts leads and documents that the user's own lists show. Needs read permission on Lead: without it there are no rows.
	"""
	kinds = readable()
	if LEAD not in kinds:
		return []
	rows: dict[str | None, Efficiency] = {}
	for kind, key, full_name, count, value in _Statement(filters, by, kinds).rows():
		row = rows.setdefault(key or None, _blank(key or None, kinds))
		row.full_name = row.full_name or full_name
		setattr(row, FIGURE_OF[kind], getattr(row, FIGURE_OF[kind]) + count)
		if kind == ORDER:
			row.order_value = flt(row.order_value + flt(value), 2)
	return sorted(rows.values(), key=lambda row: (-flt(row.order_value), -row.leads, row.key or ""))


def _blank(key: str | None, kinds: set[str]) -> Efficiency:
	hidden = {FIGURE_OF[kind]: None for kind in COUNTED if kind not in kinds}
	if ORDER not in kinds:
		hidden |= {"ordering_leads": None, "order_value": None}
	return Efficiency(key, **hidden)


class _Statement:
	"""The union of one grouped read for each kind of document; the parts share the filters."""

	def __init__(self, filters: ReportFilters, by: str, kinds: set[str]):
		self.filters, self.by, self.width = filters, by, max(longest_name(MASTER[by]), USUAL_KEY)
		# rendered once: each rendering looks up the user's shares
		self.visible = {kind: LiteralValue(ListedRows(kind).get_sql()) for kind in COUNTED if kind in kinds}

	def rows(self) -> tuple[tuple, ...]:
		"""(kind, key, full name of the owner, documents, amount); some keys have several rows of a kind.

		The key is spelled as its master is: links that differ in case alone are one.
		"""
		found, master = reduce(mul, self.parts()).as_("efficiency"), DocType(MASTER[self.by])
		key = text_of(found.key_name)
		full_name = master.full_name if self.by == LEAD_OWNER else NullValue()
		return (
			frappe.qb.from_(found)
			.left_join(master)
			.on(master.name == key)
			.select(found.kind, Coalesce(master.name, key), full_name, found.documents, found.amount)
			.run()
		)

	def parts(self) -> list[QueryBuilder]:
		parts = [self.leads()]
		if OPPORTUNITY in self.visible:
			parts += [self.of_own_lead(), self.credited(OPPORTUNITY, self.opportunities())]
		parts += [self.credited(kind, self.documents(kind)) for kind in DOCUMENTS if kind in self.visible]
		if ORDER in self.visible:
			parts.append(self.ordering_leads())
		return parts

	def leads(self) -> QueryBuilder:
		lead = DocType(LEAD)
		key = lead[self.by]
		return self.figures(frappe.qb.from_(lead), LEAD, key).where(self.cohort(lead, key))

	def of_own_lead(self) -> QueryBuilder:
		"""The visible opportunities that name their lead, nearly all of them: counted without a table in between."""
		table, lead = DocType(OPPORTUNITY), DocType(LEAD)
		key = self.key(lead, table)
		rule = self.cohort(lead, key)
		if self.by == CAMPAIGN:
			rule = rule | (lead.name.isnull() & self.without_lead(table))
		query = frappe.qb.from_(table).left_join(lead).on(lead.name == table.lead)
		query = query.where(all_of(table.lead != "", self.company(table), self.visible[OPPORTUNITY]))
		return self.figures(query, OPPORTUNITY, key).where(rule)

	def opportunities(self) -> QueryBuilder:
		"""Each other visible opportunity with the lead that it goes back to."""
		table = DocType(OPPORTUNITY)
		others = table.lead.isnull() | (table.lead == "")
		query = frappe.qb.from_(table).where(all_of(others, self.company(table), self.visible[OPPORTUNITY]))
		return self.found(query, lead_of_opportunity(table), table, ValueWrapper(0))

	def documents(self, kind: str) -> QueryBuilder:
		"""Each visible submitted quotation or live order with the lead that it goes back to."""
		table, deal = DocType(kind), DocType(OPPORTUNITY)
		rule = all_of(table.docstatus == 1, self.company(table), self.visible[kind])
		query = frappe.qb.from_(table).left_join(deal).on(deal.name == table.dafater_opportunity).where(rule)
		if kind == ORDER:
			query = query.where(_live(table))
		value = _order_value(table) if kind == ORDER else ValueWrapper(0)
		return self.found(query, lead_of_document(table, deal, _customer(table, kind)), deal, value)

	def found(self, query: QueryBuilder, lead: Term, deal, value: Term) -> QueryBuilder:
		alone: Term = ValueWrapper(0)
		if self.by == CAMPAIGN and OPPORTUNITY in self.visible:
			alone = Case().when(self.without_lead(deal), 1).else_(0)
		return query.select(
			lead.as_("lead"), deal.campaign.as_("campaign"), alone.as_("alone"), value.as_("amount")
		).limit(EVERY_ROW)

	def credited(self, kind: str, found: QueryBuilder) -> QueryBuilder:
		"""`found` counted under the lead's campaign or owner, or under its own campaign where there is no lead."""
		lead, found = DocType(LEAD), found.as_("found")
		key = self.key(lead, found)
		query = frappe.qb.from_(found).left_join(lead).on(lead.name == found.lead)
		rule = self.cohort(lead, key)
		if self.by == CAMPAIGN:
			rule = rule | (lead.name.isnull() & (found.alone == 1))
		return self.figures(query, kind, key, value=Sum(found.amount) if kind == ORDER else None).where(rule)

	def ordering_leads(self) -> QueryBuilder:
		"""Leads with an order under the key that they themselves count under: an order may count under its opportunity's."""
		lead, found = DocType(LEAD), self.documents(ORDER).as_("found")
		key = lead[self.by]
		query = frappe.qb.from_(found).join(lead).on(lead.name == found.lead)
		return self.figures(query, ORDERING, key, Count(lead.name).distinct()).where(self.cohort(lead, key))

	def key(self, lead, deal) -> Term:
		"""The lead's campaign, else the opportunity's own; or the lead's owner."""
		if self.by == LEAD_OWNER:
			return lead.lead_owner
		return Coalesce(NullIf(lead.campaign, ""), deal.campaign)

	def cohort(self, lead, key: Term) -> Criterion:
		"""Leads of the period that the user's list shows and the filters choose."""
		return all_of(
			self.filters.on_moment(lead.creation),
			self.chosen(lead, lead.lead_owner, key),
			self.visible[LEAD],
		)

	def without_lead(self, table) -> Criterion:
		"""Opportunities of the period with a campaign and no lead; the owner filter asks for a lead's owner."""
		return all_of(
			self.filters.on_day(table.transaction_date),
			table.campaign.isnotnull() & (table.campaign != ""),
			self.chosen(table, NullValue(), table.campaign),
			self.visible[OPPORTUNITY],
		)

	def chosen(self, table, owner: Term, key: Term) -> Criterion | None:
		campaign = key if self.by == CAMPAIGN else table.campaign
		pairs = ((owner, "lead_owner"), (campaign, "campaign"))
		return all_of(
			self.filters.links(table, "company", "source", "market_segment"),
			*(term == self.filters.get(name) for term, name in pairs if self.filters.get(name)),
			self.filters.territory(table),
		)

	def company(self, table) -> Criterion | None:
		"""Amounts of another company may be in another currency."""
		return self.filters.links(table, "company")

	def figures(
		self, query: QueryBuilder, kind: str, key: Term, count: Term | None = None, value: Term | None = None
	) -> QueryBuilder:
		"""Grouped by bytes: by the rules of Unicode a million e-mail addresses take four times as long."""
		key = in_bytes(key, self.width)
		return query.select(
			ValueWrapper(kind).as_("kind"),
			key.as_("key_name"),
			(count or Count("*")).as_("documents"),
			(value or ValueWrapper(0)).as_("amount"),
		).groupby(key)


def _customer(table, kind: str) -> Term:
	return (
		Case().when(table.quotation_to == CUSTOMER, table.party_name) if kind == QUOTATION else table.customer
	)


def _live(order) -> Criterion:
	"""An order closed before anything was delivered or billed came to nothing."""
	return (order.status != "Closed") | (order.per_delivered > 0) | (order.per_billed > 0)


def _order_value(order) -> Term:
	"""Net total in company currency; of a closed order the part that was delivered or billed, the larger of the two."""
	fulfilled = Least(Greatest(order.per_delivered, order.per_billed), 100)
	return (
		Case()
		.when(order.status == "Closed", order.base_net_total * fulfilled / 100)
		.else_(order.base_net_total)
	)
