"""Filters that the reports share: read once, typed, validated with a message that says what to do, turned into SQL.

A report passes what the desk, an export or an Auto Email Report sent; everything else works on `ReportFilters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, getdate
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from dafater_crm.domain.dates import half_open_day_range

MOST_MONTHS = 120
USUAL_ROWS, MOST_ROWS = 2_000, 20_000

# filter -> the field of Lead, Prospect and Opportunity that it is compared with
LINK_FILTERS = ("company", "source", "campaign", "market_segment", "sales_stage", "opportunity_type")


# filters that take several values
SEVERAL = ("status", "activity_type", "lost_reason", "competitor")


@dataclass(frozen=True)
class ReportFilters:
	"""`values` holds what the user chose beside the period; empty choices are left out."""

	from_date: date
	to_date: date
	values: dict

	@property
	def moments(self) -> tuple[datetime, datetime]:
		"""[start of the first day, start of the day after the last): comparable with an indexed Datetime column."""
		return half_open_day_range(self.from_date, self.to_date)

	def get(self, name: str, default=None):
		return self.values.get(name, default)

	def on_day(self, field) -> Criterion:
		"""The period on a Date column."""
		return (field >= self.from_date) & (field <= self.to_date)

	def on_moment(self, field) -> Criterion:
		"""The period on a Datetime column."""
		start, end = self.moments
		return (field >= start) & (field < end)

	def links(self, table, *names: str) -> Criterion | None:
		"""Equality on the link filters that were chosen (default: all that `table`'s DocType has as given)."""
		return all_of(*(table[name] == self.values[name] for name in names if self.values.get(name)))

	def territory(self, table) -> Criterion | None:
		"""The chosen territory and everything below it in the tree, as part of the statement."""
		chosen = self.values.get("territory")
		return table.territory.isin(tree_below("Territory", chosen)) if chosen else None

	def one_of(self, field, name: str) -> Criterion | None:
		"""`field` in the chosen values of a MultiSelect filter; one value as text is accepted too."""
		chosen = as_list(self.values.get(name))
		return field.isin(chosen) if chosen else None


def read(raw: dict | None, dates: bool = True) -> ReportFilters:
	"""Read a report's filters. Raises ValidationError for a missing or reversed period, one of more than ten years, an
	unknown company or a date that is none."""
	values = {key: value for key, value in (raw or {}).items() if value not in (None, "", [], "[]")}
	_check_kinds(values)
	start, end = values.pop("from_date", None), values.pop("to_date", None)
	if dates and not (start and end):
		frappe.throw(_("Choose the first and the last day of the report."), title=_("Period Missing"))
	from_date, to_date = _day(start), _day(end)
	if from_date > to_date:
		frappe.throw(
			_("The report ends on {0}, before it begins on {1}. Choose a later last day.").format(
				frappe.format(to_date, "Date"), frappe.format(from_date, "Date")
			)
		)
	if (to_date.year - from_date.year) * 12 + to_date.month - from_date.month > MOST_MONTHS:
		frappe.throw(
			_("The report covers more than {0} months. Choose a shorter period.").format(MOST_MONTHS)
		)
	if values.get("company") and not _company_exists(values["company"]):
		company = frappe.utils.escape_html(values["company"])
		frappe.throw(_("The company {0} does not exist. Choose another one.").format(company))
	return ReportFilters(from_date, to_date, values)


def _check_kinds(values: dict) -> None:
	"""Several values only where the filter takes several; nothing else than texts and numbers."""
	for name, value in values.items():
		found = as_list(value) if name in SEVERAL else [value]
		if not all(map(_can_be_compared, found)):
			frappe.throw(
				_("The filter {0} cannot be read. Choose its value again.").format(
					frappe.bold(_(frappe.unscrub(name)))
				)
			)


def _can_be_compared(value) -> bool:
	"""A text that UTF-8 cannot hold (half of a surrogate pair, by JSON) never reaches the database."""
	if isinstance(value, str):
		return value == value.encode(errors="ignore").decode()
	return isinstance(value, int | float | date)


def _company_exists(name: str) -> bool:
	"""From the document cache, where the currency is read as well."""
	try:
		return bool(frappe.get_cached_value("Company", name, "name"))
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return False


def company_currency(filters: ReportFilters) -> str:
	"""Currency of the report's amounts: the chosen company's, else that of the only one; several need a choice.

	Base amounts of companies with different currencies cannot be added up, so the report asks.
	"""
	if filters.get("company"):
		return frappe.get_cached_value("Company", filters.get("company"), "default_currency")
	currencies = frappe.get_all("Company", distinct=True, pluck="default_currency")
	if len(currencies) > 1:
		frappe.throw(
			_("The companies of this site have different currencies. Choose one company."),
			title=_("Company Missing"),
		)
	return currencies[0] if currencies else frappe.db.get_default("currency")


def as_list(value) -> list:
	"""A MultiSelect filter as a list: JSON text, a comma-separated text, one value or a list."""
	if isinstance(value, str):
		value = _listed(value)
	elif not isinstance(value, list | tuple):
		value = [value]
	return [item for item in value if item not in (None, "")]


def _listed(text: str) -> list:
	if text.startswith("["):
		try:
			return frappe.parse_json(text)
		except ValueError:
			pass  # a value that begins with a bracket
	return [part.strip() for part in text.split(",")]


def tree_below(doctype: str, name: str) -> QueryBuilder:
	"""Names of `name` and of all its descendants in a nested set."""
	node, below = DocType(doctype).as_("node"), DocType(doctype).as_("below")
	return (
		frappe.qb.from_(below)
		.join(node)
		.on((below.lft >= node.lft) & (below.rgt <= node.rgt))
		.select(below.name)
		.where(node.name == name)
	)


def all_of(*rules: Criterion | None) -> Criterion | None:
	"""The rules joined by AND; None is left out, None for no rule at all."""
	joined = None
	for rule in rules:
		if rule is not None:
			joined = rule if joined is None else joined & rule
	return joined


def most_rows(filters: ReportFilters) -> int:
	"""How many rows a report of single records shows: the filter `most_rows`, 2,000 without it, 20,000 at most."""
	wanted = cint(filters.get("most_rows"))
	return min(wanted, MOST_ROWS) if wanted > 0 else USUAL_ROWS


def _day(value) -> date:
	"""Raises ValidationError where Frappe reads no date: it throws a sentence of its own, or returns None."""
	messages = len(frappe.local.message_log)
	try:
		found = getdate(value)
	except Exception:
		found = None
		del frappe.local.message_log[messages:]
	if found is None:
		frappe.throw(
			_("{0} is not a date. Write it like 2026-01-31.").format(frappe.utils.escape_html(str(value)))
		)
	return found
