# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import re
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import cint, flt

from dafater_crm.records.inbox import accounts, outbox
from dafater_crm.records.record import Record

META_CHANNELS = ("WhatsApp", "Messenger", "Instagram")
ID = re.compile(r"[0-9A-Za-z_.-]{1,64}")
VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
LEAST_SECRET = 4
# what, once it is put right, makes an account that was stopped worth another try
CURES = ("enabled", "access_token", "external_id", "base_url", "graph_version", "business_account_id")


class DafaterChannelAccount(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		access_token: DF.Password | None
		account_name: DF.Data
		app_secret: DF.Password | None
		base_url: DF.Data | None
		business_account_id: DF.Data | None
		campaign: DF.Link | None
		channel: DF.Literal["WhatsApp", "Messenger", "Instagram", "E-mail", "SMS"]
		company: DF.Link | None
		default_class: DF.Literal["", "Sales", "Support", "Complaint"]
		display_number: DF.Data | None
		email_account: DF.Link | None
		enabled: DF.Check
		external_id: DF.Data | None
		graph_version: DF.Data | None
		health: DF.Literal["Unknown", "Healthy", "Trouble", "Stopped"]
		health_note: DF.SmallText | None
		last_received_on: DF.Datetime | None
		last_sent_on: DF.Datetime | None
		lead_owner: DF.Link | None
		lead_rule: DF.Literal["Never", "For Sales Conversations", "Always"]
		lead_source: DF.Link | None
		messages_per_second: DF.Int
		quality: DF.Data | None
		recipient_burst: DF.Int
		recipient_interval: DF.Float
		sandbox: DF.Check
		send_read_marks: DF.Check
		team: DF.Link | None
		verify_token: DF.Password | None
		webhook_url: DF.Data | None
	# end: auto-generated types

	@property
	def webhook_url(self) -> str:
		"""Where the provider delivers; one address for every account."""
		return frappe.utils.get_url("/api/method/dafater_crm.api.webhook.receive")

	def validate(self):
		self.clean_ids()
		self.require_what_the_channel_needs()
		self.refuse_a_second_account()
		self.check_address()
		self.check_limits()
		self.refuse_retired_links()
		self.try_again_after_a_cure()

	def on_update(self):
		accounts.forget()
		if self.enabled and self.health != "Stopped":
			outbox.wake_drain(self.name)

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		"""Messages are known by the account's name: with another one, what is delivered again would come in twice."""
		if frappe.db.exists("Dafater Message", {"account": old}):
			self.throw(_("An account that has messages keeps its name."))

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		accounts.forget()

	def on_trash(self):
		if frappe.db.exists("Dafater Message", {"account": self.name}):
			self.throw(_("This account has messages. Disable it instead."))
		# deliveries of nobody: nothing was made of them
		frappe.db.delete("Dafater Channel Event", {"account": self.name})
		frappe.db.delete("Dafater Message Status", {"account": self.name})
		accounts.forget()

	def clean_ids(self):
		for field in ("external_id", "business_account_id", "graph_version", "base_url", "display_number"):
			self.set(field, (self.get(field) or "").strip())
		self.base_url = self.base_url.rstrip("/")

	def require_what_the_channel_needs(self):
		"""Ids are single words; a signature needs a secret that nobody guesses; mail needs its account."""
		if self.channel == "E-mail" and not self.email_account:
			self.throw(_("Choose the e-mail account that this channel reads and writes with."))
		if self.channel not in META_CHANNELS:
			return
		for field in ("external_id", "business_account_id"):
			value = self.get(field)
			if value and not ID.fullmatch(value):
				self.throw(
					_("{0} is not an ID. Copy it from the provider's settings.").format(
						_(self.meta.get_label(field))
					)
				)
		if self.enabled and not self.external_id:
			self.throw(
				_("Enter the ID of the number, page or account: what is received finds its account by it.")
			)
		if self.graph_version and not VERSION.fullmatch(self.graph_version):
			self.throw(_("The version of the API looks like v26.0."))
		if (
			self.app_secret
			and not self.is_dummy_password(self.app_secret)
			and len(self.app_secret) < LEAST_SECRET
		):
			self.throw(_("The app secret is too short. Copy it from the provider's settings."))

	def refuse_a_second_account(self):
		"""Two accounts with one id could not be told apart when something comes in."""
		if self.channel not in META_CHANNELS or not self.external_id:
			return
		other = frappe.db.get_value(
			self.doctype,
			{"channel": self.channel, "external_id": self.external_id, "name": ("!=", self.name)},
		)
		if other:
			self.throw(
				_("The account {0} has this ID already.").format(frappe.bold(other)),
				exc=frappe.DuplicateEntryError,
			)

	def check_address(self):
		"""The access token goes to this address: https, unless it is a test server."""
		if not self.base_url:
			return
		parts = urlsplit(self.base_url)
		if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
			self.throw(_("Enter the whole address of the server, such as https://graph.facebook.com."))
		if not self.sandbox and parts.scheme != "https":
			self.throw(
				_(
					"The address must begin with https://. Only a test server may do without; tick Sandbox for one."
				)
			)

	def check_limits(self):
		for field in ("messages_per_second", "recipient_burst", "recipient_interval"):
			if flt(self.get(field)) < 0:
				self.throw(
					_("{0} cannot be negative. 0 means no limit.").format(_(self.meta.get_label(field)))
				)
		self.messages_per_second = min(cint(self.messages_per_second), 1000)

	def try_again_after_a_cure(self):
		if self.health == "Stopped" and any(self.has_value_changed(field) for field in CURES):
			self.health, self.health_note = "Unknown", None
