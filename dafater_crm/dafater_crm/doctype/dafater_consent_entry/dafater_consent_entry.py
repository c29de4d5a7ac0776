# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from dafater_crm.records.record import Record
from dafater_crm.records.references import require_readable

PARTY_TYPES = ("Dafater Lead", "Dafater Prospect", "Contact", "Customer")
# those that show the latest marketing consent in a field of their own
SHOWS_CONSENT = ("Dafater Lead", "Dafater Prospect")


class DafaterConsentEntry(Record):
	"""One line of the consent ledger: who agreed or withdrew, to what, when and how. Never changed, never deleted."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		action: DF.Literal["Granted", "Withdrawn"]
		channel: DF.Literal["All", "Phone", "WhatsApp", "E-mail", "SMS"]
		evidence: DF.SmallText | None
		given_on: DF.Datetime
		party_name: DF.DynamicLink
		party_type: DF.Link
		purpose: DF.Literal["Marketing", "Service Messages", "Profiling"]
		source: DF.Data | None
		wording: DF.SmallText | None
	# end: auto-generated types

	def validate(self) -> None:
		self.refuse_change()
		self.check_party()
		self.check_given_on()

	def after_insert(self) -> None:
		self.show_on_party()

	def on_trash(self) -> None:
		self.throw(
			_(
				"Consent entries are evidence and cannot be deleted. Add a new entry that withdraws the consent instead."
			),
			title=_("Consent Ledger"),
		)

	def refuse_change(self) -> None:
		if not self.is_new():
			self.throw(
				_(
					"Consent entries are evidence and cannot be changed. Add a new entry with what is true now instead."
				),
				title=_("Consent Ledger"),
			)

	def check_party(self) -> None:
		if self.party_type not in PARTY_TYPES:
			self.throw(
				_("Consent is kept for {0}. Choose one of them as party type.").format(
					", ".join(_(name) for name in PARTY_TYPES)
				)
			)
		require_readable(self, self.party_type, self.party_name)

	def check_given_on(self) -> None:
		self.given_on = get_datetime(self.given_on)
		if self.given_on > now_datetime():
			self.throw(_("Consent cannot be given in the future. Enter when it was given or withdrawn."))

	def show_on_party(self) -> None:
		"""Write what the latest marketing entry says to the lead or prospect, without touching its `modified`.

		The latest by `given_on` wins, so that an older paper entered today does not undo a newer withdrawal. An entry
		for one channel counts too: the field is a warning light, and senders ask the ledger about their channel.
		The party is locked first and the ledger read with a lock, so that two entries at once end with the later one.
		"""
		if self.purpose != "Marketing" or self.party_type not in SHOWS_CONSENT:
			return
		frappe.db.get_value(self.party_type, self.party_name, "name", for_update=True)
		frappe.db.set_value(
			self.party_type, self.party_name, "marketing_consent", self.latest_action(), update_modified=False
		)

	def latest_action(self) -> str:
		entry = frappe.qb.DocType("Dafater Consent Entry")
		rows = (
			frappe.qb.from_(entry)
			.select(entry.action)
			.where(entry.party_type == self.party_type)
			.where(entry.party_name == self.party_name)
			.where(entry.purpose == "Marketing")
			.orderby(entry.given_on, order=frappe.qb.desc)
			.orderby(entry.creation, order=frappe.qb.desc)
			.limit(1)
			.for_update()
			.run()
		)
		return rows[0][0]


def on_doctype_update() -> None:
	frappe.db.add_index("Dafater Consent Entry", ["owner"])
	frappe.db.add_index("Dafater Consent Entry", ["party_type", "party_name", "given_on"])
