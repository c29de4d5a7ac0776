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
