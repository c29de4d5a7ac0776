"""Which rows of which tables point to a record, and moving exactly those to another one, forth and back.

Frappe's own rename with merge moves the same links, but says not which, so it could never be undone.
"""

from __future__ import annotations

import frappe
from frappe.model.dynamic_links import get_dynamic_link_map, get_dynamic_links
from frappe.model.rename_doc import get_link_fields
from frappe.query_builder import DocType

# References by name that Frappe keeps in plain text columns: DocType -> (column of the type, column of the name)
PLAIN = {"File": ("attached_to_doctype", "attached_to_name"), "Version": ("ref_doctype", "docname")}
# They tell what was decided about the two records, and stay as they are.
KEEP = frozenset(("Dafater Duplicate Candidate", "Dafater Lead Merge"))
# Our own tables, and those of Frappe's to which we write rows without their documents
OURS, BULK = "Dafater ", frozenset(("Dynamic Link", "ToDo"))
AT_ONCE = 1_000


def pointing_at(doctype: str, name: str) -> list[dict]:
	"""Rows that point at a record: [{"doctype", "field", "names"}], one for each column that has any.

	One statement a column. Single DocTypes are not looked at: they hold settings.
	"""
	found = []
	for table, field, type_field in columns_of(doctype):
		where = DocType(table)
		query = frappe.qb.from_(where).select(where.name).where(where[field] == name)
		if type_field:
			query = query.where(where[type_field] == doctype)
		names = query.run(pluck=True)
		if names:
			found.append({"doctype": table, "field": field, "names": names})
	return found


def move(links: list[dict], old: str, new: str) -> int:
	"""Let the rows of `links` that still point at `old` point at `new`; returns how many did.

	`modified` stays: nobody edited those documents. One statement for each thousand rows of a column.
	"""
	moved = 0
	for link in links:
		table = DocType(link["doctype"])
		for start in range(0, len(link["names"]), AT_ONCE):
			names = link["names"][start : start + AT_ONCE]
			chosen = table.name.isin(names) & (table[link["field"]] == old)
			moved += len(frappe.qb.from_(table).select(table.name).where(chosen).run())
			frappe.qb.update(table).set(table[link["field"]], new).where(chosen).run()
	return moved


def columns_of(doctype: str) -> list[tuple[str, str, str | None]]:
	"""(table, column, column of the type or None) of everything that can point at `doctype`."""
	columns: dict[tuple[str, str], str | None] = {}
	for field in get_link_fields(doctype):
		if not field.issingle:
			columns[field.parent, field.fieldname] = None
	for field in [*get_dynamic_link_map().get(doctype, []), *_written_in_bulk()]:
		if not frappe.get_meta(field.parent).issingle:
			columns[field.parent, field.fieldname] = field.options
	for table, (type_field, name_field) in PLAIN.items():
		columns[table, name_field] = type_field
	return [
		(table, field, type_field)
		for (table, field), type_field in sorted(columns.items())
		if table not in KEEP and frappe.db.table_exists(table, cached=True)
	]


def _written_in_bulk() -> list[dict]:
	"""Dynamic Links of tables whose rows we write without their documents.

	Later releases of Frappe remember for hours which DocTypes a column names, and learn of a new one by a document's save only.
	"""
	return [field for field in get_dynamic_links() if field.parent.startswith(OURS) or field.parent in BULK]
