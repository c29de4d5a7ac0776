"""Leads that are still worth scoring, in batches, and how many of them a rule would match."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import frappe
from frappe.query_builder.functions import Count
from pypika.terms import Criterion

from dafater_crm.queries.access import ListedRows

LEAD = "Dafater Lead"
# their score stays as it was when they left the funnel
OUT_OF_FUNNEL = ("Converted", "Disqualified", "Do Not Contact")


def is_open(table) -> Criterion:
	return table.status.notin(OUT_OF_FUNNEL)


def waiting(fields: Collection[str], since: datetime, after: str, limit: int) -> list[dict]:
	"""Open leads behind the name `after` that were not scored since `since`. For jobs: all rows, no permission."""
	table = frappe.qb.DocType(LEAD)
	return (
		frappe.qb.from_(table)
		.select(*(table[field] for field in fields))
		.where(is_open(table) & (table.name > after))
		.where(table.scored_on.isnull() | (table.scored_on < since))
		.orderby(table.name)
		.limit(limit)
		.run(as_dict=True)
	)


def named(fields: Collection[str], names: Collection[str]) -> list[dict]:
	"""The open ones among `names`. For jobs: no permission."""
	table = frappe.qb.DocType(LEAD)
	return (
		frappe.qb.from_(table)
		.select(*(table[field] for field in fields))
		.where(is_open(table) & table.name.isin(list(names)))
		.run(as_dict=True)
	)


def open_values(fields: Collection[str]) -> list[tuple]:
	"""[(value of each of `fields`, …, open leads with them)] among the leads that the user's own list shows. One statement."""
	table = frappe.qb.DocType(LEAD)
	columns = [table[field] for field in fields]
	return (
		frappe.qb.from_(table)
		.select(*columns, Count("*"))
		.where(is_open(table) & ListedRows(LEAD))
		.groupby(*columns)
		.run()
	)


def open_names(limit: int) -> Iterator[list[str]]:
	"""Names of the open leads that the user's own list shows, `limit` at a time."""
	table, last = frappe.qb.DocType(LEAD), ""
	while True:
		names = (
			frappe.qb.from_(table)
			.select(table.name)
			.where(is_open(table) & (table.name > last) & ListedRows(LEAD))
			.orderby(table.name)
			.limit(limit)
			.run(pluck=True)
		)
		if not names:
			return
		yield names
		last = names[-1]
