"""References from our records to any other document: who may point at it, and what it is called."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.records.record import is_retired


def require_readable(doc, doctype: str | None, name: str | None) -> None:
	"""Refuse a reference that the session's user may not read: naming it would reveal its title and existence.

	`doc` is the record that holds the reference. Our own jobs save with `ignore_permissions` and are trusted.
	Raises `frappe.PermissionError`.
	"""
	if not (doctype and name) or doc.flags.ignore_permissions:
		return
	if not frappe.has_permission(doctype, "read", doc=name):
		frappe.throw(
			_(
				"You may not read {0} {1}. Choose a record that you can open, or ask its owner to share it."
			).format(_(doctype), frappe.bold(frappe.utils.escape_html(name))),
			frappe.PermissionError,
			title=_("No Access"),
		)


def check_reference(doc, type_field: str, name_field: str) -> None:
	"""A Dynamic Link is whole (both fields or neither), readable and not disabled. Checked when it is set or moved."""
	doctype, name = doc.get(type_field), doc.get(name_field)
	if not name:
		# the type alone says nothing; a form leaves it behind when the name is cleared
		doc.set(type_field, None)
		return
	if not doctype:
		doc.throw(_("Choose what kind of record {0} is.").format(frappe.bold(frappe.utils.escape_html(name))))
	if not (doc.is_new() or doc.has_value_changed(name_field) or doc.has_value_changed(type_field)):
		return
	require_readable(doc, doctype, name)
	if is_retired(doctype, name):
		doc.throw(
			_("{0} {1} is disabled. Choose another one, or ask a manager to enable it.").format(
				_(doctype), frappe.bold(frappe.utils.escape_html(name))
			),
			title=_("Disabled Record"),
		)


def title_of(doctype: str, name: str) -> str:
	"""Return what people call the record: its title field, else its name. One statement."""
	field = frappe.get_meta(doctype).get_title_field()
	return (frappe.db.get_value(doctype, name, field) if field != "name" else None) or name
