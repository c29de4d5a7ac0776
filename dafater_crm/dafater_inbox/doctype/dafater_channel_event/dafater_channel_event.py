# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterChannelEvent(Document):
	"""Written by the webhook before it answers, worked off by `records.inbox`."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Link | None
		attempts: DF.Int
		body: DF.LongText | None
		body_hash: DF.Data | None
		channel: DF.Literal["", "WhatsApp", "Messenger", "Instagram", "E-mail", "SMS"]
		error: DF.SmallText | None
		processed_on: DF.Datetime | None
		received_on: DF.Datetime | None
		retry_on: DF.Datetime | None
		status: DF.Literal["Received", "Done", "Failed", "Ignored"]
	# end: auto-generated types


def on_doctype_update() -> None:
	"""What is due: the drain job asks by status and time."""
	frappe.db.add_index("Dafater Channel Event", ["status", "retry_on"])
