"""Rules and agents as assignment uses them: compiled once, kept in the site's cache, forgotten when one changes.

What changes with every record (who is free, how many are open, whose turn it is) is never cached: `queries.assignment`
reads it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

import frappe

from dafater_crm.domain import assignment, conditions
from dafater_crm.domain.assignment import Agent, Wanted
from dafater_crm.domain.business_time import BusinessCalendar
from dafater_crm.queries.business_calendar import WEEKDAYS, business_calendar, window
from dafater_crm.records import assignment_conditions

KEY = "dafater_crm_assignment_pool"
# the cache is also dropped after this many seconds, for changes that reach no hook (a restored backup, plain SQL)
LIFETIME = 600


@dataclass(frozen=True)
class Rule:
	"""One usable rule. `users`: the candidates who are enabled agents; `leader` may be no agent at all."""

	name: str
	conditions: tuple
	method: str
	wait_for_hours: bool
	users: tuple[str, ...]
	team: str | None
	leader: str | None
	leader_takes_over: bool
	untouched_hours: float
	max_reassignments: int

	def fits(self, lead) -> bool:
		return conditions.holds(self.conditions, lead)

	def wanted(self, lead, without: frozenset = frozenset()) -> Wanted:
		return Wanted(
			method=self.method,
			wait_for_hours=self.wait_for_hours,
			territory=lead.get("territory"),
			language=lead.get("preferred_language"),
			item_group=lead.get("item_group"),
			without=without,
		)


@dataclass(frozen=True)
class Team:
	members: tuple[str, ...]
	leader: str | None


@dataclass(frozen=True)
class Pool:
	"""Rules in the order in which they are tried, and every enabled agent by user.

	`inbox`: the agents who take conversations, with their capacity for these. `teams`: enabled teams and their members.
	"""

	rules: tuple[Rule, ...]
	agents: dict[str, Agent]
	inbox: dict[str, Agent] = field(default_factory=dict)
	teams: dict[str, Team] = field(default_factory=dict)
	roles: dict[str, frozenset] = field(default_factory=dict)

	def rule_for(self, lead) -> Rule | None:
		return next((rule for rule in self.rules if rule.fits(lead)), None)

	def agents_of(self, rule: Rule) -> list[Agent]:
		return [self.agents[user] for user in rule.users]

	def rule(self, name: str) -> Rule | None:
		return next((rule for rule in self.rules if rule.name == name), None)


def pool() -> Pool:
	"""Return the site's rules and agents. No statement when cached."""
	known = frappe.cache.get_value(KEY, expires=True)
	if known is None:
		known = read()
		frappe.cache.set_value(KEY, known, expires_in_sec=LIFETIME)
	return known


def forget(doc=None, method: str | None = None, *args) -> None:
	"""A rule, agent, team, user or tree changed. Again after the commit: until then others still read the old rows."""
	frappe.cache.delete_value(KEY)
	frappe.db.after_commit.add(lambda: frappe.cache.delete_value(KEY))


def read() -> Pool:
	"""Read rules and agents as this transaction sees them, past the cache."""
	agents, inbox = _agents()
	rows = frappe.get_all(
		"Dafater Assignment Rule", filters={"enabled": 1}, fields=["*"], order_by="priority desc, name asc"
	)
	names = [row.name for row in rows]
	rows_of = conditions_of(names)
	agents_of = _children("Dafater Assignment Candidate", names, ["agent"])
	members, leaders = _teams()
	user_of = dict(frappe.get_all("Dafater Agent", fields=["name", "user"], as_list=True, limit=0))
	rules = []
	for row in rows:
		compiled = assignment_conditions.compiled(rows_of[row.name])
		if compiled.problem:
			continue
		if row.candidates_from == "Team":
			users = members.get(row.team, [])
		else:
			users = [user_of.get(one.agent) for one in agents_of[row.name]]
		rules.append(_rule(row, compiled.conditions, [user for user in users if user in agents], leaders))
	teams = {
		team: Team(tuple(dict.fromkeys(members.get(team, ()))), leader) for team, leader in leaders.items()
	}
	return Pool(tuple(rules), agents, inbox, teams, _roles(list(inbox)))


def conditions_of(names: list[str]) -> defaultdict:
	"""rule -> its stored conditions, in order."""
	return _children("Dafater Assignment Condition", names, ["field", "operator", "value"])


def _rule(row, compiled: tuple, users: list[str], leaders: dict) -> Rule:
	leader = row.escalate_to or leaders.get(row.team)
	return Rule(
		name=row.name,
		conditions=compiled,
		method=row.method,
		wait_for_hours=row.outside_hours == "Wait",
		users=tuple(dict.fromkeys(users)),
		team=row.team if row.candidates_from == "Team" else None,
		leader=leader,
		leader_takes_over=row.fallback == "Team Leader" and bool(leader),
		untouched_hours=row.untouched_hours or 0,
		max_reassignments=row.max_reassignments or 0,
	)


def _teams() -> tuple[dict, dict]:
	leaders = dict(
		frappe.get_all(
			"Dafater Team",
			filters={"disabled": 0},
			fields=["name", "team_leader"],
			as_list=True,
			limit=0,
		)
	)
	members = defaultdict(list)
	for team, rows in _children("Dafater Team Member", list(leaders), ["user"]).items():
		members[team] = [row.user for row in rows]
	return members, leaders


def _roles(users: list[str]) -> dict[str, frozenset]:
	"""user -> our roles that the user has."""
	found = defaultdict(set)
	ours = {"parenttype": "User", "parent": ("in", users), "role": ("like", "Dafater %")}
	for row in frappe.get_all("Has Role", filters=ours, fields=["parent", "role"], limit=0) if users else ():
		found[row.parent].add(row.role)
	return {user: frozenset(found[user]) for user in users}


def _agents() -> tuple[dict[str, Agent], dict[str, Agent]]:
	"""Enabled agents by user: for leads, and those of them who take conversations (a capacity of 0 takes none)."""
	agent, user = frappe.qb.DocType("Dafater Agent"), frappe.qb.DocType("User")
	rows = (
		frappe.qb.from_(agent)
		.join(user)
		.on(user.name == agent.user)
		.select(agent.name, agent.user, agent.capacity, agent.inbox_capacity)
		.where((agent.enabled == 1) & (user.enabled == 1))
		.run(as_dict=True)
	)
	names = [row.name for row in rows]
	hours = _children("Dafater Working Hours", names, ["weekday", "from_time", "to_time"])
	away = _children("Dafater Agent Time Off", names, ["from_date", "to_date"])
	languages = _children("Dafater Agent Language", names, ["language"])
	territories = _children("Dafater Agent Territory", names, ["territory"])
	groups = _children("Dafater Agent Product Group", names, ["item_group"])
	skills = _children("Dafater Agent Skill", names, ["skill"])
	company = business_calendar()
	found, inbox = {}, {}
	for row in rows:
		off = assignment.days((one.from_date, one.to_date) for one in away[row.name])
		found[row.user] = Agent(
			name=row.user,
			capacity=row.capacity or 0,
			calendar=company.personal(_week(hours[row.name]), off),
			away=off,
			languages=frozenset(one.language for one in languages[row.name]),
			territories=_families("Territory", [one.territory for one in territories[row.name]]),
			item_groups=_families("Item Group", [one.item_group for one in groups[row.name]]),
			skills=frozenset(one.skill.strip() for one in skills[row.name] if one.skill),
		)
		if row.inbox_capacity:
			inbox[row.user] = replace(found[row.user], capacity=row.inbox_capacity)
	return found, inbox


def company_calendar() -> BusinessCalendar:
	"""The company's business hours; every moment where none are entered."""
	return business_calendar().personal()


def _week(rows: list) -> dict[int, list]:
	week = defaultdict(list)
	for row in rows:
		week[WEEKDAYS.index(row.weekday)].append(window(row))
	return {weekday: sorted(windows) for weekday, windows in week.items()}


def _families(doctype: str, nodes: list[str]) -> frozenset:
	return frozenset(name for node in nodes for name in assignment_conditions.family(doctype, node))


def _children(doctype: str, parents: list[str], fields: list[str]) -> defaultdict:
	"""parent -> its rows of one child table, in order."""
	found = defaultdict(list)
	if parents:
		for row in frappe.get_all(
			doctype,
			filters={"parent": ("in", parents)},
			fields=["parent", *fields],
			order_by="idx asc",
			limit=0,
		):
			found[row.parent].append(row)
	return found
