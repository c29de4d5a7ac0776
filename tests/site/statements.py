"""Counts the SQL statements of a block, so that a list or a save that grows with its rows fails a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def counted() -> Iterator[list[str]]:
	"""Collect the statements that run through Frappe's connection within the block."""
	statements: list[str] = []
	real = frappe.db.sql

	def record(query, *args, **kwargs):
		statements.append(str(query))
		return real(query, *args, **kwargs)

	frappe.db.sql = record
	try:
		yield statements
	finally:
		del frappe.db.sql
