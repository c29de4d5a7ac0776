# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import now_datetime

from dafater_crm.records.record import Record


class DafaterFormSubmission(Record):
	"""What was sent from outside, as it was received, and what became of it. Written by `records.form_intake`."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		attempts: DF.Int
		captured_through: DF.Literal["Web Form", "API"]
		consent_given: DF.Check
		consent_wording: DF.SmallText | None
		email_id: DF.Data | None
		form: DF.Link | None
		ip_address: DF.Data | None
		language: DF.Link | None
		lead: DF.Link | None
		mobile_no: DF.Data | None
		person_name: DF.Data | None
		reason: DF.SmallText | None
		received_on: DF.Datetime | None
		received_values: DF.Code | None
		released_by: DF.Link | None
		released_on: DF.Datetime | None
		state: DF.Literal["Accepted", "Refused", "Spam", "Duplicate"]
		token: DF.Data | None
		user_agent: DF.SmallText | None
	# end: auto-generated types

	def validate(self):
		self.keep_as_received()
		self.take_lead_set_by_hand()

	def keep_as_received(self):
		"""Nobody rewrites what was received; only the visitor herself may send again while it is refused."""
		before = self.get_doc_before_save()
		if before and before.received_values != self.received_values and not self.flags.ignore_permissions:
			self.throw(_("What was received cannot be changed. Correct the lead instead."))

	def take_lead_set_by_hand(self):
		"""A person entered the lead herself: the submission is settled."""
		before = self.get_doc_before_save()
		if before and not before.lead and self.lead and self.state in ("Refused", "Spam"):
			self.state = "Accepted"
			self.released_by, self.released_on = frappe.session.user, now_datetime()


def on_doctype_update() -> None:
	"""The form's leads of the day, and the lists "what waits for a person" and "older than 90 days"."""
	frappe.db.add_index("Dafater Form Submission", ["form", "creation"])
	frappe.db.add_index("Dafater Form Submission", ["state", "creation"])
	frappe.db.add_index("Dafater Form Submission", ["creation"])
