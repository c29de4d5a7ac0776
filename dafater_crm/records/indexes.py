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
	"""Add the column "_{field}_backwards" with an index unless it is there, so that "ends with" is found by an index. MariaDB only.

	The column is generated: no writer knows of it, and it takes no room in the rows. Its leading underscore keeps Frappe's `trim-tables`
	from taking it away.
	"""
	table, column = f"tab{doctype}", f"_{field}_backwards"
	if frappe.db.db_type != "mariadb" or frappe.db.has_index(table, f"{column}_index"):
		return
	frappe.db.commit()  # nosemgrep: manual-commit - a change of the table ends the transaction anyway
	# nosemgrep: raw-sql - neither qb nor Frappe's schema knows generated columns; the names are ours
	frappe.db.sql_ddl(
		f"ALTER TABLE `{table}` ADD COLUMN IF NOT EXISTS `{column}` VARCHAR(140) AS (REVERSE(`{field}`)) VIRTUAL, "
		f"ADD INDEX `{column}_index` (`{column}`)"
	)
