# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

from frappe.model.document import Document


class DafaterNurtureStep(Document):
	"""One step of a sequence: a message, a task, a wait or a branch. Its sequence checks it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		delay_days: DF.Int
		delay_hours: DF.Int
		email_template: DF.Link | None
		ends_here: DF.Check
		if_not_replied: DF.Int
		if_replied: DF.Int
		kind: DF.Literal["E-mail", "WhatsApp Template", "Task", "Wait", "Branch on Reply"]
		message: DF.TextEditor | None
		message_template: DF.Link | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		subject: DF.Data | None
		task_due_in_days: DF.Int
		task_subject: DF.Data | None
		task_type: DF.Literal["Call", "Meeting", "Visit", "Task", "E-mail", "Document"]
	# end: auto-generated types
