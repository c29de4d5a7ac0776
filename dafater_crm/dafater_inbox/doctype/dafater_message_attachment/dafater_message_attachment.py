# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterMessageAttachment(Document):
	"""Written by `records.inbox`; the file follows in a job."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		attempts: DF.Int
		conversation: DF.Link | None
		error: DF.SmallText | None
		expires_on: DF.Datetime | None
		file: DF.Link | None
		file_name: DF.Data | None
		file_size: DF.Int
		kind: DF.Literal["Image", "Video", "Audio", "Document", "Sticker"]
		message: DF.Link | None
		mime_type: DF.Data | None
		provider_media_id: DF.Data | None
		provider_url: DF.SmallText | None
		retry_on: DF.Datetime | None
		sha256: DF.Data | None
		status: DF.Literal["Pending", "Ready", "Refused", "Expired", "Failed"]
	# end: auto-generated types


def on_doctype_update() -> None:
	"""What is still to be fetched; the files of a conversation."""
	frappe.db.add_index("Dafater Message Attachment", ["status", "retry_on"])
	frappe.db.add_index("Dafater Message Attachment", ["conversation", "creation"])
