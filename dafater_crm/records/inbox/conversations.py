"""A person's conversation: which one a message belongs to, and its counters and clocks.

Called under the lock of the person's row, so that two first messages meet in one conversation; `open_key`, unique in SQL, would refuse
a second one. What a person at the desk changes at the same moment (status, assignment) is not overwritten: the conversation is
locked and read again before it is written.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe.utils import cint, now_datetime

from dafater_crm.queries.business_calendar import business_calendar
from dafater_crm.records.inbox import names, recognition, rows
from dafater_crm.records.inbox.batch import Batch
from dafater_crm.records.raw_rows import new_name

CONVERSATION = "Dafater Conversation"
SETTINGS = "Dafater Inbox Settings"
PREVIEW = 200


def for_inbound(account: dict, person: dict, message_on: datetime, batch: Batch) -> dict:
	"""The locked row of the conversation that a received message belongs to: the open one, the last one again, or a new one."""
	return batch.open_conversation(person.name) or (
		_reopened(person.name, message_on, batch) or _new(account, person, "New", message_on, batch)
	)


def for_outbound(
	account: dict, person: dict, message_on: datetime, batch: Batch, status: str = "Open"
) -> dict:
	"""The same for a message that the business wrote elsewhere, or begins a conversation with: nothing is reopened."""
	return batch.open_conversation(person.name) or _new(account, person, status, message_on, batch)


def locked(name: str) -> dict | None:
	"""The row of a conversation, locked and as last committed."""
	table = frappe.qb.DocType(CONVERSATION)
	found = frappe.qb.from_(table).select(table.star).where(table.name == name).for_update().run(as_dict=True)
	return found[0] if found else None


def received(
	conversation: dict, account: str, preview: str, message_on: datetime, opens_window: bool, batch: Batch
) -> None:
	"""Count a message that came in.

	Answers go out through the account that the person wrote to last, since its 24 hours run.
	"""
	values = {
		**_newest(conversation, preview, message_on, "Incoming"),
		"messages": cint(conversation.messages) + 1,
		"unread": cint(conversation.unread) + 1,
		"waiting_since": conversation.waiting_since or message_on,
		"first_inbound_on": conversation.first_inbound_on or message_on,
	}
	if opens_window and (not conversation.last_inbound_on or message_on >= conversation.last_inbound_on):
		values |= {"last_inbound_on": message_on, "account": account}
	if conversation.status in ("Pending", "Snoozed"):
		values |= {"status": "Open", "snoozed_until": None}
	batch.update(CONVERSATION, conversation.name, **values)
	conversation.update(values)


def answered(conversation: dict, preview: str, message_on: datetime, by_person: bool, store=rows) -> None:
	"""Count a message that went out. `by_person`: somebody wrote it, so nobody waits any more. One statement, or in the `Batch`."""
	values = {
		**_newest(conversation, preview, message_on, "Outgoing"),
		"messages": cint(conversation.messages) + 1,
	}
	if by_person:
		values |= {
			"waiting_since": None,
			"unread": 0,
			"reminded_on": None,
			**_first_response(conversation, message_on),
		}
		if conversation.status == "New":
			values["status"] = "Open"
	store.update(CONVERSATION, conversation.name, **values)
	conversation.update(values)


def noted(conversation: dict) -> None:
	"""Count a note of a colleague: the person outside neither waits less nor sees it."""
	rows.update(CONVERSATION, conversation.name, messages=cint(conversation.messages) + 1)


def reopen(conversation: dict, store=rows) -> None:
	"""A resolved conversation goes on. The caller holds the person's lock and knows that no other one is open."""
	values = {
		"status": "Open",
		"open_key": conversation.identity,
		"resolved_on": None,
		"resolution_time": None,
		"resolution_business": None,
		"reopened": cint(conversation.reopened) + 1,
	}
	store.update(CONVERSATION, conversation.name, **values)
	store.insert(
		"Dafater Conversation Log",
		conversation=conversation.name,
		kind="Status",
		old_value=conversation.status,
		new_value="Open",
		cause="System",
		logged_on=now_datetime(),
	)
	conversation.update(values)


def _reopened(identity: str, message_on: datetime, batch: Batch) -> dict | None:
	hours = cint(frappe.get_cached_doc(SETTINGS).reopen_within_hours)
	if not hours:
		return None
	table = frappe.qb.DocType(CONVERSATION)
	found = (
		frappe.qb.from_(table)
		.select(table.name, table.resolved_on)
		.where((table.identity == identity) & (table.resolved_on >= message_on - timedelta(hours=hours)))
		.where((table.status == "Resolved") & (table.messages > 0))
		.orderby(table.resolved_on, order=frappe.qb.desc)
		.limit(1)
		.run(as_dict=True)
	)
	row = locked(found[0].name) if found else None
	if not row or row.status != "Resolved":
		return None
	reopen(row, batch)
	batch.opened(row)
	return row


def _new(account: dict, person: dict, status: str, message_on: datetime, batch: Batch) -> dict:
	recognition.recognise(person)
	names.ask_after_commit(person)
	values = {
		"name": new_name(),
		"title": person.display_name or person.phone or person.username or person.user_id,
		"status": status,
		"priority": "Medium",
		"channel": account.channel,
		"account": account.name,
		"identity": person.name,
		"company": account.company,
		"language": person.language,
		"lead": person.lead,
		"customer": person.customer,
		"contact": person.contact,
		"last_message_on": message_on,
		"open_key": person.name,
		"unread": 0,
		"messages": 0,
		"reopened": 0,
	}
	batch.insert(CONVERSATION, **values)
	return batch.opened(frappe._dict(values))


def _newest(conversation: dict, preview: str, message_on: datetime, direction: str) -> dict:
	"""What the list shows, unless this message is older than what it shows already."""
	shown = conversation.last_message_on
	if shown and message_on < shown and conversation.last_message:
		return {}
	return {
		"last_message": rows.text(preview, PREVIEW),
		"last_message_on": message_on,
		"last_direction": direction,
	}


def _first_response(conversation: dict, message_on: datetime) -> dict:
	start = conversation.first_inbound_on
	if not start or conversation.first_responded_on:
		return {}
	calendar = business_calendar(conversation.company)
	seconds = max(0, (message_on - start).total_seconds())
	return {
		"first_responded_on": message_on,
		"first_response_time": seconds,
		"first_response_business": (
			calendar.seconds_between(start, message_on) if not calendar.is_empty and seconds else None
		),
	}
