# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate, now_datetime

from dafater_crm.domain import amounts, dates, hijri, text
from dafater_crm.domain.contract_status import status_of
from dafater_crm.records import contract_terms
from dafater_crm.records.lifecycle import forget_virtual_values
from dafater_crm.records.record import Record
from dafater_crm.records.references import check_reference, require_readable, title_of
from dafater_crm.records.rules import explained


class DafaterContract(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_contract_obligation.dafater_contract_obligation import (
			DafaterContractObligation,
		)

		amended_from: DF.Link | None
		company: DF.Link
		contract_owner: DF.Link | None
		contract_template: DF.Link | None
		contract_value: DF.Currency
		currency: DF.Link | None
		document_name: DF.DynamicLink | None
		document_type: DF.Literal[
			"",
			"Dafater Opportunity",
			"Quotation",
			"Sales Order",
			"Sales Invoice",
			"Project",
			"Purchase Order",
		]
		end_date: DF.Date | None
		end_date_hijri: DF.Data | None
		language: DF.Literal["Arabic", "English", "Both"]
		naming_series: DF.Literal["DCON-.YYYY.-"]
		obligations: DF.Table[DafaterContractObligation]
		opportunity: DF.Link | None
		party_name: DF.DynamicLink
		party_title: DF.Data | None
		party_type: DF.Literal["Customer", "Dafater Prospect", "Supplier", "Employee"]
		renewal: DF.Literal["None", "Manual", "Automatic"]
		renewal_notice_days: DF.Int
		requires_fulfilment: DF.Check
		sent_on: DF.Datetime | None
		signed_by_company: DF.Link | None
		signed_on: DF.Datetime | None
		signee: DF.Data | None
		start_date: DF.Date
		start_date_hijri: DF.Data | None
		status: DF.Literal[
			"Draft", "Sent", "Signed", "Active", "Fulfilled", "Lapsed", "Expired", "Terminated", "Cancelled"
		]
		terminated_on: DF.Date | None
		termination_reason: DF.SmallText | None
		terms: DF.TextEditor | None
		title: DF.Data
	# end: auto-generated types

	def validate(self) -> None:
		self.refuse_retired_links()
		self.clean_title()
		self.check_period()
		self.check_value()
		self.check_party()
		self.check_related()
		self.check_renewal()
		self.fill_from_template()
		self.date_obligations()
		self.check_signing()
		self.set_status()
		forget_virtual_values(self)

	def before_update_after_submit(self) -> None:
		self.refuse_retired_links()
		self.check_renewal()
		self.date_obligations()
		self.check_signing()
		self.set_status()
		forget_virtual_values(self)

	def before_cancel(self) -> None:
		self.set_status()

	def clean_title(self) -> None:
		with explained(self._label("title")):
			self.title = text.plain(self.title)

	def check_period(self) -> None:
		"""A contract without an end runs until it is terminated."""
		if self.start_date and self.end_date:
			with explained(self._label("end_date")):
				dates.half_open_day_range(getdate(self.start_date), getdate(self.end_date))

	def check_value(self) -> None:
		with explained(self._label("contract_value")):
			self.contract_value = amounts.finite_amount(self.contract_value, self._label("contract_value"))
		if not self.currency:
			self.currency = frappe.get_cached_value("Company", self.company, "default_currency")

	def check_party(self) -> None:
		"""The party can be opened by whoever names it; its title is kept for the time after it is gone."""
		check_reference(self, "party_type", "party_name")
		if self.party_name and (not self.party_title or self.has_value_changed("party_name")):
			self.party_title = title_of(self.party_type, self.party_name)

	def check_related(self) -> None:
		check_reference(self, "document_type", "document_name")
		if self.opportunity and self.has_value_changed("opportunity"):
			require_readable(self, "Dafater Opportunity", self.opportunity)

	def check_renewal(self) -> None:
		if self.renewal in ("Manual", "Automatic") and not self.end_date:
			self.throw(
				_(
					"Enter the end date of the contract, or set its renewal to None: without an end nothing is renewed."
				)
			)
		if cint(self.renewal_notice_days) < 0:
			self.throw(_("Enter the renewal notice in days: 0 or more."))

	def fill_from_template(self) -> None:
		"""A newly chosen template fills the terms, unless the same save brings terms of its own."""
		if (
			self.docstatus != 0
			or not self.contract_template
			or not self.has_value_changed("contract_template")
		):
			return
		before = self.get_doc_before_save()
		written_by_hand = self.terms and (self.terms or "") != ((before.terms if before else "") or "")
		if not written_by_hand and not self.amended_from:
			contract_terms.apply_template(self)

	def date_obligations(self) -> None:
		"""Ticking an obligation notes the day; unticking forgets it. No obligation is due before the contract starts."""
		for row in self.obligations:
			if row.fulfilled:
				row.fulfilled_on = row.fulfilled_on or getdate()
			else:
				row.fulfilled_on = None
			if row.due_date and self.start_date and getdate(row.due_date) < getdate(self.start_date):
				self.throw(
					_(
						"The obligation in row {0} is due before the contract starts. Choose {1} or a later date."
					).format(row.idx, self.get_formatted("start_date"))
				)

	def check_signing(self) -> None:
		"""What was signed or ended has a date that is not ahead, a person, and a reason."""
		if self.docstatus == 0 and (self.signed_on or self.terminated_on):
			self.throw(_("Submit the contract before it is signed or terminated: a draft can still change."))
		for field in ("sent_on", "signed_on"):
			if self.get(field) and get_datetime(self.get(field)) > now_datetime():
				self.throw(
					_("{0} cannot lie in the future. Enter when it happened.").format(
						frappe.bold(self._label(field))
					)
				)
		if self.signed_on and not (self.signee or "").strip():
			self.throw(_("Enter the name of the person who signed for the other party."))
		if self.terminated_on and not (self.termination_reason or "").strip():
			self.throw(_("Enter the reason of the termination."))

	def set_status(self) -> None:
		"""Derived from dates and obligations on every save; what a client sends is overwritten."""
		self.status = status_of(
			docstatus=cint(self.docstatus),
			sent_on=_day(self.sent_on),
			signed_on=_day(self.signed_on),
			start_date=_day(self.start_date),
			end_date=_day(self.end_date),
			obligations=[(_day(row.due_date), bool(row.fulfilled)) for row in self.obligations],
			terminated_on=_day(self.terminated_on),
			today=getdate(),
			require_fulfilment=bool(self.requires_fulfilment),
		)

	@property
	def start_date_hijri(self) -> str:
		return _shown_hijri(self.get("start_date"))

	@property
	def end_date_hijri(self) -> str:
		return _shown_hijri(self.get("end_date"))

	def _label(self, field: str) -> str:
		return _(self.meta.get_label(field))


def _day(value):
	"""Return a date, or None for a blank: `getdate` alone would turn a blank into today."""
	return getdate(value) if value else None


def _shown_hijri(value) -> str:
	"""Return the Hijri date in the reader's language; "" for a blank and when the settings hide it."""
	if not value or not frappe.get_cached_doc("Dafater CRM Settings").show_hijri:
		return ""
	return hijri.format_hijri(getdate(value), frappe.local.lang or "en")


def on_doctype_update() -> None:
	frappe.db.add_index("Dafater Contract", ["owner"])
	frappe.db.add_index("Dafater Contract", ["party_type", "party_name"])
	# the daily recompute walks the submitted contracts whose status may still move
	frappe.db.add_index("Dafater Contract", ["docstatus", "status", "name"])
