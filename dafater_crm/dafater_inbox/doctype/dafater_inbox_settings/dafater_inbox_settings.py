# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterInboxSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		assign_automatically: DF.Check
		keep_events_days: DF.Int
		max_file_mb: DF.Int
		reassign_after_minutes: DF.Int
		refuse_types: DF.SmallText | None
		remind_after_minutes: DF.Int
		reopen_within_hours: DF.Int
		resolve_after_days: DF.Int
		send_invoice_with: DF.Link | None
	# end: auto-generated types
