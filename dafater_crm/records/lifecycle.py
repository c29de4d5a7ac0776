"""Statuses that people move by hand: which move is allowed, said in one place per DocType."""

from __future__ import annotations

import frappe
from frappe import _


def check_status_move(doc, starts: frozenset[str], moves: dict[str, frozenset[str]]) -> None:
	"""Refuse a status that a new record cannot begin with, or that does not follow from the stored one.

	`starts`: statuses of a new record. `moves`: stored status -> statuses that may follow.
	"""
	before = doc.get_doc_before_save()
	if before is None:
		allowed = starts
		if doc.status not in allowed:
			doc.throw(
				_("A new record cannot begin as {0}. Choose one of these: {1}.").format(
					frappe.bold(_(doc.status)), _listed(doc, allowed)
				)
			)
	elif doc.status != before.status and doc.status not in moves[before.status]:
		if not moves[before.status]:
			doc.throw(
				_("The status {0} is final. Make a copy of this record and go on with the copy.").format(
					frappe.bold(_(before.status))
				)
			)
		doc.throw(
			_("The status cannot change from {0} to {1}. Choose one of these: {2}.").format(
				frappe.bold(_(before.status)), frappe.bold(_(doc.status)), _listed(doc, moves[before.status])
			)
		)


def _listed(doc, allowed: frozenset[str]) -> str:
	# in the order of the field's options, so that the message is the same every time
	options = doc.meta.get_field("status").options.split("\n")
	return ", ".join(_(option) for option in options if option in allowed)


def forget_virtual_values(doc) -> None:
	"""Drop what a client sent back for computed fields, else every save logs them as a change."""
	for df in doc.meta.get("fields", {"is_virtual": 1}):
		doc.__dict__.pop(df.fieldname, None)
