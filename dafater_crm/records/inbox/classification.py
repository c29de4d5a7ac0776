"""Gives a conversation its class, priority, team and wanted skill by the site's rules, after each received message.

What a person set is never overwritten: the class by its source, priority and team by the log. The drain holds the conversation's lock and
writes both together; elsewhere the write is conditional on what was read, so that two messages at once, or an agent at the same
moment, cannot undo one another.
"""

from __future__ import annotations

from functools import partial

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import now_datetime

from dafater_crm.domain import conversation_rules as rules
from dafater_crm.domain.conversation_rules import Facts, Outcome, Rule
from dafater_crm.domain.conversation_status import RESOLVED
from dafater_crm.queries import inbox_assignment as reads
from dafater_crm.records.inbox import log
from dafater_crm.records.inbox.batch import Batch, Received
from dafater_crm.records.inbox.log import Entry
from dafater_crm.records.inbox.transactions import retried

CONVERSATION, RULE = "Dafater Conversation", "Dafater Conversation Rule"
KEY = "dafater_crm_conversation_rules"
# the cache is also dropped after this many seconds, for changes that reach no hook (a restored backup, plain SQL)
LIFETIME = 600
MESSAGES = 10
USUAL_PRIORITY = "Medium"


def classify(conversation: str) -> bool:
	"""Apply the rules to one conversation. Returns whether something changed.

	Commits: call it only outside other work, after a commit or from a job. Two statements where nothing changes, five at most
	where something does.
	"""
	return retried(lambda _attempt: _classify(conversation))


def classify_received(batch: Batch) -> None:
	"""Apply the rules to the locked conversations in which a batch of messages was received, within that batch.

	One statement, one more for each whose priority or team would change; none where every conversation is new.
	"""
	received = [one for one in batch.received.values() if one.row.status != RESOLVED]
	known = known_rules()
	stored = reads.texts_of(
		[one.row.name for one in received if not batch.is_new(CONVERSATION, one.row.name)], MESSAGES
	)
	for one in received:
		texts = sorted([*stored.get(one.row.name, ()), *one.texts], key=lambda text: text[0], reverse=True)
		row = _as_read(one)
		facts = _facts(row, [body for _moment, body in texts[:MESSAGES] if body])
		changes, entries = _changes(row, rules.evaluate(known, facts))
		if not changes:
			continue
		batch.update(CONVERSATION, row.name, **changes)
		one.row.update(changes)
		log.append(entries, store=batch)
		frappe.db.after_commit.add(partial(frappe.clear_document_cache, CONVERSATION, row.name))


def _as_read(one: Received) -> dict:
	"""What `_conversation` would read of it."""
	found = frappe._dict(one.row)
	found.account_team, found.account_class = one.account.team, one.account.default_class
	found.customer = found.customer or one.person.customer
	found.lead = found.lead or one.person.lead
	return found


def known_rules() -> tuple[Rule, ...]:
	"""The enabled rules, the most important first. No statement when cached."""
	found = frappe.cache.get_value(KEY, expires=True)
	if found is None:
		found = _read_rules()
		frappe.cache.set_value(KEY, found, expires_in_sec=LIFETIME)
	return found


def forget() -> None:
	"""A rule changed. Again after the commit: until then others still read the old rows."""
	frappe.cache.delete_value(KEY)
	frappe.db.after_commit.add(lambda: frappe.cache.delete_value(KEY))


def _read_rules() -> tuple[Rule, ...]:
	rows = frappe.get_all(
		RULE, filters={"enabled": 1}, fields=["*"], order_by="priority desc, creation asc", limit=0
	)
	keywords: dict[str, list[str]] = {}
	for row in frappe.get_all(
		"Dafater Conversation Keyword",
		filters={"parent": ("in", [row.name for row in rows] or [""])},
		fields=["parent", "keyword"],
		order_by="idx asc",
		limit=0,
	):
		keywords.setdefault(row.parent, []).append(row.keyword)
	found = []
	for row in rows:
		compiled = rules.compiled(keywords.get(row.name, ()))
		if row.name in keywords and not compiled:
			continue  # keywords without a letter: such a rule fits nothing, rather than everything
		found.append(
			Rule(
				name=row.name,
				keywords=compiled,
				channel=row.channel,
				account=row.account,
				for_customers=row.for_customers,
				conversation_class=row.conversation_class,
				priority=row.set_priority,
				team=row.team,
				skill=(row.skill or "").strip() or None,
			)
		)
	return tuple(found)


def _classify(name: str) -> bool:
	row = _conversation(name)
	if not row or row.status == RESOLVED:
		return False
	outcome = rules.evaluate(known_rules(), _facts(row, reads.texts(row.name, MESSAGES)))
	changes, entries = _changes(row, outcome)
	if not changes:
		return False
	now = now_datetime()
	if not _write(row, changes, now):
		raise frappe.QueryDeadlockError(f"{name} was changed meanwhile")
	log.append(entries, now)
	frappe.clear_document_cache(CONVERSATION, name)
	return True


def _conversation(name: str):
	"""The conversation with the defaults of its account and what is known of the person. One statement."""
	table, account, identity = (
		frappe.qb.DocType(doctype)
		for doctype in (CONVERSATION, "Dafater Channel Account", "Dafater Contact Identity")
	)
	fields = (
		"name",
		"status",
		"conversation_class",
		"class_source",
		"priority",
		"team",
		"skill",
		"assigned_to",
	)
	rows = (
		frappe.qb.from_(table)
		.left_join(account)
		.on(account.name == table.account)
		.left_join(identity)
		.on(identity.name == table.identity)
		.select(
			*(table[field] for field in (*fields, "channel", "account")),
			account.team.as_("account_team"),
			account.default_class.as_("account_class"),
			Coalesce(table.customer, identity.customer).as_("customer"),
			Coalesce(table.lead, identity.lead).as_("lead"),
		)
		.where(table.name == name)
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def _facts(row, texts: list[str]) -> Facts:
	person = rules.CUSTOMER if row.customer else rules.LEAD if row.lead else rules.STRANGER
	return Facts(row.channel, row.account, person, tuple(texts))


def _changes(row, outcome: Outcome) -> tuple[dict, list[Entry]]:
	changes: dict = {}
	entries: list[Entry] = []
	_class(row, outcome, changes, entries)
	if outcome.skill and outcome.skill.value != row.skill:
		changes["skill"] = outcome.skill.value
	wanted = {}
	if outcome.priority and outcome.priority.value != row.priority and row.priority in (None, USUAL_PRIORITY):
		wanted["priority"] = (log.PRIORITY, outcome.priority)
	# whoever has it keeps it: rules choose a team only while nobody works on it
	if outcome.team and outcome.team.value != row.team and not row.assigned_to:
		wanted["team"] = (log.TEAM, outcome.team)
	fixed = log.by_agent(row.name, [kind for kind, _found in wanted.values()]) if wanted else set()
	for field, (kind, found) in wanted.items():
		if kind not in fixed:
			changes[field] = found.value
			entries.append(_entry(row, kind, row.get(field), found))
	if not row.team and "team" not in changes and row.account_team and not row.assigned_to:
		changes["team"] = row.account_team
	return changes, entries


def _class(row, outcome: Outcome, changes: dict, entries: list[Entry]) -> None:
	found = outcome.conversation_class
	if found and rules.class_may_become(row.conversation_class, row.class_source, found.value):
		changes |= {"conversation_class": found.value, "class_source": rules.BY_RULE}
		entries.append(_entry(row, log.CLASS, row.conversation_class, found))
	elif not found and not row.conversation_class and not row.class_source and row.account_class:
		changes |= {"conversation_class": row.account_class, "class_source": rules.BY_ACCOUNT}
		reasons = (("account_default", {}),)
		entries.append(Entry(row.name, log.CLASS, None, row.account_class, log.BY_SYSTEM, reasons=reasons))


def _entry(row, kind: str, old: str | None, found) -> Entry:
	reasons = (("keyword", {"keyword": found.keyword}),) if found.keyword else ()
	return Entry(row.name, kind, old, found.value, log.BY_RULE, found.rule, reasons)


def _write(row, changes: dict, now) -> bool:
	"""Write only over what was read. False: somebody was faster."""
	table = frappe.qb.DocType(CONVERSATION)
	query = frappe.qb.update(table).set(table.modified, now).where(table.name == row.name)
	for field, value in changes.items():
		query = query.set(table[field], value)
	for field in ("conversation_class", "class_source", "priority", "team", "assigned_to"):
		query = query.where(Coalesce(table[field], "") == (row.get(field) or ""))
	query.run()
	return frappe.db._cursor.rowcount > 0
