"""Deals on the dashboards: what is at work, what was decided and why. One statement each, whatever the number of deals.

Shows the rows of the reader's own list of opportunities; the caller asks `readable` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import add_months, cint, flt, get_first_day, get_last_day, getdate
from pypika import Case, CustomFunction
from pypika.terms import Criterion

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.dashboard_scope import Scope
from dafater_crm.queries.report_filters import all_of
from dafater_crm.queries.report_pipeline import AT_WORK, DOCTYPE, Figures, by_month
from dafater_crm.queries.view_section import when

WON, LOST = "Won", "Lost"
REASONS, COMPETITORS = "Dafater Opportunity Lost Reason Detail", "Dafater Opportunity Competitor"
MONTHS_AHEAD = 6
MOST_SHOWN = 8

DateDiff = CustomFunction("DATEDIFF", ["later", "earlier"])
Greatest = CustomFunction("GREATEST", ["one", "other"])


@dataclass(frozen=True)
class Decided:
	"""Opportunities won and lost in a period; amount in company currency, days from the deal's date to the win."""

	won: int
	lost: int
	won_amount: float
	won_days: int


def at_work(scope: Scope) -> Figures:
	"""Number, amount and weighted amount of the opportunities at work, whenever they close."""
	table = DocType(DOCTYPE)
	row = (
		frappe.qb.from_(table)
		.select(Count("*"), Sum(table.base_opportunity_amount), Sum(table.weighted_amount))
		.where(_at_work(scope, table))
		.run()[0]
	)
	return Figures(cint(row[0]), flt(row[1]), flt(row[2]))


def at_work_by_stage(scope: Scope) -> list[tuple[str | None, Figures]]:
	"""The same by sales stage, in the order of the stages; stages without a deal are left out."""
	table, stage = DocType(DOCTYPE), DocType("Dafater Sales Stage")
	rows = (
		frappe.qb.from_(table)
		.left_join(stage)
		.on(stage.name == table.sales_stage)
		.select(
			table.sales_stage,
			Count("*"),
			Sum(table.base_opportunity_amount),
			Sum(table.weighted_amount),
		)
		.where(_at_work(scope, table))
		.groupby(table.sales_stage, stage.sequence)
		.orderby(stage.sequence)
		.orderby(table.sales_stage)
		.run()
	)
	return [
		(name or None, Figures(count, flt(amount), flt(weighted))) for name, count, amount, weighted in rows
	]


def months_ahead() -> tuple[date, date]:
	"""First and last day of the months that the pipeline chart shows: this one and the five after it."""
	first = get_first_day(getdate())
	return getdate(first), getdate(get_last_day(add_months(first, MONTHS_AHEAD - 1)))


def pipeline_by_month(scope: Scope) -> dict[str, Figures]:
	"""Month of expected closing ("2026-01", "" without one) -> figures of the opportunities at work."""
	found: dict[str, Figures] = {}
	for cell in by_month(scope.filters, "Stage"):
		found.setdefault(cell.column, Figures()).add(cell.figures)
	return found


def decided(scope: Scope) -> Decided:
	"""What was won and lost in the period, by `won_on` and `lost_on`; closed without a decision counts as neither."""
	table = DocType(DOCTYPE)
	won = table.status == WON
	days = Greatest(DateDiff(table.won_on, table.transaction_date), 0)
	row = (
		frappe.qb.from_(table)
		.select(
			Sum(when(won)),
			Sum(when(table.status == LOST)),
			Sum(when(won, table.base_opportunity_amount)),
			Sum(when(won, days)),
		)
		.where(_decided(scope, table))
		.run()[0]
	)
	return Decided(cint(row[0]), cint(row[1]), flt(row[2]), cint(row[3]))


def losses_by_reason(scope: Scope) -> list[tuple[str | None, int]]:
	"""Lost opportunities by reason, most first; one with several reasons counts for each, None for those without."""
	table, child = DocType(DOCTYPE), DocType(REASONS)
	number = Count(table.name).distinct()
	rows = (
		frappe.qb.from_(table)
		.left_join(child)
		.on((child.parent == table.name) & (child.parenttype == DOCTYPE))
		.select(child.lost_reason, number)
		.where(all_of(_lost(scope, table), scope.of_company(table), ListedRows(DOCTYPE)))
		.groupby(child.lost_reason)
		.run()
	)
	return sorted(
		((reason or None, count) for reason, count in rows), key=lambda row: (-row[1], row[0] or "")
	)


def results_by_competitor(scope: Scope) -> list[tuple[str, int, int]]:
	"""(competitor, won, lost) of the opportunities in which it took part, the most met first."""
	table, child = DocType(DOCTYPE), DocType(COMPETITORS)
	rows = (
		frappe.qb.from_(table)
		.join(child)
		.on((child.parent == table.name) & (child.parenttype == DOCTYPE))
		.select(child.competitor, _number_of(table, WON), _number_of(table, LOST))
		.where(_decided(scope, table))
		.groupby(child.competitor)
		.run()
	)
	return sorted(rows, key=lambda row: (-(row[1] + row[2]), row[0]))


def _number_of(table, status: str):
	"""Opportunities, not rows: a competitor may be entered twice in one."""
	return Count(Case().when(table.status == status, table.name)).distinct()


def _at_work(scope: Scope, table) -> Criterion:
	return all_of(table.status.isin(AT_WORK), scope.of_company(table), ListedRows(DOCTYPE))


def _lost(scope: Scope, table) -> Criterion:
	return (table.status == LOST) & scope.filters.on_day(table.lost_on)


def _decided(scope: Scope, table) -> Criterion:
	won = (table.status == WON) & scope.filters.on_day(table.won_on)
	return all_of(won | _lost(scope, table), scope.of_company(table), ListedRows(DOCTYPE))
