"""The desk's search, in place of Frappe's own (hook `override_whitelisted_methods`)."""

from __future__ import annotations

import frappe

from dafater_crm.queries import desk_search


@frappe.whitelist(methods=["GET", "POST"])
def search(text: str, start: int | str = 0, limit: int | str = 20, doctype: str = "") -> list[dict]:
	"""What Frappe's search finds, without records of ours that the user's lists do not show.

	Permission: that of each record; whoever may read none of a DocType finds none of it.
	"""
	return desk_search.found(text, frappe.utils.cint(start), frappe.utils.cint(limit), doctype)
