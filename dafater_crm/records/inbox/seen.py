"""What an agent does without writing: looks at a conversation, puts an emoji on a message. The person is told by a job."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from dafater_crm import channels as adapters
from dafater_crm.domain import channels, message_limits, message_window
from dafater_crm.domain.channels import OutboundMessage, Sender, SendError
from dafater_crm.records.inbox import accounts, conversations, identities, realtime, rows, statuses, wake
from dafater_crm.records.inbox.acting import as_system
from dafater_crm.records.rules import explained

MESSAGE = "Dafater Message"
LONGEST_EMOJI = 32
READ_MARK = "dafater_crm.records.inbox.seen.send_read_mark"
REACTION = "dafater_crm.records.inbox.seen.send_reaction"


def mark_seen(conversation: str) -> None:
	"""Nothing is unread; somebody has looked, so a new conversation is open. Commits nothing."""
	row = conversations.locked(conversation)
	if not row or not (cint(row.unread) or row.status == "New"):
		return
	rows.update(
		conversations.CONVERSATION,
		row.name,
		unread=0,
		status="Open" if row.status == "New" else row.status,
	)
	realtime.changed(row.name)
	account = frappe.get_cached_doc(accounts.ACCOUNT, row.account) if row.account else None
	if account and account.enabled and account.send_read_marks and account.channel != channels.EMAIL:
		wake.after_commit(READ_MARK, f"read-{row.name}", conversation=row.name)


def react(message: str, emoji: str) -> None:
	"""Put an emoji on a message of the conversation, "" takes it back. Commits nothing. Throws where the channel cannot."""
	row = statuses.locked_message({"name": message})
	emoji = rows.text(emoji).strip()
	if not row or not row.provider_id:
		frappe.throw(_("Nobody outside knows this message yet, so it cannot be given a reaction."))
	if len(emoji) > LONGEST_EMOJI or any(character.isalnum() for character in emoji):
		frappe.throw(_("A reaction is a single emoji."))
	conversation = frappe.db.get_value(
		conversations.CONVERSATION, row.conversation, ["channel", "last_inbound_on"], as_dict=True
	)
	with explained(lambda: _("This Cannot Be Sent Now")):
		message_limits.check_reaction(conversation.channel, emoji)
		message_window.check_may_send(
			conversation.channel, "Reaction", conversation.last_inbound_on, now_datetime()
		)
	if emoji != (row.our_reaction or ""):
		rows.update(MESSAGE, row.name, our_reaction=emoji or None, our_reaction_on=now_datetime())
		realtime.changed(row.conversation, row.name)
		wake.after_commit(REACTION, f"reaction-{row.name}", message=row.name)


def send_read_mark(conversation: str) -> None:
	"""Job: tell the person that the last message was seen. Not told twice, not tried again: the next one says the same."""
	with as_system():
		table = frappe.qb.DocType(MESSAGE)
		found = (
			frappe.qb.from_(table)
			.select(table.account, table.identity, table.provider_id)
			.where((table.conversation == conversation) & (table.direction == "Incoming"))
			.orderby(table.message_on, order=frappe.qb.desc)
			.limit(1)
			.run(as_dict=True)
		)
		if found and found[0].provider_id:
			_send(found[0], "Read Mark")


def send_reaction(message: str) -> None:
	"""Job: send the reaction that the message has now. Commits: one that the provider refuses is not shown any longer."""
	with as_system():
		row = frappe.db.get_value(
			MESSAGE, message, ["account", "identity", "provider_id", "our_reaction"], as_dict=True
		)
		if not row or _send(row, "Reaction", row.our_reaction or "") or not row.our_reaction:
			return
		now = statuses.locked_message({"name": message})
		if now and now.our_reaction == row.our_reaction:
			rows.update(MESSAGE, message, our_reaction=None)
			realtime.changed(now.conversation, message)
		frappe.db.commit()  # nosemgrep: manual-commit - a job of its own


def _send(row: dict, kind: str, text: str = "") -> bool:
	"""Tell the provider; False where it did not take it."""
	person = frappe.db.get_value(identities.IDENTITY, row.identity, ["user_id", "phone"], as_dict=True)
	message = OutboundMessage(
		to=Sender(person.user_id, person.phone), kind=kind, text=text, reply_to_id=row.provider_id
	)
	try:
		adapters.send(accounts.config(row.account), message)
	except SendError as error:
		frappe.logger("dafater_crm").info(f"inbox: {kind} was not sent: {error.code}")
		return False
	return True
