# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import re

import frappe
from frappe import _

from dafater_crm.domain.characters import one_line
from dafater_crm.records.inbox.outgoing_templates import PLACEHOLDER
from dafater_crm.records.record import Record

# what WhatsApp takes
NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
MOST_BODY, MOST_HEADER, MOST_FOOTER, MOST_LABEL, MOST_BUTTONS = 1024, 60, 60, 25, 10


class DafaterMessageTemplate(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_inbox.doctype.dafater_message_template_button.dafater_message_template_button import (
			DafaterMessageTemplateButton,
		)
		from dafater_crm.dafater_inbox.doctype.dafater_message_template_value.dafater_message_template_value import (
			DafaterMessageTemplateValue,
		)

		account: DF.Link
		approval: DF.Literal["Draft", "Pending", "Approved", "Rejected", "Paused", "Disabled"]
		body: DF.Text
		buttons: DF.Table[DafaterMessageTemplateButton]
		category: DF.Literal["Utility", "Marketing", "Authentication"]
		enabled: DF.Check
		footer: DF.Data | None
		header_text: DF.Data | None
		header_type: DF.Literal["None", "Text", "Image", "Document"]
		language: DF.Data
		parameters: DF.Table[DafaterMessageTemplateValue]
		quality: DF.Data | None
		rejection_reason: DF.SmallText | None
		template_key: DF.Data | None
		template_name: DF.Data
		title: DF.Data
	# end: auto-generated types

	def validate(self):
		self.clean_texts()
		self.check_name_and_language()
		self.check_channel()
		self.check_header()
		self.check_lengths()
		self.check_buttons()
		self.list_placeholders()
		self.refuse_retired_links()
		self.set_key()

	def clean_texts(self):
		self.template_name = one_line(self.template_name)
		self.language = one_line(self.language)
		self.header_text, self.footer = one_line(self.header_text), one_line(self.footer)
		self.body = (self.body or "").replace("\r\n", "\n").strip()

	def check_name_and_language(self):
		if not NAME.fullmatch(self.template_name):
			self.throw(
				_("The template's name at the provider has small letters, digits and underscores only.")
			)
		if not LANGUAGE.fullmatch(self.language):
			self.throw(_("The language is spelled as the provider does: ar, en, en_US."))

	def check_channel(self):
		if frappe.get_cached_value("Dafater Channel Account", self.account, "channel") != "WhatsApp":
			self.throw(_("Only WhatsApp has templates. Choose a WhatsApp account."))

	def check_header(self):
		if self.header_type != "Text":
			self.header_text = None
			return
		if not self.header_text:
			self.throw(_("Enter the text of the header, or choose None."))
		if len(PLACEHOLDER.findall(self.header_text)) > 1:
			self.throw(_("The header takes one placeholder at most."))

	def check_lengths(self):
		limits = (("body", MOST_BODY), ("header_text", MOST_HEADER), ("footer", MOST_FOOTER))
		for field, most in limits:
			if len(self.get(field) or "") > most:
				self.throw(
					_("{0} is longer than {1} characters.").format(_(self.meta.get_label(field)), most)
				)
		if PLACEHOLDER.search(self.footer or ""):
			self.throw(_("The footer takes no placeholders."))

	def check_buttons(self):
		if len(self.buttons) > MOST_BUTTONS:
			self.throw(_("A template has at most {0} buttons.").format(MOST_BUTTONS))
		for row in self.buttons:
			row.label = one_line(row.label)
			if len(row.label) > MOST_LABEL:
				self.throw(
					_("The label in row {0} is longer than {1} characters.").format(row.idx, MOST_LABEL)
				)
			if row.kind != "Quick Reply" and not (row.value or "").strip():
				self.throw(_("Enter the address or number of the button in row {0}.").format(row.idx))

	def list_placeholders(self):
		"""One row for each placeholder of the texts, in their order; what was entered for one stays."""
		texts = [
			self.header_text,
			self.body,
			*(row.value for row in self.buttons if row.kind == "Web Address"),
		]
		wanted = list(dict.fromkeys(key for text in texts for key in PLACEHOLDER.findall(text or "")))
		known = {(row.placeholder or "").strip("{} "): row for row in self.parameters}
		rows = [
			{
				"placeholder": key,
				"value_from": known[key].value_from if key in known else "Text",
				"example": known[key].example if key in known else None,
			}
			for key in wanted
		]
		if [row["placeholder"] for row in rows] != [row.placeholder for row in self.parameters]:
			self.set("parameters", rows)

	def set_key(self):
		"""A name and language once an account: the provider would not know which one is meant."""
		self.template_key = f"{self.account}:{self.template_name}:{self.language}"[:180]
		other = frappe.db.get_value(
			self.doctype, {"template_key": self.template_key, "name": ("!=", self.name or "")}, "title"
		)
		if other:
			self.throw(
				_("The template {0} has this name and language already.").format(frappe.bold(other)),
				exc=frappe.DuplicateEntryError,
			)
