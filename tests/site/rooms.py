"""Whether the user of the moment may follow a DocType or a document, asked as Frappe's socket server asks.

Frappe 15 has one method for each of the two rooms, Frappe 16 one for both (with an empty name for the DocType's).
"""

from __future__ import annotations

from frappe import realtime


def enter_doctype_room(doctype: str) -> bool:
	"""True, or frappe.PermissionError."""
	if hasattr(realtime, "can_subscribe_doctype"):
		return realtime.can_subscribe_doctype(doctype)
	return realtime.has_permission(doctype, "")


def enter_doc_room(doctype: str, name: str) -> bool:
	"""True, or frappe.PermissionError."""
	if hasattr(realtime, "can_subscribe_doc"):
		return realtime.can_subscribe_doc(doctype, name)
	return realtime.has_permission(doctype, name)
