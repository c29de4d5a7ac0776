"""Answers, notes and reactions of people in the inbox. Each needs write permission on the conversation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import frappe
from frappe import _

from dafater_crm.records.inbox import outbox, outgoing_files, rows, seen

CONVERSATION, MESSAGE = "Dafater Conversation", "Dafater Message"


@frappe.whitelist(methods=["POST"])
def send(
	conversation: str,
	client_key: str,
	text: str = "",
	template: str | None = None,
	values: dict | str | None = None,
	attachments: list | str | None = None,
	reply_to: str | None = None,
	buttons: list | str | None = None,
) -> dict:
	"""Queue an answer. Returns {"message": name}; the same `client_key` again returns the same message and sends nothing.

	`attachments`: names of File, see `upload`. `buttons`: labels below a text, of which the person taps one. Permission: write on the conversation, read on the files. Throws one message when the
	channel's window, the account or the template does not allow it.
	"""
	_writable(conversation)
	labels = [label.strip() for label in _names(buttons) if label.strip()]
	files = _names(attachments)
	if labels and (template or files):
		frappe.throw(_("Buttons go below a text alone. Leave out the template and the files."))
	queue = partial(
		outbox.queue_message,
		conversation,
		text=text,
		template=template,
		kind="Buttons" if labels else "Text",
		values={"buttons": labels} if labels else _object(values),
		attachments=files,
		reply_to=reply_to,
		client_key=client_key,
		author=frappe.session.user,
	)
	return {"message": _once(queue)}


@frappe.whitelist(methods=["POST"])
def note(conversation: str, text: str, client_key: str, mentions: list | str | None = None) -> dict:
	"""Write a note for colleagues. Returns {"message": name}. Permission: write on the conversation."""
	_writable(conversation)
	write = partial(outbox.note, conversation, text, _names(mentions), client_key=client_key)
	return {"message": _once(write)}


@frappe.whitelist(methods=["POST"])
def react(message: str, emoji: str = "") -> None:
	"""Put an emoji on a message, "" takes it back. Permission: write on its conversation."""
	_writable(_conversation_of(message))
	seen.react(message, emoji)


@frappe.whitelist(methods=["POST"])
def resend(message: str) -> dict:
	"""Send a failed message once more. Returns {"message": name}. Permission: write on its conversation."""
	_writable(_conversation_of(message))
	return {"message": outbox.resend(message)}


@frappe.whitelist(methods=["POST"])
def mark_seen(conversation: str) -> None:
	"""Nothing is unread any more; the person is told where the account does so. Permission: write on the conversation."""
	_writable(conversation)
	seen.mark_seen(conversation)


@frappe.whitelist(methods=["POST"])
def upload(conversation: str) -> dict:
	"""Take one file of the request (`file`) for a later `send`. Returns {"file", "file_name", "file_size", "mime_type"}.

	Private, on the conversation. Permission: write on the conversation. Throws for a size or type that is not allowed.
	"""
	_writable(conversation)
	return outgoing_files.take_upload(conversation)


def _once(write: Callable[[], str]) -> str:
	"""Write, or return what the same request wrote at the same moment: the request writes nothing else, so nothing is lost."""
	try:
		return write()
	except Exception as error:
		if not rows.is_passing(error):
			raise
		frappe.db.rollback()
		frappe.clear_messages()
		return write()


def _writable(conversation: str) -> None:
	frappe.has_permission(CONVERSATION, "write", doc=conversation, throw=True)


def _conversation_of(message: str) -> str:
	conversation = frappe.db.get_value(MESSAGE, message, "conversation")
	if not conversation:
		frappe.throw(_("This message does not exist any more."), frappe.DoesNotExistError)
	return conversation


def _object(value: dict | str | None) -> dict:
	found = frappe.parse_json(value) if value else {}
	if not isinstance(found, dict):
		frappe.throw(_("Send the values of the template as an object."))
	return found


def _names(value: list | str | None) -> list[str]:
	found = frappe.parse_json(value) if value else []
	if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
		frappe.throw(_("Send the names as a list."))
	return found
