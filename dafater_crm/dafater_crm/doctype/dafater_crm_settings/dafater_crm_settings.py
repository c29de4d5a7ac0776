# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from dafater_crm.domain import scoring
from dafater_crm.records import learnt, rescoring
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
		grade_a_from: DF.Int
		grade_b_from: DF.Int
		grade_c_from: DF.Int
		learnt_min_closed: DF.Int
		learnt_min_won: DF.Int
		learnt_on: DF.Check
		qualified_at: DF.Int
		quotation_valid_days: DF.Int
		record_visibility: DF.Literal["Owner and Team", "Everyone in Sales"]
		scoring_on: DF.Check
		show_hijri: DF.Check
		stage_activities: DF.Literal["Warn", "Block", "Ignore"]
		week_start: DF.Literal["Sunday", "Saturday", "Monday"]
	# end: auto-generated types

	def validate(self) -> None:
		self.refuse_retired_links()
		self.check_auto_close()
		self.check_quotation_days()
		self.check_customer_group()
		self.check_scoring()

	def on_update(self) -> None:
		self.rescore_when_due()

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
