"""Outstanding amount of overdue invoices by days overdue."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from dafater_crm.dafater_crm.dashboard_chart_source.chart_data import (
	Filters,
	bars,
	no_access,
	several_currencies,
	to_list,
)
from dafater_crm.domain.sales_figures import AGES
from dafater_crm.queries.dashboard_counts import INVOICE, due_between, overdue_by_age
from dafater_crm.queries.dashboard_scope import read_scope, readable


@frappe.whitelist(methods=["GET", "POST"])
def get(filters: Filters = None) -> dict:
	"""Sums in company currency. Permission: read on Sales Invoice, else a sentence; the rows of the user's list."""
	if not readable(INVOICE):
		return no_access(INVOICE)
	scope, today = read_scope(filters), getdate()
	if scope.several_currencies:
		return several_currencies()
	amounts = [amount for _number, amount in overdue_by_age(scope, today)]
	routes = []
	for number in range(len(AGES)):
		first, last = due_between(number, today)
		due = ["Between", [str(first), str(last)]] if first else ["<=", str(last)]
		routes.append(
			to_list(
				INVOICE,
				docstatus=1,
				outstanding_amount=[">", 0],
				due_date=due,
				company=scope.company,
			)
		)
	return bars(_labels(), {_("Overdue Amount"): amounts}, routes)


def _labels() -> list[str]:
	"""Short ones: a chart of half the page cuts what is longer than a dozen letters."""
	return [
		_("{0}-{1} days").format(first, last) if last else _("Over {0}").format(first - 1)
		for first, last in AGES
	]
