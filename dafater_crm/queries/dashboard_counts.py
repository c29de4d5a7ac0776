"""Customers, tasks, issues and overdue invoices on the dashboards: one statement each, the rows of the reader's lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, flt, get_first_day, getdate
from pypika import Case, CustomFunction

from dafater_crm.domain.dates import half_open_day_range
from dafater_crm.domain.sales_figures import AGES, same_days_last_month
from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.customer_money import base_outstanding
from dafater_crm.queries.dashboard_scope import Scope
from dafater_crm.queries.report_filters import all_of
from dafater_crm.queries.view_section import when

CUSTOMER, TASK, ISSUE, INVOICE = "Customer", "Dafater Activity", "Issue", "Sales Invoice"

DateDiff = CustomFunction("DATEDIFF", ["later", "earlier"])


@dataclass(frozen=True)
class NewCustomers:
	"""Customers entered this month up to today, and in the same days of last month."""

	this_month: int
	last_month: int


def new_customers(today: date) -> NewCustomers:
	"""Customers by the day they were entered, this month and last."""
	table = DocType(CUSTOMER)
	first, same_day = same_days_last_month(today)
	start, end = half_open_day_range(first, same_day)
	row = (
		frappe.qb.from_(table)
		.select(Sum(when(table.creation >= get_first_day(today))), Sum(when(table.creation < end)))
		.where(table.creation >= start)
		.where(ListedRows(CUSTOMER))
		.run()[0]
	)
	return NewCustomers(cint(row[0]), cint(row[1]))


def tasks_done(today: date) -> tuple[int, int]:
	"""(all, on time): tasks done this month that had a due time; on time is done no later than due."""
	table = DocType(TASK)
	start, end = half_open_day_range(getdate(get_first_day(today)), today)
	row = (
		frappe.qb.from_(table)
		.select(Count("*"), Sum(when(table.done_on <= table.due_on)))
		.where((table.status == "Done") & (table.done_on >= start) & (table.done_on < end))
		.where(table.due_on.isnotnull())
		.where(ListedRows(TASK))
		.run()[0]
	)
	return cint(row[0]), cint(row[1])


def open_issues_by_priority() -> list[tuple[str | None, int]]:
	"""Open issues by priority, most first; None for those without a priority."""
	table = DocType(ISSUE)
	rows = (
		frappe.qb.from_(table)
		.select(table.priority, Count("*"))
		.where(table.status == "Open")
		.where(ListedRows(ISSUE))
		.groupby(table.priority)
		.run()
	)
	return sorted(
		((priority or None, count) for priority, count in rows), key=lambda row: (-row[1], row[0] or "")
	)


def overdue_by_age(scope: Scope, today: date) -> list[tuple[int, float]]:
	"""(number, outstanding in company currency) of the overdue invoices of each age of `AGES`.

	Overdue: submitted, something outstanding, due before today; ERPNext's status is renewed once a day only.
	"""
	table = DocType(INVOICE)
	age = Case()
	for number, (first, _last) in reversed(list(enumerate(AGES))):
		age = age.when(DateDiff(today, table.due_date) >= first, number)
	rows = (
		frappe.qb.from_(table)
		.select(age.as_("age"), Count("*"), Sum(base_outstanding()))
		.where(
			all_of(
				(table.docstatus == 1) & (table.outstanding_amount > 0) & (table.due_date < today),
				scope.of_company(table),
				ListedRows(INVOICE),
			)
		)
		.groupby(age)
		.run()
	)
	found = {cint(number): (count, flt(amount)) for number, count, amount in rows}
	return [found.get(number, (0, 0.0)) for number in range(len(AGES))]


def due_between(number: int, today: date) -> tuple[date, date] | None:
	"""First and last due date of an age; None for the first day of the open one."""
	first, last = AGES[number]
	return (today - timedelta(days=last) if last else None, today - timedelta(days=first))
