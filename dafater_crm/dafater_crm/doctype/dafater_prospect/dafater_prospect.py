# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

import frappe
from frappe import _
from frappe.contacts.address_and_contact import load_address_and_contact

from dafater_crm.domain import arabic
from dafater_crm.records import contacts, history
from dafater_crm.records.party import PartyRecord
from dafater_crm.records.record import CONTACT_STAMPS
from dafater_crm.records.status import StatusMixin

DEEPEST_PARENT = 20


class DafaterProspect(StatusMixin, PartyRecord):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_prospect_contact.dafater_prospect_contact import (
			DafaterProspectContact,
		)

		annual_revenue: DF.Currency
		base_status: DF.Data | None
		building_no: DF.Data | None
		campaign: DF.Link | None
		city: DF.Data | None
		classification: DF.Literal["", "New", "VIP", "Strategic", "Standard", "At Risk"]
		company: DF.Link | None
		contacts: DF.Table[DafaterProspectContact]
		cr_number: DF.Data | None
		customer_group: DF.Link | None
		default_currency: DF.Link | None
		default_price_list: DF.Link | None
		description: DF.Text | None
		district: DF.Data | None
		do_not_contact: DF.Check
		email_id: DF.Data | None
		fact_status: DF.Data | None
		first_responded_on: DF.Datetime | None
		first_response_time: DF.Duration | None
		follow_up_note: DF.Data | None
		image: DF.AttachImage | None
		industry: DF.Link | None
		kind: DF.Literal["Private", "Government", "Semi-Government", "Non-Profit", "Partner"]
		last_contact_on: DF.Datetime | None
		latin_key: DF.Data | None
		market_segment: DF.Link | None
		marketing_consent: DF.Literal["Unknown", "Granted", "Withdrawn"]
		mobile_no: DF.Data | None
		name_key: DF.Data | None
		naming_series: DF.Literal["DPRO-.YYYY.-"]
		next_follow_up: DF.Date | None
		no_of_employees: DF.Literal["", "1-5", "6-49", "50-249", "250-499", "500+"]
		parent_prospect: DF.Link | None
		payment_terms: DF.Link | None
		phone: DF.Data | None
		postal_code: DF.Data | None
		preferred_channel: DF.Literal[
			"", "Phone", "WhatsApp", "E-mail", "SMS", "Messenger", "Instagram", "Visit"
		]
		preferred_language: DF.Link | None
		prospect_name: DF.Data
		prospect_name_latin: DF.Data | None
		prospect_owner: DF.Link | None
		region: DF.Link | None
		secondary_no: DF.Data | None
		short_address: DF.Data | None
		source: DF.Link | None
		status: DF.Literal["New", "Active", "Opportunity", "Quotation", "Customer", "Inactive"]
		status_changed_on: DF.Datetime | None
		street: DF.Data | None
		territory: DF.Link | None
		vat_number: DF.Data | None
		website: DF.Data | None
		whatsapp_no: DF.Data | None
	# end: auto-generated types

	TEXT_FIELDS = ("prospect_name", "prospect_name_latin", "follow_up_note", "street", "district", "city")
	SEARCH_KEYS = {
		"name_key": (arabic.search_key, ("prospect_name", "prospect_name_latin")),
		"latin_key": (arabic.latin_source_key, ("prospect_name_latin", "prospect_name")),
	}

	def onload(self):
		load_address_and_contact(self)

	def before_insert(self):
		self.set_defaults()

	def validate(self):
		self.keep_stored(*CONTACT_STAMPS)
		self.clean_texts()
		self.normalise_reach()
		self.normalise_numbers()
		self.check_amounts("annual_revenue")
		self.check_follow_up()
		self.refuse_retired_links()
		self.refuse_circular_parent()
		self.keep_one_primary_contact()
		self.set_search_keys()
		self.take_person_status()

	def on_update(self):
		self.keep_status_history()
		self.link_contacts()

	def on_trash(self):
		contacts.unlink_party(self)
		history.forget(self)

	def set_defaults(self):
		settings = frappe.get_cached_doc("Dafater CRM Settings")
		self.company = self.company or settings.default_company or frappe.defaults.get_user_default("Company")
		self.territory = self.territory or settings.default_territory
		self.prospect_owner = self.prospect_owner or frappe.session.user

	def refuse_circular_parent(self):
		"""Walk up the parents: a prospect is never its own ancestor."""
		if not self.parent_prospect or not self.has_value_changed("parent_prospect"):
			return
		above, steps = self.parent_prospect, 0
		while above and steps < DEEPEST_PARENT:
			if above == self.name:
				self.throw(
					_(
						"{0} cannot be the parent account: it belongs to {1} itself. Choose another parent."
					).format(frappe.bold(self.parent_prospect), frappe.bold(self.prospect_name)),
					title=_("Circular Parent"),
				)
			above, steps = frappe.db.get_value("Dafater Prospect", above, "parent_prospect"), steps + 1

	def keep_one_primary_contact(self):
		primary = [row for row in self.contacts if row.is_primary]
		for row in primary[1:]:
			row.is_primary = 0
		if self.contacts and not primary:
			self.contacts[0].is_primary = 1

	def link_contacts(self):
		"""A contact chosen in the table is found from the prospect's own list of contacts as well."""
		for row in self.contacts:
			contacts.link_contact(row.contact, self.doctype, self.name)


def on_doctype_update():
	frappe.db.add_index("Dafater Prospect", ["owner"])
	frappe.db.add_index("Dafater Prospect", ["prospect_owner", "status"])
	frappe.db.add_index("Dafater Prospect", ["status", "next_follow_up"])
