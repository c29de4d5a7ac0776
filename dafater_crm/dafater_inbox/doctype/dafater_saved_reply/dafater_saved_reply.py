# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from dafater_crm.records.inbox import replies
from dafater_crm.records.record import Record


class DafaterSavedReply(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		body: DF.Text
		conversation_class: DF.Literal["", "Sales", "Support", "Complaint"]
		enabled: DF.Check
		language: DF.Link | None
		shortcut: DF.Data | None
		team: DF.Link | None
		title: DF.Data
	# end: auto-generated types

	def validate(self):
		replies.check(self.body)
