"""Conversations and messages for the tests of what the inbox reads: stored rows, no provider, nothing committed."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe

from tests.site.factories import unique

CONVERSATION, MESSAGE = "Dafater Conversation", "Dafater Message"
START = datetime(2026, 3, 1, 9, 0)


def make_team(*users: str) -> str:
	team = frappe.get_doc(
		{
			"doctype": "Dafater Team",
			"team_name": unique("فريق"),
			"members": [{"user": user} for user in users],
		}
	)
	return team.insert().name


def make_channel_account(channel: str = "WhatsApp") -> str:
	return (
		frappe.get_doc(
			{
				"doctype": "Dafater Channel Account",
				"account_name": unique("حساب"),
				"channel": channel,
				"external_id": frappe.generate_hash(length=8),
			}
		)
		.insert()
		.name
	)


def make_conversation(minute: int = 0, **values):
	"""A conversation whose last message came `minute` minutes after START."""
	identity = values.pop("identity", None) or make_identity(values.get("title"), values.pop("phone", None))
	row = frappe.get_doc(
		{
			"doctype": CONVERSATION,
			"title": "سارة العتيبي",
			"status": "Open",
			"priority": "Medium",
			"channel": "WhatsApp",
			"identity": identity,
			"last_message": "مرحبا",
			"last_message_on": START + timedelta(minutes=minute),
			"last_direction": "Incoming",
			"last_inbound_on": START + timedelta(minutes=minute),
			**values,
		}
	)
	row.set_new_name()
	row.db_insert()
	return row


def make_identity(title: str | None = None, phone: str | None = None) -> str:
	row = frappe.get_doc(
		{
			"doctype": "Dafater Contact Identity",
			"display_name": title or "سارة العتيبي",
			"channel": "WhatsApp",
			"phone": phone,
		}
	)
	row.set_new_name()
	row.db_insert()
	return row.name


def say(conversation, minute: int = 0, **values):
	"""A message of a conversation, `minute` minutes after START."""
	row = frappe.get_doc(
		{
			"doctype": MESSAGE,
			"conversation": conversation.name,
			"identity": conversation.identity,
			"direction": "Incoming",
			"message_type": "Text",
			"body": "مرحبا",
			"message_on": START + timedelta(minutes=minute),
			"status": "Received",
			**values,
		}
	)
	row.set_new_name()
	row.db_insert()
	return row


def attach(message, file_url: str, **values):
	"""A file of a message that was fetched."""
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": file_url.rsplit("/", 1)[-1],
			"file_url": file_url,
			"is_private": 1,
			"attached_to_doctype": CONVERSATION,
			"attached_to_name": message.conversation,
		}
	)
	file.set_new_name()
	file.db_insert()
	row = frappe.get_doc(
		{
			"doctype": "Dafater Message Attachment",
			"message": message.name,
			"conversation": message.conversation,
			"kind": "Image",
			"status": "Ready",
			"file": file.name,
			"file_name": file.file_name,
			"mime_type": "image/png",
			**values,
		}
	)
	row.set_new_name()
	row.db_insert()
	frappe.db.set_value(MESSAGE, message.name, "has_attachments", 1)
	return row
