# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document

from dafater_crm.records.indexes import add_full_text


class DafaterMessage(Document):
	"""Written by `records.inbox`, never by hand: a message is what was said."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Link | None
		attempts: DF.Int
		author: DF.Link | None
		body: DF.LongText | None
		client_key: DF.Data | None
		communication: DF.Link | None
		content: DF.JSON | None
		conversation: DF.Link | None
		deleted_on: DF.Datetime | None
		delivered_on: DF.Datetime | None
		deliveries: DF.SmallText | None
		direction: DF.Literal["Incoming", "Outgoing", "Note"]
		edited_on: DF.Datetime | None
		error: DF.SmallText | None
		error_code: DF.Data | None
		failed_on: DF.Datetime | None
		has_attachments: DF.Check
		identity: DF.Link | None
		mentions: DF.SmallText | None
		message_on: DF.Datetime | None
		message_type: DF.Literal[
			"Text",
			"Image",
			"Video",
			"Audio",
			"Document",
			"Sticker",
			"Location",
			"Contacts",
			"Template",
			"Buttons",
			"Button Reply",
			"Order",
			"System",
			"Unsupported",
		]
		our_reaction: DF.Data | None
		our_reaction_on: DF.Datetime | None
		provider_id: DF.Data | None
		provider_key: DF.Data | None
		reaction: DF.Data | None
		reaction_on: DF.Datetime | None
		read_on: DF.Datetime | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		reply_to: DF.Link | None
		reply_to_id: DF.Data | None
		resends: DF.Int
		send_after: DF.Datetime | None
		sent_on: DF.Datetime | None
		status: DF.Literal["", "Received", "Queued", "Sending", "Sent", "Delivered", "Seen", "Failed"]
		template: DF.Link | None
		via_app: DF.Check
	# end: auto-generated types


def on_doctype_update() -> None:
	"""A page of a thread; what waits to be sent; all of one person."""
	frappe.db.add_index("Dafater Message", ["conversation", "message_on"])
	frappe.db.add_index("Dafater Message", ["status", "send_after"])
	frappe.db.add_index("Dafater Message", ["account", "status", "send_after"])
	frappe.db.add_index("Dafater Message", ["identity", "message_on"])
	add_full_text("Dafater Message", ["body"])
