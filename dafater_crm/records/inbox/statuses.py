"""What becomes of a message: sent, delivered, seen or failed, told in any order, often twice, sometimes before the message is known.

The message's row is locked, and `domain.delivery_status` merges what is told with what is known. A status whose message is not known is parked; it
is applied by whoever makes the message known, and by `recheck` after its own commit, so that neither misses the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain import delivery_status, send_errors
from dafater_crm.domain.channels import StatusUpdate
from dafater_crm.records.inbox import accounts, keys, rows
from dafater_crm.records.inbox.batch import Batch

MESSAGE, PARKED = "Dafater Message", "Dafater Message Status"
# our own word for a message of which it is not known whether the provider got it
UNKNOWN = "unknown"
# what a report up to a moment can still change
BELOW = {"Delivered": ("Sent",), "Seen": ("Sent", "Delivered")}
MOST = 500
# DocType -> functions of the message that is about such a record and is known to have been sent, once each time it is sent
SENT_HOOK = "dafater_message_sent"


def locked_message(filters: dict) -> dict | None:
	"""The row of the one message that `filters` name, locked and as last committed; None where there is none."""
	name = frappe.db.get_value(MESSAGE, filters)
	if not name:
		return None
	table = frappe.qb.DocType(MESSAGE)
	found = frappe.qb.from_(table).select(table.star).where(table.name == name).for_update().run(as_dict=True)
	return found[0] if found else None


def apply(account: dict, event: StatusUpdate, batch: Batch) -> dict | None:
	"""Write a status, of one message or of all up to a watermark; parked where its message is not known. Returns the message.

	A report up to a watermark reads and writes by statements of its own.
	"""
	happened_on = rows.site_time(event.happened_on)
	if event.provider_id is None and event.our_key is None:
		return _up_to(account, event, happened_on, batch)
	message = None
	if event.provider_id:
		message = batch.locked_message(keys.provider_key(account.name, event.provider_id))
	if message is None and event.our_key:
		# perhaps one whose provider's id an earlier report of this batch told
		batch.flush()
		message, is_current = sending(account.name, event.our_key)
		if message and not is_current:
			return message
	if message:
		settle(message, event, happened_on, batch)
	elif event.provider_id:
		_park(account, event, happened_on, batch)
	return message


def sending(account: str, our_key: str) -> tuple[dict | None, bool]:
	"""The locked message that a key of ours names, and whether the key is of its latest sending.

	A person who sent a message again wants to know what becomes of that: what is told of an earlier sending changes nothing any more.
	"""
	message = locked_message({"name": keys.message_of(our_key), "account": account})
	return message, bool(message) and our_key == keys.sending_key(message.name, message.resends)


def settle(message: dict, event: StatusUpdate, happened_on: datetime, store=rows) -> None:
	"""Write what a report says of a locked message of ours, and the provider's id where it was not known.

	One statement at most, none where `store` is a `Batch`; more for the first of a message about a record of `SENT_HOOK`.
	"""
	if message.direction != "Outgoing":
		return
	after = delivery_status.merge(
		_known(message),
		event.status,
		happened_on,
		rows.text(event.error_code, 140) or None,
		rows.text(event.error, 500) or None,
	)
	values = delivery_status.changes(_stored(message), after)
	leaves = after.sent_on and not message.sent_on
	if event.provider_id and not message.provider_key:
		values |= {
			"provider_id": rows.text(event.provider_id, 255),
			"provider_key": keys.provider_key(message.account, event.provider_id),
		}
	if values:
		store.update(MESSAGE, message.name, **values)
		message.update(values)
	if values.get("error_code"):
		heed(message, values["error_code"], values.get("error") or "")
	if leaves and message.reference_doctype:
		for path in frappe.get_hooks(SENT_HOOK).get(message.reference_doctype, ()):
			frappe.get_attr(path)(message)


def heed(message: dict, code: str, told: str) -> None:
	"""What a refusal says beyond its message: that the person wants no marketing, or something that nobody has seen before."""
	if send_errors.has_stopped_marketing(code):
		rows.update(
			"Dafater Contact Identity", message.identity, no_marketing=1, marketing_changed_on=now_datetime()
		)
	elif send_errors.is_unknown(code):
		accounts.tell_unknown_code(message.account, code, told)


def _stored(message: dict) -> delivery_status.Progress:
	"""How far a message is, as its row says."""
	fields = ("status", "sent_on", "delivered_on", "read_on", "failed_on", "error_code", "error")
	return delivery_status.Progress(**{field: message[field] for field in fields})


def _known(message: dict) -> delivery_status.Progress:
	"""How far it is for certain: an attempt that is repeated is no failure, nor is one of which we only did not know (`UNKNOWN`)."""
	found = _stored(message)
	if found.status != "Failed":
		return replace(found, error_code=None, error=None)
	if found.error_code == UNKNOWN:
		return replace(found, status="Sending", failed_on=None, error_code=None, error=None)
	return found


def apply_parked(message_keys: Iterable[str]) -> int:
	"""Apply what was parked for messages with these provider keys. Returns how many. Two statements when nothing was parked."""
	wanted = list(message_keys)
	if not wanted:
		return 0
	table, message = frappe.qb.DocType(PARKED), frappe.qb.DocType(MESSAGE)
	found = (
		frappe.qb.from_(message)
		.join(table)
		.on((table.account == message.account) & (table.provider_id == message.provider_id))
		.select(table.star, message.name.as_("message"))
		.where(message.provider_key.isin(wanted))
		.orderby(table.status_on)
		.run(as_dict=True)
	)
	for row in found:
		event = StatusUpdate(
			row.account,
			row.provider_id,
			row.status,
			row.status_on,
			error_code=row.error_code,
			error=row.error,
		)
		settle(locked_message({"name": row.message}), event, row.status_on)
	if found:
		frappe.qb.from_(table).delete().where(table.name.isin([row.name for row in found])).run()
	return len(found)


def _park(account: dict, event: StatusUpdate, happened_on: datetime, batch: Batch) -> None:
	batch.insert(
		PARKED,
		ignore_doubles=True,
		status_key=keys.status_key(keys.provider_key(account.name, event.provider_id), event.status),
		account=account.name,
		provider_id=rows.text(event.provider_id, 255),
		status=event.status,
		status_on=happened_on,
		error_code=rows.text(event.error_code, 140) or None,
		error=rows.text(event.error, 500) or None,
	)


def _up_to(account: dict, event: StatusUpdate, happened_on: datetime, batch: Batch) -> dict | None:
	"""All messages to a person up to a moment, as Messenger tells them.

	While one is being sent, nobody knows yet whether the report is of that one too: it is parked for `sent`, which waits for the lock.
	"""
	identity = frappe.db.get_value(
		"Dafater Contact Identity",
		{"user_key": keys.user_key(account.channel, account.name, event.recipient_id)},
		["name", "merged_into"],
		as_dict=True,
	)
	if not identity or not event.watermark or event.status not in BELOW:
		return None
	person, up_to = identity.merged_into or identity.name, rows.site_time(event.watermark)
	table = frappe.qb.DocType(MESSAGE)
	names = (
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.identity == person)
		.where(table.message_on <= up_to)
		.where((table.direction == "Outgoing") & table.status.isin(("Sending", *BELOW[event.status])))
		.orderby(table.message_on, order=frappe.qb.desc)
		.limit(MOST)
		.run(pluck=True)
	)
	message = None
	for name in sorted(names):
		found = locked_message({"name": name})
		if found and found.status == "Sending":
			_park_up_to(account, event, happened_on, up_to, batch)
		elif found:
			settle(found, event, happened_on)
			message = found
	return message


def _park_up_to(
	account: dict, event: StatusUpdate, happened_on: datetime, up_to: datetime, batch: Batch
) -> None:
	told = keys.user_key(account.channel, account.name, event.recipient_id)
	batch.insert(
		PARKED,
		ignore_doubles=True,
		status_key=keys.status_key(f"{told}:{up_to}", event.status),
		account=account.name,
		recipient_id=rows.text(event.recipient_id, 140),
		up_to=up_to,
		status=event.status,
		status_on=happened_on,
	)


def apply_parked_up_to(message: dict, handed_over: datetime) -> None:
	"""The provider has a message that left at `handed_over` at the earliest: apply what was told meanwhile of all to its person.

	One message to a person is under way at a time, so what was told up to an earlier moment is of no use to anybody. One statement
	when nothing was parked.
	"""
	table, person = frappe.qb.DocType(PARKED), frappe.qb.DocType("Dafater Contact Identity")
	found = (
		frappe.qb.from_(person)
		.join(table)
		.on((table.recipient_id == person.user_id) & (table.account == message.account))
		.select(table.name, table.status, table.status_on, table.up_to)
		.where(person.name == message.identity)
		.orderby(table.status_on)
		.run(as_dict=True)
	)
	for row in found:
		if row.up_to >= handed_over:
			event = StatusUpdate(message.account, None, row.status, row.status_on)
			settle(locked_message({"name": message.name}), event, row.status_on)
	if found:
		frappe.qb.from_(table).delete().where(table.name.isin([row.name for row in found])).run()


def recheck(told: Iterable[tuple[dict, StatusUpdate]]) -> None:
	"""After the commit of parked statuses: their messages may have become known in between. Commits nothing."""
	apply_parked(
		keys.provider_key(account.name, event.provider_id) for account, event in told if event.provider_id
	)
