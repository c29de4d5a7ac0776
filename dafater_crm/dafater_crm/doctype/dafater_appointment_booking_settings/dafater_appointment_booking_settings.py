# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.utils import cint, escape_html, format_time, formatdate, get_time, getdate

from dafater_crm.domain import scheduling
from dafater_crm.records.record import Record, is_retired
from dafater_crm.records.rules import explained

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_MINUTES = 24 * 60
LONGEST_HORIZON = 366


class DafaterAppointmentBookingSettings(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_booking_agent.dafater_booking_agent import (
			DafaterBookingAgent,
		)
		from dafater_crm.dafater_crm.doctype.dafater_booking_holiday.dafater_booking_holiday import (
			DafaterBookingHoliday,
		)
		from dafater_crm.dafater_crm.doctype.dafater_booking_slot.dafater_booking_slot import (
			DafaterBookingSlot,
		)

		agents: DF.Table[DafaterBookingAgent]
		allowed_durations: DF.Data | None
		confirmation_template: DF.Link | None
		default_duration: DF.Int
		enabled: DF.Check
		holiday_list: DF.Link | None
		holidays: DF.Table[DafaterBookingHoliday]
		horizon_days: DF.Int
		lead_time_hours: DF.Int
		reminder_template: DF.Link | None
		requests_per_hour: DF.Int
		slots: DF.Table[DafaterBookingSlot]
	# end: auto-generated types

	def validate(self) -> None:
		self.refuse_retired_links()
		self.check_limits()
		self.check_durations()
		self.check_agents()
		self.check_slots()
		self.check_holidays()

	def check_limits(self) -> None:
		if not 1 <= cint(self.horizon_days) <= LONGEST_HORIZON:
			self.throw(_("Enter a booking horizon from 1 to {0} days.").format(LONGEST_HORIZON))
		if not 0 <= cint(self.lead_time_hours) < cint(self.horizon_days) * 24:
			self.throw(_("Enter a lead time of 0 hours or more that is shorter than the booking horizon."))
		if cint(self.requests_per_hour) < 0:
			self.throw(_("Enter how many requests a guest may send in an hour: 0 or more."))
		if self.enabled and not (self.slots and self.active_agents()):
			self.throw(_("Add at least one active agent and one slot before you enable public booking."))

	def check_durations(self) -> None:
		"""Whole minutes, each once, in ascending order; the default is one of them."""
		allowed = self.durations()
		if not 1 <= cint(self.default_duration) <= LONGEST_MINUTES:
			self.throw(_("Enter a default duration from 1 to {0} minutes.").format(LONGEST_MINUTES))
		if allowed and cint(self.default_duration) not in allowed:
			self.throw(
				_(
					"The default duration of {0} minutes is not one of the allowed durations. Add it there or choose another."
				).format(cint(self.default_duration))
			)
		self.allowed_durations = ", ".join(map(str, allowed))

	def durations(self) -> list[int]:
		"""Return the allowed durations in minutes, ascending. Throws on anything but whole numbers and commas."""
		parts = [part.strip() for part in (self.allowed_durations or "").replace("،", ",").split(",")]
		found = {int(part) if part.isdecimal() else 0 for part in parts if part}
		if any(not 1 <= minutes <= LONGEST_MINUTES for minutes in found):
			self.throw(
				_(
					"{0} is not a list of durations. Write minutes from 1 to {1}, separated by commas, like 30, 60."
				).format(escape_html(self.allowed_durations), LONGEST_MINUTES)
			)
		return sorted(found)

	def check_agents(self) -> None:
		seen = set()
		for row in self.agents:
			if row.user in seen:
				self.throw(
					_("The agent {0} is listed twice. Keep one row.").format(
						frappe.bold(escape_html(row.user))
					)
				)
			seen.add(row.user)
			if row.active and is_retired("User", row.user):
				self.throw(
					_("The user {0} is disabled. Untick Active for this agent or remove the row.").format(
						frappe.bold(escape_html(row.user))
					)
				)

	def check_slots(self) -> None:
		"""From before to, no two slots of one agent on one day overlap; a slot for everybody counts for each agent."""
		own = {row.agent for row in self.slots if row.agent}
		strangers = own - {row.user for row in self.agents}
		if strangers:
			self.throw(
				_("Add {0} to the agents first, or clear the agent of that slot.").format(
					frappe.bold(escape_html(min(strangers)))
				)
			)
		for agent in sorted(own) or [None]:
			rows = [row for row in self.slots if row.agent in (None, "", agent)]
			with explained(_("Slots")):
				clash = scheduling.find_overlap(
					[(row.day_of_week, as_time(row.from_time), as_time(row.to_time)) for row in rows]
				)
			if clash:
				first, second = (rows[index] for index in clash)
				self.throw(
					_(
						"The slots in rows {0} and {1} overlap on {2}. Change the times so that one ends before the other starts."
					).format(first.idx, second.idx, _(first.day_of_week))
				)

	def check_holidays(self) -> None:
		seen = set()
		for row in self.holidays:
			day = getdate(row.holiday_date)
			if day in seen:
				self.throw(_("The holiday {0} is listed twice. Keep one row.").format(formatdate(day)))
			seen.add(day)

	def active_agents(self) -> list[str]:
		return [row.user for row in self.agents if row.active]

	def why_unavailable(self, agent: str | None, start: datetime, end: datetime) -> str | None:
		"""Return a translated sentence when the time is a holiday or outside the slots, else None.

		Says nothing about other appointments. One statement at most.
		"""
		if self.is_holiday(start.date()):
			return _("{0} is a holiday in the booking settings.").format(formatdate(start.date()))
		day = WEEKDAYS[start.weekday()]
		open_slots = [row for row in self.slots if row.agent in (None, "", agent)]
		if not open_slots or any(row.day_of_week == day and _holds(row, start, end) for row in open_slots):
			return None
		return _("{0} at {1} is outside the working hours of the booking settings.").format(
			_(day), format_time(start.time())
		)

	def is_holiday(self, day: date) -> bool:
		if any(getdate(row.holiday_date) == day for row in self.holidays):
			return True
		return bool(
			self.holiday_list
			and frappe.db.exists("Holiday", {"parent": self.holiday_list, "holiday_date": day})
		)


def as_time(value):
	"""Return a Time field as `datetime.time`, whether it came from a form (text) or the database (timedelta)."""
	return get_time(value)


def _holds(row, start: datetime, end: datetime) -> bool:
	opening, closing = (
		datetime.combine(start.date(), as_time(value)) for value in (row.from_time, row.to_time)
	)
	if closing <= opening:  # 00:00 as an end is midnight at the end of the day
		closing += timedelta(days=1)
	return opening <= start and end <= closing
