"""How leads ended, by what was known of them early: the figures that the learnt chance is made of.

Won: the lead was converted, or one of its opportunities was won. Lost: it was disqualified (other than as a duplicate), or an
opportunity of it was lost and none is open. Leads of the last HISTORY_DAYS count, by the day they were entered.

What is only filled in once a sale goes well would foretell its own cause, so of a lead nothing is used that sellers add on
the way: no VAT or registration number, no amounts, no qualification. Fields that sellers may add later (LATE) say nothing
while they are empty. Answers and interactions count only as far as they fall into the first hour and the first days.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import frappe
from frappe.query_builder import Interval
from frappe.query_builder.functions import Coalesce, Count, Date, Max, Sum
from frappe.utils import add_days, now_datetime
from pypika import Case
from pypika.functions import NullIf
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from dafater_crm.queries.report_interactions import counts_until
from dafater_crm.queries.score_leads import OUT_OF_FUNNEL

LEAD, OPPORTUNITY = "Dafater Lead", "Dafater Opportunity"
HISTORY_DAYS = 730
FIRST_DAYS = 3

# known when the lead comes in: being empty is a value like any other
CAPTURED = (
	*("source", "campaign", "captured_through", "request_type", "preferred_language", "lead_type"),
	*("has_email", "has_mobile"),
)
# also filled in later, by whoever works on the lead
LATE = ("territory", "industry", "no_of_employees", "region", "city", "item_group", "market_segment")
ANSWERED, TALKS = "answered_within_an_hour", "interactions_in_the_first_days"
TIMED = (ANSWERED, TALKS)
FEATURES = (*CAPTURED, *LATE, *TIMED)
MANY_VALUED = ("campaign", "city", "item_group")
FILLED = {"has_email": "email_id", "has_mobile": "mobile_no"}


def counts(feature: str, before: datetime | None = None, team: str | None = None) -> list[tuple]:
	"""[(team or "", value, won, lost)] of one feature. One statement. `before`: only leads entered before then."""
	rows = _closed([feature], before=before, team=team).as_("closed")
	found = (
		frappe.qb.from_(rows)
		.select(rows.team, rows[feature], Sum(rows.won), Count("*"))
		.where(rows[feature].isnotnull())
		.groupby(rows.team, rows[feature])
		.run()
	)
	sums: dict[tuple, list[int]] = {}
	for of_team, value, won, number in found:
		both = sums.setdefault((of_team, _shown(feature, value)), [0, 0])
		both[0] += int(won)
		both[1] += int(number - won)
	return [(of_team, value, won, lost) for (of_team, value), (won, lost) in sums.items()]


def outcomes(before: datetime | None = None, team: str | None = None) -> dict[str, tuple[int, int]]:
	"""{team or "": (won, lost)}. One statement."""
	rows = _closed([], before=before, team=team).as_("closed")
	found = frappe.qb.from_(rows).select(rows.team, Sum(rows.won), Count("*")).groupby(rows.team).run()
	return {name: (int(won), int(all_of_them - won)) for name, won, all_of_them in found}


def moment_of_share(share: float, number: int, team: str | None = None) -> datetime | None:
	"""When the lead was entered that has this share of the `number` closed leads before it. One statement."""
	rows = _closed([], team=team).as_("closed")
	found = (
		frappe.qb.from_(rows)
		.select(rows.creation)
		.orderby(rows.creation)
		.limit(1)
		.offset(int(share * number))
	).run()
	return found[0][0] if found else None


def closed_since(moment: datetime, limit: int, team: str | None = None) -> list[dict]:
	"""Closed leads entered at that moment or later: their features, and `won` 1 or 0. One statement."""
	rows = _closed(FEATURES, since=moment, team=team).limit(limit).run(as_dict=True)
	for row in rows:
		row[TALKS] = _shown(TALKS, row[TALKS])
	return rows


def features_of(leads: Collection[str]) -> dict[str, dict[str, str | None]]:
	"""{lead: {"team", feature: value}}; None for what is not known (yet). One statement."""
	table = _leads()
	rows = (
		frappe.qb.from_(table)
		.select(table.name, Coalesce(table.team, "").as_("team"), *_terms(table, FEATURES))
		.where(table.name.isin(list(leads)))
		.run(as_dict=True)
	)
	for row in rows:
		row[TALKS] = _shown(TALKS, row[TALKS])
	return {row.pop("name"): row for row in rows}


def features_of_new(doc) -> dict[str, str | None]:
	"""The same of a lead that is just being entered, from memory: nobody has answered it yet."""
	values = {field: doc.get(field) or "" for field in CAPTURED if field not in FILLED}
	values |= {feature: "Yes" if doc.get(field) else "No" for feature, field in FILLED.items()}
	return values | {field: doc.get(field) or None for field in LATE}


def _closed(
	features: Collection[str],
	before: datetime | None = None,
	since: datetime | None = None,
	team: str | None = None,
) -> QueryBuilder:
	"""Closed leads: team ("" for none), creation, won (1 or 0) and the features. No permission: statistics of all."""
	table, deals = _leads(), _deals().as_("deals")
	won = (table.status == "Converted") | (deals.won == 1)
	junk = (table.status == "Disqualified") & (Coalesce(table.disqualify_reason, "") != "Duplicate")
	lost = junk | ((deals.lost == 1) & (deals.open == 0))
	query = (
		frappe.qb.from_(table)
		.left_join(deals)
		.on(deals.lead == table.name)
		.select(Coalesce(table.team, "").as_("team"), table.creation, Case().when(won, 1).else_(0).as_("won"))
		.select(*_terms(table, features))
		.where((won | lost) & (table.creation >= (since or add_days(now_datetime(), -HISTORY_DAYS))))
	)
	if before:
		query = query.where(table.creation < before)
	return query.where(table.team == team) if team else query


def _leads():
	"""With an alias, so that a correlated subquery cannot take its columns for its own."""
	return frappe.qb.DocType(LEAD).as_("leads")


def _deals() -> QueryBuilder:
	table = frappe.qb.DocType(OPPORTUNITY)

	def any_of(rule: Criterion) -> Term:
		return Max(Case().when(rule, 1).else_(0))

	return (
		frappe.qb.from_(table)
		.select(
			table.lead,
			any_of(table.status == "Won").as_("won"),
			any_of(table.status == "Lost").as_("lost"),
			any_of(table.status.notin(("Won", "Lost", "Closed"))).as_("open"),
		)
		.where(table.lead.isnotnull())
		.groupby(table.lead)
	)


def _terms(table, features: Collection[str]) -> list[Term]:
	return [_term(table, feature).as_(feature) for feature in features]


def _term(table, feature: str) -> Term:
	if feature == ANSWERED:
		return _answered(table)
	if feature == TALKS:
		return _interactions(table)
	if feature in FILLED:
		return Case().when(Coalesce(table[FILLED[feature]], "") == "", "No").else_("Yes")
	value = Coalesce(table[feature], "")
	return value if feature in CAPTURED else NullIf(value, "")


def _answered(table) -> Term:
	hour = table.creation + Interval(hours=1)
	return Case().when(table.first_responded_on <= hour, "Yes").when(hour > now_datetime(), None).else_("No")


def _interactions(table) -> Term:
	"""Their number until the end of the FIRST_DAYS; NULL before, and for leads that were closed before."""
	end = table.creation + Interval(days=FIRST_DAYS)
	closed_early = table.status.isin(OUT_OF_FUNNEL) & (table.status_changed_on < end)
	last_day = Date(table.creation + Interval(days=FIRST_DAYS - 1))
	first, *others = map(_scalar, counts_until(table.name, last_day))
	number: Term = first
	for other in others:
		number = number + other
	return Case().when((end > now_datetime()) | closed_early, None).else_(number)


class _scalar(Term):
	"""A subquery with one value; pypika's own `+` of two queries is their union."""

	def __init__(self, query: QueryBuilder):
		super().__init__()
		self.query = query

	def get_sql(self, **kwargs) -> str:
		return self.query.get_sql(**kwargs | {"with_alias": False, "subquery": True})

	def nodes_(self):
		yield self


def _shown(feature: str, value):
	"""Numbers of interactions in steps: between four and forty there is little to learn."""
	if feature != TALKS or value is None:
		return value
	number = int(value)
	return str(number) if number < 2 else "2-3" if number < 4 else "4+"
