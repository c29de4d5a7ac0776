"""The selector "Quotation To" offers our parties: one Property Setter, merged with what other apps put there.

It carries no module of ours: Frappe deletes a module's Property Setters whole on uninstall, other apps' names
included. Only our names are added, and only they are taken out.
"""

from __future__ import annotations

import json

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from dafater_crm.erpnext.parties import OURS

KEY = {"doc_type": "Quotation", "field_name": "quotation_to", "property": "link_filters"}
ERPNEXT_PARTIES = ("Customer", "Lead", "Prospect")


def install() -> None:
	"""Add our parties to the allowed ones. Idempotent; other apps' names stay."""
	if not frappe.db.exists("DocType", "Quotation"):
		return
	present = _allowed(_stored())
	names = present or [name for name in ERPNEXT_PARTIES if frappe.db.exists("DocType", name)]
	missing = [name for name in OURS if name not in names]
	if missing or not present:
		_store(names + missing)


def uninstall() -> None:
	"""Take our names out; the Property Setter goes when only ERPNext's own names are left."""
	present = _allowed(_stored())
	left = [name for name in present if name not in OURS]
	if not present or left == present:
		return
	if set(left) <= set(ERPNEXT_PARTIES):
		for name in frappe.get_all("Property Setter", filters=KEY, pluck="name"):
			frappe.delete_doc("Property Setter", name, ignore_permissions=True)  # runs in uninstall only
	else:
		_store(left)
	frappe.clear_cache(doctype="Quotation")


def _stored() -> str | None:
	return frappe.db.get_value("Property Setter", KEY, "value")


def _allowed(value: str | None) -> list[str]:
	"""Names in a filter like [["DocType", "name", "in", ["Customer", …]]]; [] for anything else."""
	try:
		filters = json.loads(value or "[]")
		return list(filters[0][3]) if filters and filters[0][2] == "in" else []
	except (ValueError, IndexError, TypeError, KeyError):
		return []


def _store(names: list[str]) -> None:
	value = json.dumps([["DocType", "name", "in", names]])
	name = frappe.db.get_value("Property Setter", KEY, "name")
	if name:
		frappe.db.set_value("Property Setter", name, "value", value)
	else:
		make_property_setter("Quotation", "quotation_to", "link_filters", value, "JSON")
	frappe.clear_cache(doctype="Quotation")
