# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterConversationLog(Document):
	"""Appended by `records.inbox.log`, never edited."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		cause: DF.Literal["Rule", "Agent", "System", "Reminder", "Agent Left"]
		conversation: DF.Link | None
		done_by: DF.Link | None
		kind: DF.Literal["Class", "Assignment", "Status", "Priority", "Team", "Link", "Merge"]
		logged_on: DF.Datetime | None
		new_value: DF.Data | None
		old_value: DF.Data | None
		reasons: DF.SmallText | None
		rule: DF.Link | None
	# end: auto-generated types


def on_doctype_update() -> None:
	"""The history of one conversation."""
	frappe.db.add_index("Dafater Conversation Log", ["conversation", "logged_on"])
