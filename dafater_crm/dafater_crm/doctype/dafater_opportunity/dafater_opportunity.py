# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

import frappe
from frappe import _
from frappe.contacts.address_and_contact import load_address_and_contact
from frappe.utils import getdate

from dafater_crm.domain import emails, phones, text
from dafater_crm.records import (
	opportunity_party,
	opportunity_stage,
	opportunity_value,
	recompute,
	response_times,
)
from dafater_crm.records.indexes import add_created_day
from dafater_crm.records.record import CONTACT_STAMPS, Record
from dafater_crm.records.rules import explained

TEXT_FIELDS = ("title", "next_step", "tender_reference", "tender_authority")


class DafaterOpportunity(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_opportunity_competitor.dafater_opportunity_competitor import (
			DafaterOpportunityCompetitor,
		)
		from dafater_crm.dafater_crm.doctype.dafater_opportunity_contact.dafater_opportunity_contact import (
			DafaterOpportunityContact,
		)
		from dafater_crm.dafater_crm.doctype.dafater_opportunity_item.dafater_opportunity_item import (
			DafaterOpportunityItem,
		)
		from dafater_crm.dafater_crm.doctype.dafater_opportunity_lost_reason_detail.dafater_opportunity_lost_reason_detail import (
			DafaterOpportunityLostReasonDetail,
		)
		from dafater_crm.dafater_crm.doctype.dafater_tender_document.dafater_tender_document import (
			DafaterTenderDocument,
		)

		address_display: DF.SmallText | None
		answer_business: DF.Duration | None
		answer_time: DF.Duration | None
		base_opportunity_amount: DF.Currency
		base_total: DF.Currency
		bid_bond_amount: DF.Currency
		bid_bond_expiry: DF.Date | None
		bid_bond_percent: DF.Percent
		campaign: DF.Link | None
		closed_on: DF.Datetime | None
		company: DF.Link
		competitors: DF.Table[DafaterOpportunityCompetitor]
		contact_email: DF.Data | None
		contact_mobile: DF.Data | None
		contact_person: DF.Link | None
		contacts: DF.Table[DafaterOpportunityContact]
		conversion_rate: DF.Float
		currency: DF.Link
		customer_address: DF.Link | None
		description: DF.TextEditor | None
		document_price: DF.Currency
		document_status: DF.Literal["", "Quotation", "Partially Ordered", "Ordered"]
		documents_deadline: DF.Date | None
		enquiries_deadline: DF.Date | None
		expected_closing: DF.Date | None
		final_bond_amount: DF.Currency
		final_bond_expiry: DF.Date | None
		final_bond_percent: DF.Percent
		first_responded_on: DF.Datetime | None
		first_response_time: DF.Duration | None
		industry: DF.Link | None
		is_tender: DF.Check
		items: DF.Table[DafaterOpportunityItem]
		last_contact_on: DF.Datetime | None
		lead: DF.Link | None
		lost_details: DF.SmallText | None
		lost_on: DF.Date | None
		lost_reasons: DF.TableMultiSelect[DafaterOpportunityLostReasonDetail]
		market_segment: DF.Link | None
		naming_series: DF.Literal["DOPP-.YYYY.-"]
		next_follow_up: DF.Date | None
		next_step: DF.Data | None
		one_off_total: DF.Currency
		opening_date: DF.Datetime | None
		opportunity_amount: DF.Currency
		opportunity_owner: DF.Link | None
		opportunity_type: DF.Link | None
		party_name: DF.DynamicLink
		party_title: DF.Data | None
		party_type: DF.Literal["Dafater Lead", "Dafater Prospect", "Customer"]
		probability: DF.Percent
		probability_by_hand: DF.Check
		recurring_total: DF.Currency
		sales_stage: DF.Link | None
		source: DF.Link | None
		stage_before_won: DF.Link | None
		stage_changed_on: DF.Datetime | None
		status: DF.Literal["Open", "Quotation", "Partially Ordered", "Won", "Lost", "Closed"]
		submission_deadline: DF.Datetime | None
		tender_authority: DF.Data | None
		tender_documents: DF.Table[DafaterTenderDocument]
		tender_kind: DF.Literal[
			"", "Public", "Limited", "Two-stage", "Direct Purchase", "Framework Agreement", "Competition"
		]
		tender_reference: DF.Data | None
		tender_stage: DF.Literal[
			"",
			"Announced",
			"Documents Bought",
			"Enquiries",
			"Submitted",
			"Opened",
			"Under Examination",
			"Awarded",
			"Contracted",
			"Not Awarded",
		]
		territory: DF.Link | None
		title: DF.Data | None
		total: DF.Currency
		transaction_date: DF.Date
		weighted_amount: DF.Currency
		won_on: DF.Date | None
	# end: auto-generated types

	def onload(self):
		if self.party_name and frappe.db.exists(self.party_type, self.party_name):
			load_address_and_contact(self)

	def before_insert(self):
		self.update(dict.fromkeys(response_times.FIELDS))  # a copy brings those of its original
		self.set_defaults()
		opportunity_stage.enter_first_stage(self)

	def validate(self):
		self.keep_stored(*CONTACT_STAMPS, *response_times.FIELDS)
		self.clean_texts()
		self.normalise_reach()
		opportunity_party.check_party(self)
		opportunity_party.fill_from_party(self)
		self.refuse_retired_links()
		self.check_dates()
		opportunity_value.set_exchange_rate(self)
		opportunity_value.set_item_amounts(self)
		opportunity_stage.follow_stage(self)
		opportunity_value.set_base_amounts(self)
		opportunity_stage.set_status(self)
		self.set_title()

	def on_update(self):
		opportunity_stage.keep_stage_history(self)
		self.recompute_party()

	def after_delete(self):
		self.recompute_party()

	def on_trash(self):
		opportunity_stage.delete_history(self)

	def set_defaults(self):
		settings = frappe.get_cached_doc("Dafater CRM Settings")
		self.company = self.company or settings.default_company or frappe.defaults.get_user_default("Company")
		self.opportunity_owner = self.opportunity_owner or frappe.session.user

	def clean_texts(self):
		for field in TEXT_FIELDS:
			if self.get(field):
				with explained(_(self.meta.get_label(field))):
					self.set(field, text.plain(self.get(field)))

	def normalise_reach(self):
		if self.contact_email:
			with explained(_(self.meta.get_label("contact_email"))):
				self.contact_email = emails.normalise(self.contact_email)
		if self.contact_mobile:
			with explained(_(self.meta.get_label("contact_mobile"))):
				self.contact_mobile = phones.to_e164(self.contact_mobile)

	def check_dates(self):
		"""The close date lies on or after the opportunity's date; tender dates follow each other."""
		if self.expected_closing and getdate(self.expected_closing) < getdate(self.transaction_date):
			self.throw(
				_(
					"The expected closing {0} is before the opportunity date {1}. Choose that day or a later one."
				).format(self.get_formatted("expected_closing"), self.get_formatted("transaction_date"))
			)
		if self.opening_date and self.submission_deadline and self.opening_date < self.submission_deadline:
			self.throw(_("Offers are opened after the submission deadline. Correct one of the two dates."))

	def set_title(self):
		if not self.title:
			self.title = self.party_title or self.party_name

	def recompute_party(self):
		"""The party's status follows its opportunities, after the commit."""
		before = self.get_doc_before_save()
		watched = ("status", "document_status", "party_type", "party_name", "lead")
		if before and all(before.get(field) == self.get(field) for field in watched):
			return
		for doc in (before, self):
			if doc:
				recompute.after_commit(doc.party_type, doc.party_name)
				recompute.after_commit("Dafater Lead", doc.lead)


def on_doctype_update():
	"""Indexes of the lists, the board, the reports by period and the facts of a party."""
	for columns in (
		["owner"],
		["party_type", "party_name"],
		["opportunity_owner", "status"],
		["status", "expected_closing"],
		["status", "won_on"],
		# lost ones of a period are counted and summed from the index alone
		["status", "lost_on", "company", "base_opportunity_amount"],
		["sales_stage", "status"],
		["company", "transaction_date"],
	):
		frappe.db.add_index("Dafater Opportunity", columns)
	# First Response Time reads an index instead of the table: the narrow one for whom nothing is hidden, else the wide one
	whose = ("territory", "opportunity_owner", "owner")
	add_created_day(
		"Dafater Opportunity",
		{
			"answers": ["_created_day", "company", *response_times.FIELDS],
			"answers_by_owner": ["_created_day", "company", *whose, *response_times.FIELDS],
		},
	)
