# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterLeadEvent(Document):
	"""Appended by `records.lead_events`, never edited."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		channel: DF.Data | None
		event_type: DF.Literal[
			"Page Visit",
			"Download",
			"E-mail Opened",
			"E-mail Clicked",
			"Form Submitted",
			"Reply",
			"Message Sent",
			"Call",
			"Meeting",
			"Visit",
			"Other",
		]
		happened_on: DF.Datetime
		is_bot: DF.Check
		lead: DF.Link
		source_reference: DF.Data | None
		subject: DF.Data | None
	# end: auto-generated types


def on_doctype_update() -> None:
	"""Events of a batch of leads, for scoring; clicks of a lead around a moment."""
	frappe.db.add_index("Dafater Lead Event", ["lead", "event_type", "happened_on"])
