"""Buttons of a lead import: what a column may fill, check, start, continue, stop, undo."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.records import import_file, import_run

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
	_import(name, "write").begin(import_run.CHECKING)


@frappe.whitelist(methods=["POST"])
def start(name: str) -> None:
	"""Import the file in the background. Permission: write on the import, create on leads."""
	doc = _import(name, "write")
	frappe.has_permission("Dafater Lead", "create", throw=True)
	doc.begin(import_run.IMPORTING)


@frappe.whitelist(methods=["POST"])
def resume(name: str) -> None:
	"""Go on where a stopped or failed import was. Permission: write on the import, create on leads."""
	doc = _import(name, "write")
	frappe.has_permission("Dafater Lead", "create", throw=True)
	if doc.status not in ("Stopped", "Failed") or not doc.started_by:
		frappe.throw(_("There is nothing to continue: the import is {0}.").format(_(doc.status)))
	doc.db_set({"status": import_run.IMPORTING, "started_by": frappe.session.user, "error": None})
	import_run.enqueue(name)


@frappe.whitelist(methods=["POST"])
def stop(name: str) -> None:
	"""Stop after the batch that is running; what was imported stays. Permission: write on the import."""
	doc = _import(name, "write", lock=True)
	if doc.status not in (import_run.CHECKING, import_run.IMPORTING):
		frappe.throw(_("The import is not running."))
	doc.db_set("status", "Draft" if doc.status == import_run.CHECKING else "Stopped")


@frappe.whitelist(methods=["POST"])
def undo(name: str) -> None:
	"""Take the whole import back in the background; leads that were worked with since stay.

	Permission: write on the import, delete on leads.
	"""
	doc = _import(name, "write")
	frappe.has_permission("Dafater Lead", "delete", throw=True)
	if doc.status not in ("Completed", "Stopped", "Failed"):
		frappe.throw(_("Only an import that has ended can be undone."))
	doc.db_set({"status": "Undoing", "started_by": frappe.session.user, "error": None})
	frappe.enqueue(
		"dafater_crm.records.import_undo.work",
		queue="long",
		timeout=6 * 3600,
		job_id=f"dafater-import-undo-{name}",
		deduplicate=True,
		enqueue_after_commit=True,
		name=name,
	)


def _import(name: str, right: str, lock: bool = False):
	doc = frappe.get_doc(IMPORT, name, for_update=lock)
	doc.check_permission(right)
	return doc
