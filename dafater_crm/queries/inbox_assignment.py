"""What the assignment of conversations reads: where agents stand, what waits, who spoke with a person before.

Decides who gets work, so it must see everything: no permission here. What a person is shown goes through `api`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import frappe
from frappe.query_builder import DocType
from pypika import Order

from dafater_crm.domain.conversation_status import AT_WORK, RESOLVED, SNOOZED
from dafater_crm.queries.assignment import Work

AGENT, CONVERSATION, IDENTITY, LOG = (
	"Dafater Agent",
	"Dafater Conversation",
	"Dafater Contact Identity",
	"Dafater Conversation Log",
)
CONVERSATIONS = Work(CONVERSATION, "assigned_to", AT_WORK, "inbox_turn")
ROW = (
	"name",
	"title",
	"status",
	"conversation_class",
	"assigned_to",
	"assigned_on",
	"team",
	"skill",
	"language",
	"identity",
	"lead",
	"customer",
	"waiting_since",
	"company",
)


def conversation(name: str, lock: bool = False):
	"""What assignment needs of one conversation, None when it is gone. One statement.

	:param lock: keep the row locked until the transaction ends.
	"""
	table = DocType(CONVERSATION)
	query = frappe.qb.from_(table).select(*(table[field] for field in ROW)).where(table.name == name)
	rows = (query.for_update() if lock else query).run(as_dict=True)
	return rows[0] if rows else None


def earlier_agent(row) -> str | None:
	"""Who had the newest other conversation with this person, then with their lead, then with their customer.

	At most three statements, each by an index; the first that knows somebody answers.
	"""
	table = DocType(CONVERSATION)
	for field in ("identity", "lead", "customer"):
		if not row.get(field):
			continue
		found = (
			frappe.qb.from_(table)
			.select(table.assigned_to)
			.where((table[field] == row[field]) & (table.name != row["name"]) & table.assigned_to.isnotnull())
			.orderby(table.creation, order=Order.desc)
			.limit(1)
			.run(pluck=True)
		)
		if found and found[0]:
			return found[0]
	return None


def waiting(after: tuple[datetime, str], limit: int) -> list[tuple[datetime, str]]:
	"""(waiting_since, name) of conversations that nobody has and in which a customer waits, oldest first, behind `after`."""
	table = DocType(CONVERSATION)
	since, name = after
	return (
		frappe.qb.from_(table)
		.select(table.waiting_since, table.name)
		.where(table.assigned_to.isnull() & table.status.isin(AT_WORK))
		.where((table.waiting_since > since) | ((table.waiting_since == since) & (table.name > name)))
		.orderby(table.waiting_since)
		.orderby(table.name)
		.limit(limit)
		.run()
	)


def unanswered(before: datetime, after: tuple[datetime, str], limit: int) -> list:
	"""Conversations in which a customer has waited since before `before`, oldest first, behind `after`."""
	table = DocType(CONVERSATION)
	since, name = after
	return (
		frappe.qb.from_(table)
		.select(*(table[field] for field in ROW), table.reminded_on, table.escalated_on)
		.where(table.status.isin(AT_WORK) & (table.waiting_since <= before))
		.where((table.waiting_since > since) | ((table.waiting_since == since) & (table.name > name)))
		.orderby(table.waiting_since)
		.orderby(table.name)
		.limit(limit)
		.run(as_dict=True)
	)


def snoozes_over(now: datetime, limit: int) -> list:
	table = DocType(CONVERSATION)
	return (
		frappe.qb.from_(table)
		.select(table.name, table.assigned_to)
		.where((table.status == SNOOZED) & (table.snoozed_until <= now))
		.orderby(table.snoozed_until)
		.limit(limit)
		.run(as_dict=True)
	)


def silent(before: datetime, limit: int) -> list[str]:
	"""Names of conversations that wait for the customer since before `before`, the oldest first."""
	table = DocType(CONVERSATION)
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.status == "Pending") & (table.last_message_on <= before))
		.orderby(table.last_message_on)
		.limit(limit)
		.run(pluck=True)
	)


def had_by(name: str, since: datetime) -> set[str]:
	"""Everybody to whom a conversation was given since `since`. One statement."""
	table = DocType(LOG)
	return set(
		frappe.qb.from_(table)
		.select(table.new_value)
		.distinct()
		.where((table.conversation == name) & (table.kind == "Assignment") & (table.logged_on >= since))
		.where(table.new_value.isnotnull())
		.run(pluck=True)
	)


def gone_agents() -> list[str]:
	"""Users who are agents and may not work any more: the agent or the user is disabled."""
	agent, user = DocType(AGENT), DocType("User")
	return (
		frappe.qb.from_(agent)
		.join(user)
		.on(user.name == agent.user)
		.select(agent.user)
		.where((agent.enabled == 0) | (user.enabled == 0))
		.run(pluck=True)
	)


def held_by(users: Collection[str], statuses: Collection[str], limit: int) -> list[tuple[str, str]]:
	"""(name, user) of conversations that these users have in these statuses."""
	if not users:
		return []
	table = DocType(CONVERSATION)
	return (
		frappe.qb.from_(table)
		.select(table.name, table.assigned_to)
		.where(table.assigned_to.isin(list(users)) & table.status.isin(list(statuses)))
		.limit(limit)
		.run()
	)


def texts(name: str, limit: int) -> list[str]:
	"""The newest received texts of a conversation."""
	message = DocType("Dafater Message")
	found = (
		frappe.qb.from_(message)
		.select(message.body)
		.where((message.conversation == name) & (message.direction == "Incoming"))
		.orderby(message.message_on, order=Order.desc)
		.limit(limit)
		.run(pluck=True)
	)
	return [body for body in found if body]


def texts_of(names: Collection[str], limit: int) -> dict[str, list[tuple[datetime, str]]]:
	"""(moment, text) of the newest received messages of each conversation, as `texts` for many. One statement."""
	if not names:
		return {}
	newest = """(select conversation, message_on, body from `tabDafater Message`
		where conversation = %s and direction = 'Incoming' order by message_on desc limit {limit})"""
	query = " union all ".join([newest.format(limit=int(limit))] * len(names))
	found: dict[str, list[tuple[datetime, str]]] = {}
	# nosemgrep: raw-sql - a part for each conversation, each by the index in its order; values are bound
	for name, moment, body in frappe.db.sql(query, tuple(names)):
		found.setdefault(name, []).append((moment, body))
	return found


def is_open_elsewhere(identity: str, name: str) -> str | None:
	"""Another conversation of the person that is not resolved."""
	table = DocType(CONVERSATION)
	found = (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.open_key == identity) & (table.name != name) & (table.status != RESOLVED))
		.run(pluck=True)
	)
	return found[0] if found else None
