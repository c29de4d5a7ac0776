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
	now, user, rows = now or now_datetime(), frappe.session.user, list(rows)
	common = {"creation": now, "modified": now, "owner": user, "modified_by": user}
	# in order, so that neighbours in the statement are neighbours in the table
	names = sorted(new_name() for _row in rows)
	complete = [{"name": name, **common, **row} for name, row in zip(names, rows, strict=True)]
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
	"""What all rows say (who, when, a status) is half of the columns. It is named once: to render a value takes the driver as long
	as to store it takes the server."""
	names = sorted({key for row in rows for key in row})
	table = f"`tab{doctype}`"
	if len(rows) == 1:
		query = f"{insert} INTO {table} ({_quoted(names)}) VALUES ({_holders(names)})"
		values = [rows[0][name] for name in names]
		frappe.db.sql(query, values)  # nosemgrep: raw-sql - names from our metadata, values are bound
		return
	columns = {name: [row.get(name) for row in rows] for name in names}
	apart = [name for name in names if not _all_alike(columns[name])] or names[:1]
	alike = [name for name in names if name not in apart]
	values = [cell for cells in zip(*(columns[name] for name in apart), strict=True) for cell in cells]
	values += [columns[name][0] for name in alike]
	query = (
		f"{insert} INTO {table} ({_quoted(apart + alike)}) WITH v ({_quoted(apart)}) AS"
		f" (VALUES {', '.join([f'({_holders(apart)})'] * len(rows))})"
		f" SELECT {', '.join(['v.*', *['%s'] * len(alike)])} FROM v"
	)
	frappe.db.sql(query, values)  # nosemgrep: raw-sql - names from our metadata, values are bound


def _all_alike(cells: list) -> bool:
	# 1, 1.0 and True are equal, but not the same in a column of texts
	return cells.count(cells[0]) == len(cells) and len(set(map(type, cells))) == 1


def _quoted(columns: list[str]) -> str:
	return ", ".join(f"`{column}`" for column in columns)


def _holders(columns: list[str]) -> str:
	return ", ".join(["%s"] * len(columns))
