"""What assignment reads: where agents stand, which leads wait, which were left untouched.

Decides who gets work, so it must see everything: no `ListedRows` here. What a person is shown goes through `api`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Count
from pypika import Order
from pypika.terms import ExistsCriterion

from dafater_crm.domain.assignment import Standing

LEAD, AGENT = "Dafater Lead", "Dafater Agent"
# a lead in one of these needs its owner's work: it counts against the owner's capacity
OPEN_STATUSES = ("New", "Open", "Contacted", "Qualified", "Opportunity", "Quotation")
# nobody has begun yet
UNTOUCHED_STATUSES = ("New", "Open")
# tried again every few minutes; what no rule fits is tried again when a rule changes
WAITING_STATES = ("Waiting for Working Hours", "Waiting for Capacity", "No Agent Available")


@dataclass(frozen=True)
class Work:
	"""What agents share out: whose a record is, in which statuses it counts against the capacity, which field of Agent is the turn."""

	doctype: str
	owner: str
	statuses: tuple[str, ...]
	turn: str


LEADS = Work(LEAD, "lead_owner", OPEN_STATUSES, "turn")


def standings(users: Collection[str], work: Work = LEADS) -> dict[str, Standing]:
	"""Return user -> Standing of those who are agents. One statement, served by an index of (owner, status)."""
	if not users:
		return {}
	agent, table = DocType(AGENT), DocType(work.doctype)
	owner = table[work.owner]
	loads = (
		frappe.qb.from_(table)
		.select(owner.as_("owner"), Count("*").as_("open"))
		.where(owner.isin(list(users)) & table.status.isin(work.statuses))
		.groupby(owner)
		.as_("loads")
	)
	rows = (
		frappe.qb.from_(agent)
		.left_join(loads)
		.on(loads.owner == agent.user)
		.select(agent.user, agent.enabled, agent.available, agent[work.turn], Coalesce(loads.open, 0))
		.where(agent.user.isin(list(users)))
		.run()
	)
	return {
		user: Standing(free=bool(enabled and available), turn=turn or 0, load=load)
		for user, enabled, available, turn, load in rows
	}


def lock_agents(users: Collection[str]) -> None:
	"""Lock the agents' rows until the transaction ends, always in the same order, so that two never wait crosswise."""
	if users:
		agent = DocType(AGENT)
		frappe.qb.from_(agent).select(agent.name).where(agent.user.isin(sorted(users))).orderby(
			agent.name
		).for_update().run()


def locked_leads(names: Collection[str]) -> list:
	"""Return the leads with all their columns, oldest first, locked until the transaction ends."""
	lead = DocType(LEAD)
	return (
		frappe.qb.from_(lead)
		.select(lead.star)
		.where(lead.name.isin(list(names)))
		.orderby(lead.creation)
		.orderby(lead.name)
		.for_update()
		.run(as_dict=True)
	)


def waiting_leads(after: tuple[datetime, str], limit: int) -> list[tuple[datetime, str]]:
	"""(creation, name) of leads without an owner that assignment has to try (again), oldest first, behind `after`."""
	lead = DocType(LEAD)
	creation, name = after
	return (
		frappe.qb.from_(lead)
		.select(lead.creation, lead.name)
		.where(lead.lead_owner.isnull() | (lead.lead_owner == ""))
		.where(lead.status.isin(UNTOUCHED_STATUSES))
		.where(Coalesce(lead.assignment_state, "").isin(("", *WAITING_STATES)))
		.where((lead.creation > creation) | ((lead.creation == creation) & (lead.name > name)))
		.orderby(lead.creation)
		.orderby(lead.name)
		.limit(limit)
		.run()
	)


def untouched_leads(rule: str, assigned_before: datetime, after: str, limit: int) -> list:
	"""Leads of a rule that nobody wrote to, called or moved since they were assigned, by name.

	:param after: only leads with a name behind this one, to read in pages.
	"""
	lead = DocType(LEAD)
	return (
		_untouched(lead)
		.select(lead.name, lead.lead_owner, lead.assigned_on)
		.where((lead.assignment_rule == rule) & (lead.assignment_state == "Assigned"))
		.where((lead.assigned_on <= assigned_before) & (lead.name > after))
		.orderby(lead.name)
		.limit(limit)
		.run(as_dict=True)
	)


def untouched_of(user: str, after: str, limit: int) -> list[str]:
	"""Names of the untouched leads that `user` owns, by name, behind `after`."""
	lead = DocType(LEAD)
	return (
		_untouched(lead)
		.select(lead.name)
		.where((lead.lead_owner == user) & (lead.name > after))
		.orderby(lead.name)
		.limit(limit)
		.run(pluck=True)
	)


def _untouched(lead):
	"""Leads in a first status without a sent message or a finished activity since their assignment."""
	mail, activity = DocType("Communication"), DocType("Dafater Activity")
	since = Coalesce(lead.assigned_on, lead.creation)
	written = (
		frappe.qb.from_(mail)
		.select(mail.name)
		.where((mail.reference_doctype == LEAD) & (mail.reference_name == lead.name))
		.where((mail.sent_or_received == "Sent") & (mail.communication_type == "Communication"))
		.where(mail.communication_date >= since)
	)
	met = (
		frappe.qb.from_(activity)
		.select(activity.name)
		.where((activity.reference_doctype == LEAD) & (activity.reference_name == lead.name))
		.where((activity.status == "Done") & (activity.done_on >= since))
	)
	return (
		frappe.qb.from_(lead)
		.where(lead.status.isin(UNTOUCHED_STATUSES))
		.where(ExistsCriterion(written).negate() & ExistsCriterion(met).negate())
	)


def times_passed_on(leads: Collection[str]) -> dict[str, int]:
	"""Return lead -> how often it was taken from an owner who left it untouched. One statement."""
	log = DocType("Dafater Assignment Log")
	rows = (
		frappe.qb.from_(log)
		.select(log.lead, Count("*"))
		.where(log.lead.isin(list(leads)) & (log.cause == "Untouched"))
		.groupby(log.lead)
		.run()
	)
	return dict(rows)


def without_todo(since: datetime, until: datetime, limit: int) -> list:
	"""Leads assigned in the period whose owner never got a ToDo: the job that writes it was lost."""
	lead, todo = DocType(LEAD), DocType("ToDo")
	told = (
		frappe.qb.from_(todo)
		.select(todo.name)
		.where((todo.reference_type == LEAD) & (todo.reference_name == lead.name))
		.where(todo.allocated_to == lead.lead_owner)
	)
	return (
		frappe.qb.from_(lead)
		.select(lead.name, lead.lead_owner)
		.where((lead.assigned_on >= since) & (lead.assigned_on < until))
		.where((lead.assignment_state == "Assigned") & ExistsCriterion(told).negate())
		.orderby(lead.assigned_on)
		.limit(limit)
		.run(as_dict=True)
	)


def people(users: Collection[str]) -> dict:
	"""Return user -> row with language and full name. One statement."""
	user = DocType("User")
	rows = (
		frappe.qb.from_(user)
		.select(user.name, user.language, user.full_name)
		.where(user.name.isin(list(set(users))))
		.run(as_dict=True)
	)
	return {row.name: row for row in rows}


def log_of(lead: str, limit: int = 50) -> list:
	"""Rows of the lead's assignment log, newest first."""
	log = DocType("Dafater Assignment Log")
	return (
		frappe.qb.from_(log)
		.select(
			log.logged_on,
			log.cause,
			log.agent,
			log.previous,
			log.rule,
			log.waited,
			log.done_by,
			log.reasons,
			log.note,
		)
		.where(log.lead == lead)
		.orderby(log.logged_on, order=Order.desc)
		.orderby(log.creation, order=Order.desc)
		.limit(limit)
		.run(as_dict=True)
	)
