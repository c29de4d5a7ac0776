"""Rows of the inbox are written by plain statements: thousands come in, none has a form of its own.

What the provider sends is text of strangers: `text()` makes it something the database can hold.
"""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import convert_utc_to_system_timezone

from dafater_crm.records.raw_rows import append_rows, update_rows

# a unique key was taken by somebody else meanwhile; and, from MariaDB 11.6 on, a row changed after the transaction's first read
PASSING_CODES = (1062, 1020)


def insert(doctype: str, **values) -> str:
	"""Insert one row and return its name. One statement. Raises the driver's error where a unique key is taken."""
	return append_rows(doctype, [values])[0]


def update(doctype: str, name: str, **values) -> None:
	"""Set columns of one row, `modified` with them. One statement."""
	update_rows(doctype, [name], values)


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
