"""Gives conversations to agents: by team or class, hours, availability, who spoke with the person before, skill, load.

No conversation goes to two and nobody is put above capacity, because the agent's `inbox_turn` is a version: agent and
conversation are written by one statement that only succeeds while the turn is the one that the choice was made on and the
conversation is where it was. Whoever loses looks again with the agents locked. What nobody can take waits for `upkeep`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain import assignment as rules
from dafater_crm.domain.assignment import Choice, Wanted
from dafater_crm.domain.conversation_status import AT_WORK
from dafater_crm.queries import assignment as lead_reads
from dafater_crm.queries import inbox_assignment as reads
from dafater_crm.records import assignment_pool
from dafater_crm.records.assignment_pool import Pool
from dafater_crm.records.inbox import log, notice, realtime
from dafater_crm.records.inbox.log import Entry
from dafater_crm.records.inbox.transactions import retried

CONVERSATION = "Dafater Conversation"
# whose work a class is, where no team says so
ROLES_OF_CLASS = {
	"Sales": frozenset(
		("Dafater Account Executive", "Dafater Sales Development Rep", "Dafater Sales Manager")
	),
	"Support": frozenset(("Dafater Support Agent",)),
	"Complaint": frozenset(("Dafater Support Agent",)),
}


@dataclass(frozen=True)
class _Move:
	conversation: str
	taken_from: str | None
	without: frozenset
	cause: str
	reasons: tuple


def is_on() -> bool:
	return bool(frappe.get_cached_doc("Dafater Inbox Settings").assign_automatically)


def is_wanted(row) -> bool:
	"""Would `assign` look for an agent, as this row of a conversation says? No statement where an agent has it."""
	if not is_on() or row.status not in AT_WORK:
		return False
	return not row.assigned_to or is_gone(assignment_pool.pool(), row.assigned_to, now_datetime())


def assign(conversation: str) -> str | None:
	"""Give a conversation that nobody has, or whose agent is gone, to an agent. Returns the user, None when nobody takes it.

	Commits: call it only outside other work, after a commit or from a job. Does nothing where the settings say so.
	"""
	return pass_on(conversation) if is_on() else None


def pass_on(
	conversation: str,
	taken_from: str | None = None,
	without: frozenset = frozenset(),
	cause: str = log.BY_SYSTEM,
	reasons: tuple = (),
) -> str | None:
	"""Give a conversation to an agent. Returns who has it now by this call, None when nobody took it.

	:param taken_from: who must have it at this moment to lose it; None: nobody, or an agent who is gone.
	:param without: users who are not asked.
	:param cause: and `reasons`: for the log.
	"""
	move = _Move(conversation, taken_from, without, cause, reasons)
	pool = assignment_pool.pool()
	given = retried(lambda attempt: _pass_on(pool, move, lock=attempt > 0))
	if given:
		notice.assigned(conversation, given)
	return given


def _pass_on(pool: Pool, move: _Move, lock: bool) -> str | None:
	now = now_datetime()
	# locking reads come first: the snapshot of the others must not be older than the locks
	row = reads.conversation(move.conversation, lock)
	if not row or row.status not in AT_WORK:
		return None
	cause, reasons = move.cause, move.reasons
	if row.assigned_to and row.assigned_to != move.taken_from:
		if not is_gone(pool, row.assigned_to, now):
			return None
		cause, reasons = log.AGENT_LEFT, (("left", {}),)
	users = candidates(pool, row)
	if lock:
		lead_reads.lock_agents(users)
	# turn and load come from one snapshot: while the turn is still the same, the load has not grown
	standings = lead_reads.standings(users, reads.CONVERSATIONS)
	wanted = Wanted(
		method=rules.LEAST_LOADED,
		skill=row.skill,
		earlier=reads.earlier_agent(row),
		without=move.without | {row.assigned_to},
	)
	choice = rules.choose(wanted, [pool.inbox[user] for user in users], standings, now)
	if not choice.agent:
		_let_go(row, choice, cause, reasons, now, pool)
		return None
	if not _write(row, choice.agent, standings, now):
		raise frappe.QueryDeadlockError(f"{row.name} or {choice.agent} was changed meanwhile")
	entry = Entry(
		row.name, log.ASSIGNMENT, row.assigned_to, choice.agent, cause, reasons=(*reasons, *choice.reasons)
	)
	log.append([entry], now)
	frappe.clear_document_cache(CONVERSATION, row.name)
	realtime.changed(row.name)
	return choice.agent


def candidates(pool: Pool, row) -> list[str]:
	"""Users who may be asked: the members of the team; without a team those whose work the class is, or else everybody."""
	team = pool.teams.get(row.team)
	if row.team:
		return [user for user in (team.members if team else ()) if user in pool.inbox]
	roles = ROLES_OF_CLASS.get(row.conversation_class)
	fitting = [user for user in pool.inbox if roles and roles & pool.roles.get(user, frozenset())]
	return fitting or list(pool.inbox)


def is_gone(pool: Pool, user: str, now: datetime) -> bool:
	"""True for an agent who is disabled or on time off today. Whoever was never an agent has it because a person said so."""
	agent = pool.agents.get(user)
	if agent:
		return now.date() in agent.away
	return user in reads.gone_agents()


def _let_go(row, choice: Choice, cause: str, reasons: tuple, now: datetime, pool: Pool) -> None:
	"""Nobody takes it. Who is gone loses it all the same, so that everybody sees that it waits; anybody else keeps it."""
	if not row.assigned_to or not is_gone(pool, row.assigned_to, now):
		return
	table = frappe.qb.DocType(CONVERSATION)
	frappe.qb.update(table).set(table.assigned_to, None).set(table.modified, now).where(
		(table.name == row.name) & (table.assigned_to == row.assigned_to)
	).run()
	entry = Entry(row.name, log.ASSIGNMENT, row.assigned_to, None, cause, reasons=(*reasons, *choice.reasons))
	log.append([entry], now)
	frappe.clear_document_cache(CONVERSATION, row.name)
	realtime.changed(row.name)


def _write(row, agent: str, standings: dict, now: datetime) -> bool:
	"""Write assignee and turn in one statement. False: another one was faster."""
	# nosemgrep: raw-sql - qb leaves the columns of SET unqualified, and these two tables share some
	frappe.db.sql(
		"""update `tabDafater Conversation` conversation
			join `tabDafater Agent` agent on agent.user = %(agent)s
		set conversation.assigned_to = %(agent)s, conversation.assigned_on = %(now)s, conversation.modified = %(now)s,
			conversation.modified_by = %(user)s, agent.inbox_turn = %(turn)s
		where conversation.name = %(name)s and coalesce(conversation.assigned_to, '') = %(before)s
			and conversation.status in %(at_work)s
			and agent.inbox_turn = %(seen)s and agent.enabled = 1 and agent.available = 1""",
		{
			"agent": agent,
			"now": now,
			"user": frappe.session.user,
			"turn": rules.next_turn(standings.values()),
			"seen": standings[agent].turn,
			"name": row.name,
			"before": row.assigned_to or "",
			"at_work": AT_WORK,
		},
	)
	return frappe.db._cursor.rowcount > 0


def note_turn(user: str) -> None:
	"""A person gave `user` a conversation: whoever is choosing at this moment has to look again. In the caller's transaction."""
	agent = frappe.qb.DocType("Dafater Agent")
	frappe.qb.update(agent).set(agent.inbox_turn, agent.inbox_turn + 1).where(agent.user == user).run()
