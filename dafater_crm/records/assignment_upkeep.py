"""Every few minutes: leads that wait, leads that nobody touched, ToDos and rules that need a look.

Each part stands alone: an error in one is logged and the others run. Everything can run twice without harm.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.utils import get_datetime, now_datetime

from dafater_crm.domain.assignment import NO_RULE
from dafater_crm.queries import assignment as reads
from dafater_crm.records import assignment_batch as batch
from dafater_crm.records import assignment_conditions, assignment_pool, jobs
from dafater_crm.records import assignment_log as log
from dafater_crm.records import assignment_notice as notice
from dafater_crm.records.assignment import is_on
from dafater_crm.records.assignment_log import Entry
from dafater_crm.records.parts import run_alone

LEAD = "Dafater Lead"
JOB = "dafater_crm.records.assignment_upkeep.run"
# a ToDo that is missing after this long was lost with its job; older ones are let be
LOST_AFTER, FORGOTTEN_AFTER = timedelta(minutes=10), timedelta(days=2)
# waiting leads tried in one run: three batches take some seconds, the rest follows in five minutes
MOST_WAITING = 3 * batch.BATCH
CURSOR = "dafater_crm_assignment_cursor"


def run() -> None:
	"""Scheduled job. Does nothing, at the price of one cached read, where assignment is off."""
	if not is_on():
		return
	run_alone("Assignment", (assign_waiting, pass_on_untouched, add_lost_todos, mark_broken_rules))


def retry_unmatched() -> None:
	"""A rule changed: leads that no rule fitted are new again for the next run."""
	lead = frappe.qb.DocType(LEAD)
	frappe.qb.update(lead).set(lead.assignment_state, "").where(
		(lead.assignment_state == NO_RULE) & (lead.lead_owner.isnull() | (lead.lead_owner == ""))
	).run()


def enqueue() -> None:
	"""Run soon, for example because an agent became available. Repeated calls count once."""
	jobs.after_commit(JOB, queue="short", job_id="dafater-assignment-upkeep", deduplicate=True)


def assign_waiting() -> None:
	"""Try leads without an owner again, oldest first. A long line is walked on in the next runs, then from its start."""
	since = frappe.get_cached_doc("Dafater CRM Settings").assignment_since
	if not since:
		return
	after = frappe.cache.get_value(CURSOR, expires=True) or (get_datetime(since), "")
	found = reads.waiting_leads(after, MOST_WAITING)
	if len(found) == MOST_WAITING:
		frappe.cache.set_value(CURSOR, found[-1], expires_in_sec=3600)
	else:
		frappe.cache.delete_value(CURSOR)
	batch.assign_many([name for _, name in found])


def pass_on_untouched() -> None:
	"""Give untouched leads to the next agent after the rule's business hours, and escalate them in the end."""
	for rule in assignment_pool.pool().rules:
		if rule.untouched_hours <= 0:
			continue
		last = ""
		while True:
			leads = _overdue(rule, last)
			if not leads:
				break
			last = leads[-1].name
			_pass_on([lead for lead in leads if lead.overdue], rule)


def _overdue(rule, after: str) -> list:
	"""A page of the rule's untouched leads; `overdue` marks those whose owner had the hours to act."""
	now = now_datetime()
	# business hours never pass faster than the clock, so the clock narrows the set first
	latest = now - timedelta(hours=rule.untouched_hours)
	leads = reads.untouched_leads(rule.name, latest, after, batch.BATCH)
	agents, company = assignment_pool.pool().agents, assignment_pool.company_calendar()
	for lead in leads:
		agent = agents.get(lead.lead_owner)
		calendar = agent.calendar if agent else company
		worked = calendar.seconds_between(get_datetime(lead.assigned_on), now)
		lead.overdue = worked >= rule.untouched_hours * 3600
	return leads


def _pass_on(leads: list, rule) -> None:
	if not leads:
		return
	names = [lead.name for lead in leads]
	times = reads.times_passed_on(names)
	spent = [lead for lead in leads if times.get(lead.name, 0) >= rule.max_reassignments]
	spent_names = {lead.name for lead in spent}
	reason = ("untouched_for", {"hours": round(rule.untouched_hours, 1)})
	owners = {lead.name: lead.lead_owner for lead in leads if lead.name not in spent_names}
	batch.pass_on(owners, log.UNTOUCHED, reason)
	if spent:
		_escalate(spent, rule, times)


def _escalate(leads: list, rule, times: dict) -> None:
	"""The owner stays; the leader is asked to decide. Marked first, so that it happens once."""
	now = now_datetime()
	table = frappe.qb.DocType(LEAD)
	names = [lead.name for lead in leads]
	frappe.qb.update(table).set(table.assignment_state, "Escalated").set(table.modified, now).where(
		table.name.isin(names)
	).run()
	log.append(
		[
			Entry(
				lead=lead.name,
				cause=log.ESCALATED,
				agent=lead.lead_owner,
				previous=lead.lead_owner,
				rule=rule.name,
				since=lead.assigned_on,
				reasons=(("passed_on_often", {"times": times.get(lead.name, 0)}),),
			)
			for lead in leads
		],
		now,
	)
	users = [rule.leader] if rule.leader else sales_managers()
	for lead in leads:
		frappe.clear_document_cache(LEAD, lead.name)
		notice.escalate(lead.name, users, rule.untouched_hours)
	frappe.db.commit()  # nosemgrep: manual-commit - a batch of this job is complete


def sales_managers() -> list[str]:
	"""Enabled users with our manager's role, at most ten of them."""
	role, user = frappe.qb.DocType("Has Role"), frappe.qb.DocType("User")
	return (
		frappe.qb.from_(role)
		.join(user)
		.on(user.name == role.parent)
		.select(user.name)
		.where((role.parenttype == "User") & (role.role == "Dafater Sales Manager") & (user.enabled == 1))
		.orderby(user.name)
		.limit(10)
		.run(pluck=True)
	)


def release(user: str) -> dict[str, int]:
	"""Take an agent's untouched leads back and share them out anew. Returns {"assigned": …, "waiting": …}.

	Commits after each batch of 500.
	"""
	total, last = {"assigned": 0, "waiting": 0}, ""
	while True:
		names = reads.untouched_of(user, last, batch.BATCH)
		if not names:
			return total
		last = names[-1]
		done = batch.pass_on(dict.fromkeys(names, user), log.AGENT_LEFT, ("taken_back", {}))
		total = {key: total[key] + done[key] for key in total}


def add_lost_todos() -> None:
	now = now_datetime()
	lost = reads.without_todo(now - FORGOTTEN_AFTER, now - LOST_AFTER, batch.BATCH)
	if lost:
		notice.settle([{"lead": row.name, "agent": row.lead_owner, "previous": None} for row in lost])


def mark_broken_rules() -> None:
	"""Write on each rule why it is skipped, so that the list shows it; a repaired one is cleared."""
	rules = frappe.get_all("Dafater Assignment Rule", fields=["name", "problem"])
	rows = assignment_pool.conditions_of([rule.name for rule in rules])
	for rule in rules:
		problem = assignment_conditions.compiled(rows[rule.name]).problem
		if (rule.problem or None) != problem:
			frappe.db.set_value(
				"Dafater Assignment Rule", rule.name, "problem", problem, update_modified=False
			)
