"""Points of a lead: rules about its fields and about what it did, decay, limits, totals and grade.

Each rule gives a whole number of points, rounded half away from zero, so that the reasons always add up to the score.
Ages are whole days, so that a score does not change within a day by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .characters import one_line
from .errors import RuleError
from .score_conditions import Condition

FIT, ENGAGEMENT = "Fit", "Engagement"
NO_DECAY, LINEAR, HALF_LIFE = "None", "Linear", "Half-Life"
MOST_POINTS = 1000
MOST_DAYS = 3650
GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True)
class Event:
	"""What a lead did on one day: `times` occurrences of one type with one subject, `age` whole days ago.

	`key` tells one e-mail from another with the same subject; where it is empty the subject does.
	"""

	event_type: str
	subject: str = ""
	age: int = 0
	times: int = 1
	key: str = ""


@dataclass(frozen=True)
class FieldRule:
	"""Points for a lead whose `field` meets `condition`.

	`exact`: where `field` is a range, the field that holds the number itself; it is compared in place of the range where it is known.
	"""

	name: str
	group: str
	points: int
	field: str
	condition: Condition
	exact: str = ""

	@property
	def fields(self) -> tuple[str, ...]:
		return (self.field, self.exact) if self.exact else (self.field,)

	def holds(self, *values: object) -> bool:
		"""Whether a lead with these values of `fields` meets the condition."""
		return self.condition.holds(values[-1] or values[0])


@dataclass(frozen=True)
class EventRule:
	"""Points for events of one type, at least `at_least` of them, in the last `within` days (0: ever).

	`contains`: texts, folded by `folded`; one of them must be in the subject. `distinct`: each subject counts once, by its newest
	day. `each`: points for every event instead of once; `limit` (0: none) caps their sum. `decay_days`: linear, the
	days until nothing is left; half-life, the days until half is left.
	"""

	name: str
	points: int
	event_type: str
	contains: tuple[str, ...] = ()
	at_least: int = 1
	distinct: bool = False
	within: int = 0
	each: bool = False
	limit: int = 0
	decay: str = NO_DECAY
	decay_days: int = 0


@dataclass(frozen=True)
class Reason:
	"""What one rule gave. `times` is None for a rule about a field."""

	rule: str
	group: str
	points: int
	times: int | None = None


@dataclass(frozen=True)
class Score:
	fit: int
	engagement: int

	@property
	def total(self) -> int:
		return self.fit + self.engagement


def folded(text: str) -> str:
	"""The form in which subjects are compared: one line, no invisible characters, no case."""
	return one_line(text).casefold()


def field_reasons(rules: Iterable[FieldRule], value_of: Callable[[str], object]) -> list[Reason]:
	"""Reasons of a lead's fields. `value_of(field)` gives the value, None where there is none."""
	return [
		Reason(rule.name, rule.group, rule.points)
		for rule in rules
		if rule.holds(*map(value_of, rule.fields))
	]


def event_reasons(rules: Iterable[EventRule], events: Sequence[Event]) -> list[Reason]:
	"""Reasons of what a lead did; rules whose points have decayed to 0 give none. Bots are left out before."""
	found = []
	for rule in rules:
		points, times = event_points(rule, events)
		if points:
			found.append(Reason(rule.name, ENGAGEMENT, points, times))
	return found


def event_points(rule: EventRule, events: Sequence[Event]) -> tuple[int, int]:
	"""(points, number of events that count). (0, n) below `at_least`."""
	counted = [event for event in events if _counts(rule, event)]
	if rule.distinct:
		counted = _newest_of_each_subject(counted)
	times = sum(event.times for event in counted)
	if times < max(1, rule.at_least):
		return 0, times
	if not rule.each:
		weight = max(remaining(rule.decay, rule.decay_days, event.age) for event in counted)
		return rounded(rule.points * weight), times
	total = sum(
		rule.points * event.times * remaining(rule.decay, rule.decay_days, event.age) for event in counted
	)
	if rule.limit:
		total = max(-rule.limit, min(rule.limit, total))
	return rounded(total), times


def remaining(decay: str, days: int, age: int) -> float:
	"""The share of its points that an event of this age still gives: 1 on its day, never below 0.

	Linear: 1 - age/days. Half-life: 2^(-age/days).
	"""
	age = max(0, age)
	if decay == LINEAR:
		return max(0.0, 1 - age / days)
	if decay == HALF_LIFE:
		return 2 ** (-age / days)
	return 1.0


def rounded(points: float) -> int:
	"""The nearest whole number, halves away from zero. The ninth decimal is noise of the arithmetic."""
	return int(math.copysign(math.floor(round(abs(points), 9) + 0.5), points))


def total(reasons: Iterable[Reason]) -> Score:
	"""Points by group."""
	sums = {FIT: 0, ENGAGEMENT: 0}
	for reason in reasons:
		sums[reason.group] += reason.points
	return Score(sums[FIT], sums[ENGAGEMENT])


def grade(score: int, bands: tuple[int, int, int]) -> str:
	"""A, B or C from the lower bound of each band, D below the last."""
	return next((letter for letter, least in zip(GRADES, bands, strict=False) if score >= least), GRADES[-1])


def check_bands(bands: tuple[int, int, int]) -> None:
	"""Raises RuleError unless A begins above B, and B above C."""
	if not bands[0] > bands[1] > bands[2]:
		raise RuleError("score_bands_disordered", a=bands[0], b=bands[1], c=bands[2])


def check_points(points: int) -> None:
	"""Raises RuleError for 0 and for more than MOST_POINTS either way."""
	if not points:
		raise RuleError("score_points_zero")
	if abs(points) > MOST_POINTS:
		raise RuleError("score_points_too_many", most=MOST_POINTS)


def check_event_rule(rule: EventRule) -> None:
	"""Raises RuleError for an event rule that can give nothing or contradicts itself."""
	for days in (rule.within, rule.decay_days):
		if not 0 <= days <= MOST_DAYS:
			raise RuleError("score_days_out_of_range", most=MOST_DAYS)
	if not 1 <= rule.at_least <= 1000:
		raise RuleError("score_times_out_of_range", most=1000)
	if rule.decay != NO_DECAY and rule.decay_days < 1:
		raise RuleError("score_decay_days_missing")
	if rule.limit < 0 or (rule.each and 0 < rule.limit < abs(rule.points)):
		raise RuleError("score_limit_too_small", limit=rule.limit, points=abs(rule.points))


def _counts(rule: EventRule, event: Event) -> bool:
	if event.event_type != rule.event_type or (rule.within and event.age > rule.within):
		return False
	if not rule.contains:
		return True
	subject = folded(event.subject)
	return any(part in subject for part in rule.contains)


def _newest_of_each_subject(events: Sequence[Event]) -> list[Event]:
	"""An event without a subject stands for itself: nothing tells it from another."""
	newest: dict[str, Event] = {}
	nameless = []
	for event in sorted(events, key=lambda event: event.age):
		key = event.key or folded(event.subject)
		if key:
			newest.setdefault(key, Event(event.event_type, event.subject, event.age))
		else:
			nameless.append(event)
	return [*newest.values(), *nameless]
