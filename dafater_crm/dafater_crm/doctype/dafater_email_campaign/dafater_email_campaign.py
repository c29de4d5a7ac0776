# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import add_days, escape_html, getdate

from dafater_crm.domain import text
from dafater_crm.records.lifecycle import check_status_move
from dafater_crm.records.record import Record
from dafater_crm.records.references import require_readable
from dafater_crm.records.rules import explained

STARTS = frozenset({"Draft", "Scheduled"})
MOVES = {
	"Draft": frozenset({"Scheduled", "Cancelled"}),
	"Scheduled": frozenset({"Draft", "In Progress", "Paused", "Cancelled"}),
	"In Progress": frozenset({"Paused", "Completed", "Cancelled"}),
	"Paused": frozenset({"Scheduled", "In Progress", "Cancelled"}),
	"Completed": frozenset(),
	"Cancelled": frozenset(),
}
STARTED = frozenset({"In Progress", "Paused", "Completed", "Cancelled"})
BY_FILTER = "Leads by Filter"
# audience type -> the fields of which at least one must be filled
AUDIENCE_FIELDS = {
	"E-mail Group": ("email_group",),
	BY_FILTER: ("market_segment", "source", "territory", "lead_status"),
	"Single Lead": ("lead",),
	"Single Prospect": ("prospect",),
	"Single Contact": ("contact",),
}
# field of a single recipient -> fields of its DocType that forbid writing to it
SINGLE = {
	"lead": ("do_not_contact", "unsubscribed"),
	"prospect": ("do_not_contact",),
	"contact": ("unsubscribed",),
}


class DafaterEmailCampaign(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_email_campaign_step.dafater_email_campaign_step import (
			DafaterEmailCampaignStep,
		)

		audience_type: DF.Literal[
			"E-mail Group", "Leads by Filter", "Single Lead", "Single Prospect", "Single Contact"
		]
		campaign: DF.Link
		contact: DF.Link | None
		email_group: DF.Link | None
		end_date: DF.Date | None
		lead: DF.Link | None
		lead_status: DF.Literal[
			"", "New", "Open", "Contacted", "Qualified", "Opportunity", "Quotation", "Converted"
		]
		market_segment: DF.Link | None
		prospect: DF.Link | None
		sender: DF.Link | None
		source: DF.Link | None
		start_date: DF.Date
		status: DF.Literal["Draft", "Scheduled", "In Progress", "Paused", "Completed", "Cancelled"]
		steps: DF.Table[DafaterEmailCampaignStep]
		territory: DF.Link | None
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.clean_title()
		self.refuse_retired_links()
		self.check_audience()
		self.check_recipient()
		self.sort_steps()
		self.set_end_date()
		check_status_move(self, STARTS, MOVES)
		self.check_schedule()
		self.keep_what_was_started()

	def clean_title(self) -> None:
		with explained(_("Title")):
			self.title = text.plain(self.title)

	def check_audience(self) -> None:
		"""The chosen kind of audience is filled in; what belongs to another kind is cleared."""
		wanted = AUDIENCE_FIELDS[self.audience_type]
		for field in {field for fields in AUDIENCE_FIELDS.values() for field in fields} - set(wanted):
			self.set(field, None)
		if any(self.get(field) for field in wanted):
			return
		if self.audience_type == BY_FILTER:
			self.throw(_("Choose at least one filter for the leads: segment, source, territory or status."))
		self.throw(_("Choose who receives this campaign in the field {0}.").format(self._label(wanted[0])))

	def check_recipient(self) -> None:
		"""One recipient: readable, with an e-mail address, and not asking to be left alone."""
		field = next((field for field in SINGLE if self.get(field)), None)
		if not field or not (self.is_new() or self.has_value_changed(field)):
			return
		doctype = self.meta.get_field(field).options
		require_readable(self, doctype, self.get(field))
		recipient = frappe.db.get_value(doctype, self.get(field), ["email_id", *SINGLE[field]], as_dict=True)
		name = frappe.bold(escape_html(self.get(field)))
		if any(recipient[flag] for flag in SINGLE[field]):
			self.throw(_("{0} asked not to receive campaigns. Choose another recipient.").format(name))
		if not recipient.email_id:
			self.throw(
				_("{0} has no e-mail address. Add one there first, or choose another recipient.").format(name)
			)

	def sort_steps(self) -> None:
		"""Steps in the order in which they are sent, one a day at most."""
		self.steps.sort(key=lambda step: step.send_after_days or 0)
		days = set()
		for idx, step in enumerate(self.steps, start=1):
			step.idx = idx
			day = step.send_after_days = step.send_after_days or 0
			if day < 0:
				self.throw(_("A step cannot be sent before the start date. Enter 0 or more days."))
			if day in days:
				self.throw(
					_("Two steps are sent after {0} days. Give each step a day of its own.").format(day)
				)
			days.add(day)

	def set_end_date(self) -> None:
		last = self.steps[-1].send_after_days if self.steps else 0
		self.end_date = add_days(self.start_date, last) if self.start_date else None

	def check_schedule(self) -> None:
		"""A schedule that is made now begins today or later, for a campaign that still runs."""
		before = self.get_doc_before_save()
		moved = (
			not before or before.status == "Draft" or getdate(before.start_date) != getdate(self.start_date)
		)
		if self.status != "Scheduled" or not moved:
			return
		if getdate(self.start_date) < getdate():
			self.throw(
				_(
					"The start date {0} is in the past. Choose today or a later date before you schedule the campaign."
				).format(self.get_formatted("start_date"))
			)
		if frappe.db.get_value("Dafater Campaign", self.campaign, "status") in ("Completed", "Cancelled"):
			self.throw(
				_("The campaign {0} is over. Choose one that is planned or active.").format(
					frappe.bold(escape_html(self.campaign))
				)
			)

	def keep_what_was_started(self) -> None:
		"""What was sent cannot be changed afterwards: audience, start and steps stay."""
		before = self.get_doc_before_save()
		if before and before.status in STARTED and self._plan() != before._plan():
			self.throw(
				_(
					"This campaign has started: its start date, audience and steps can no longer change. Make a copy instead."
				)
			)

	def _plan(self) -> tuple:
		fields = ("audience_type", *(field for fields in AUDIENCE_FIELDS.values() for field in fields))
		steps = tuple((step.send_after_days or 0, step.email_template) for step in self.steps)
		return (getdate(self.start_date), tuple(self.get(field) or "" for field in fields), steps)

	def _label(self, field: str) -> str:
		return frappe.bold(_(self.meta.get_label(field)))
