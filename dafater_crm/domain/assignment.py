"""Who among several agents takes the next record: availability, hours, suitability, capacity, then turn or load.

The caller reads where each agent stands (`Standing`) and writes what was decided; nothing is looked up here. The same
choice serves one record and a batch: `take` moves the chosen agent's standing on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .business_time import BusinessCalendar

ROUND_ROBIN, LEAST_LOADED, BEST_MATCH = "Round Robin", "Least Loaded", "Best Match"

# what becomes of a record that nobody takes
WAITING_HOURS, WAITING_CAPACITY = "Waiting for Working Hours", "Waiting for Capacity"
NO_AGENT, NO_RULE = "No Agent Available", "No Rule Fits"

Reason = tuple[str, dict]


@dataclass(frozen=True)
class Agent:
	"""What seldom changes about an agent. An empty set means: takes any. `capacity` 0 means no limit.

	`calendar` knows the agent's hours, holidays and time off; `away` the days of the time off alone.
	"""

	name: str
	capacity: int = 0
	calendar: BusinessCalendar = field(default_factory=BusinessCalendar.always)
	away: frozenset = frozenset()
	languages: frozenset = frozenset()
	territories: frozenset = frozenset()
	item_groups: frozenset = frozenset()
	skills: frozenset = frozenset()


@dataclass
class Standing:
	"""What changes with every record: may the agent be asked, how many are open, when was the last turn."""

	free: bool
	turn: int
	load: int


@dataclass(frozen=True)
class Wanted:
	"""The side of the record: what an agent should suit, and how the rule shares out.

	`earlier` knows the person from before and `skill` is preferred: among those who can take it now, they come first.
	"""

	method: str = ROUND_ROBIN
	wait_for_hours: bool = True
	territory: str | None = None
	language: str | None = None
	item_group: str | None = None
	without: frozenset = frozenset()
	earlier: str | None = None
	skill: str | None = None


@dataclass(frozen=True)
class Choice:
	"""`agent` is None when nobody takes it; `state` then says what the record waits for."""

	agent: str | None
	state: str
	reasons: tuple[Reason, ...] = field(default_factory=tuple)


def choose(
	wanted: Wanted, agents: Sequence[Agent], standings: Mapping[str, Standing], now: datetime
) -> Choice:
	"""Return who takes the record and why; equal agents follow their turns, then their names."""
	there = [
		agent
		for agent in agents
		if agent.name not in wanted.without
		and agent.name in standings
		and standings[agent.name].free
		and now.date() not in agent.away
	]
	if not there:
		return Choice(None, NO_AGENT, (("nobody_available", {"asked": len(agents)}),))
	if wanted.method == BEST_MATCH:
		there = [agent for agent in there if suits(wanted, agent)]
		if not there:
			return Choice(None, NO_AGENT, (("nobody_suits", {}),))
	reasons: list[Reason] = []
	working = [agent for agent in there if agent.calendar.is_open(now)]
	if not working and wanted.wait_for_hours:
		return Choice(None, WAITING_HOURS, (("outside_hours", {}),))
	if not working:
		working = there
		reasons.append(("outside_hours_anyway", {}))
	able = [agent for agent in working if has_room(agent, standings[agent.name])]
	if not able:
		return Choice(None, WAITING_CAPACITY, (("nobody_has_room", {"asked": len(working)}),))
	best = min(able, key=lambda agent: _rank(wanted, agent, standings[agent.name]))
	return Choice(best.name, "Assigned", (*reasons, *_why(wanted, best, standings[best.name])))


def days(periods: Iterable[tuple[date, date]]) -> frozenset[date]:
	"""Return every day of the periods; both their ends count."""
	return frozenset(
		first + timedelta(days=number) for first, last in periods for number in range((last - first).days + 1)
	)


def take(standings: Mapping[str, Standing], name: str) -> int:
	"""Move the agent to the end of the line with one record more. Returns the new turn."""
	standing = standings[name]
	standing.turn = next_turn(standings.values())
	standing.load += 1
	return standing.turn


def next_turn(standings: Collection[Standing]) -> int:
	return max((standing.turn for standing in standings), default=0) + 1


def has_room(agent: Agent, standing: Standing) -> bool:
	return not agent.capacity or standing.load < agent.capacity


def suits(wanted: Wanted, agent: Agent) -> bool:
	"""Tell whether nothing that the agent is limited to excludes the record. What is not known excludes nobody."""
	return all(not takes or not value or value in takes for _, value, takes in _sides(wanted, agent))


def matched(wanted: Wanted, agent: Agent) -> list[str]:
	"""Return the sides on which the agent names exactly what the record asks for."""
	return [side for side, value, takes in _sides(wanted, agent) if value and value in takes]


def _sides(wanted: Wanted, agent: Agent) -> tuple:
	return (
		("territory", wanted.territory, agent.territories),
		("language", wanted.language, agent.languages),
		("item_group", wanted.item_group, agent.item_groups),
	)


def _rank(wanted: Wanted, agent: Agent, standing: Standing) -> tuple:
	first = 0
	if wanted.method == LEAST_LOADED:
		first = standing.load
	elif wanted.method == BEST_MATCH:
		first = -len(matched(wanted, agent))
	strange = bool(wanted.earlier) and agent.name != wanted.earlier
	unskilled = bool(wanted.skill) and wanted.skill not in agent.skills
	return strange, unskilled, first, standing.turn, agent.name


def _why(wanted: Wanted, agent: Agent, standing: Standing) -> list[Reason]:
	if agent.name == wanted.earlier:
		reasons: list[Reason] = [("knows_person", {})]
	elif wanted.skill and wanted.skill in agent.skills:
		reasons = [("has_skill", {"skill": wanted.skill})]
	elif wanted.method == BEST_MATCH:
		reasons = [(f"matches_{side}", {}) for side in matched(wanted, agent)]
		reasons.append(("next_turn", {}))
	elif wanted.method == LEAST_LOADED:
		reasons = [("least_loaded", {})]
	else:
		reasons = [("next_turn", {})]
	if agent.capacity:
		reasons.append(("load_of_capacity", {"load": standing.load + 1, "capacity": agent.capacity}))
	else:
		reasons.append(("load", {"load": standing.load + 1}))
	return reasons
