# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

import frappe
from frappe.model.document import Document


class DafaterNurtureLedger(Document):
	"""What was done for one step of one enrolment. Written by `records.nurture.ledger` alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		activity: DF.Link | None
		communication: DF.Link | None
		email_queue: DF.Data | None
		enrolment: DF.Link
		kind: DF.Literal["E-mail", "WhatsApp Template", "Task", "Wait", "Branch on Reply"]
		message: DF.Link | None
		reason: DF.SmallText | None
		recipient: DF.Data | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		sequence: DF.Link | None
		state: DF.Literal["Planned", "Sent", "Done", "Skipped", "Failed"]
		step_no: DF.Int
	# end: auto-generated types


def on_doctype_update() -> None:
	"""The unique key is what stops a second sending, whatever else goes wrong."""
	frappe.db.add_unique("Dafater Nurture Ledger", ["enrolment", "step_no"], "unique_step_of_enrolment")
	frappe.db.add_index("Dafater Nurture Ledger", ["reference_doctype", "reference_name"])
	# the few that are planned and not sent yet, among all that ever were
	frappe.db.add_index("Dafater Nurture Ledger", ["state", "kind", "creation"])
