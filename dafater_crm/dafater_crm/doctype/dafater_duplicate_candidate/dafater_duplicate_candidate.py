# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import now_datetime

from dafater_crm.records import match_texts
from dafater_crm.records.record import Record


class DafaterDuplicateCandidate(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		certain: DF.Check
		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		found_by: DF.Literal["Entry", "Import", "Nightly Search", "Person"]
		found_on: DF.Datetime | None
		lead_a: DF.Link
		lead_b: DF.Link
		pair: DF.Data | None
		reasons: DF.JSON | None
		score: DF.Percent
		status: DF.Literal["Open", "Merged", "Not a Duplicate"]
		title_a: DF.Data | None
		title_b: DF.Data | None
	# end: auto-generated types

	def onload(self):
		"""The reasons as sentences for the form."""
		self.set_onload("reasons", match_texts.told(self.reasons))

	def validate(self):
		self.note_decision()

	def note_decision(self):
		"""A person says that the two are not one, or takes that back; "Merged" is set by merging alone."""
		if not self.has_value_changed("status") or self.is_new():
			return
		if self.status == "Merged":
			self.throw(_("Merge the two leads with the button Merge; the status follows."))
		decided = self.status == "Not a Duplicate"
		self.decided_by = frappe.session.user if decided else None
		self.decided_on = now_datetime() if decided else None


def on_doctype_update() -> None:
	"""The list shows open pairs, most similar first."""
	frappe.db.add_index("Dafater Duplicate Candidate", ["status", "score"])
