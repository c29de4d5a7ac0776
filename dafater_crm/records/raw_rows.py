"""Rows that no controller runs for: history, logs, keys, ledgers, deliveries. Written in plain statements, many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import islice

import frappe
from frappe.utils import now_datetime

NAME_LENGTH = 12
# in one statement, so that it stays below what the server takes in a packet
MOST_ROWS = 5000


def new_name() -> str:
	"""A name for a row, drawn by chance: a series would lock."""
	return frappe.generate_hash(length=NAME_LENGTH)


def append_rows(
	doctype: str, rows: Iterable[dict], now: datetime | None = None, ignore_doubles: bool = False
) -> list[str]:
	"""Insert rows with the columns that every document has, and return their names in order. One statement for 5,000 rows.

	What a row says itself (a name, an owner) counts. `now`: creation and change, in the site's time zone. `ignore_doubles`: a row
	whose unique key is taken is left out; its name is returned all the same. The caller has checked permission.
	"""
	now, user = now or now_datetime(), frappe.session.user
	common = {"creation": now, "modified": now, "owner": user, "modified_by": user}
	complete = [{"name": new_name(), **common, **row} for row in rows]
	insert_rows(doctype, complete, ignore_doubles)
	return [row["name"] for row in complete]


def update_rows(doctype: str, names: Collection[str], values: dict) -> None:
	"""Set the same columns of some rows, `modified` with them unless it is given. One statement, none for no names.

	Through pypika an update of fifteen columns takes longer in Python than on the server.
	"""
	if not names:
		return
	values = {"modified": now_datetime(), **values}
	columns = ", ".join(f"`{column}` = %s" for column in values)
	holder = ", ".join(["%s"] * len(names))
	query = f"UPDATE `tab{doctype}` SET {columns} WHERE name IN ({holder})"
	bound = [*values.values(), *names]
	frappe.db.sql(query, bound)  # nosemgrep: raw-sql - names from our metadata, values are bound


def insert_rows(doctype: str, rows: Iterable[dict], ignore_doubles: bool = False) -> None:
	"""Insert rows as they are, 5,000 a statement; a key that a row lacks is NULL.

	`frappe.db.bulk_insert` renders every value through pypika, which takes ten times as long for wide rows.
	"""
	waiting = iter(rows)
	while some := list(islice(waiting, MOST_ROWS)):
		_insert(doctype, some, "INSERT IGNORE" if ignore_doubles else "INSERT")


def _insert(doctype: str, rows: list[dict], insert: str) -> None:
	columns = sorted({key for row in rows for key in row})
	names = ", ".join(f"`{column}`" for column in columns)
	holder = f"({', '.join(['%s'] * len(columns))})"
	values = [row.get(column) for row in rows for column in columns]
	table = f"`tab{doctype}`"
	query = f"{insert} INTO {table} ({names}) VALUES {', '.join([holder] * len(rows))}"
	frappe.db.sql(query, values)  # nosemgrep: raw-sql - names from our metadata, values are bound
