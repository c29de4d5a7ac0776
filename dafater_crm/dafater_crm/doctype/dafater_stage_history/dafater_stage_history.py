# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterStageHistory(Document):
	"""Appended by `records.history`, never edited."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		base_amount: DF.Currency
		cause: DF.Literal["Person", "Documents", "System"]
		changed_by: DF.Link | None
		changed_on: DF.Datetime
		from_stage: DF.Link | None
		opportunity: DF.Link
		probability: DF.Percent
		time_in_stage: DF.Duration | None
		to_stage: DF.Link | None
	# end: auto-generated types


def on_doctype_update() -> None:
	frappe.db.add_index("Dafater Stage History", ["opportunity", "changed_on"])
