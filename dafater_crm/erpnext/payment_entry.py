"""Payment Entry: carries the opportunity of the orders and invoices that it pays."""

from __future__ import annotations

import frappe

CARRIERS = ("Sales Order", "Sales Invoice")


def validate(doc, method: str | None = None) -> None:
	"""One opportunity behind all references: name it. Several or none: leave the field empty."""
	found = set()
	for doctype in CARRIERS:
		names = [row.reference_name for row in doc.references if row.reference_doctype == doctype]
		if names:
			found.update(
				frappe.get_all(
					doctype,
					filters={"name": ("in", names), "dafater_opportunity": ("is", "set")},
					pluck="dafater_opportunity",
				)
			)
	doc.dafater_opportunity = found.pop() if len(found) == 1 else None
