"""Rows of the inbox are written by plain statements: thousands come in, none has a form of its own.

What the provider sends is text of strangers: `text()` makes it something the database can hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe.utils import convert_utc_to_system_timezone, now_datetime

NAME_LENGTH = 12
# a unique key was taken by somebody else meanwhile; and, from MariaDB 11.6 on, a row changed after the transaction's first read
PASSING_CODES = (1062, 1020)


def new_name() -> str:
	"""A name for a row, drawn by chance: a series would lock."""
	return frappe.generate_hash(length=NAME_LENGTH)


def insert(doctype: str, **values) -> str:
	"""Insert one row and return its name. One statement. Raises the driver's error where a unique key is taken."""
	return insert_many(doctype, [values])[0]


def insert_many(doctype: str, rows: Iterable[dict], ignore_duplicates: bool = False) -> list[str]:
	"""Insert rows that have the same fields and return their names, in one statement.

	`ignore_duplicates`: rows whose unique key is taken are left out; their names are returned all the same.
	"""
	now, user = now_datetime(), frappe.session.user
	common = {"creation": now, "modified": now, "owner": user, "modified_by": user, "docstatus": 0, "idx": 0}
	complete = [{"name": new_name(), **common, **row} for row in rows]
	if not complete:
		return []
	fields = list(complete[0])
	values = [tuple(row[field] for field in fields) for row in complete]
	frappe.db.bulk_insert(doctype, fields, values, ignore_duplicates=ignore_duplicates)
	return [row["name"] for row in complete]


def update(doctype: str, name: str, **values) -> None:
	"""Set columns of one row, `modified` with them. One statement."""
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.update(table).where(table.name == name).set(table.modified, now_datetime())
	for field, value in values.items():
		query = query.set(table[field], value)
	query.run()


def text(value: object, longest: int | None = None) -> str:
	"""What a stranger's program sent, as text that can be stored: no half of a pair of surrogates, no NUL, cut to `longest`."""
	found = str(value or "").encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
	return found[:longest] if longest else found


def site_time(moment: datetime) -> datetime:
	"""A moment in UTC without a zone, as channels give it, in the site's time zone, as Frappe stores it."""
	return convert_utc_to_system_timezone(moment).replace(tzinfo=None)


def is_passing(error: Exception) -> bool:
	"""True when the same transaction may well succeed if it is tried again: a deadlock, a long wait, a key just taken."""
	if isinstance(error, frappe.QueryDeadlockError | frappe.QueryTimeoutError | frappe.UniqueValidationError):
		return True
	return bool(error.args) and error.args[0] in PASSING_CODES
