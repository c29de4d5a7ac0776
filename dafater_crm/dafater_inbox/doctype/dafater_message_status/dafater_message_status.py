# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterMessageStatus(Document):
	"""Kept until its message is known, by `records.inbox`."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Link | None
		error: DF.SmallText | None
		error_code: DF.Data | None
		provider_id: DF.Data | None
		recipient_id: DF.Data | None
		status: DF.Literal["Sent", "Delivered", "Seen", "Failed"]
		status_key: DF.Data | None
		status_on: DF.Datetime | None
		up_to: DF.Datetime | None
	# end: auto-generated types
