# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from dafater_crm.records.indexes import add_backwards
from dafater_crm.records.record import Record


class DafaterContactIdentity(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Link | None
		blocked: DF.Check
		channel: DF.Literal["WhatsApp", "Messenger", "Instagram", "E-mail", "SMS"]
		contact: DF.Link | None
		customer: DF.Link | None
		display_name: DF.Data | None
		email_id: DF.Data | None
		language: DF.Link | None
		last_inbound_on: DF.Datetime | None
		last_outbound_on: DF.Datetime | None
		lead: DF.Link | None
		marketing_changed_on: DF.Datetime | None
		merged_into: DF.Link | None
		no_marketing: DF.Check
		phone: DF.Data | None
		phone_key: DF.Data | None
		user_id: DF.Data | None
		user_key: DF.Data | None
		username: DF.Data | None
	# end: auto-generated types

	def before_save(self) -> None:
		"""What a person at the desk sets counts from now on: an older wish that the channel tells late changes nothing."""
		if self.has_value_changed("no_marketing") and (self.no_marketing or not self.is_new()):
			self.marketing_changed_on = self.moment()


def on_doctype_update() -> None:
	"""A number is searched by its end as well: the same backwards, kept by the database itself."""
	add_backwards("Dafater Contact Identity", "phone")
