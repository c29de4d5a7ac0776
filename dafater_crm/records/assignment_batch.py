"""Assigns many leads at once: imports, leads that waited, leads that an agent left untouched.

A batch is one transaction with a fixed number of statements: agents locked, leads locked and read, loads counted, then
log, leads, turns and ToDos written as sets.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import frappe
from frappe.utils import now_datetime, nowdate
from pypika import Case

from dafater_crm.domain import assignment as rules
from dafater_crm.queries import assignment as reads
from dafater_crm.queries import granted
from dafater_crm.records import assignment_log as log
from dafater_crm.records import assignment_notice as notice
from dafater_crm.records import assignment_pool
from dafater_crm.records.assignment_decision import decide
from dafater_crm.records.assignment_log import Entry
from dafater_crm.records.raw_rows import append_rows

LEAD = "Dafater Lead"
BATCH = 500
TRIES = 5


def assign_many(leads: list[str]) -> dict[str, int]:
	"""Give leads without an owner to agents by the rules; those with an owner are left alone.

	Returns {"assigned": …, "waiting": …}. Commits after each batch of 500: call it outside other work.
	"""
	return _in_batches(dict.fromkeys(leads), log.NEW_LEAD)


def pass_on(owners: dict[str, str], cause: str, reason: tuple | None = None) -> dict[str, int]:
	"""Take untouched leads from their owners and give them to others by the rules.

	With the cause Untouched a lead for which nobody else is free stays where it is; with Agent Left it loses its owner
	and waits. Commits after each batch of 500.

	:param owners: lead → owner from whom it is taken; one that has another owner meanwhile is left alone.
	:param reason: (code, values) of `assignment_log` that is put before the reasons of the choice.
	"""
	return _in_batches(owners, cause, reason)


def _in_batches(owners: dict[str, str | None], cause: str, reason: tuple | None = None) -> dict[str, int]:
	total = Counter(assigned=0, waiting=0)
	names = list(owners)
	for start in range(0, len(names), BATCH):
		some = {name: owners[name] for name in names[start : start + BATCH]}
		total.update(_safely(some, cause, reason))
	return dict(total)


def _safely(owners: dict, cause: str, reason: tuple | None) -> dict[str, int]:
	for attempt in range(TRIES):
		frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot; an older one would not see present loads
		try:
			entries, taken = _write_batch(owners, cause, reason)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
			if attempt == TRIES - 1:
				raise
			continue
		break
	frappe.db.commit()  # nosemgrep: manual-commit - this transaction is ours alone, it holds the locks
	_tell(entries)
	return taken


def _write_batch(owners: dict, cause: str, reason: tuple | None) -> tuple[list[Entry], dict[str, int]]:
	pool = assignment_pool.pool()
	users = {user for rule in pool.rules for user in (*rule.users, rule.leader) if user}
	reads.lock_agents(users)
	leads = [lead for lead in reads.locked_leads(owners) if _still_so(lead, owners[lead.name])]
	standings = reads.standings(users)
	before = {user: standing.turn for user, standing in standings.items()}
	now = now_datetime()
	entries, states = [], {}
	for lead in leads:
		entry, state = _one(pool, lead, standings, now, cause, reason)
		if entry:
			entries.append(entry)
			states[lead.name] = state
	if entries:
		_store(entries, states, now)
		_store_turns({user: one.turn for user, one in standings.items() if one.turn != before[user]})
	assigned = sum(1 for entry in entries if entry.agent)
	return entries, {"assigned": assigned, "waiting": len(leads) - assigned}


def _still_so(lead, owner: str | None) -> bool:
	"""What was read before the lock still holds: the same owner, or none; and nobody has begun."""
	if (lead.lead_owner or None) != owner:
		return False
	return not owner or lead.status in reads.UNTOUCHED_STATUSES


def _one(pool, lead, standings: dict, now: datetime, cause: str, reason) -> tuple[Entry | None, str]:
	"""Decide about one lead of the batch. No entry: nothing changes, so nothing is written."""
	previous = lead.lead_owner or None
	rule = pool.rule_for(lead)
	without = frozenset({previous} if previous else ())
	decision = decide(pool, rule, lead, standings, now, cause, without)
	if not decision.agent and (cause == log.UNTOUCHED or decision.state == lead.assignment_state):
		return None, ""
	if decision.agent in standings:
		rules.take(standings, decision.agent)
	if previous in standings and decision.agent != previous:
		standings[previous].load -= 1
	reasons = decision.reasons if not reason else (reason, *decision.reasons)
	entry = Entry(
		lead=lead.name,
		cause=decision.cause,
		agent=decision.agent,
		previous=previous,
		rule=decision.rule,
		since=lead.assigned_on or lead.creation,
		reasons=reasons,
	)
	return entry, decision.state


def _store(entries: list[Entry], states: dict, now: datetime) -> None:
	"""Log, leads and ToDos, each as one set."""
	rows = log.append(entries, now)
	_cancel_todos([one for one in entries if one.previous])
	_store_leads(rows, states, now)
	_insert_todos([one for one in entries if one.agent], now)
	granted.forget()


def _store_leads(rows: list[str], states: dict[str, str], now: datetime) -> None:
	"""The leads take their values from the rows of the log that were just written."""
	values = {"rows": rows, "now": now, "user": frappe.session.user}
	cases = []
	for number, state in enumerate(sorted(set(states.values()))):
		values[f"state{number}"] = state
		values[f"leads{number}"] = [name for name, one in states.items() if one == state]
		cases.append(f"when lead.name in %(leads{number})s then %(state{number})s")
	# nosemgrep: raw-sql - qb leaves the columns of SET unqualified, and these tables share some
	frappe.db.sql(
		f"""update `tabDafater Lead` lead
		join `tabDafater Assignment Log` entry on entry.lead = lead.name
		left join `tabDafater Assignment Rule` rule on rule.name = entry.rule
		set lead.lead_owner = entry.agent, lead.assigned_on = if(entry.agent is null, null, %(now)s),
			lead._assign = if(entry.agent is null, null, json_array(entry.agent)),
			lead.assignment_rule = entry.rule, lead.assignment_state = case {" ".join(cases)} end,
			lead.team = if(rule.candidates_from = 'Team', rule.team, lead.team),
			lead.modified = %(now)s, lead.modified_by = %(user)s
		where entry.name in %(rows)s""",
		values,
	)


def _store_turns(turns: dict[str, int]) -> None:
	if not turns:
		return
	agent = frappe.qb.DocType("Dafater Agent")
	turn = Case()
	for user, value in turns.items():
		turn = turn.when(agent.user == user, value)
	frappe.qb.update(agent).set(agent.turn, turn).where(agent.user.isin(list(turns))).run()


def _cancel_todos(entries: list[Entry]) -> None:
	"""Close the earlier owners' assignments as a set; one document each would be some ten statements a lead."""
	if not entries:
		return
	todo = frappe.qb.DocType("ToDo")
	pairs = {(entry.lead, entry.previous) for entry in entries}
	frappe.qb.update(todo).set(todo.status, "Cancelled").where(
		(todo.reference_type == LEAD)
		& todo.reference_name.isin([lead for lead, _ in pairs])
		& todo.allocated_to.isin([user for _, user in pairs])
		& (todo.status == "Open")
	).run()


def _insert_todos(entries: list[Entry], now: datetime) -> None:
	"""One statement for all: a ToDo's controller takes some ten, mostly to rebuild `_assign`, which is written already."""
	if not entries:
		return
	user = frappe.session.user
	people = reads.people([user, *(entry.agent for entry in entries)])
	rows = []
	for entry in entries:
		rows.append(
			{
				"status": "Open",
				"priority": "Medium",
				"date": nowdate(),
				"allocated_to": entry.agent,
				"description": notice.todo_text(entry.lead, people[entry.agent].language),
				"reference_type": LEAD,
				"reference_name": entry.lead,
				"assigned_by": user,
				"assigned_by_full_name": people[user].full_name if user in people else user,
			}
		)
	append_rows("ToDo", rows, now)


def _tell(entries: list[Entry]) -> None:
	"""One notice an agent for the whole batch: nobody gets five hundred e-mails."""
	for entry in entries:
		frappe.clear_document_cache(LEAD, entry.lead)
	if entries:
		frappe.publish_realtime("list_update", {"doctype": LEAD}, doctype=LEAD)
	counts = Counter(entry.agent for entry in entries if entry.agent)
	if counts:
		notice.enqueue_summary(dict(counts))
