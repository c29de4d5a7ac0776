"""Lost opportunities with all their reasons and competitors: two statements for any number of them."""

from __future__ import annotations

from collections import defaultdict

import frappe
from frappe.query_builder import DocType, Order
from pypika.terms import Criterion, LiteralValue, ValueWrapper

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_filters import ReportFilters, all_of
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


def lost_opportunities(filters: ReportFilters) -> list[dict]:
	"""Opportunities lost in the period, newest first, each with the lists `reasons` and `competitors`, complete.

	The day is `lost_on`, which the change of stage sets and no later edit moves. Filters on reason, competitor, party,
	territory tree and the links. Only what the user's list shows. Raises PermissionError without read permission.
	"""
	table, user = DocType(DOCTYPE), DocType("User")
	rule = _rule(filters, table)
	rows = (
		frappe.qb.from_(table)
		.left_join(user)
		.on(user.name == table.opportunity_owner)
		.select(*(table[name] for name in SHOWN), user.full_name.as_("owner_name"))
		.where(rule)
		.orderby(table.lost_on, order=Order.desc)
		.orderby(table.name)
		.run(as_dict=True)
	)
	listed = _listed(rule) if rows else {}
	for row in rows:
		for kind in LISTED:
			row[kind] = listed.get((row.name, kind), [])
	return rows


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


def _listed(rule: Criterion) -> dict[tuple[str, str], list[str]]:
	"""(opportunity, kind) -> its reasons or competitors in the order of the form. One statement."""
	parts = [_one_kind(kind, rule) for kind in LISTED]
	query = parts[0].union_all(parts[1])
	found = defaultdict(list)
	for parent, kind, value, _idx in sorted(query.run(), key=lambda row: row[3]):
		if value and value not in found[parent, kind]:
			found[parent, kind].append(value)
	return found


def _one_kind(kind: str, rule: Criterion):
	doctype, link = LISTED[kind]
	table, child = DocType(DOCTYPE), DocType(doctype)
	return (
		frappe.qb.from_(table)
		.join(child)
		.on((child.parent == table.name) & (child.parenttype == DOCTYPE))
		.select(child.parent, ValueWrapper(kind), child[link], child.idx)
		.where(rule)
	)
