# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterAssignmentLog(Document):
	"""Appended by `records.assignment_log`, never edited."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		agent: DF.Link | None
		cause: DF.Literal["New Lead", "Untouched", "Escalated", "By Hand", "Agent Left", "Capacity"]
		done_by: DF.Link | None
		lead: DF.Link
		logged_on: DF.Datetime
		note: DF.SmallText | None
		previous: DF.Link | None
		reasons: DF.SmallText | None
		rule: DF.Link | None
		waited: DF.Duration | None
	# end: auto-generated types


def on_doctype_update() -> None:
	frappe.db.add_index("Dafater Assignment Log", ["lead", "logged_on"])
	frappe.db.add_index("Dafater Assignment Log", ["agent", "logged_on"])
	frappe.db.add_index("Dafater Assignment Log", ["logged_on"])
