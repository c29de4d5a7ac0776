"""What every figure of the dashboards is read with: period, company, currency, and whether the reader may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import frappe
from frappe.permissions import get_user_permissions
from frappe.query_builder import DocType
from frappe.utils import add_months, get_first_day, getdate
from pypika.terms import Criterion

from dafater_crm.queries import report_filters
from dafater_crm.queries.report_filters import ReportFilters
from dafater_crm.queries.view_section import may_read

MONTHS = 12
FILTERS = ("company", "from_date", "to_date")


@dataclass(frozen=True)
class Scope:
	"""The period and company of a figure. `currency` is None where companies of several currencies are mixed."""

	filters: ReportFilters
	currency: str | None

	@property
	def company(self) -> str | None:
		return self.filters.get("company")

	@property
	def several_currencies(self) -> bool:
		return self.currency is None

	def of_company(self, table) -> Criterion | None:
		"""The chosen company's rows; None where all companies count."""
		return self.filters.links(table, "company")

	def route_options(self, **more) -> dict:
		"""Filters of a report that shows the same period and company."""
		options = {"from_date": str(self.filters.from_date), "to_date": str(self.filters.to_date), **more}
		return {**options, "company": self.company} if self.company else options


def readable(doctype: str) -> bool:
	"""Whether the site has the DocType and the reader's roles read it."""
	if not frappe.db.exists("DocType", doctype, cache=True):
		return False
	return bool(frappe.db.table_exists(doctype, cached=True) and may_read(doctype))


def read_scope(raw: str | dict | list | None, from_date: date | None = None, to_date=None) -> Scope:
	"""Read what the reader chose on the chart; the period is `from_date` to `to_date`, by default twelve months up to
	today, this one included.

	Without a chosen company all companies count if they have one currency, else the reader's own one (Session Defaults).
	Raises ValidationError as a report does. One statement, two with a company.
	"""
	chosen = frappe.parse_json(raw) if raw else {}
	chosen = chosen if isinstance(chosen, dict) else {}
	today = getdate()
	values = {
		"from_date": from_date or get_first_day(add_months(today, 1 - MONTHS)),
		"to_date": to_date or today,
	}
	values |= {key: chosen[key] for key in FILTERS if chosen.get(key)}
	currencies = _currencies()
	if "company" not in values and len(set(currencies.values())) > 1 and (own := _own_company(currencies)):
		values["company"] = own
	filters = report_filters.read(values)
	return Scope(filters, _currency(filters.get("company"), currencies))


def _currency(company: str | None, currencies: dict[str, str]) -> str | None:
	if company:
		return currencies.get(company) or frappe.get_cached_value("Company", company, "default_currency")
	known = set(currencies.values())
	if len(known) > 1:
		return None
	return known.pop() if known else frappe.db.get_default("currency")


def _currencies() -> dict[str, str]:
	"""Company -> its currency, of the companies that the reader's User Permissions leave."""
	company = DocType("Company")
	query = frappe.qb.from_(company).select(company.name, company.default_currency)
	allowed = [row.get("doc") for row in get_user_permissions(frappe.session.user).get("Company", [])]
	if allowed:
		query = query.where(company.name.isin(allowed))
	return dict(query.run())


def _own_company(currencies: dict[str, str]) -> str | None:
	"""The company that the reader chose in the desk's Session Defaults; the site's default is nobody's choice."""
	own = frappe.defaults.get_defaults_for(frappe.session.user)
	company = own.get("company") or own.get("Company")
	return company if company in currencies else None
