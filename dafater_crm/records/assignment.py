"""Gives new leads to the right salesperson: after the lead's commit, in a short transaction of its own.

Two leads at once never go wrong because the agent's `turn` is a version: the agent and the lead are written by one
statement that only succeeds while the turn is still the one that the choice was made on, and the lead has no owner. Who
loses looks again with the agents locked, and then cannot lose. Whatever fails leaves the lead without an owner, for
`assignment_upkeep`, which runs every few minutes.
"""

from __future__ import annotations

import json
from datetime import datetime

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain import assignment as rules
from dafater_crm.queries import assignment as reads
from dafater_crm.records import assignment_log as log
from dafater_crm.records import assignment_notice as notice
from dafater_crm.records import assignment_pool
from dafater_crm.records.assignment_batch import assign_many
from dafater_crm.records.assignment_decision import Decision, decide
from dafater_crm.records.assignment_log import Entry
from dafater_crm.records.recompute import announce

__all__ = ["after_commit", "assign_many", "is_on", "note_owner", "owner_changed"]

LEAD = "Dafater Lead"
TRIES = 5
# MariaDB: "Record has changed since last read", where snapshots are isolated strictly
RECORD_CHANGED = 1020


def is_on() -> bool:
	return frappe.get_cached_doc("Dafater CRM Settings").get("assignment_mode") == "By Rules"


def note_owner(lead) -> None:
	"""Step of a lead's `validate`: when a person names the owner, the lead is hers since now, whatever rules say."""
	if lead.is_new():
		lead.assignment_rule = None
		lead.assignment_state = "By Hand" if lead.lead_owner else ""
		lead.assigned_on = now_datetime() if lead.lead_owner else None
	elif lead.has_value_changed("lead_owner"):
		lead.assignment_rule = None
		lead.assignment_state = "By Hand"
		lead.assigned_on = now_datetime() if lead.lead_owner else None


def owner_changed(lead) -> None:
	"""Step of a lead's `on_update`: log a change of owner, move the ToDo along. Nothing for an unchanged owner."""
	before = lead.get_doc_before_save()
	if before is None or (before.lead_owner or None) == (lead.lead_owner or None):
		return
	entry = Entry(
		lead=lead.name,
		cause=log.BY_HAND,
		agent=lead.lead_owner or None,
		previous=before.lead_owner or None,
		since=before.assigned_on or lead.creation,
		note=lead.flags.assignment_note,
	)
	log.append([entry], now_datetime())
	notice.after_commit([{"lead": lead.name, "agent": entry.agent, "previous": entry.previous}])


def after_commit(lead) -> None:
	"""Assign a new lead without an owner once the running transaction is committed; repeated calls count once.

	An import leaves its leads to the batch that runs every few minutes, or calls `assign_many` itself.
	"""
	if lead.lead_owner or frappe.flags.in_import or frappe.flags.in_install or not is_on():
		return
	waiting = getattr(frappe.local, "dafater_assignment", None)
	if not waiting:
		waiting = frappe.local.dafater_assignment = {}
		frappe.db.after_commit.add(_run_waiting)
		frappe.db.after_rollback.add(_forget_waiting)
	waiting[lead.name] = lead


def _forget_waiting() -> None:
	frappe.local.dafater_assignment = {}


def _run_waiting() -> None:
	"""An exception here would surface after the commit and drop the callbacks behind ours: log, and repair later."""
	waiting, frappe.local.dafater_assignment = frappe.local.dafater_assignment, {}
	try:
		if len(waiting) > 1:
			assign_many(list(waiting))
		else:
			for lead in waiting.values():
				assign(lead)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=f"Leads not assigned: {', '.join(list(waiting)[:5])}")


def assign(lead) -> str | None:
	"""Give one lead without an owner to an agent. Returns the agent's user, or None when nobody takes it now.

	Commits: call it only outside other work, after a commit or from a job. Three statements when nobody interferes.
	"""
	for attempt in range(TRIES):
		try:
			done, decision = _try(lead, lock=attempt > 0)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			done = False
		except frappe.db.OperationalError as error:
			if error.args[0] != RECORD_CHANGED:
				raise
			done = False
		if done:
			frappe.db.commit()  # nosemgrep: manual-commit - this transaction is ours alone
			_tell(lead, decision)
			return decision.agent
		frappe.db.rollback()
		if not _still_waits(lead.name):
			return None
	raise frappe.QueryTimeoutError(f"{lead.name} could not be assigned in {TRIES} tries")


def _try(lead, lock: bool) -> tuple[bool, Decision]:
	known = assignment_pool.pool()
	rule = known.rule_for(lead)
	users = (*rule.users, rule.leader) if rule else ()
	if lock:
		reads.lock_agents([user for user in users if user])
	# turn and load come from one snapshot: while the turn is still the same, the load has not grown
	standings = reads.standings([user for user in users if user])
	now = now_datetime()
	decision = decide(known, rule, lead, standings, now)
	if not decision.agent and decision.state == lead.get("assignment_state"):
		return True, decision
	if not _write(lead.name, decision, standings, now):
		return False, decision
	log.append([_entry(lead, decision)], now)
	return True, decision


def _write(name: str, decision: Decision, standings: dict, now: datetime) -> bool:
	"""Write owner and turn, or why there is none, in one statement. False: another one was faster."""
	values = {
		"name": name,
		"agent": decision.agent,
		"assign": json.dumps([decision.agent]) if decision.agent else None,
		"rule": decision.rule,
		"team": decision.team,
		"state": decision.state,
		"assigned_on": now if decision.agent else None,
		"now": now,
		"user": frappe.session.user,
	}
	lead_part = """lead.lead_owner = %(agent)s, lead._assign = %(assign)s, lead.assigned_on = %(assigned_on)s,
		lead.team = coalesce(%(team)s, lead.team), lead.assignment_rule = %(rule)s,
		lead.assignment_state = %(state)s, lead.modified = %(now)s, lead.modified_by = %(user)s"""
	unowned = "lead.name = %(name)s and coalesce(lead.lead_owner, '') = ''"
	if decision.agent not in standings:
		# nosemgrep: raw-sql - the same columns as in the joined statement below, which qb cannot write
		frappe.db.sql(f"update `tabDafater Lead` lead set {lead_part} where {unowned}", values)
	else:
		values |= {
			"seen": standings[decision.agent].turn,
			"turn": rules.next_turn(standings.values()),
		}
		# nosemgrep: raw-sql - qb leaves the columns of SET unqualified, and these two tables share some
		frappe.db.sql(
			f"""update `tabDafater Lead` lead join `tabDafater Agent` agent on agent.user = %(agent)s
			set {lead_part}, agent.turn = %(turn)s
			where {unowned} and agent.turn = %(seen)s
				and (agent.enabled = 1 and agent.available = 1 or %(forced)s)""",
			values | {"forced": int(decision.fallback)},
		)
	return frappe.db._cursor.rowcount > 0


def _entry(lead, decision: Decision) -> Entry:
	return Entry(
		lead=lead.name,
		cause=decision.cause,
		agent=decision.agent,
		rule=decision.rule,
		since=lead.creation,
		reasons=decision.reasons,
	)


def _tell(lead, decision: Decision) -> None:
	frappe.clear_document_cache(LEAD, lead.name)
	announce(LEAD, lead.name)
	if decision.agent:
		notice.enqueue([{"lead": lead.name, "agent": decision.agent, "previous": None}])


def _still_waits(name: str) -> bool:
	"""False once somebody else gave it an owner, or it is gone."""
	row = frappe.db.get_value(LEAD, name, ["name", "lead_owner"], as_dict=True)
	return bool(row) and not row.lead_owner
