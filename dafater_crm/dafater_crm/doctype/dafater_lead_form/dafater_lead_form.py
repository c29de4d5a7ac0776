# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import re

import frappe
from frappe import _
from frappe.utils import escape_html

from dafater_crm.domain import urls
from dafater_crm.records import capture, form_choices, form_lead
from dafater_crm.records.record import Record
from dafater_crm.records.rules import explained

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_CHARACTERS = 60
LANGUAGES = {"Arabic": ("ar",), "English": ("en",), "Arabic and English": ("ar", "en")}
NAMES = {"lead_name", "organisation_name"}
REACH = {"mobile_no", "phone", "whatsapp_no", "email_id"}


class DafaterLeadForm(Record):
	"""A public form that makes leads. `website.lead_form` serves it, `records.form_intake` takes what is sent."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_lead_form_field.dafater_lead_form_field import (
			DafaterLeadFormField,
		)

		allowed_origins: DF.SmallText | None
		ask_consent: DF.Check
		campaign: DF.Link | None
		company: DF.Link | None
		consent_ar: DF.SmallText | None
		consent_email: DF.Check
		consent_en: DF.SmallText | None
		consent_phone: DF.Check
		consent_purpose: DF.Literal["Marketing", "Service Messages", "Profiling"]
		consent_sms: DF.Check
		consent_whatsapp: DF.Check
		daily_limit: DF.Int
		form_fields: DF.Table[DafaterLeadFormField]
		heading_ar: DF.Data | None
		heading_en: DF.Data | None
		intro_ar: DF.SmallText | None
		intro_en: DF.SmallText | None
		item_group: DF.Link | None
		languages: DF.Literal["Arabic and English", "Arabic", "English"]
		notify_team: DF.Check
		privacy_url: DF.Data | None
		published: DF.Check
		redirect_url: DF.Data | None
		same_person: DF.Literal["Attach to That Lead", "Create a New Lead"]
		slug: DF.Data
		source: DF.Link | None
		success_ar: DF.SmallText | None
		success_en: DF.SmallText | None
		team: DF.Link | None
		territory: DF.Link | None
		title: DF.Data
	# end: auto-generated types

	def validate(self):
		self.check_address_of_page()
		self.check_fields()
		self.check_choices()
		self.check_websites()
		self.check_redirect()
		self.check_privacy_notice()
		self.check_consent()
		self.refuse_retired_links()

	def check_address_of_page(self):
		self.slug = (self.slug or "").strip().lower()
		if not SLUG.fullmatch(self.slug) or len(self.slug) > MOST_CHARACTERS:
			self.throw(
				_(
					"The address of the page {0} is not usable. Write lower case letters, digits and single hyphens, at most {1} characters, like contact-us."
				).format(frappe.bold(escape_html(self.slug)), MOST_CHARACTERS)
			)

	def check_fields(self):
		"""Only fields that outsiders may fill, each once; a lead needs a name and a way to reach the person."""
		names = []
		for row in self.form_fields:
			name = capture.FORM_FIELDS.get(row.lead_field)
			if not name or name in names:
				self.throw(
					_("Row {0}: {1} cannot be shown, or is shown already. Choose another field.").format(
						row.idx, frappe.bold(_(escape_html(row.lead_field or "")))
					)
				)
			names.append(name)
		if not set(names) & NAMES or not set(names) & REACH:
			self.throw(
				_(
					"A lead needs a name and a way to reach the person. Add the full name or the organisation, and a mobile, phone, WhatsApp or e-mail."
				)
			)

	def check_choices(self):
		for row in self.form_fields:
			wanted = form_choices.lines(row.shown_options)
			if not wanted:
				continue
			known = form_choices.of_field(capture.FORM_FIELDS[row.lead_field])
			unknown = [value for value in wanted if value not in (known or [])]
			if unknown:
				self.throw(
					_(
						"Row {0}: {1} does not have these choices: {2}. Remove them, or add them first."
					).format(row.idx, frappe.bold(_(row.lead_field)), escape_html(", ".join(unknown)))
				)

	def check_websites(self):
		with explained(_("Websites That May Embed the Form")):
			found = [urls.origin(line) for line in form_choices.lines(self.allowed_origins)]
		self.allowed_origins = "\n".join(dict.fromkeys(found)) or None

	def check_redirect(self):
		"""Visitors are sent to the form's own websites only, whatever the form's editor was told to enter."""
		if not self.redirect_url:
			return
		with explained(_("Page After Sending")):
			self.redirect_url = urls.https_page(self.redirect_url)
		if urls.origin_of(self.redirect_url) not in (self.allowed_origins or "").split():
			self.throw(
				_(
					"The page after sending lies on {0}. Add this website to those that may embed the form, or choose a page on one of them."
				).format(frappe.bold(escape_html(urls.origin_of(self.redirect_url))))
			)

	def check_privacy_notice(self):
		if self.privacy_url:
			with explained(_("Privacy Notice")):
				self.privacy_url = urls.https_page(self.privacy_url)

	def check_consent(self):
		"""Consent without a wording, a purpose and a channel proves nothing."""
		if not self.ask_consent:
			return
		missing = [
			code for code in LANGUAGES[self.languages] if not (self.get(f"consent_{code}") or "").strip()
		]
		if missing or not self.consent_purpose or not any(self.get(name) for name in form_lead.CHANNELS):
			self.throw(
				_(
					"Consent needs a purpose, at least one channel, and the wording in every language of the form. Fill them in, or do not ask for consent."
				)
			)

	def on_trash(self):
		"""What people sent stays evidence, and is kept for as long as their leads are."""
		if frappe.db.exists("Dafater Form Submission", {"form": self.name}):
			self.throw(
				_(
					"The form {0} has received submissions and cannot be deleted. Take it offline instead."
				).format(frappe.bold(escape_html(self.title)))
			)
