"""Every five minutes, beside the other jobs of that clock: snoozes that are over, agents who are gone, conversations that wait, reminders.

Each part stands alone: an error in one is logged and the others run. Everything can run twice at once without harm.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.utils import cint, now_datetime

from dafater_crm.domain.conversation_status import AT_WORK, OPEN, PENDING, RESOLVED, SNOOZED
from dafater_crm.queries import inbox_assignment as reads
from dafater_crm.records import assignment_pool, jobs
from dafater_crm.records.inbox import assignment, log, mail_in, notice, realtime, reminders
from dafater_crm.records.inbox.log import Entry
from dafater_crm.records.parts import run_alone

CONVERSATION = "Dafater Conversation"
JOB = "dafater_crm.records.inbox.upkeep.run"
# what one run takes on; the rest follows in five minutes
MOST = 500


def run() -> None:
	"""Scheduled job."""
	parts = (
		mail_in.find_lost,
		wake_snoozed,
		replace_gone_agents,
		assign_waiting,
		reminders.run,
		resolve_silent,
	)
	run_alone("Inbox", parts)


def enqueue() -> None:
	"""Run soon, for example because an agent became available or was disabled. Repeated calls count once."""
	jobs.after_commit(JOB, queue="short", job_id="dafater-inbox-upkeep", deduplicate=True)


def wake_snoozed() -> int:
	"""Open what was snoozed until now. Returns how many."""
	now, woken = now_datetime(), 0
	for row in reads.snoozes_over(now, MOST):
		table = frappe.qb.DocType(CONVERSATION)
		frappe.qb.update(table).set(table.status, OPEN).set(table.snoozed_until, None).set(
			table.modified, now
		).where((table.name == row.name) & (table.status == SNOOZED) & (table.snoozed_until <= now)).run()
		if not frappe.db._cursor.rowcount:
			continue
		reasons = (("snooze_over", {}),)
		log.append([Entry(row.name, log.STATUS, SNOOZED, OPEN, log.BY_SYSTEM, reasons=reasons)], now)
		frappe.clear_document_cache(CONVERSATION, row.name)
		realtime.changed(row.name)
		frappe.db.commit()  # nosemgrep: manual-commit - each conversation of this job stands alone
		if row.assigned_to:
			notice.snooze_over(row.name, row.assigned_to)
		woken += 1
	return woken


def replace_gone_agents() -> int:
	"""Pass on what agents have who are disabled, or on time off today. Returns how many conversations were looked at."""
	if not assignment.is_on():
		return 0
	today, pool = now_datetime().date(), assignment_pool.pool()
	away = [user for user, agent in pool.agents.items() if today in agent.away]
	names = [name for name, _user in reads.held_by([*reads.gone_agents(), *away], AT_WORK, MOST)]
	return _each(names)


def assign_waiting() -> int:
	"""Try again what nobody has, the longest wait first. Returns how many were looked at."""
	if not assignment.is_on():
		return 0
	return _each([name for _since, name in reads.waiting(reminders.FIRST, MOST)])


def _each(names: list[str]) -> int:
	frappe.db.commit()  # nosemgrep: manual-commit - each begins with a fresh snapshot
	for name in names:
		try:
			assignment.assign(name)
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=f"Conversation {name} not assigned")
	return len(names)


def resolve_silent() -> int:
	"""Resolve what has waited for the customer for the days of the settings; 0 days: never. Returns how many."""
	days = cint(frappe.get_cached_doc("Dafater Inbox Settings").resolve_after_days)
	names = reads.silent(now_datetime() - timedelta(days=days), MOST) if days > 0 else []
	for name in names:
		doc = frappe.get_doc(CONVERSATION, name, for_update=True)
		if doc.status == PENDING:
			doc.status, doc.flags.inbox_cause = RESOLVED, log.BY_SYSTEM
			doc.save(ignore_permissions=True)  # a job, by the setting of the site
		frappe.db.commit()  # nosemgrep: manual-commit - each conversation of this job stands alone
	return len(names)
