"""Indexes that Frappe has no function for."""

from __future__ import annotations

import frappe


def add_full_text(doctype: str, fields: list[str]) -> None:
	"""Add a full-text index over `fields` unless it is there; to be called in `on_doctype_update`. MariaDB only."""
	table, index = f"tab{doctype}", "_".join([*fields, "words"])
	if frappe.db.db_type != "mariadb" or frappe.db.has_index(table, index):
		return
	frappe.db.commit()  # nosemgrep: manual-commit - a change of the table ends the transaction anyway
	columns = ", ".join(f"`{field}`" for field in fields)
	# nosemgrep: raw-sql - neither qb nor `add_index` knows full-text indexes; the names are ours
	frappe.db.sql_ddl(f"ALTER TABLE `{table}` ADD FULLTEXT INDEX `{index}` ({columns})")


def add_backwards(doctype: str, field: str) -> None:
	"""Add the column "_{field}_backwards" with an index unless it is there, so that "ends with" is found by an index. MariaDB only."""
	column = f"_{field}_backwards"
	_add_generated(doctype, column, f"VARCHAR(140) AS (REVERSE(`{field}`))", [column], f"{column}_index")


def add_created_day(doctype: str, indexes: dict[str, list[str]]) -> None:
	"""Add the column "_created_day", and each index (name -> columns) that is not there: rows grouped by the day on which they were created
	come in the order of such an index. MariaDB only."""
	for index, columns in indexes.items():
		_add_generated(doctype, "_created_day", "DATE AS (CAST(`creation` AS DATE))", columns, index)


def _add_generated(doctype: str, column: str, definition: str, columns: list[str], index: str) -> None:
	"""A generated column and an index over it: no writer knows of the column, and it takes no room in the rows. Its leading underscore
	keeps Frappe's `trim-tables` from taking it away."""
	table = f"tab{doctype}"
	if frappe.db.db_type != "mariadb" or frappe.db.has_index(table, index):
		return
	frappe.db.commit()  # nosemgrep: manual-commit - a change of the table ends the transaction anyway
	listed = ", ".join(f"`{name}`" for name in columns)
	# nosemgrep: raw-sql - neither qb nor Frappe's schema knows generated columns; the names are ours
	frappe.db.sql_ddl(
		f"ALTER TABLE `{table}` ADD COLUMN IF NOT EXISTS `{column}` {definition} VIRTUAL, ADD INDEX `{index}` ({listed})"
	)
