"""The choices of a lead's field on a public form: a Select's options, or the records of a master that is not disabled.

Read without the visitor's permission: whoever publishes the form with the field decides that everybody may see these names.
"""

from __future__ import annotations

import frappe

from dafater_crm.records.record import RETIRED_WHEN

MOST = 200


def of_field(name: str, shown: str | None = None) -> list[str] | None:
	"""Return the values that may be chosen, in order; None for a field that is typed. One statement for a master.

	`shown`: one value a line; only these, in this order, as far as they still exist.
	"""
	df = frappe.get_meta("Dafater Lead").get_field(name)
	if df.fieldtype == "Select":
		values = [value for value in (df.options or "").split("\n") if value]
	elif df.fieldtype == "Link":
		values = _records(df.options)
	else:
		return None
	wanted = lines(shown)
	return [value for value in wanted if value in values] if wanted else values[:MOST]


def lines(text: str | None) -> list[str]:
	"""The lines of a text that are not blank, each once."""
	return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def _records(doctype: str) -> list[str]:
	meta = frappe.get_meta(doctype)
	filters = {flag: ("!=", retired) for flag, retired in RETIRED_WHEN.items() if meta.has_field(flag)}
	if meta.has_field("is_group"):
		filters["is_group"] = 0
	return frappe.get_all(doctype, filters, pluck="name", order_by="name", limit=5000)
