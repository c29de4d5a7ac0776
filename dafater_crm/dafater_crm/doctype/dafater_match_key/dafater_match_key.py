# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterMatchKey(Document):
	"""One key of one lead; see `domain/blocking.py`. Written by `records/duplicates.py` alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		lead: DF.Link
		match_key: DF.Data | None
	# end: auto-generated types


def on_doctype_update():
	"""Who is filed under a key, from the index alone; an import passes over what it filed itself since it began."""
	frappe.db.add_index("Dafater Match Key", ["match_key", "owner", "creation", "lead"])
