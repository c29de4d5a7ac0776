"""Points of events: times, windows, decay, limits; totals and grades."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import scoring
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.score_conditions import condition
from dafater_crm.domain.scoring import Event, EventRule, FieldRule, Reason

VISIT = "Page Visit"


def points(events, **rule) -> int:
	return scoring.event_points(EventRule("r", event_type=VISIT, **{"points": 10, **rule}), events)[0]


def test_points_are_given_once_unless_each_event_counts():
	events = [Event(VISIT, "/a", 0, 3), Event(VISIT, "/b", 1), Event("Download", "/a")]
	assert points(events) == 10
	assert points(events, each=True) == 40
	assert points(events, each=True, limit=25) == 25
	assert points(events, points=-10, each=True, limit=25) == -25


def test_more_than_three_means_four():
	opened = [Event("E-mail Opened", f"letter {number}") for number in range(4)]
	rule = EventRule("r", 5, "E-mail Opened", at_least=4, distinct=True)
	assert scoring.event_points(rule, opened) == (5, 4)
	assert scoring.event_points(rule, opened[:3]) == (0, 3)
	# the same letter opened four times is one letter, two letters with one subject are two
	assert scoring.event_points(rule, [Event("E-mail Opened", "letter", times=4)]) == (0, 1)
	same_subject = [Event("E-mail Opened", "Re: Offer", key=f"mail-{number}") for number in range(4)]
	assert scoring.event_points(rule, same_subject) == (5, 4)
	nameless = [Event("E-mail Opened", "", times=4)]
	assert scoring.event_points(rule, nameless) == (5, 4)


def test_the_subject_must_contain_one_of_the_texts():
	rule = {"contains": ("pricing", "الأسعار")}
	assert points([Event(VISIT, "https://x.example/Pricing?a=1")], **rule) == 10
	assert points([Event(VISIT, "صفحة الأسعار")], **rule) == 10
	assert points([Event(VISIT, "/blog")], **rule) == 0
	assert points([Event(VISIT, "")], **rule) == 0


def test_the_window_ends_on_its_last_day():
	assert points([Event(VISIT, age=30)], within=30) == 10
	assert points([Event(VISIT, age=31)], within=30) == 0
	assert points([Event(VISIT, age=3000)]) == 10


@pytest.mark.parametrize(
	("decay", "age", "expected"),
	[
		("None", 400, 10),
		("Linear", 0, 10),
		("Linear", 5, 8),  # 10 * (1 - 5/20) = 7.5
		("Linear", 10, 5),
		("Linear", 20, 0),
		("Linear", 90, 0),
		("Half-Life", 0, 10),
		("Half-Life", 20, 5),
		("Half-Life", 40, 3),  # 2.5
		("Half-Life", 60, 1),  # 1.25
	],
)
def test_decay(decay, age, expected):
	assert points([Event(VISIT, age=age)], decay=decay, decay_days=20) == expected
	assert points([Event(VISIT, age=age)], points=-10, decay=decay, decay_days=20) == -expected


def test_given_once_the_newest_event_decides_and_each_event_decays_by_itself():
	events = [Event(VISIT, age=10), Event(VISIT, age=0)]
	assert points(events, decay="Linear", decay_days=20) == 10
	assert points(events, each=True, decay="Linear", decay_days=20) == 15


@given(
	st.lists(st.builds(Event, st.just(VISIT), st.text(), st.integers(0, 5000), st.integers(1, 50))),
	st.integers(-1000, 1000).filter(bool),
	st.sampled_from(("None", "Linear", "Half-Life")),
	st.booleans(),
	st.integers(0, 2000),
)
def test_points_never_leave_their_limits(events, per_event, decay, each, limit):
	given_points = points(events, points=per_event, decay=decay, decay_days=30, each=each, limit=limit)
	most = (limit or abs(per_event) * sum(event.times for event in events)) if each else abs(per_event)
	assert 0 <= given_points * (1 if per_event > 0 else -1) <= most


def test_halves_are_rounded_away_from_zero():
	assert [scoring.rounded(value) for value in (0.5, 1.5, -0.5, -1.5, 2.4999, 0.1 + 0.2 - 0.3)] == [
		*(1, 2, -1, -2, 2, 0)
	]


def test_reasons_add_up_to_the_score():
	rule = FieldRule("size", "Fit", 20, "no_of_employees", condition("range", "Is More Than", ["100"]))
	lead = {"no_of_employees": "500+"}
	reasons = scoring.field_reasons([rule], lead.get)
	reasons += scoring.event_reasons([EventRule("visit", -5, VISIT)], [Event(VISIT)])
	assert reasons == [Reason("size", "Fit", 20), Reason("visit", "Engagement", -5, 1)]
	score = scoring.total(reasons)
	assert (score.fit, score.engagement, score.total) == (20, -5, 15)


@pytest.mark.parametrize(
	("score", "letter"), [(80, "A"), (79, "B"), (50, "B"), (49, "C"), (20, "C"), (19, "D"), (-40, "D")]
)
def test_grades(score, letter):
	assert scoring.grade(score, (80, 50, 20)) == letter


@pytest.mark.parametrize(
	("rule", "code"),
	[
		({"decay": "Linear"}, "score_decay_days_missing"),
		({"decay": "Half-Life", "decay_days": -3}, "score_days_out_of_range"),
		({"within": 99999}, "score_days_out_of_range"),
		({"at_least": 0}, "score_times_out_of_range"),
		({"at_least": 5000}, "score_times_out_of_range"),
		({"each": True, "limit": 5}, "score_limit_too_small"),
		({"limit": -1}, "score_limit_too_small"),
	],
)
def test_event_rules_that_contradict_themselves(rule, code):
	with pytest.raises(RuleError) as raised:
		scoring.check_event_rule(EventRule("r", 10, VISIT, **rule))
	assert raised.value.code == code


@pytest.mark.parametrize(("value", "code"), [(0, "score_points_zero"), (10**12, "score_points_too_many")])
def test_points_out_of_range(value, code):
	with pytest.raises(RuleError) as raised:
		scoring.check_points(value)
	assert raised.value.code == code
	scoring.check_points(-1000)


@pytest.mark.parametrize("bands", [(50, 80, 20), (80, 80, 20), (0, 0, 0)])
def test_bands_must_descend(bands):
	with pytest.raises(RuleError):
		scoring.check_bands(bands)
