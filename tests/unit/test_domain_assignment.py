"""Who takes the next record: turns, load, suitability, capacity, hours, and why nobody does."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import assignment as a
from dafater_crm.domain.business_time import BusinessCalendar

NOW = datetime(2026, 11, 22, 10)  # a Sunday
NIGHT = datetime(2026, 11, 22, 23)
DAY_SHIFT = BusinessCalendar({6: [(9 * 3600, 17 * 3600)]})


def standings(*names: str, **loads: int) -> dict[str, a.Standing]:
	return {name: a.Standing(free=True, turn=0, load=loads.get(name, 0)) for name in names}


def run(wanted: a.Wanted, agents: list[a.Agent], where: dict, times: int, now: datetime = NOW) -> list:
	found = []
	for _ in range(times):
		choice = a.choose(wanted, agents, where, now)
		found.append(choice.agent)
		if choice.agent:
			a.take(where, choice.agent)
	return found


@given(st.integers(1, 7), st.integers(0, 40), st.lists(st.integers(0, 9), min_size=7, max_size=7))
def test_turns_spread_within_one_wherever_they_begin(count, times, turns):
	agents = [a.Agent(f"a{number}") for number in range(count)]
	where = {one.name: a.Standing(True, turn, 0) for one, turn in zip(agents, turns, strict=False)}
	spread = Counter(run(a.Wanted(), agents, where, times))
	given_out = [spread[one.name] for one in agents]
	assert sum(given_out) == times
	assert max(given_out) - min(given_out) <= 1


def test_a_newcomer_gets_one_and_then_waits_for_her_turn():
	agents = [a.Agent("a"), a.Agent("b"), a.Agent("new")]
	where = {"a": a.Standing(True, 101, 0), "b": a.Standing(True, 102, 0), "new": a.Standing(True, 0, 0)}
	assert run(a.Wanted(), agents, where, 4) == ["new", "a", "b", "new"]


def test_the_least_loaded_first_and_turns_among_equals():
	agents = [a.Agent("a"), a.Agent("b")]
	where = standings("a", "b", a=3, b=1)
	assert run(a.Wanted(method=a.LEAST_LOADED), agents, where, 4) == ["b", "b", "a", "b"]


def test_nobody_goes_above_capacity():
	agents = [a.Agent("a", capacity=2), a.Agent("b", capacity=1)]
	where = standings("a", "b")
	assert run(a.Wanted(), agents, where, 4) == ["a", "b", "a", None]
	choice = a.choose(a.Wanted(), agents, where, NOW)
	assert (choice.state, choice.reasons) == (a.WAITING_CAPACITY, (("nobody_has_room", {"asked": 2}),))


def test_the_reason_counts_the_record_that_is_given():
	choice = a.choose(a.Wanted(), [a.Agent("a", capacity=5)], standings("a", a=1), NOW)
	assert choice.reasons == (("next_turn", {}), ("load_of_capacity", {"load": 2, "capacity": 5}))


def test_the_best_match_takes_it():
	riyadh, jeddah = frozenset({"Riyadh", "Olaya"}), frozenset({"Jeddah"})
	agents = [
		a.Agent("any"),
		a.Agent("jeddah", territories=jeddah),
		a.Agent("riyadh", territories=riyadh),
		a.Agent("riyadh-en", territories=riyadh, languages=frozenset({"en"})),
	]
	where = standings(*(one.name for one in agents))

	def of(**sides):
		return a.choose(a.Wanted(method=a.BEST_MATCH, **sides), agents, where, NOW).agent

	assert of(territory="Olaya", language="en") == "riyadh-en"
	assert of(territory="Olaya", language="ar") == "riyadh"
	assert of(territory="Dammam") == "any"
	assert of() == "any"
	choice = a.choose(a.Wanted(method=a.BEST_MATCH, territory="Dammam"), agents[1:3], where, NOW)
	assert (choice.agent, choice.state, choice.reasons) == (None, a.NO_AGENT, (("nobody_suits", {}),))


def test_outside_hours_the_rule_waits_or_not():
	agents = [a.Agent("a", calendar=DAY_SHIFT)]
	where = standings("a")
	waits = a.choose(a.Wanted(), agents, where, NIGHT)
	assert (waits.agent, waits.state) == (None, a.WAITING_HOURS)
	anyway = a.choose(a.Wanted(wait_for_hours=False), agents, where, NIGHT)
	assert anyway.agent == "a"
	assert anyway.reasons[0] == ("outside_hours_anyway", {})
	assert a.choose(a.Wanted(), agents, where, NOW).agent == "a"


@pytest.mark.parametrize("free", [True, False])
def test_who_is_away_or_switched_off_is_not_asked(free):
	away = a.days([(date(2026, 11, 20), date(2026, 11, 22))]) if free else frozenset()
	where = {"a": a.Standing(free, 0, 0)}
	choice = a.choose(a.Wanted(), [a.Agent("a", away=away)], where, NOW)
	assert (choice.agent, choice.state) == (None, a.NO_AGENT)


def test_an_excluded_agent_and_one_without_a_row_are_not_asked():
	agents = [a.Agent("a"), a.Agent("b"), a.Agent("gone")]
	assert a.choose(a.Wanted(without=frozenset({"a"})), agents, standings("a", "b"), NOW).agent == "b"


def test_the_days_of_time_off_count_both_ends():
	assert a.days([(date(2026, 11, 30), date(2026, 12, 1)), (date(2026, 12, 5), date(2026, 12, 5))]) == {
		date(2026, 11, 30),
		date(2026, 12, 1),
		date(2026, 12, 5),
	}
	assert a.days([]) == frozenset()


def test_who_knows_the_person_comes_first_then_who_has_the_skill_then_the_least_loaded():
	agents = [a.Agent("a"), a.Agent("b", skills=frozenset(("cooling",))), a.Agent("c")]
	where = standings("a", "b", "c", a=0, b=3, c=5)
	wanted = a.Wanted(method=a.LEAST_LOADED, skill="cooling", earlier="c")
	first = a.choose(wanted, agents, where, NOW)
	assert (first.agent, first.reasons[0]) == ("c", ("knows_person", {}))
	where["c"].free = False
	second = a.choose(wanted, agents, where, NOW)
	assert (second.agent, second.reasons[0]) == ("b", ("has_skill", {"skill": "cooling"}))
	where["b"].free = False
	third = a.choose(wanted, agents, where, NOW)
	assert (third.agent, third.reasons[0]) == ("a", ("least_loaded", {}))
