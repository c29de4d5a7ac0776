# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterStatusHistory(Document):
	"""Appended by `records.history`, never edited."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		cause: DF.Literal["Person", "Documents", "System"]
		changed_by: DF.Link | None
		changed_on: DF.Datetime
		from_status: DF.Data | None
		reference_doctype: DF.Link
		reference_name: DF.DynamicLink
		time_in_status: DF.Duration | None
		to_status: DF.Data | None
	# end: auto-generated types


def on_doctype_update() -> None:
	frappe.db.add_index("Dafater Status History", ["reference_doctype", "reference_name", "changed_on"])
