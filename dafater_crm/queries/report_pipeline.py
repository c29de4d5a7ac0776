"""Opportunities counted and added up by two dimensions, and what the opportunity reports filter by.

One grouped statement whatever the number of opportunities. The owner is the field `opportunity_owner`, so an
opportunity assigned to three people is one opportunity; amounts are those in company currency stored on the row.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import CustomFunction, DocType, Order
from frappe.query_builder.functions import Count, Sum
from frappe.utils import flt
from pypika.terms import Criterion, Term, ValueWrapper

from dafater_crm.domain.dates import months_between
from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_filters import ReportFilters, all_of, company_currency

DOCTYPE = "Dafater Opportunity"
AT_WORK = ("Open", "Quotation", "Partially Ordered")
COUNT, AMOUNT, WEIGHTED = MEASURES = ("Count", "Amount", "Weighted Amount")
# what a report's rows can be -> field of the opportunity
DIMENSIONS = {
	"Owner": "opportunity_owner",
	"Stage": "sales_stage",
	"Source": "source",
	"Type": "opportunity_type",
	"Territory": "territory",
}
LINKS = (
	"company",
	"opportunity_owner",
	"source",
	"campaign",
	"market_segment",
	"opportunity_type",
	"sales_stage",
)
TRANSLATED = ("Stage", "Source", "Type", "Territory")

date_format = CustomFunction("DATE_FORMAT", ["day", "format"])


@dataclass
class Figures:
	"""Number, amount and weighted amount (company currency) of some opportunities."""

	count: int = 0
	amount: float = 0.0
	weighted: float = 0.0

	def add(self, other: Figures) -> None:
		self.count += other.count
		self.amount = flt(self.amount + other.amount, 9)
		self.weighted = flt(self.weighted + other.weighted, 9)

	def of(self, measure: str) -> float:
		return {COUNT: self.count, AMOUNT: self.amount, WEIGHTED: self.weighted}[measure]


@dataclass(frozen=True)
class Cell:
	"""The figures of one row and column; "" stands for a dimension that is not filled in."""

	row: str
	title: str
	column: str
	figures: Figures


def readable() -> bool:
	"""Tell whether the session's user may read opportunities at all; a report of nobody's rows is empty, no error."""
	return bool(frappe.has_permission(DOCTYPE, "read"))


def measure_of(filters: ReportFilters) -> str:
	"""The chosen measure, Count by default. Raises ValidationError for an unknown one."""
	message = _("The measure {0} does not exist. Choose one of: {1}.")
	return _chosen(filters.get("measure") or COUNT, MEASURES, message)


def dimension_of(filters: ReportFilters, allowed: tuple[str, ...]) -> str:
	"""What the rows are, the first of `allowed` by default. Raises ValidationError for an unknown one."""
	message = _("The report cannot be grouped by {0}. Choose one of: {1}.")
	return _chosen(filters.get("based_on") or allowed[0], allowed, message)


def range_of(filters: ReportFilters, allowed: tuple[str, ...]) -> str:
	"""The length of a column's period, the first of `allowed` by default. Raises ValidationError for an unknown one."""
	message = _("The report has no columns by {0}. Choose one of: {1}.")
	return _chosen(filters.get("range") or allowed[0], allowed, message)


def currency_of(filters: ReportFilters, measure: str) -> str | None:
	"""Currency of the amounts; None when only opportunities are counted, which needs no common currency."""
	return None if measure == COUNT else company_currency(filters)


def stages_in_order() -> list[dict]:
	"""Every stage with `name`, `outcome` and `disabled`, by sequence. One statement."""
	stage = DocType("Dafater Sales Stage")
	return (
		frappe.qb.from_(stage)
		.select(stage.name, stage.outcome, stage.disabled)
		.orderby(stage.sequence)
		.orderby(stage.name)
		.run(as_dict=True)
	)


def by_stage(filters: ReportFilters, dimension: str) -> list[Cell]:
	"""Opportunities dated in the period, by `dimension` and sales stage. One statement."""
	table = DocType(DOCTYPE)
	rule = all_of(filters.on_day(table.transaction_date), filters.one_of(table.status, "status"))
	return _cells(filters, dimension, table.sales_stage, rule)


def by_month(filters: ReportFilters, dimension: str) -> list[Cell]:
	"""Opportunities at work by `dimension` and month of expected closing ("2026-01", "" without one). One statement.

	Those without an expected closing belong to no period, so they are always there.
	"""
	table = DocType(DOCTYPE)
	rule = table.status.isin(AT_WORK) & (
		filters.on_day(table.expected_closing) | table.expected_closing.isnull()
	)
	return _cells(filters, dimension, date_format(table.expected_closing, "%Y-%m"), rule)


def common(filters: ReportFilters, table) -> Criterion | None:
	"""The filters that all opportunity reports have: links and territory tree."""
	return all_of(filters.links(table, *LINKS), filters.territory(table))


def periods(filters: ReportFilters, quarterly: bool) -> dict[str, tuple[date, date]]:
	"""Key ("2026-01" or "2026-Q1") -> first and last day, cut to the report's period; the last part month included."""
	found: dict[str, tuple[date, date]] = {}
	for year, month in months_between(filters.from_date, filters.to_date):
		key = period_key(f"{year:04d}-{month:02d}", quarterly)
		first = date(year, month, 1)
		start = found[key][0] if key in found else max(first, filters.from_date)
		last = first.replace(day=monthrange(year, month)[1])
		found[key] = (start, min(last, filters.to_date))
	return found


def period_key(month: str, quarterly: bool) -> str:
	""" "2026-05" as it is, or "2026-Q2"."""
	return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}" if quarterly and month else month


def _cells(filters: ReportFilters, dimension: str, column: Term, rule: Criterion) -> list[Cell]:
	table = DocType(DOCTYPE)
	grouped = (
		frappe.qb.from_(table)
		.select(
			table[DIMENSIONS[dimension]].as_("row"),
			column.as_("column"),
			Count("*").as_("count"),
			Sum(table.base_opportunity_amount).as_("amount"),
			Sum(table.weighted_amount).as_("weighted"),
		)
		.where(all_of(rule, common(filters, table), ListedRows(DOCTYPE)))
		.groupby(table[DIMENSIONS[dimension]], column)
	)
	rows = _titled(grouped, dimension).run(as_dict=True)
	return [_cell(row, dimension) for row in rows]


def _titled(grouped, dimension: str):
	"""The grouped rows with the name that a person reads: the full name of an owner, the order of a stage."""
	query = frappe.qb.from_(grouped).select(
		grouped.row, grouped.column, grouped.count, grouped.amount, grouped.weighted
	)
	if dimension == "Owner":
		user = DocType("User")
		return (
			query.left_join(user)
			.on(user.name == grouped.row)
			.select(user.full_name.as_("title"))
			.orderby(user.full_name)
			.orderby(grouped.row)
		)
	if dimension == "Stage":
		stage = DocType("Dafater Sales Stage")
		query = query.left_join(stage).on(stage.name == grouped.row).orderby(stage.sequence)
	return query.select(ValueWrapper(None).as_("title")).orderby(grouped.row, order=Order.asc)


def _cell(row, dimension: str) -> Cell:
	key = row.row or ""
	title = row.title or (_(key) if dimension in TRANSLATED else key)
	figures = Figures(int(row["count"]), flt(row.amount), flt(row.weighted))
	return Cell(key, title if key else _("Not Specified"), row.column or "", figures)


def _chosen(value, allowed: tuple[str, ...], message: str) -> str:
	if value not in allowed:
		choices = ", ".join(_(choice) for choice in allowed)
		frappe.throw(message.format(frappe.utils.escape_html(str(value)), choices))
	return value
