# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe

from dafater_crm.records.inbox import retention, status
from dafater_crm.records.indexes import add_full_text
from dafater_crm.records.record import Record


class DafaterConversation(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Link | None
		assigned_on: DF.Datetime | None
		assigned_to: DF.Link | None
		channel: DF.Literal["WhatsApp", "Messenger", "Instagram", "E-mail", "SMS"]
		class_source: DF.Literal["", "Account", "Rule", "Agent"]
		company: DF.Link | None
		contact: DF.Link | None
		conversation_class: DF.Literal["", "Sales", "Support", "Complaint"]
		customer: DF.Link | None
		escalated_on: DF.Datetime | None
		first_inbound_on: DF.Datetime | None
		first_responded_on: DF.Datetime | None
		first_response_business: DF.Duration | None
		first_response_time: DF.Duration | None
		identity: DF.Link | None
		issue: DF.Link | None
		language: DF.Link | None
		last_direction: DF.Literal["", "Incoming", "Outgoing"]
		last_inbound_on: DF.Datetime | None
		last_message: DF.SmallText | None
		last_message_on: DF.Datetime | None
		lead: DF.Link | None
		messages: DF.Int
		open_key: DF.Data | None
		opportunity: DF.Link | None
		priority: DF.Literal["Low", "Medium", "High", "Urgent"]
		reminded_on: DF.Datetime | None
		reopened: DF.Int
		resolution_business: DF.Duration | None
		resolution_time: DF.Duration | None
		resolved_on: DF.Datetime | None
		skill: DF.Data | None
		snoozed_until: DF.Datetime | None
		status: DF.Literal["New", "Open", "Pending", "Snoozed", "Resolved"]
		subject: DF.Data | None
		team: DF.Link | None
		title: DF.Data | None
		unread: DF.Int
		waiting_since: DF.Datetime | None
	# end: auto-generated types

	def validate(self) -> None:
		status.check(self)

	def on_update(self) -> None:
		status.record(self)

	def on_trash(self) -> None:
		retention.forget_conversation(self.name)


def on_doctype_update() -> None:
	"""The lists of the inbox: by status, person and team, the newest first; the class of an hour for figures."""
	frappe.db.add_index("Dafater Conversation", ["status", "last_message_on"])
	frappe.db.add_index("Dafater Conversation", ["assigned_to", "status", "last_message_on"])
	frappe.db.add_index("Dafater Conversation", ["team", "status", "last_message_on"])
	frappe.db.add_index("Dafater Conversation", ["last_message_on"])
	frappe.db.add_index("Dafater Conversation", ["identity", "resolved_on"])
	frappe.db.add_index("Dafater Conversation", ["status", "waiting_since"])
	frappe.db.add_index("Dafater Conversation", ["status", "snoozed_until"])
	add_full_text("Dafater Conversation", ["title", "subject"])
