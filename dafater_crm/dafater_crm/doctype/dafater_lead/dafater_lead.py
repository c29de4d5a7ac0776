# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

import frappe
from frappe import _
from frappe.contacts.address_and_contact import load_address_and_contact
from frappe.utils import cint, now_datetime

from dafater_crm.domain import arabic, company_size
from dafater_crm.domain.blocking import stored_keys
from dafater_crm.queries.duplicates import profile_of
from dafater_crm.records import (
	assignment,
	assignment_log,
	capture,
	contacts,
	duplicates,
	history,
	lead_events,
	recompute,
)
from dafater_crm.records.lead_score import score_document
from dafater_crm.records.party import PartyRecord
from dafater_crm.records.record import CONTACT_STAMPS
from dafater_crm.records.status import StatusMixin


class DafaterLead(StatusMixin, PartyRecord):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		annual_revenue: DF.Currency
		assigned_on: DF.Datetime | None
		assignment_rule: DF.Link | None
		assignment_state: DF.Literal[
			"",
			"Assigned",
			"By Hand",
			"Waiting for Working Hours",
			"Waiting for Capacity",
			"No Agent Available",
			"No Rule Fits",
			"Escalated",
		]
		base_status: DF.Data | None
		building_no: DF.Data | None
		campaign: DF.Link | None
		captured_through: DF.Literal["", "Desk", "Web Form", "API", "E-mail", "Import", "Channel"]
		city: DF.Data | None
		company: DF.Link | None
		converted_on: DF.Datetime | None
		cr_number: DF.Data | None
		disqualify_details: DF.SmallText | None
		disqualify_reason: DF.Literal[
			"",
			"No Budget",
			"No Need",
			"Wrong Contact Details",
			"Duplicate",
			"Chose a Competitor",
			"Outside Our Area",
			"Spam",
			"Other",
		]
		district: DF.Data | None
		do_not_contact: DF.Check
		email_id: DF.Data | None
		employee_count: DF.Int
		engagement_score: DF.Int
		fact_status: DF.Data | None
		first_responded_on: DF.Datetime | None
		first_response_time: DF.Duration | None
		fit_score: DF.Int
		follow_up_note: DF.Data | None
		grade: DF.Literal["", "A", "B", "C", "D"]
		has_authority: DF.Check
		has_budget: DF.Check
		has_need: DF.Check
		image: DF.AttachImage | None
		industry: DF.Link | None
		item_group: DF.Link | None
		job_title: DF.Data | None
		landing_page: DF.SmallText | None
		last_contact_on: DF.Datetime | None
		latin_key: DF.Data | None
		lead_name: DF.Data | None
		lead_name_latin: DF.Data | None
		lead_owner: DF.Link | None
		lead_type: DF.Literal["Person", "Organisation"]
		learnt_reasons: DF.SmallText | None
		learnt_score: DF.Percent
		market_segment: DF.Link | None
		marketing_consent: DF.Literal["Unknown", "Granted", "Withdrawn"]
		mobile_no: DF.Data | None
		name_key: DF.Data | None
		naming_series: DF.Literal["DLEAD-.YYYY.-"]
		national_id: DF.Data | None
		next_follow_up: DF.Date | None
		no_of_employees: DF.Literal["", "1-5", "6-49", "50-249", "250-499", "500+"]
		organisation_key: DF.Data | None
		organisation_name: DF.Data | None
		organisation_name_latin: DF.Data | None
		phone: DF.Data | None
		postal_code: DF.Data | None
		preferred_channel: DF.Literal[
			"", "Phone", "WhatsApp", "E-mail", "SMS", "Messenger", "Instagram", "Visit"
		]
		preferred_language: DF.Link | None
		prospect: DF.Link | None
		purchase_timeline: DF.Literal["", "This Month", "This Quarter", "This Year", "Later"]
		qualification_status: DF.Literal["Unqualified", "In Process", "Qualified"]
		qualified_by: DF.Link | None
		qualified_on: DF.Datetime | None
		referrer: DF.Data | None
		region: DF.Link | None
		request: DF.Text | None
		request_subject: DF.Data | None
		request_type: DF.Literal[
			"", "Product Enquiry", "Request for Quotation", "Support", "Suggestion", "Other"
		]
		salutation: DF.Link | None
		score: DF.Int
		score_reasons: DF.SmallText | None
		scored_on: DF.Datetime | None
		secondary_no: DF.Data | None
		short_address: DF.Data | None
		source: DF.Link | None
		source_reference: DF.Data | None
		status: DF.Literal[
			"New",
			"Open",
			"Contacted",
			"Qualified",
			"Opportunity",
			"Quotation",
			"Converted",
			"Disqualified",
			"Do Not Contact",
		]
		status_changed_on: DF.Datetime | None
		street: DF.Data | None
		team: DF.Link | None
		territory: DF.Link | None
		title: DF.Data | None
		unsubscribed: DF.Check
		utm_campaign: DF.Data | None
		utm_content: DF.Data | None
		utm_medium: DF.Data | None
		utm_source: DF.Data | None
		utm_term: DF.Data | None
		vat_number: DF.Data | None
		website: DF.Data | None
		whatsapp_no: DF.Data | None
	# end: auto-generated types

	TEXT_FIELDS = (
		"lead_name",
		"lead_name_latin",
		"organisation_name",
		"organisation_name_latin",
		"job_title",
		"request_subject",
		"follow_up_note",
		"street",
		"district",
		"city",
	)
	SEARCH_KEYS = {
		"name_key": (arabic.search_key, ("lead_name", "lead_name_latin")),
		"latin_key": (arabic.latin_source_key, ("lead_name_latin", "lead_name")),
		"organisation_key": (arabic.search_key, ("organisation_name", "organisation_name_latin")),
	}

	def onload(self):
		load_address_and_contact(self)

	def before_insert(self):
		capture.arrive(self)
		self.set_defaults()

	def validate(self):
		self.keep_stored(*CONTACT_STAMPS)
		self.clean_texts()
		self.require_a_name()
		self.normalise_reach()
		self.normalise_numbers()
		self.check_amounts("annual_revenue")
		self.settle_company_size()
		self.check_follow_up()
		self.refuse_retired_links()
		self.set_title()
		self.set_search_keys()
		self.follow_do_not_contact()
		self.take_person_status()
		self.require_disqualify_reason()
		score_document(self)
		self.note_qualification()
		assignment.note_owner(self)

	def after_insert(self):
		assignment.after_commit(self)

	def on_update(self):
		self.keep_status_history()
		assignment.owner_changed(self)
		duplicates.file_lead(self)
		self.make_contact_when_due()

	@staticmethod
	def after_bulk_insert(docs: list) -> None:
		"""What `on_update` does for one new lead, for many (`records/bulk.py`)."""
		history.append_first_statuses(docs)
		# an import has worked the keys out already, to look for doubles
		duplicates.store_keys(
			{doc.name: doc.flags.dafater_keys or stored_keys(profile_of(doc)) for doc in docs}
		)
		if frappe.get_cached_doc("Dafater CRM Settings").contact_for_every_lead:
			for doc in docs:
				contacts.ensure_contact(doc)

	def on_trash(self):
		contacts.unlink_party(self)
		history.forget(self)
		assignment_log.forget(self.name)
		lead_events.forget(self.name)
		capture.forget(self.name)
		duplicates.forget(self)

	def after_delete(self):
		if self.prospect:
			recompute.after_commit("Dafater Prospect", self.prospect)

	def set_defaults(self):
		settings = frappe.get_cached_doc("Dafater CRM Settings")
		self.company = self.company or settings.default_company or frappe.defaults.get_user_default("Company")
		self.territory = self.territory or settings.default_territory

	def require_a_name(self):
		"""A person needs a name, an organisation its own; Frappe's conditional mandatory is a desk matter only."""
		if self.lead_name or self.organisation_name:
			return
		self.throw(
			_("A lead needs a name. Enter the person's name or the organisation."), exc=frappe.MandatoryError
		)

	def settle_company_size(self):
		"""The range follows the exact number; a range that a person chooses anew, and which it is not in, counts more."""
		self.employee_count = cint(self.employee_count)
		if not self.employee_count:
			return
		if self.employee_count > company_size.MOST:
			self.throw(
				_("The number of employees is at most {0}. Correct it or leave it empty.").format(
					company_size.MOST
				)
			)
		size = company_size.range_of(self.employee_count)
		before = self.get_doc_before_save()
		chosen = before and self.no_of_employees not in (before.no_of_employees, size)
		if chosen and self.employee_count == before.employee_count:
			self.employee_count = 0
		else:
			self.no_of_employees = size

	def set_title(self):
		first, second = self.lead_name, self.organisation_name
		if self.lead_type == "Organisation":
			first, second = second, first
		self.title = first or second

	def follow_do_not_contact(self):
		"""The status "Do Not Contact" ticks the box that campaigns, sequences and reminders look at."""
		if self.has_value_changed("status") and self.status == "Do Not Contact":
			self.do_not_contact = 1

	def require_disqualify_reason(self):
		if self.status == "Disqualified" and not self.disqualify_reason:
			self.throw(
				_("Choose why the lead {0} is disqualified.").format(frappe.bold(self.title)),
				exc=frappe.MandatoryError,
			)

	def note_qualification(self):
		"""Status and qualification agree, and who qualified the lead is kept with the time."""
		if self.status == "Qualified" and self.has_value_changed("status"):
			self.qualification_status = "Qualified"
		if not self.has_value_changed("qualification_status"):
			return
		qualified = self.qualification_status == "Qualified"
		self.qualified_by = frappe.session.user if qualified else None
		self.qualified_on = now_datetime() if qualified else None
		if qualified and self.status in ("New", "Open", "Contacted"):
			self.status = self.base_status = "Qualified"
			self.status_changed_on = now_datetime()

	def make_contact_when_due(self):
		"""No Contact for junk: one is made on qualification, or for every lead where the settings say so."""
		settings = frappe.get_cached_doc("Dafater CRM Settings")
		qualified = self.qualification_status == "Qualified" and self.has_value_changed(
			"qualification_status"
		)
		if (qualified and settings.create_contact_on_qualification) or (
			self.get_doc_before_save() is None and settings.contact_for_every_lead
		):
			contacts.ensure_contact(self)


def on_doctype_update():
	"""Indexes of the lists "my open leads", "follow-ups due" and "leads of a period"."""
	frappe.db.add_index("Dafater Lead", ["owner"])
	frappe.db.add_index("Dafater Lead", ["lead_owner", "status"])
	frappe.db.add_index("Dafater Lead", ["status", "next_follow_up"])
	frappe.db.add_index("Dafater Lead", ["creation", "status"])
	# Lead Details: newest of a company first, without sorting; without reading the rows: who may be talked to, by status, and
	# how many leads a campaign or an owner has; with the territory, by which managers are limited
	period = ["company", "creation", "status", "do_not_contact", "campaign", "lead_owner", "territory"]
	frappe.db.add_index("Dafater Lead", period, "of_period")
	frappe.db.add_index("Dafater Lead", ["assignment_rule", "assignment_state", "assigned_on"])
