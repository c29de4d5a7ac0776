"""Lost opportunities with all their reasons and competitors, and totals: three statements for any number of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import frappe
from frappe.query_builder import DocType, Order
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt
from pypika.terms import Criterion, LiteralValue, ValueWrapper

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_filters import ReportFilters, all_of, most_rows
from dafater_crm.queries.report_pipeline import DOCTYPE, common

REASONS, COMPETITORS = "reasons", "competitors"
# what is listed beside an opportunity -> child table and its link
LISTED = {
	REASONS: ("Dafater Opportunity Lost Reason Detail", "lost_reason"),
	COMPETITORS: ("Dafater Opportunity Competitor", "competitor"),
}
SHOWN = (
	"name",
	"lost_on",
	"party_type",
	"party_name",
	"party_title",
	"opportunity_type",
	"opportunity_owner",
	"territory",
	"source",
	"sales_stage",
	"base_opportunity_amount",
	"lost_details",
)


@dataclass
class LostTotals:
	"""All lost opportunities of the report, shown or not: `reasons` counts each once for every one of its reasons ("": none)."""

	opportunities: int = 0
	amount: float = 0.0
	reasons: Counter[str] = field(default_factory=Counter)


def lost_opportunities(filters: ReportFilters) -> tuple[list[dict], LostTotals]:
	"""Opportunities lost in the period, newest first, at most `most_rows`, each with the lists `reasons` and `competitors`;
	and the totals of all of them.

	The day is `lost_on`, which the change of stage sets and no later edit moves. Filters on reason, competitor, party,
	territory tree and the links. Only what the user's list shows. Three statements, one more for a territory.
	"""
	rule = _rule(filters, DocType(DOCTYPE))
	return _rows(rule, most_rows(filters)), _totals(rule)


def _rows(rule: Criterion, most: int) -> list[dict]:
	table, user = DocType(DOCTYPE), DocType("User")
	rows = (
		frappe.qb.from_(table)
		.left_join(user)
		.on(user.name == table.opportunity_owner)
		.select(*(table[name] for name in SHOWN), user.full_name.as_("owner_name"))
		.where(rule)
		.orderby(table.lost_on, order=Order.desc)
		.orderby(table.name)
		.limit(most)
		.run(as_dict=True)
	)
	listed = _listed([row.name for row in rows])
	for row in rows:
		for kind in LISTED:
			row[kind] = listed.get((row.name, kind), [])
	return rows


def _totals(rule: Criterion) -> LostTotals:
	table, found = DocType(DOCTYPE), LostTotals()
	doctype, link = LISTED[REASONS]
	child = DocType(doctype)
	named = (child.parent == table.name) & (child.parenttype == DOCTYPE) & (child[link] != "")
	every = frappe.qb.from_(table).select(
		ValueWrapper(0), ValueWrapper(""), Count("*"), Sum(table.base_opportunity_amount)
	)
	by_reason = (
		frappe.qb.from_(table)
		.left_join(child)
		.on(named)
		.select(ValueWrapper(1), Coalesce(child[link], ""), Count(table.name).distinct(), ValueWrapper(0))
		.groupby(Coalesce(child[link], ""))
	)
	for is_reason, reason, count, amount in every.where(rule).union_all(by_reason.where(rule)).run():
		if is_reason:
			found.reasons[reason] = count
		else:
			found.opportunities, found.amount = count, flt(amount)
	return found


def _rule(filters: ReportFilters, table) -> Criterion:
	# rendered once, since both statements need it and each rendering looks up the user's shares
	visible = LiteralValue(ListedRows(DOCTYPE).get_sql())
	return all_of(
		table.status == "Lost",
		filters.on_day(table.lost_on),
		common(filters, table),
		*(table[name] == filters.get(name) for name in ("party_type", "party_name") if filters.get(name)),
		_having(filters, table, REASONS, "lost_reason"),
		_having(filters, table, COMPETITORS, "competitor"),
		visible,
	)


def _having(filters: ReportFilters, table, kind: str, name: str) -> Criterion | None:
	"""Opportunities with one of the chosen reasons or competitors; their other ones are shown all the same."""
	doctype, link = LISTED[kind]
	child = DocType(doctype)
	chosen = filters.one_of(child[link], name)
	if chosen is None:
		return None
	return table.name.isin(
		frappe.qb.from_(child).select(child.parent).where((child.parenttype == DOCTYPE) & chosen)
	)


def _listed(names: list[str]) -> dict[tuple[str, str], list[str]]:
	"""(opportunity, kind) -> its reasons or competitors in the order of the form. One statement, none for no names."""
	if not names:
		return {}
	parts = [_one_kind(kind, names) for kind in LISTED]
	found = defaultdict(list)
	for parent, kind, value, _idx in sorted(parts[0].union_all(parts[1]).run(), key=lambda row: row[3]):
		if value and value not in found[parent, kind]:
			found[parent, kind].append(value)
	return found


def _one_kind(kind: str, names: list[str]):
	doctype, link = LISTED[kind]
	child = DocType(doctype)
	return (
		frappe.qb.from_(child)
		.select(child.parent, ValueWrapper(kind), child[link], child.idx)
		.where(child.parent.isin(names) & (child.parenttype == DOCTYPE))
	)
