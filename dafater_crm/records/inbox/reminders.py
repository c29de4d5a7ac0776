"""Unanswered conversations: the agent is reminded, then the next one gets it, in the end the leaders decide.

Minutes are those of the agent's own working hours, or the company's where nobody has the conversation. Each step happens once for
each time that a customer waits: it is marked first, by a conditional write, so that two runs at once do not both tell.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe.utils import cint, now_datetime

from dafater_crm.queries import inbox_assignment as reads
from dafater_crm.records import assignment_pool
from dafater_crm.records.assignment_pool import Pool
from dafater_crm.records.assignment_upkeep import sales_managers
from dafater_crm.records.inbox import assignment, log, notice
from dafater_crm.records.inbox.log import Entry

CONVERSATION = "Dafater Conversation"
BATCH = 200
# the beginning of time, for the first page
FIRST = (datetime(1970, 1, 1), "")


def run() -> dict[str, int]:
	"""Look at every conversation whose customer has waited long enough. Commits after each.

	Returns how many were reminded, passed on and escalated.
	"""
	settings = frappe.get_cached_doc("Dafater Inbox Settings")
	remind, pass_on = cint(settings.remind_after_minutes), cint(settings.reassign_after_minutes)
	done = {"reminded": 0, "passed_on": 0, "escalated": 0}
	shortest = min((minutes for minutes in (remind, pass_on) if minutes > 0), default=0)
	if not shortest:
		return done
	now, after = now_datetime(), FIRST
	# business minutes never pass faster than the clock, so the clock narrows the set first
	latest = now - timedelta(minutes=shortest)
	while True:
		rows = reads.unanswered(latest, after, BATCH)
		frappe.db.commit()  # nosemgrep: manual-commit - each conversation is a transaction of its own
		for row in rows:
			step = _step(row, remind, pass_on, now)
			if step:
				done[step] += 1
		if len(rows) < BATCH:
			return done
		after = (rows[-1].waiting_since, rows[-1].name)


def _step(row, remind: int, pass_on: int, now: datetime) -> str | None:
	pool = assignment_pool.pool()
	if pass_on > 0 and row.assigned_to:
		# whoever got it a moment ago has the whole time to answer
		since = max(row.waiting_since, row.assigned_on or row.waiting_since)
		minutes = waited_minutes(pool, row, since, now)
		if minutes >= pass_on:
			return _pass_on(pool, row, minutes, now)
	if remind > 0:
		minutes = waited_minutes(pool, row, row.waiting_since, now)
		if minutes >= remind:
			return _remind(pool, row, minutes, now)
	return None


def waited_minutes(pool: Pool, row, since: datetime, now: datetime) -> int:
	agent = pool.agents.get(row.assigned_to)
	calendar = agent.calendar if agent else assignment_pool.company_calendar()
	return int(calendar.seconds_between(since, now) // 60)


def _remind(pool: Pool, row, minutes: int, now: datetime) -> str | None:
	if not _mark(row, "reminded_on", now):
		return None
	users = [row.assigned_to] if row.assigned_to else leaders(pool, row)
	reasons = (("reminded", {"minutes": minutes}),)
	entry = Entry(
		row.name, log.ASSIGNMENT, row.assigned_to, row.assigned_to, log.BY_REMINDER, reasons=reasons
	)
	log.append([entry], now)
	frappe.db.commit()  # nosemgrep: manual-commit - a step of this job: it is told once, or not at all
	notice.unanswered(row.name, users, minutes)
	return "reminded"


def _pass_on(pool: Pool, row, minutes: int, now: datetime) -> str | None:
	reasons = (("no_answer_in", {"minutes": minutes}),)
	had = reads.had_by(row.name, row.waiting_since)
	frappe.db.commit()  # nosemgrep: manual-commit - the move below begins with a fresh snapshot
	given = assignment.pass_on(
		row.name, row.assigned_to, frozenset(had | {row.assigned_to}), log.BY_REMINDER, reasons
	)
	if given:
		return "passed_on"
	return _escalate(pool, row, minutes, now)


def _escalate(pool: Pool, row, minutes: int, now: datetime) -> str | None:
	"""Nobody else can take it: it stays where it is, and the leaders hear of it once."""
	if not _mark(row, "escalated_on", now):
		return None
	reasons = (("no_answer_in", {"minutes": minutes}), ("all_had_it", {}))
	entry = Entry(
		row.name, log.ASSIGNMENT, row.assigned_to, row.assigned_to, log.BY_REMINDER, reasons=reasons
	)
	log.append([entry], now)
	frappe.db.commit()  # nosemgrep: manual-commit - a step of this job: it is told once, or not at all
	notice.nobody_left(row.name, leaders(pool, row), minutes)
	return "escalated"


def leaders(pool: Pool, row) -> list[str]:
	"""The leader of the team, or the sales managers."""
	team = pool.teams.get(row.team)
	return [team.leader] if team and team.leader else sales_managers()


def _mark(row, field: str, now: datetime) -> bool:
	"""True for the run that marks it first since the customer began to wait."""
	table = frappe.qb.DocType(CONVERSATION)
	frappe.qb.update(table).set(table[field], now).where(
		(table.name == row.name)
		& (table.waiting_since == row.waiting_since)
		& (table[field].isnull() | (table[field] < row.waiting_since))
	).run()
	return frappe.db._cursor.rowcount > 0
