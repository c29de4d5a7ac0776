# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

import frappe
from frappe.model.document import Document


class DafaterFollowUpReminder(Document):
	"""Who was reminded of which follow-up and when. Written by `records.follow_up` alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		due_date: DF.Date
		reference_doctype: DF.Link
		reference_name: DF.DynamicLink
		reminded_on: DF.Datetime | None
		round: DF.Int
		user: DF.Link | None
	# end: auto-generated types


def on_doctype_update() -> None:
	"""One reminder for each record, date and round, also when two jobs run at once."""
	frappe.db.add_unique(
		"Dafater Follow Up Reminder",
		["reference_doctype", "reference_name", "due_date", "round"],
		"unique_follow_up_reminder",
	)
