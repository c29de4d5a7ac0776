# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

import frappe
from frappe.model.document import Document


class DafaterNurtureEnrolment(Document):
	"""One record in one sequence. Written by `records.nurture` alone; people act through `api.nurture`."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		active_key: DF.Data | None
		current_step: DF.Int
		ended_on: DF.Datetime | None
		last_sent_on: DF.Datetime | None
		last_step_on: DF.Datetime | None
		next_run_on: DF.Datetime | None
		recipient: DF.Data | None
		recipient_phone: DF.Data | None
		reference_doctype: DF.Link
		reference_name: DF.DynamicLink
		replied_on: DF.Datetime | None
		responsible: DF.Link | None
		sequence: DF.Link
		started_on: DF.Datetime | None
		status: DF.Literal["Active", "Paused", "Completed", "Stopped"]
		stopped_reason: DF.SmallText | None
		title: DF.Data | None
	# end: auto-generated types

	def on_trash(self) -> None:
		table = frappe.qb.DocType("Dafater Nurture Ledger")
		frappe.qb.from_(table).delete().where(table.enrolment == self.name).run()


def on_doctype_update() -> None:
	"""Indexes of the drain's claim, and of "which sequences is this record in"."""
	frappe.db.add_index("Dafater Nurture Enrolment", ["owner"])
	frappe.db.add_index("Dafater Nurture Enrolment", ["sequence", "status", "next_run_on"])
	frappe.db.add_index("Dafater Nurture Enrolment", ["status", "next_run_on"])
	frappe.db.add_index("Dafater Nurture Enrolment", ["reference_doctype", "reference_name"])
