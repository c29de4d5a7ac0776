# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterLearntCount(Document):
	"""Replaced as a whole by `records.learnt`, never edited."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		field: DF.Data
		lost: DF.Int
		team: DF.Link | None
		value: DF.Data | None
		won: DF.Int
	# end: auto-generated types


def on_doctype_update() -> None:
	frappe.db.add_index("Dafater Learnt Count", ["team", "field"])
