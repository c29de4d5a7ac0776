"""The number cards of the dashboards. Each answers its figure and, for the click, the list or report behind it.

Frappe shows a card to whoever reads its DocType. ERPNext lets everybody pass for Sales Invoice (a permission of a
higher level), so a card of a foreign DocType looks for itself and says in words when there is nothing to show.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html, get_first_day, getdate

from dafater_crm.domain.sales_figures import percent, percent_change, sales_velocity, same_days_last_month
from dafater_crm.domain.sales_figures import win_rate as rate_of
from dafater_crm.queries import dashboard_counts as counts
from dafater_crm.queries import dashboard_pipeline as pipeline
from dafater_crm.queries.dashboard_scope import Scope, read_scope, readable
from dafater_crm.queries.report_pipeline import AT_WORK, DOCTYPE

# resolved by the desk against the reader's company, as Frappe does for a card of a Currency field
MONEY = {"fieldtype": "Currency", "options": "Company:company:default_currency"}
Filters = str | dict | list | None


@frappe.whitelist(methods=["GET", "POST"])
def new_customers(filters: Filters = None) -> dict | str:
	"""Customers entered this month. Permission: read on Customer, else words; counts the user's list."""
	if not readable(counts.CUSTOMER):
		return _no_access(counts.CUSTOMER)
	today = getdate()
	found = counts.new_customers(today)
	entered = _between(get_first_day(today), today)
	return _card(found.this_month, {"fieldtype": "Int"}, counts.CUSTOMER, creation=entered)


@frappe.whitelist(methods=["GET", "POST"])
def new_customers_change(filters: Filters = None) -> dict | str:
	"""Change of new customers in percent against the same days of last month; a dash where those had none.

	Permission: read on Customer, else words; counts the user's list.
	"""
	if not readable(counts.CUSTOMER):
		return _no_access(counts.CUSTOMER)
	today = getdate()
	found = counts.new_customers(today)
	change = percent_change(found.this_month, found.last_month)
	entered = _between(same_days_last_month(today)[0], today)
	return _share(change, counts.CUSTOMER, creation=entered)


@frappe.whitelist(methods=["GET", "POST"])
def tasks_on_time(filters: Filters = None) -> dict | str:
	"""Share of this month's done tasks that were done when due. Permission: read on Activity; the user's list."""
	frappe.has_permission(counts.TASK, "read", throw=True)
	today = getdate()
	done, on_time = counts.tasks_done(today)
	month = _between(get_first_day(today), today)
	return _share(percent(on_time, done), counts.TASK, status="Done", done_on=month, due_on=["is", "set"])


@frappe.whitelist(methods=["GET", "POST"])
def active_deals(filters: Filters = None) -> dict | str:
	"""Number of opportunities at work. Permission: read on Opportunity; counts the user's list."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	scope = read_scope(filters)
	return _card(pipeline.at_work(scope).count, {"fieldtype": "Int"}, DOCTYPE, **_at_work(scope))


@frappe.whitelist(methods=["GET", "POST"])
def expected_revenue(filters: Filters = None) -> dict | str:
	"""Weighted amount of the opportunities at work. Permission: read on Opportunity; adds up the user's list."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	scope = read_scope(filters)
	if scope.several_currencies:
		return _several_currencies()
	return _card(pipeline.at_work(scope).weighted, MONEY, DOCTYPE, **_at_work(scope))


@frappe.whitelist(methods=["GET", "POST"])
def win_rate(filters: Filters = None) -> dict | str:
	"""Won of the opportunities decided in twelve months. Permission: read on Opportunity; counts the user's list."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	scope = read_scope(filters)
	decided = pipeline.decided(scope)
	return _share(rate_of(decided.won, decided.lost), DOCTYPE, **_won(scope))


@frappe.whitelist(methods=["GET", "POST"])
def velocity(filters: Filters = None) -> dict | str:
	"""Sales velocity, company currency a day. Permission: read on Opportunity; figures of the user's list."""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	scope = read_scope(filters)
	if scope.several_currencies:
		return _several_currencies()
	decided = pipeline.decided(scope)
	figure = sales_velocity(
		pipeline.at_work(scope).count, decided.won, decided.lost, decided.won_amount, decided.won_days
	)
	return _none_yet() if figure is None else _card(figure, MONEY, DOCTYPE, **_at_work(scope))


@frappe.whitelist(methods=["GET", "POST"])
def overdue_invoices(filters: Filters = None) -> dict | str:
	"""Outstanding amount of the overdue invoices. Permission: read on Sales Invoice, else words; the user's list."""
	if not readable(counts.INVOICE):
		return _no_access(counts.INVOICE)
	scope, today = read_scope(filters), getdate()
	if scope.several_currencies:
		return _several_currencies()
	total = sum(amount for _number, amount in counts.overdue_by_age(scope, today))
	return _card(total, MONEY, counts.INVOICE, **overdue_filters(scope, due=["<", str(today)]))


@frappe.whitelist(methods=["GET", "POST"])
def open_issues(filters: Filters = None) -> dict | str:
	"""Number of open issues. Permission: read on Issue where the site has it, else words; counts the user's list."""
	if not readable(counts.ISSUE):
		return _no_access(counts.ISSUE)
	number = sum(count for _priority, count in counts.open_issues_by_priority())
	return _card(number, {"fieldtype": "Int"}, counts.ISSUE, status="Open")


def overdue_filters(scope: Scope, due: list) -> dict:
	"""List filters of overdue invoices whose due date meets `due`."""
	chosen = {"docstatus": 1, "outstanding_amount": [">", 0], "due_date": due}
	return {**chosen, "company": scope.company} if scope.company else chosen


def _card(value: float, df: dict, doctype: str, **filters) -> dict:
	return {"value": value, **df, "route": ["List", doctype, "List"], "route_options": filters}


def _share(value: float | None, doctype: str, **filters) -> dict | str:
	return _none_yet() if value is None else _card(value, {"fieldtype": "Percent"}, doctype, **filters)


def _between(first, last) -> list:
	return ["Between", [str(getdate(first)), str(getdate(last))]]


def _at_work(scope: Scope) -> dict:
	chosen = {"status": ["in", list(AT_WORK)]}
	return {**chosen, "company": scope.company} if scope.company else chosen


def _won(scope: Scope) -> dict:
	chosen = {"status": "Won", "won_on": _between(scope.filters.from_date, scope.filters.to_date)}
	return {**chosen, "company": scope.company} if scope.company else chosen


def _none_yet() -> str:
	"""Nothing to compare with is not zero."""
	return "—"


def _no_access(doctype: str) -> str:
	return _words(_("You may not read {0}.").format(_(doctype)))


def _several_currencies() -> str:
	return _words(_("Several currencies: choose your company in Session Defaults."))


def _words(text: str) -> str:
	"""A sentence where the figure would be, in the size of a sentence; Frappe puts the answer into the page as HTML."""
	return f'<span class="small text-muted">{escape_html(text)}</span>'
