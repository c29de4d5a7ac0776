"""What a site consists of, for comparing before an install and after an uninstall: `site_shape.py SITE` prints JSON.

Columns and indexes of all tables, and the names of all rows. Left out are logs, sessions and caches, which change by
themselves, and the values of Default Value, which Frappe rewrites under new names at every install.
"""

from __future__ import annotations

import json
import sys

import frappe

NOISE = frozenset(
	{
		"tabAccess Log",
		"tabActivity Log",
		"tabDefaultValue",
		"tabDeleted Document",
		"tabError Log",
		"tabInstalled Application",
		"tabPermission Log",
		"tabRoute History",
		"tabScheduled Job Log",
		"tabVersion",
	}
)


def shape(site: str) -> dict[str, list[str]]:
	"""{"columns": ["table|column|type", …], "indexes": […], "rows": ["table|name", …]}, each sorted."""
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	columns = information("columns", "column_name", "column_type")
	named = [line.split("|")[0] for line in columns if line.split("|")[1] == "name"]
	rows = [f"{table}|{name}" for table in named if table not in NOISE for name in distinct(table, "name")]
	rows += [f"singles|{name}" for name in distinct("tabSingles", "doctype")]
	rows += [f"defaults of|{name}" for name in distinct("tabDefaultValue", "parent")]
	indexes = information("statistics", "index_name", "column_name")
	frappe.destroy()
	return {"columns": columns, "indexes": indexes, "rows": sorted(rows)}


def distinct(table: str, field: str) -> list[str]:
	raw = frappe.qb.Table(table)
	return [str(row[0]) for row in frappe.qb.from_(raw).select(raw[field]).distinct().run()]


def information(view: str, *fields: str) -> list[str]:
	"""Rows of information_schema for the site's database as "table|field|field"."""
	schema = frappe.qb.Table(view, schema="information_schema")
	rows = (
		frappe.qb.from_(schema)
		.select(schema.table_name, *(schema[field] for field in fields))
		.where(schema.table_schema == frappe.conf.db_name)
		.run()
	)
	return sorted("|".join(map(str, row)) for row in rows)


if __name__ == "__main__":
	print(json.dumps(shape(sys.argv[1])))
