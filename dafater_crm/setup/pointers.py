"""Rows of other DocTypes that point at ours, wherever they are: found from the site's own metadata.

A pointer is a Link field to DocType, with or without the Dynamic Links that hang on it. After an uninstall its value names
a DocType that is gone. Frappe's own rows (comments, versions, assignments, tags, shares, views …) belong to our records
and go with them; e-mails stay and lose the reference. In other apps' documents an optional pointer is emptied, while a
mandatory one is a reason to refuse the uninstall: the document could not be opened any more.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe

PREFIX = "Dafater "

# Frappe's rows that are worth keeping without the reference: correspondence, settings, logs
KEPT = frozenset(
	{
		"Communication",
		"Desktop Icon",
		"Email Account",
		"Email Queue",
		"Email Unsubscribe",
		"Error Log",
		"Form Tour",
		"IMAP Folder",
		"Integration Request",
		"Onboarding Step",
		"User Type",
	}
)
# ERPNext's own bookkeeping about DocTypes; the rows mean nothing once the DocType is gone
EXPENDABLE = frozenset({"Transaction Deletion Record Item", "Transaction Deletion Record Details"})


@dataclass(frozen=True)
class Pointer:
	"""One field that names a DocType, and the Dynamic Links that complete it."""

	doctype: str
	field: str
	mandatory: bool
	is_table: bool
	names: tuple[str, ...]
	app: str

	@property
	def blocks(self) -> bool:
		"""True when a row may not stay without the value and may not be deleted by us."""
		return self.mandatory and self.app != "frappe" and self.doctype not in EXPENDABLE

	@property
	def deletes(self) -> bool:
		"""True when the row goes together with our record."""
		return (self.app == "frappe" and self.doctype not in KEPT) or self.doctype in EXPENDABLE


def pointers() -> list[Pointer]:
	"""All pointers of the site outside our own DocTypes; singles and virtual DocTypes have no rows."""
	found = []
	for doctype, field, mandatory in _fields():
		info = frappe.db.get_value(
			"DocType", doctype, ["issingle", "is_virtual", "istable", "module"], as_dict=True
		)
		if not info or info.issingle or info.is_virtual or not frappe.db.has_column(doctype, field):
			continue
		found.append(
			Pointer(
				doctype,
				field,
				bool(mandatory),
				bool(info.istable),
				_completing(doctype, field),
				frappe.local.module_app.get(frappe.scrub(info.module)) or "",
			)
		)
	return found


def documents_pointing_at(pointer: Pointer, doctypes: list[str]) -> list[tuple[str, str]]:
	"""(DocType, name) of the documents that hold such a value; for a child row its parent."""
	columns = ["parenttype", "parent"] if pointer.is_table else ["name"]
	rows = frappe.get_all(pointer.doctype, {pointer.field: ("in", doctypes)}, columns, distinct=True)
	if pointer.is_table:
		return [(row.parenttype, row.parent) for row in rows]
	return [(pointer.doctype, row.name) for row in rows]


def clear(pointer: Pointer, doctypes: list[str]) -> None:
	"""Delete or empty the rows that name one of `doctypes`, as the pointer's kind demands."""
	if not pointer.deletes:
		frappe.db.set_value(
			pointer.doctype,
			{pointer.field: ("in", doctypes)},
			dict.fromkeys([pointer.field, *pointer.names]),
			update_modified=False,
		)
	elif _needs_document(pointer.doctype):
		for name in frappe.get_all(pointer.doctype, {pointer.field: ("in", doctypes)}, pluck="name"):
			# Standard rows would refuse in on_trash outside developer mode.
			frappe.delete_doc(pointer.doctype, name, force=True, ignore_on_trash=True)
	else:
		frappe.db.delete(pointer.doctype, {pointer.field: ("in", doctypes)})


def _needs_document(doctype: str) -> bool:
	"""Child rows and files on disk go only when the document is deleted as one."""
	return doctype == "File" or bool(frappe.get_meta(doctype).get_table_fields())


def _fields() -> list[tuple[str, str, int]]:
	rows = []
	for table, parent in (("DocField", "parent"), ("Custom Field", "dt")):
		rows += frappe.get_all(
			table,
			{"fieldtype": "Link", "options": "DocType", parent: ("not like", f"{PREFIX}%")},
			[parent, "fieldname", "reqd"],
			as_list=True,
		)
	return rows


def _completing(doctype: str, field: str) -> tuple[str, ...]:
	"""Dynamic Links of the field; Frappe's older tables keep the name in a Data field beside it."""
	meta = frappe.get_meta(doctype)
	dynamic = [df.fieldname for df in meta.fields if df.fieldtype == "Dynamic Link" and df.options == field]
	beside = field.replace("doctype", "name")
	if not dynamic and beside != field and meta.has_field(beside):
		dynamic = [beside]
	return tuple(dynamic)
