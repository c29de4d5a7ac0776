"""Lost opportunities with all their reasons and competitors, and totals: two statements for any number of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import frappe
from frappe.query_builder import DocType, Order
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import flt
from pypika.functions import NullIf
from pypika.queries import QueryBuilder
from pypika.terms import AggregateFunction, Criterion, Field, LiteralValue, NullValue, Term

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
	"opportunity_type",
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
	"""Opportunities lost in the period, newest first, at most `most_rows`, each with `party` (as it was called), `owner_name` and
	the lists `reasons` and `competitors`; and the totals of all of them.

	The day is `lost_on`, which the change of stage sets and no later edit moves. Filters on reason, competitor, party,
	territory tree and the links. Only what the user's list shows. Two statements.
	"""
	rule = _rule(filters, DocType(DOCTYPE))
	return _rows(rule, most_rows(filters)), _totals(rule)


def _rows(rule: Criterion, most: int) -> list[dict]:
	table, user = DocType(DOCTYPE), DocType("User")
	# a name is as good as any other to settle a tie, and this one is the order of an index
	rows = (
		frappe.qb.from_(table)
		.left_join(user)
		.on(user.name == table.opportunity_owner)
		.select(*(table[name] for name in SHOWN), *_names(table, user))
		.select(*(_list_of(kind, table).as_(kind) for kind in LISTED))
		.where(rule)
		.orderby(table.lost_on, order=Order.desc)
		.orderby(table.name, order=Order.desc)
		.limit(most)
		.run(as_dict=True)
	)
	for row in rows:
		for kind in LISTED:
			row[kind] = _lines(row[kind])
	return rows


def _names(table, user) -> tuple[Term, Term]:
	"""The title stored on the opportunity is still there when the party was deleted. One word each: two thousand rows are mostly
	the driver's work, which grows with the columns."""
	party = Coalesce(NullIf(table.party_title, ""), table.party_name)
	owner = Coalesce(NullIf(user.full_name, ""), table.opportunity_owner)
	return party.as_("party"), owner.as_("owner_name")


def _list_of(kind: str, table) -> QueryBuilder:
	"""The reasons or competitors of one opportunity in the order of the form, a line each; ."""
	doctype, link = LISTED[kind]
	child = DocType(doctype)
	return (
		frappe.qb.from_(child)
		.select(Lines(child[link], child.idx))
		.where((child.parent == table.name) & (child.parenttype == DOCTYPE))
	)


class Lines(AggregateFunction):
	"""The values of a group, a line each, in order."""

	def __init__(self, value: Field, order: Field):
		super().__init__("GROUP_CONCAT", value)
		self.order = order

	def get_special_params_sql(self, **kwargs) -> str:
		return f"ORDER BY {self.order.get_sql(**kwargs)} SEPARATOR '\\n'"


def _totals(rule: Criterion) -> LostTotals:
	"""The opportunities by reason, and all of them as a row without one: an index holds each part, and a join finds the reasons
	in half the time of a look-up for every opportunity."""
	found = LostTotals()
	for reason, count, amount in (_by_reason(rule) * _altogether(rule)).run():
		if reason is None:
			found.opportunities, found.amount = count, flt(amount)
		elif count:
			found.reasons[reason] = count
	return found


def _by_reason(rule: Criterion) -> QueryBuilder:
	"""An opportunity that names a reason twice counts once; one without a reason counts as ""."""
	table, child = DocType(DOCTYPE), DocType(LISTED[REASONS][0])
	reason = Coalesce(child.lost_reason, "")
	return (
		frappe.qb.from_(table)
		.left_join(child)
		.on((child.parent == table.name) & (child.parenttype == DOCTYPE))
		.select(reason, Count(table.name).distinct(), NullValue())
		.where(rule)
		.groupby(reason)
	)


def _altogether(rule: Criterion) -> QueryBuilder:
	table = DocType(DOCTYPE)
	return (
		frappe.qb.from_(table).select(NullValue(), Count("*"), Sum(table.base_opportunity_amount)).where(rule)
	)


def _lines(text: str | None) -> list[str]:
	"""What `Lines` put together, each once."""
	return list(dict.fromkeys(filter(None, (text or "").split("\n"))))


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
