"""Two rows of one person become one: under the locks of both, see `identities`."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import now_datetime

from dafater_crm.records.inbox import rows
from dafater_crm.records.inbox.identities import IDENTITY


def merge(names: list[str], people: dict[str, dict]) -> dict:
	"""Make the locked rows of one person one, the oldest of them, and return it. The others stay as signposts.

	Conversations, messages and what was recognised move along; of two open conversations the younger ends in the older one.
	"""
	keeper, *others = sorted((people[name] for name in names), key=lambda row: (row.creation, row.name))
	for other in others:
		_move_conversations(other.name, keeper.name)
		_hand_over(other, keeper)
		people[other.name] = keeper
	return keeper


def _move_conversations(old: str, new: str) -> None:
	conversation, message = frappe.qb.DocType("Dafater Conversation"), frappe.qb.DocType("Dafater Message")
	mine = frappe.db.get_value("Dafater Conversation", {"open_key": new})
	theirs = frappe.db.get_value("Dafater Conversation", {"open_key": old})
	if theirs and mine:
		_join(theirs, mine)
	elif theirs:
		frappe.qb.update(conversation).set(conversation.open_key, new).where(
			conversation.name == theirs
		).run()
	for table in (conversation, message):
		frappe.qb.update(table).set(table.identity, new).where(table.identity == old).run()


def _join(old: str, new: str) -> None:
	"""The messages of one open conversation go to the other, which goes on; the emptied one is resolved."""
	for doctype in ("Dafater Message", "Dafater Message Attachment"):
		table = frappe.qb.DocType(doctype)
		frappe.qb.update(table).set(table.conversation, new).where(table.conversation == old).run()
	table = frappe.qb.DocType("Dafater Conversation")
	source, target = (
		frappe.qb.from_(table).select(table.star).where(table.name == name).for_update().run(as_dict=True)[0]
		for name in (old, new)
	)
	later = max((source, target), key=lambda row: row.last_message_on or row.creation)
	# answers go out where the person wrote last: there the 24 hours run
	wrote = max((source, target), key=lambda row: row.last_inbound_on or datetime.min)
	values = {
		"messages": (source.messages or 0) + (target.messages or 0),
		"unread": (source.unread or 0) + (target.unread or 0),
		**{field: later[field] for field in ("last_message", "last_message_on", "last_direction")},
		"account": wrote.account,
		"last_inbound_on": wrote.last_inbound_on,
		"first_inbound_on": _outer(min, source.first_inbound_on, target.first_inbound_on),
		"waiting_since": _outer(min, source.waiting_since, target.waiting_since),
	}
	rows.update("Dafater Conversation", new, **values)
	now = now_datetime()
	rows.update(
		"Dafater Conversation",
		old,
		status="Resolved",
		open_key=None,
		resolved_on=now,
		messages=0,
		unread=0,
		waiting_since=None,
	)
	rows.insert(
		"Dafater Conversation Log",
		conversation=new,
		kind="Merge",
		old_value=old,
		new_value=new,
		cause="System",
		logged_on=now,
	)


def _outer(choose, *moments):
	known = [moment for moment in moments if moment]
	return choose(known) if known else None


def _hand_over(old: dict, new: dict) -> None:
	"""The keeper takes what it lacks. A key can be in one row only, so it leaves the old one first."""
	fields = ("user_id", "user_key", "phone", "phone_key", "username", "display_name", "email_id")
	fields += ("lead", "contact", "customer", "language")
	taken = {field: old[field] for field in fields if old[field] and not new[field]}
	if old.blocked:
		taken["blocked"] = 1
	taken |= _wish(old, new)
	for field, choose in (("last_inbound_on", max), ("last_outbound_on", max)):
		if moment := _outer(choose, old[field], new[field]):
			taken[field] = moment
	left = {field: None for field in ("user_key", "phone_key") if field in taken}
	rows.update(IDENTITY, old.name, merged_into=new.name, **left)
	rows.update(IDENTITY, new.name, **taken)
	signposts = frappe.qb.DocType(IDENTITY)
	frappe.qb.update(signposts).set(signposts.merged_into, new.name).where(
		signposts.merged_into == old.name
	).run()
	new.update(taken)


def _wish(old: dict, new: dict) -> dict:
	"""What the keeper takes of the other's wish about marketing: the newer one; without both moments "no" counts."""
	moments = old.marketing_changed_on, new.marketing_changed_on
	stops = old.no_marketing if all(moments) and moments[0] > moments[1] else new.no_marketing
	if not all(moments):
		stops = old.no_marketing or new.no_marketing
	return {"no_marketing": int(bool(stops)), "marketing_changed_on": _outer(max, *moments)}
