"""How one section of the customer view is read: the newest rows and the true totals, two statements, never a loop."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import frappe
from frappe.permissions import get_role_permissions
from pypika import Order
from pypika.functions import Count, Sum
from pypika.queries import Selectable
from pypika.terms import Case, Criterion, Term

from dafater_crm.queries.access import ListedRows


class Rendered(Criterion):
	"""A condition that is SQL already."""

	def __init__(self, sql: str):
		super().__init__()
		self.sql = sql

	def get_sql(self, **kwargs) -> str:
		return self.sql

	def nodes_(self):
		yield self

	def replace_table(self, current_table, new_table):
		return self


@dataclass
class Section:
	"""What a section reads.

	`rule` ties the rows to the parties. `columns` are those of a row; `amounts` and `numbers` are summed over all rows,
	amounts per currency. `currency` is the term an amount is expressed in. `keys` is a derived table with a column
	`name`, joined instead of an OR that no index could serve.
	"""

	doctype: str
	columns: dict[str, Term]
	newest: Term
	rule: Criterion | None = None
	keys: Selectable | None = None
	amounts: dict[str, Term] = field(default_factory=dict)
	numbers: dict[str, Term] = field(default_factory=dict)
	currency: Term | None = None

	@cached_property
	def listed(self) -> Criterion:
		"""The list's own condition, rendered once for both statements: some DocTypes pay statements for it."""
		return Rendered(ListedRows(self.doctype).get_sql())

	def read(self, limit: int) -> dict:
		"""Return {"rows": [...], "count": n, "figures": [...]} of what the session's user may list."""
		rows = self._rows(limit)
		totals = self._totals()
		return {"rows": rows, "count": sum(row["count"] for row in totals), "figures": self._figures(totals)}

	def figures(self) -> list[dict]:
		"""The totals alone, one statement."""
		return self._figures(self._totals())

	def _query(self):
		table = frappe.qb.DocType(self.doctype)
		query = frappe.qb.from_(table)
		if self.keys is not None:
			query = query.join(self.keys).on(self.keys.name == table.name)
		if self.currency is not None:
			company = frappe.qb.DocType("Company")
			query = query.left_join(company).on(company.name == table.company)
		if self.rule is not None:
			query = query.where(self.rule)
		return query.where(self.listed)

	def _rows(self, limit: int) -> list[dict]:
		table = frappe.qb.DocType(self.doctype)
		columns = {"name": table.name, **self.columns}
		if self.currency is not None:
			columns["currency"] = self.currency
		return (
			self._query()
			.select(*(term.as_(alias) for alias, term in columns.items()))
			.orderby(self.newest, order=Order.desc)
			.orderby(table.name, order=Order.desc)
			.limit(limit)
			.run(as_dict=True)
		)

	def _totals(self) -> list[dict]:
		sums = {**self.amounts, **self.numbers}
		query = self._query().select(
			Count("*").as_("count"), *(Sum(term).as_(alias) for alias, term in sums.items())
		)
		if self.currency is not None:
			query = query.select(self.currency.as_("currency")).groupby(self.currency)
		return query.run(as_dict=True)

	def _figures(self, totals: list[dict]) -> list[dict]:
		figures = [
			{
				"key": key,
				"kind": "currency",
				"values": [{"value": row[key] or 0, "currency": row["currency"]} for row in totals],
			}
			for key in self.amounts
		]
		return figures + [
			{"key": key, "kind": "number", "values": [{"value": int(sum(row[key] or 0 for row in totals))}]}
			for key in self.numbers
		]


def when(condition: Criterion, then: Term | int = 1) -> Case:
	"""`then` for the rows that meet the condition, else 0: a total of a part of the rows."""
	return Case().when(condition, then).else_(0)


def company_currency() -> Term:
	"""Currency of the row's company; a section that uses it has the join on Company."""
	return frappe.qb.DocType("Company").default_currency


def may_read(doctype: str) -> bool:
	"""Whether the user's roles read the DocType. A share of single documents opens no section."""
	return bool(get_role_permissions(frappe.get_meta(doctype)).get("read"))
