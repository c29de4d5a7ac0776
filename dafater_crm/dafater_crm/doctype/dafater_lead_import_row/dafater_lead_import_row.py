# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterLeadImportRow(Document):
	"""What became of one row of a file. Written by the import alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		before: DF.JSON | None
		cells: DF.JSON | None
		lead: DF.Link | None
		lead_import: DF.Link
		outcome: DF.Literal["Created", "Filled Up", "Skipped", "Refused"]
		reasons: DF.JSON | None
		row_no: DF.Int
	# end: auto-generated types


def on_doctype_update() -> None:
	# a row of the file has one outcome, whatever happens to workers
	frappe.db.add_unique("Dafater Lead Import Row", ["lead_import", "row_no"])
