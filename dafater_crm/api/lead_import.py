"""Buttons of a lead import: what a column may fill, check, start, continue, stop, undo."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.records import import_file, import_run
from dafater_crm.records.import_file import LEAD

IMPORT = "Dafater Lead Import"


@frappe.whitelist(methods=["GET"])
def fields() -> list[dict]:
	"""Fields that a column may fill: [{"value", "label"}]. Permission: create on imports."""
	frappe.has_permission(IMPORT, "create", throw=True)
	return [{"value": field, "label": _(label)} for field, label in import_file.fields_to_fill().items()]


@frappe.whitelist(methods=["GET"])
def sheets(name: str) -> list[str]:
	"""Names of the sheets of a workbook; none for a CSV file. Permission: read on the import."""
	return import_file.table_of(_import(name, "read")).sheets


@frappe.whitelist(methods=["POST"])
def check(name: str) -> None:
	"""Read the whole file without storing anything and count what would be made, filled up and refused.

	Permission: write on the import.
	"""
	_import(name, "write", lock=True).begin(import_run.CHECKING)


@frappe.whitelist(methods=["POST"])
def start(name: str) -> None:
	"""Import the file in the background. Permission: write on the import, create on leads."""
	doc = _import(name, "write", lock=True)
	frappe.has_permission(LEAD, "create", throw=True)
	doc.begin(import_run.IMPORTING)


@frappe.whitelist(methods=["POST"])
def resume(name: str) -> None:
	"""Go on with what was stopped or failed: import or undo where they were, a check from its first row.

	Permission: write on the import, create on leads, or delete where it was being undone.
	"""
	doc = _import(name, "write", lock=True)
	frappe.has_permission(LEAD, "delete" if doc.phase == import_run.UNDOING else "create", throw=True)
	doc.go_on()


@frappe.whitelist(methods=["POST"])
def stop(name: str) -> None:
	"""Stop after the batch that is running; what was imported stays. Permission: write on the import."""
	_import(name, "write", lock=True).stop()


@frappe.whitelist(methods=["POST"])
def undo(name: str) -> None:
	"""Take the whole import back in the background; leads that were worked with since stay.

	Permission: write on the import, delete on leads.
	"""
	doc = _import(name, "write", lock=True)
	frappe.has_permission(LEAD, "delete", throw=True)
	doc.take_back()


def _import(name: str, right: str, lock: bool = False):
	doc = frappe.get_doc(IMPORT, name, for_update=lock)
	doc.check_permission(right)
	return doc
