# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime, get_datetime, now_datetime

from dafater_crm.domain import emails, phones, text
from dafater_crm.records.lifecycle import check_status_move
from dafater_crm.records.record import Record
from dafater_crm.records.references import check_reference
from dafater_crm.records.rules import explained

MANAGERS = frozenset({"System Manager", "Dafater Sales Manager", "Sales Manager"})
HOLDS_TIME = ("Unverified", "Scheduled")
STARTS = frozenset({"Unverified", "Scheduled", "Completed"})
MOVES = {
	"Unverified": frozenset({"Scheduled", "Cancelled"}),
	"Scheduled": frozenset({"Completed", "No Show", "Cancelled"}),
	"Completed": frozenset({"No Show"}),
	"No Show": frozenset({"Completed", "Scheduled"}),
	"Cancelled": frozenset({"Scheduled"}),
}
LONGEST_MINUTES = 24 * 60
# party type -> its fields for (name, mobile, e-mail)
CONTACT_FIELDS = {
	"Dafater Lead": ("title", "mobile_no", "email_id"),
	"Dafater Prospect": ("prospect_name", "mobile_no", "email_id"),
	"Dafater Opportunity": ("party_title", "contact_mobile", "contact_email"),
	"Customer": ("customer_name", "mobile_no", "email_id"),
}


class DafaterAppointment(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		agent: DF.Link | None
		cancel_reason: DF.SmallText | None
		channel: DF.Literal["In Person", "Phone", "Video Call", "WhatsApp"]
		contact_email: DF.Data | None
		contact_mobile: DF.Data | None
		contact_name: DF.Data
		description: DF.Text | None
		duration_minutes: DF.Int
		ends_on: DF.Datetime | None
		location: DF.Data | None
		meeting_link: DF.Data | None
		naming_series: DF.Literal["DAPT-.YYYY.-"]
		outcome: DF.Literal["", "Interested", "Not Interested", "Follow Up", "Deal Agreed", "Other"]
		outcome_notes: DF.SmallText | None
		party_name: DF.DynamicLink | None
		party_type: DF.Literal["", "Dafater Lead", "Dafater Prospect", "Dafater Opportunity", "Customer"]
		remind_before_minutes: DF.Int
		starts_on: DF.Datetime
		status: DF.Literal["Unverified", "Scheduled", "Completed", "No Show", "Cancelled"]
		subject: DF.Data
	# end: auto-generated types

	def load_doc_before_save(self, *, raise_exception: bool = False) -> None:
		# The first thing that a save does to the database, insert or update: every transaction takes the booking
		# lock before it locks a series or an appointment, so two of them cannot wait for each other.
		self.lock_bookings()
		super().load_doc_before_save(raise_exception=raise_exception)

	def validate(self) -> None:
		self.check_party()
		self.clean_texts()
		self.normalise_reach()
		self.set_end()
		self.check_agent()
		check_status_move(self, STARTS, MOVES)
		self.check_start()
		self.check_outcome()
		self.refuse_double_booking()
		self.warn_outside_hours()

	@staticmethod
	def lock_bookings() -> None:
		"""One booking at a time on this site, until commit or rollback.

		The row of our DocType always exists and nobody else locks it. A lock per agent would be no gain, because the
		naming series is locked for everybody anyway, and it would be a danger: the overlap check of two agents whose
		rows are neighbours in the index locks the same gap, and then neither can insert.
		"""
		frappe.db.get_value("DocType", "Dafater Appointment", "name", for_update=True)

	def check_party(self) -> None:
		check_reference(self, "party_type", "party_name")
		if not self.party_name or not (self.is_new() or self.has_value_changed("party_name")):
			return
		values = frappe.db.get_value(self.party_type, self.party_name, CONTACT_FIELDS[self.party_type])
		for field, value in zip(("contact_name", "contact_mobile", "contact_email"), values, strict=True):
			if not self.get(field):
				self.set(field, value)

	def clean_texts(self) -> None:
		for field in ("subject", "contact_name", "location"):
			if self.get(field):
				with explained(self._label(field)):
					self.set(field, text.plain(self.get(field)))

	def normalise_reach(self) -> None:
		with explained(self._label("contact_mobile")):
			self.contact_mobile = phones.to_e164(self.contact_mobile)
		with explained(self._label("contact_email")):
			self.contact_email = emails.normalise(self.contact_email)

	def set_end(self) -> None:
		minutes = self.duration_minutes or 0
		if not 1 <= minutes <= LONGEST_MINUTES:
			self.throw(
				_("Enter a duration from 1 to {0} minutes.").format(LONGEST_MINUTES),
				title=self._label("duration_minutes"),
			)
		if not self.starts_on:
			self.throw(_("Enter when the appointment starts."))
		# forms know whole seconds only: with more, a later save from the form would look like a move
		self.starts_on = get_datetime(self.starts_on).replace(microsecond=0)
		self.ends_on = self.starts_on + timedelta(minutes=minutes)

	def check_agent(self) -> None:
		"""A newly chosen agent is an enabled user of the desk."""
		if not self.agent or not (self.is_new() or self.has_value_changed("agent")):
			return
		enabled, user_type = frappe.db.get_value("User", self.agent, ["enabled", "user_type"])
		if not enabled or user_type != "System User":
			self.throw(
				_(
					"{0} is not an enabled user of the desk. Choose another agent, or ask an administrator to enable the user."
				).format(frappe.bold(escape_html(self.agent)))
			)

	def check_start(self) -> None:
		"""Only managers may enter or move an appointment into the past, for example to complete the record."""
		if not self.was_moved() or get_datetime(self.starts_on) >= now_datetime():
			return
		if not MANAGERS.intersection(frappe.get_roles()):
			self.throw(
				_("{0} is in the past. Choose a later time, or ask a sales manager to enter it.").format(
					self.get_formatted("starts_on")
				)
			)

	def check_outcome(self) -> None:
		"""Nobody can have come, or stayed away, before it starts; a reason belongs to a cancelled one only."""
		if self.status in ("Completed", "No Show") and get_datetime(self.starts_on) > now_datetime():
			self.throw(
				_("This appointment starts on {0}. Set {1} after it has started, or cancel it.").format(
					self.get_formatted("starts_on"), frappe.bold(_(self.status))
				)
			)
		if self.status != "Cancelled":
			self.cancel_reason = None

	def refuse_double_booking(self) -> None:
		"""One agent, one appointment at a time; those that only touch are fine."""
		if (
			self.agent
			and self.status in HOLDS_TIME
			and (self.was_moved() or self.has_value_changed("status"))
		):
			other = self.overlapping()
			if other:
				self.throw(
					_(
						"{0} already has the appointment {1} from {2} to {3}. Choose another time or another agent."
					).format(
						frappe.bold(escape_html(self.agent)),
						frappe.bold(other.name),
						format_datetime(other.starts_on),
						format_datetime(other.ends_on),
					),
					title=_("Already Booked"),
				)

	def overlapping(self) -> frappe._dict | None:
		"""An appointment of the agent in this time. A locking read: it sees what others committed a moment ago."""
		table = frappe.qb.DocType("Dafater Appointment")
		rows = (
			frappe.qb.from_(table)
			.select(table.name, table.starts_on, table.ends_on)
			.where(table.agent == self.agent)
			# no appointment is longer than this, so the index range stays short however long the history is
			.where(table.starts_on > self.starts_on - timedelta(minutes=LONGEST_MINUTES))
			.where(table.starts_on < self.ends_on)
			.where(table.ends_on > self.starts_on)
			.where(table.status.isin(HOLDS_TIME))
			.where(table.name != (self.name or ""))
			.limit(1)
			.for_update()
			.run(as_dict=True)
		)
		return rows[0] if rows else None

	def warn_outside_hours(self) -> None:
		"""A colleague may know better than the settings: tell, do not refuse. Guests are refused where they book."""
		if self.status not in HOLDS_TIME or not self.was_moved() or frappe.flags.in_import:
			return
		settings = frappe.get_cached_doc("Dafater Appointment Booking Settings")
		warning = settings.why_unavailable(self.agent, self.starts_on, self.ends_on)
		if warning:
			frappe.msgprint(warning, indicator="orange", alert=True)

	def was_moved(self) -> bool:
		"""True for a new appointment and for one whose time or agent this save changes."""
		before = self.get_doc_before_save()
		if before is None:
			return True
		return (before.agent or "", before.starts_on, before.ends_on) != (
			self.agent or "",
			self.starts_on,
			self.ends_on,
		)

	def _label(self, field: str) -> str:
		return _(self.meta.get_label(field))


def on_doctype_update() -> None:
	# the overlap check and the calendar read one agent's days
	frappe.db.add_index("Dafater Appointment", ["agent", "starts_on"])
	frappe.db.add_index("Dafater Appointment", ["owner"])
	frappe.db.add_index("Dafater Appointment", ["party_type", "party_name"])
