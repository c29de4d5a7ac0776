# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from itertools import combinations

import frappe
from frappe import _
from frappe.utils import cint, escape_html, get_time, getdate, now_datetime

from dafater_crm.domain import scheduling, scoring
from dafater_crm.records import assignment_pool, learnt, rescoring, response_times
from dafater_crm.records.lead_score import bands
from dafater_crm.records.record import Record
from dafater_crm.records.rules import explained

# settings that change the score of leads
SCORED_BY = (
	*("scoring_on", "grade_a_from", "grade_b_from", "grade_c_from"),
	*("learnt_on", "learnt_min_won", "learnt_min_closed"),
)


class DafaterCRMSettings(Record):
	"""Switches: saving them validates and stores. Only a change of what scores depend on asks for a job."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_working_hours.dafater_working_hours import (
			DafaterWorkingHours,
		)
		from dafater_crm.dafater_crm.doctype.dafater_working_season.dafater_working_season import (
			DafaterWorkingSeason,
		)

		assignment_mode: DF.Literal["Off", "By Rules"]
		assignment_since: DF.Datetime | None
		at_threshold: DF.Literal["Nothing", "Notify the Owner", "Notify the Owner and Mark as In Process"]
		auto_close: DF.Check
		auto_close_days: DF.Int
		comment_on_lost_order: DF.Check
		contact_for_every_lead: DF.Check
		create_contact_on_qualification: DF.Check
		default_company: DF.Link | None
		default_customer_group: DF.Link | None
		default_territory: DF.Link | None
		elevated_customer_creation: DF.Check
		holiday_list: DF.Link | None
		grade_a_from: DF.Int
		grade_b_from: DF.Int
		grade_c_from: DF.Int
		learnt_min_closed: DF.Int
		learnt_min_won: DF.Int
		learnt_on: DF.Check
		qualified_at: DF.Int
		follow_up_hour: DF.Int
		follow_up_reminders: DF.Check
		follow_up_repeats: DF.Int
		find_duplicates: DF.Check
		quotation_valid_days: DF.Int
		record_visibility: DF.Literal["Owner and Team", "Everyone in Sales"]
		scoring_on: DF.Check
		show_hijri: DF.Check
		stage_activities: DF.Literal["Warn", "Block", "Ignore"]
		week_start: DF.Literal["Sunday", "Saturday", "Monday"]
		working_hours: DF.Table[DafaterWorkingHours]
		working_seasons: DF.Table[DafaterWorkingSeason]
	# end: auto-generated types

	def validate(self) -> None:
		self.refuse_retired_links()
		self.check_auto_close()
		self.check_quotation_days()
		self.check_customer_group()
		self.check_follow_up()
		self.check_working_hours()
		self.check_seasons()
		self.note_assignment_start()
		self.check_scoring()

	def on_update(self) -> None:
		assignment_pool.forget()  # the company's working hours count for every agent without own ones
		self.rescore_when_due()
		response_times.settings_changed(self)

	def check_auto_close(self) -> None:
		if cint(self.auto_close_days) < 0 or (self.auto_close and cint(self.auto_close_days) < 1):
			self.throw(_("Enter after how many days without contact an opportunity is closed: 1 or more."))

	def check_quotation_days(self) -> None:
		if cint(self.quotation_valid_days) < 1:
			self.throw(_("Enter for how many days a quotation is valid: 1 or more."))

	def check_customer_group(self) -> None:
		"""Customers belong to a leaf of the tree; ERPNext refuses a group when the first order comes."""
		group = self.default_customer_group
		if group and frappe.db.get_value("Customer Group", group, "is_group"):
			self.throw(
				_("{0} is a group of customer groups. Choose one below it.").format(
					frappe.bold(escape_html(group))
				),
				title=_("Customer Group"),
			)

	def check_working_hours(self) -> None:
		"""Each from before its to; no two of one day overlap."""
		clash = self.find_clash("working_hours", [row.weekday for row in self.working_hours])
		if clash:
			self.throw(
				_(
					"The working hours in rows {0} and {1} overlap on {2}. Change the times so that one ends before the other starts."
				).format(clash[0].idx, clash[1].idx, _(clash[0].weekday))
			)

	def check_seasons(self) -> None:
		"""Two seasons have the same days or none in common; on the same days their hours do not overlap."""
		spans = [(getdate(row.from_date), getdate(row.to_date)) for row in self.working_seasons]
		for row, (first, last) in zip(self.working_seasons, spans, strict=True):
			if last < first:
				self.throw(
					_("The season in row {0} ends before it begins. Choose a later last day.").format(row.idx)
				)
		for (one, a), (other, b) in combinations(zip(self.working_seasons, spans, strict=True), 2):
			if a != b and a[0] <= b[1] and b[0] <= a[1]:
				self.throw(
					_(
						"The seasons in rows {0} and {1} share some of their days. Give both the same days, or days apart from each other."
					).format(one.idx, other.idx)
				)
		clash = self.find_clash("working_seasons", spans)
		if clash:
			self.throw(
				_(
					"The hours of the seasons in rows {0} and {1} overlap. Change the times so that one ends before the other starts."
				).format(clash[0].idx, clash[1].idx)
			)

	def find_clash(self, table: str, days: list) -> tuple | None:
		"""Two rows of a table whose hours overlap on the same of `days`. Throws for hours that end before they start."""
		rows = self.get(table)
		slots = [
			(day, get_time(row.from_time), get_time(row.to_time)) for row, day in zip(rows, days, strict=True)
		]
		with explained(_(self.meta.get_label(table))):
			clash = scheduling.find_overlap(slots)
		return (rows[clash[0]], rows[clash[1]]) if clash else None

	def note_assignment_start(self) -> None:
		"""Only leads from here on are assigned by themselves; those of before would flood the agents at once."""
		if self.assignment_mode != "By Rules":
			self.assignment_since = None
		elif self.has_value_changed("assignment_mode") or not self.assignment_since:
			self.assignment_since = now_datetime()

	def check_scoring(self) -> None:
		with explained(_("Grade A From Points")):
			scoring.check_bands(bands(self))
		for field in ("learnt_min_won", "learnt_min_closed"):
			if cint(self.get(field)) < 1:
				self.throw(
					_("Enter from how many closed leads a chance may be learnt: 1 or more."),
					title=_(self.meta.get_label(field)),
				)

	def rescore_when_due(self) -> None:
		"""Grades and chances on all open leads follow what was changed here."""
		before = self.get_doc_before_save()
		if before and any(cint(before.get(field)) != cint(self.get(field)) for field in SCORED_BY):
			learnt.forget()
			rescoring.rules_changed()

	def check_follow_up(self) -> None:
		if not 0 <= cint(self.follow_up_hour) <= 23:
			self.throw(_("Enter the hour from which owners are reminded: 0 to 23."))
		if not 0 <= cint(self.follow_up_repeats) <= 52:
			self.throw(_("Enter how often an overdue follow-up is repeated: 0 to 52 weeks."))
