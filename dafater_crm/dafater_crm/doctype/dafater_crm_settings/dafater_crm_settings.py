# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from dafater_crm.records.record import Record


class DafaterCRMSettings(Record):
	"""Switches only: saving them validates and stores, and creates neither fields nor jobs."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		auto_close: DF.Check
		auto_close_days: DF.Int
		comment_on_lost_order: DF.Check
		contact_for_every_lead: DF.Check
		create_contact_on_qualification: DF.Check
		default_company: DF.Link | None
		default_customer_group: DF.Link | None
		default_territory: DF.Link | None
		elevated_customer_creation: DF.Check
		follow_up_hour: DF.Int
		follow_up_reminders: DF.Check
		follow_up_repeats: DF.Int
		quotation_valid_days: DF.Int
		record_visibility: DF.Literal["Owner and Team", "Everyone in Sales"]
		show_hijri: DF.Check
		stage_activities: DF.Literal["Warn", "Block", "Ignore"]
		week_start: DF.Literal["Sunday", "Saturday", "Monday"]
	# end: auto-generated types

	def validate(self) -> None:
		self.refuse_retired_links()
		self.check_auto_close()
		self.check_quotation_days()
		self.check_customer_group()
		self.check_follow_up()

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

	def check_follow_up(self) -> None:
		if not 0 <= cint(self.follow_up_hour) <= 23:
			self.throw(_("Enter the hour from which owners are reminded: 0 to 23."))
		if not 0 <= cint(self.follow_up_repeats) <= 52:
			self.throw(_("Enter how often an overdue follow-up is repeated: 0 to 52 weeks."))
