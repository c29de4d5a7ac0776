"""What Frappe itself makes of a request's body, before any app sees it."""

from __future__ import annotations

import frappe
import frappe.app

# what Frappe answers then
REFUSED = frappe.DataError.http_status_code


def unread_by_frappe(body: bytes) -> bool:
	"""Whether this Frappe refuses a JSON body itself: from release 16 on it takes no NaN, no half characters and no endless numbers."""
	strict = getattr(frappe.app, "orjson", None)
	if not strict:
		return False
	try:
		strict.loads(body.decode("utf-8", "replace"))
	except strict.JSONDecodeError:
		return True
	return False
