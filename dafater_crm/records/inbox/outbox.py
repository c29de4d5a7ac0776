"""What goes out: written and committed as "Queued" first, sent by a job.

A message is queued once for each `client_key`, so that a repeated click sends once. Before it is handed to the provider it is marked
"Sending" and committed: a worker that dies then leaves a message of which nobody knows whether it was sent, and nobody sends it again
by itself. It ends as "Failed" with that reason, and a person may send it again.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import now_datetime

from dafater_crm.domain import delivery_status, message_limits, message_window
from dafater_crm.records.inbox import (
	accounts,
	contact,
	conversations,
	mentions,
	outgoing_files,
	outgoing_templates,
	realtime,
	rows,
	statuses,
	wake,
)
from dafater_crm.records.rules import explained

MESSAGE = "Dafater Message"
DRAIN = "dafater_crm.records.inbox.outbox_drain.drain"
LONGEST_KEY = 120


def queue_message(
	conversation: str,
	*,
	text: str = "",
	kind: str = "Text",
	template: str | None = None,
	values: dict | None = None,
	attachments: Iterable[str] = (),
	reply_to: str | None = None,
	client_key: str,
	author: str | None = None,
	reference: tuple[str, str] | None = None,
) -> str:
	"""Queue a message to the person of a conversation and return its name; with several files, that of the first message.

	`client_key`: drawn by whoever asks, the same for a repetition. `attachments`: names of File. `template`: name of a Dafater Message
	Template, `values` its placeholders. `author`: the user who wrote it, None for a program. `reference`: (DocType, name) it is about.
	Commits nothing; the job starts after the commit. Throws one message when the channel's rules, the account or the person do not
	allow it. The caller has checked write permission on the conversation.
	"""
	if known := _queued_before(client_key, conversation):
		return known
	row = conversations.locked(conversation)
	if not row:
		frappe.throw(_("This conversation does not exist any more."), frappe.DoesNotExistError)
	account, person = _sender(row), _recipient(row)
	parts = _parts(account, text, kind, template, values or {}, tuple(attachments), row)
	for part in parts:
		_check_allowed(account, row, person, part, author)
	_continue(row)
	names = [
		_insert(
			row,
			account,
			part,
			reply_to,
			f"{client_key}#{number}" if number else client_key,
			author,
			reference,
		)
		for number, part in enumerate(parts)
	]
	now = now_datetime()
	conversations.answered(row, parts[-1]["preview"], now, by_person=bool(author))
	if author:
		contact.spoke(row, now)
	wake_drain(account.name)
	for name in names:
		realtime.changed(row.name, name)
	return names[0]


def note(conversation: str, text: str, mentioned: Iterable[str] = (), *, client_key: str) -> str:
	"""Write a note that only colleagues see and return its name; who is mentioned is told. Commits nothing."""
	if known := _queued_before(client_key, conversation):
		return known
	text = rows.text(text).strip()
	if not text:
		frappe.throw(_("Write something first."))
	row = conversations.locked(conversation)
	users = [
		user for user in dict.fromkeys(mentioned) if frappe.db.exists("User", {"name": user, "enabled": 1})
	]
	name = rows.insert(
		MESSAGE,
		conversation=conversation,
		account=row.account,
		identity=row.identity,
		direction="Note",
		message_type="Text",
		body=text,
		message_on=now_datetime(),
		author=frappe.session.user,
		mentions="\n".join(users) or None,
		client_key=client_key,
	)
	conversations.noted(row)
	mentions.tell(users, row.name)
	realtime.changed(row.name, name)
	return name


def resend(message: str) -> str:
	"""Queue a failed message once more and return its name. Throws unless it has failed; asked twice, it is queued once."""
	row = statuses.locked_message({"name": message})
	if not row or row.direction != "Outgoing":
		frappe.throw(_("Only a message that you sent can be sent again."))
	if row.status in ("Queued", "Sending"):
		return row.name
	if row.status != "Failed":
		frappe.throw(_("This message was sent already."))
	conversation = conversations.locked(row.conversation)
	account, person = _sender(conversation), _recipient(conversation)
	content = frappe.parse_json(row.content) if row.content else None
	part = {"kind": row.message_type, "body": row.body or "", "content": content}
	_check_allowed(account, conversation, person, part, row.author)
	fresh = delivery_status.sending_again(delivery_status.Progress("Failed"))
	rows.update(
		MESSAGE,
		row.name,
		status=fresh.status,
		**{
			field: None
			for field in ("sent_on", "delivered_on", "read_on", "failed_on", "error_code", "error")
		},
		provider_id=None,
		provider_key=None,
		account=account.name,
		attempts=0,
		resends=row.resends + 1,
		send_after=now_datetime(),
	)
	wake_drain(account.name)
	realtime.changed(conversation.name, row.name)
	return row.name


def wake_drain(account: str) -> None:
	"""Start the account's sending job after the commit: two at most, of which the second waits for the first."""
	wake.after_commit(DRAIN, f"outbox-{frappe.scrub(account)}", workers=2, account=account)


def _queued_before(client_key: str, conversation: str) -> str | None:
	if not client_key or len(client_key) > LONGEST_KEY:
		frappe.throw(_("This message has no valid key. Reload the page and try again."))
	known = frappe.db.get_value(MESSAGE, {"client_key": client_key}, ["name", "conversation"], as_dict=True)
	if known and known.conversation != conversation:
		frappe.throw(_("This message has no valid key. Reload the page and try again."))
	return known.name if known else None


def _sender(conversation: dict) -> dict:
	account = accounts.row(conversation.account)
	if not account or not account.enabled:
		frappe.throw(
			_("The account {0} is disabled. Ask a manager to enable it.").format(
				frappe.bold(conversation.account or "")
			)
		)
	return account


def _recipient(conversation: dict) -> dict:
	fields = ["name", "blocked", "no_marketing", "phone", "user_id", "email_id"]
	person = frappe.db.get_value("Dafater Contact Identity", conversation.identity, fields, as_dict=True)
	if not person:
		frappe.throw(_("Nobody is known to whom this conversation could be answered."))
	if person.blocked:
		frappe.throw(_("This person is blocked. Unblock the person first."))
	return person


def _parts(account, text, kind, template, values, attachments, conversation) -> list[dict]:
	"""What is sent, one entry a message: kind, body, preview, content, template, file."""
	text = rows.text(text).strip()
	if template:
		return [outgoing_templates.part(account, template, values, attachments, conversation)]
	if attachments:
		return outgoing_files.parts(account.channel, attachments, text)
	return [{"kind": kind, "body": text, "preview": text, "content": values or None}]


def _check_allowed(account, conversation, person, part, author) -> None:
	if part.get("marketing") and person.no_marketing:
		frappe.throw(_("This person does not want marketing messages."))
	with explained(lambda: _("This Cannot Be Sent Now")):
		message_limits.check_files(account.channel, part["kind"])
		if part["kind"] != "Template":
			message_limits.check_text(account.channel, part["body"], part["kind"])
			message_limits.check_buttons(account.channel, (part.get("content") or {}).get("buttons") or ())
		message_window.check_may_send(
			account.channel,
			part["kind"],
			conversation.last_inbound_on,
			now_datetime(),
			by_person=bool(author),
		)


def _continue(conversation: dict) -> None:
	"""Who writes into a resolved conversation opens it again, unless the person has a newer one."""
	if conversation.status != "Resolved":
		return
	newer = frappe.db.get_value(conversations.CONVERSATION, {"open_key": conversation.identity})
	if newer:
		frappe.throw(_("This person has a newer conversation. Write there."))
	conversations.reopen(conversation)


def _insert(conversation, account, part, reply_to, client_key, author, reference) -> str:
	doctype, name = reference or (None, None)
	now = now_datetime()
	message = rows.insert(
		MESSAGE,
		conversation=conversation.name,
		account=account.name,
		identity=conversation.identity,
		direction="Outgoing",
		message_type=part["kind"],
		body=part["body"],
		message_on=now,
		author=author,
		status="Queued",
		send_after=now,
		attempts=0,
		client_key=client_key,
		template=part.get("template"),
		content=frappe.as_json(part["content"], indent=None) if part.get("content") else None,
		has_attachments=int(bool(part.get("file"))),
		reference_doctype=doctype,
		reference_name=name,
		**_answered_message(reply_to, conversation.name),
	)
	if part.get("file"):
		outgoing_files.attach(part, message, conversation.name)
	return message


def _answered_message(reply_to: str | None, conversation: str) -> dict:
	if not reply_to:
		return {"reply_to": None, "reply_to_id": None}
	found = frappe.db.get_value(
		MESSAGE, {"name": reply_to, "conversation": conversation}, ["name", "provider_id"], as_dict=True
	)
	if not found:
		frappe.throw(_("The message that you answer is not in this conversation."))
	return {"reply_to": found.name, "reply_to_id": found.provider_id}
