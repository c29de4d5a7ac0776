"""Our DocTypes among those that the desk's search looks through.

Frappe reads `global_search_doctypes` of `hooks.py` when the setup wizard runs, and when somebody resets the list; an app that is
installed afterwards has to add its own.
"""

from __future__ import annotations

import frappe

from dafater_crm.records.raw_rows import append_rows
from dafater_crm.setup import ledger

KEY = "Desk Search"
SETTINGS, ROW = "Global Search Settings", "Global Search DocType"
ASKED, ANSWERS = "frappe.utils.global_search.search", "dafater_crm.api.desk_search.search"


def ensure_searched() -> None:
	"""Add our DocTypes to the end of the list, once: what a person takes out stays out.

	Rows are written without the settings' own save, which fails when the list names a DocType that the site no longer has.
	Where another app answers the search in our place, which would show records that a reader's lists hide, ours go off the list.
	"""
	hooks = frappe.get_hooks("global_search_doctypes", app_name="dafater_crm")
	if frappe.get_hooks("override_whitelisted_methods").get(ASKED, [None])[-1] != ANSWERS:
		frappe.db.delete(ROW, {"document_type": ("in", [row["doctype"] for row in hooks["Default"]])})
		frappe.cache.hdel("global_search", "search_priorities")
		return
	if KEY in ledger.seeded():
		return
	listed = frappe.get_all(ROW, {"parent": SETTINGS}, ["document_type", "idx"])
	known, last = {row.document_type for row in listed}, max((row.idx for row in listed), default=0)
	missing = [row["doctype"] for row in hooks["Default"] if row["doctype"] not in known]
	append_rows(
		ROW,
		[
			{
				"parent": SETTINGS,
				"parenttype": SETTINGS,
				"parentfield": "allowed_in_global_search",
				"idx": place,
				"document_type": doctype,
			}
			for place, doctype in enumerate(missing, start=last + 1)
		],
	)
	frappe.cache.hdel("global_search", "search_priorities")
	ledger.remember({KEY})
