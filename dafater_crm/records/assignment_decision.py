"""One decision about one lead: which rule, which agent or why none, and the reasons as codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dafater_crm.domain import assignment as rules
from dafater_crm.records import assignment_log as log
from dafater_crm.records.assignment_pool import Pool, Rule

# a lead that waited for this is logged with that cause or reason when its turn comes
_WAITED = {rules.WAITING_HOURS: "waited_for_hours", rules.WAITING_CAPACITY: "waited_for_capacity"}


@dataclass(frozen=True)
class Decision:
	"""`agent` None: `state` is what the lead waits for. `fallback`: the leader takes over from the candidates."""

	agent: str | None
	state: str
	cause: str
	reasons: tuple
	rule: str | None = None
	team: str | None = None
	fallback: bool = False


def decide(
	pool: Pool,
	rule: Rule | None,
	lead,
	standings: dict,
	now: datetime,
	cause: str = log.NEW_LEAD,
	without: frozenset = frozenset(),
) -> Decision:
	"""Choose for `lead`, a mapping of its fields. Looks nothing up and writes nothing."""
	if not rule:
		return Decision(None, rules.NO_RULE, cause, (("no_rule", {}),))
	choice = rules.choose(rule.wanted(lead, without), pool.agents_of(rule), standings, now)
	agent, state, reasons, fallback = choice.agent, choice.state, choice.reasons, False
	if not agent and state != rules.WAITING_HOURS and _leader_can(pool, rule, standings, without):
		agent, state, fallback = rule.leader, "Assigned", True
		reasons = (*reasons, ("fallback_leader", {}))
	waited_for = lead.get("assignment_state")
	if agent and waited_for in _WAITED:
		reasons = ((_WAITED[waited_for], {}), *reasons)
		if waited_for == rules.WAITING_CAPACITY and cause == log.NEW_LEAD:
			cause = log.CAPACITY
	return Decision(agent, state, cause, tuple(reasons), rule.name, rule.team, fallback)


def _leader_can(pool: Pool, rule: Rule, standings: dict, without: frozenset) -> bool:
	"""A leader who is an agent keeps the limit that was set for her; one who is none has no limit."""
	if not rule.leader_takes_over or rule.leader in without:
		return False
	agent = pool.agents.get(rule.leader)
	return not agent or rules.has_room(agent, standings[rule.leader])
