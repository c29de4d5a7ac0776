# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from dafater_crm.domain import text
from dafater_crm.records.record import Record
from dafater_crm.records.references import check_reference
from dafater_crm.records.rules import explained


class DafaterActivity(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		activity_type: DF.Literal["Call", "Meeting", "Visit", "Note", "Task", "E-mail", "Document"]
		assigned_to: DF.Link | None
		done_on: DF.Datetime | None
		due_on: DF.Datetime | None
		duration: DF.Duration | None
		notes: DF.TextEditor | None
		outcome: DF.Literal[
			"",
			"Reached",
			"Not Reached",
			"Interested",
			"Not Interested",
			"Follow Up",
			"Meeting Booked",
			"Completed",
		]
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		required: DF.Check
		sales_stage: DF.Link | None
		status: DF.Literal["Open", "Done", "Cancelled"]
		subject: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.refuse_retired_links()
		self.clean_subject()
		check_reference(self, "reference_doctype", "reference_name")
		self.set_done()
		self.check_duration()

	def clean_subject(self) -> None:
		with explained(_("Subject")):
			self.subject = text.plain(self.subject)

	def set_done(self) -> None:
		"""Done now, unless the person says when; open and cancelled ones were never done."""
		if self.status != "Done":
			self.done_on = None
			return
		self.done_on = self.done_on or now_datetime()
		if get_datetime(self.done_on) > now_datetime():
			self.throw(
				_("An activity cannot be done in the future. Enter when it was done, or leave it open.")
			)

	def check_duration(self) -> None:
		if (self.duration or 0) < 0:
			self.throw(_("The duration cannot be negative. Enter how long the activity took."))


def on_doctype_update() -> None:
	# the reference finds the rows of a record; what follows lets reports count without reading the rows themselves
	reference = ["reference_doctype", "reference_name", "status", "activity_type", "done_on"]
	frappe.db.add_index("Dafater Activity", reference, "reference")
	# the same for every record of a kind at once: what was done on all leads, on all opportunities
	frappe.db.add_index(
		"Dafater Activity",
		["reference_doctype", "status", "activity_type", "reference_name", "done_on"],
		"touches",
	)
	frappe.db.add_index("Dafater Activity", ["owner"])
	frappe.db.add_index("Dafater Activity", ["assigned_to", "status", "due_on"])
	frappe.db.add_index("Dafater Activity", ["status", "done_on"])
