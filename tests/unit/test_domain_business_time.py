from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafater_crm.domain.business_time import BusinessCalendar, Season

HOUR, MINUTE = 3600, 60
SUNDAY, MONDAY, THURSDAY, FRIDAY = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 6)
# date.weekday(): Sunday is 6, Thursday 3
SAUDI = {day: [(8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)] for day in (6, 0, 1, 2, 3)}


def at(day: date, hour: int, minute: int = 0) -> datetime:
	return datetime(day.year, day.month, day.day, hour, minute)


@pytest.mark.parametrize(
	("start", "end", "hours"),
	[
		(at(SUNDAY, 8), at(SUNDAY, 12), 4),
		(at(SUNDAY, 0), at(SUNDAY, 23, 59), 8),
		(at(SUNDAY, 11), at(SUNDAY, 14), 2),
		(at(SUNDAY, 12), at(SUNDAY, 13), 0),
		(at(SUNDAY, 16), at(MONDAY, 9), 2),
		(at(THURSDAY, 16), at(SUNDAY + timedelta(days=7), 9), 2),
		(at(FRIDAY, 9), at(FRIDAY, 15), 0),
		(at(SUNDAY, 9), at(SUNDAY, 9), 0),
		(at(SUNDAY, 12), at(SUNDAY, 9), 0),
		(at(SUNDAY, 0), at(SUNDAY + timedelta(days=70), 0), 400),
	],
)
def test_worked_hours_between(start, end, hours):
	assert BusinessCalendar(SAUDI).seconds_between(start, end) == hours * HOUR


def test_parts_of_a_second_count():
	calendar = BusinessCalendar(SAUDI)
	start = at(SUNDAY, 9)
	assert calendar.seconds_between(start, start + timedelta(microseconds=250_000)) == 0.25


def test_a_holiday_is_not_worked():
	calendar = BusinessCalendar(SAUDI, holidays=[MONDAY])
	assert calendar.seconds_between(at(SUNDAY, 16), at(MONDAY + timedelta(days=1), 9)) == 2 * HOUR
	assert not calendar.is_open(at(MONDAY, 9))


def test_a_season_changes_the_hours_of_working_days_alone():
	ramadan = Season(SUNDAY, MONDAY, ((10 * HOUR, 16 * HOUR),))
	calendar = BusinessCalendar(SAUDI, seasons=[ramadan])
	assert calendar.seconds_between(at(SUNDAY, 0), at(MONDAY, 23)) == 12 * HOUR
	assert calendar.seconds_between(at(MONDAY, 15), at(MONDAY + timedelta(days=1), 9)) == 2 * HOUR
	whole_week = BusinessCalendar(SAUDI, seasons=[Season(SUNDAY, FRIDAY, ramadan.windows)])
	assert whole_week.windows(FRIDAY) == ()


def test_a_moment_is_open_from_the_first_second_to_before_the_end():
	calendar = BusinessCalendar(SAUDI)
	assert calendar.is_open(at(SUNDAY, 8))
	assert not calendar.is_open(at(SUNDAY, 12))
	assert not calendar.is_open(at(FRIDAY, 9))


def test_a_day_may_be_worked_to_midnight():
	calendar = BusinessCalendar({6: [(20 * HOUR, 24 * HOUR)], 0: [(0, HOUR)]})
	assert calendar.seconds_between(at(SUNDAY, 23), at(MONDAY, 12)) == 2 * HOUR


def test_an_empty_calendar_says_so():
	calendar = BusinessCalendar({})
	assert calendar.is_empty and calendar.seconds_between(at(SUNDAY, 8), at(MONDAY, 8)) == 0
	assert not BusinessCalendar(SAUDI).is_empty
	with pytest.raises(ValueError, match="ten years"):
		calendar.add_seconds(at(SUNDAY, 8), 60)


@pytest.mark.parametrize(
	"windows", [[(5, 5)], [(9, 3)], [(0, 10), (5, 20)], [(20, 30), (0, 10)], [(0, 86_401)]]
)
def test_windows_that_cannot_be_are_a_mistake_of_the_programmer(windows):
	with pytest.raises(ValueError, match="sorted, apart"):
		BusinessCalendar({0: windows})


@pytest.mark.parametrize(
	("start", "hours", "end"),
	[
		(at(SUNDAY, 9), 2, at(SUNDAY, 11)),
		(at(SUNDAY, 9), 3, at(SUNDAY, 12)),
		(at(SUNDAY, 9), 4, at(SUNDAY, 14)),
		(at(THURSDAY, 16), 2, at(SUNDAY + timedelta(days=7), 9)),
		(at(FRIDAY, 9), 0, at(SUNDAY + timedelta(days=7), 8)),
		(at(SUNDAY, 9), 0, at(SUNDAY, 9)),
	],
)
def test_time_by_which_so_much_work_has_passed(start, hours, end):
	assert BusinessCalendar(SAUDI).add_seconds(start, hours * HOUR) == end


# whole minutes, so that a walker can go minute by minute
minutes_of_day = st.integers(0, 24 * 60)


@st.composite
def windows(draw) -> tuple[tuple[int, int], ...]:
	edges = sorted(draw(st.sets(minutes_of_day, max_size=6)))
	return tuple((start * MINUTE, end * MINUTE) for start, end in zip(edges[::2], edges[1::2], strict=False))


days = st.integers(-12, 12).map(lambda number: MONDAY + timedelta(days=number))
moments = st.builds(lambda day, minute: at(day, 0) + timedelta(minutes=minute), days, st.integers(0, 1439))


@st.composite
def calendars(draw) -> BusinessCalendar:
	week = draw(st.dictionaries(st.integers(0, 6), windows()))
	spans = draw(st.lists(st.tuples(days, days, windows()), max_size=2))
	seasons = [Season(min(a, b), max(a, b), hours) for a, b, hours in spans]
	return BusinessCalendar(week, draw(st.sets(days, max_size=4)), seasons)


def walked(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
	"""Minute by minute."""
	seconds = 0
	while start < end:
		seconds += MINUTE * calendar.is_open(start)
		start += timedelta(minutes=1)
	return seconds


# the walker is slow, which is why the calendar exists
@settings(deadline=None)
@given(calendars(), st.lists(st.tuples(moments, moments), min_size=1, max_size=3))
def test_the_same_as_walking_minute_by_minute_in_any_order_of_questions(calendar, spans):
	for start, end in spans:
		assert calendar.seconds_between(start, end) == walked(calendar, start, end)


@given(calendars(), moments, moments, moments)
def test_parts_add_up(calendar, a, b, c):
	first, middle, last = sorted((a, b, c))
	parts = calendar.seconds_between(first, middle) + calendar.seconds_between(middle, last)
	assert calendar.seconds_between(first, last) == parts <= (last - first).total_seconds()


@given(moments, st.integers(1, 60 * HOUR))
def test_adding_is_the_inverse(start, seconds):
	calendar = BusinessCalendar(SAUDI, holidays=[MONDAY])
	assert calendar.seconds_between(start, calendar.add_seconds(start, seconds)) == seconds


def test_a_person_keeps_the_companys_hours_and_holidays_less_her_days_off():
	ramadan = Season(SUNDAY, SUNDAY, ((10 * HOUR, 16 * HOUR),))
	company = BusinessCalendar(SAUDI, holidays=[MONDAY], seasons=[ramadan])
	person = company.personal(days_off=[THURSDAY])
	assert not person.is_open(at(MONDAY, 9))
	assert not person.is_open(at(THURSDAY, 9))
	assert not person.is_open(at(SUNDAY, 9))
	assert person.is_open(at(SUNDAY, 15))
	assert company.is_open(at(THURSDAY, 9))


def test_own_hours_hold_in_every_season_but_not_on_holidays():
	ramadan = Season(SUNDAY, THURSDAY, ((10 * HOUR, 16 * HOUR),))
	company = BusinessCalendar(SAUDI, holidays=[MONDAY], seasons=[ramadan])
	night = company.personal({0: [(20 * HOUR, 24 * HOUR)], 6: [(20 * HOUR, 24 * HOUR)]})
	assert night.is_open(at(SUNDAY, 23, 59))
	assert not night.is_open(at(SUNDAY, 11))
	assert not night.is_open(at(MONDAY, 21))


def test_where_no_hours_are_known_every_moment_is_worked_but_for_days_off():
	person = BusinessCalendar({}).personal(days_off=[FRIDAY])
	assert person.is_open(at(SUNDAY, 3))
	assert not person.is_open(at(FRIDAY, 12))
	assert person.seconds_between(at(THURSDAY, 12), at(FRIDAY + timedelta(days=1), 12)) == 24 * HOUR


@given(
	st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(
		lambda moment: moment.replace(microsecond=0)
	),
	st.integers(-3 * 86_400, 400 * 86_400),
)
@settings(max_examples=200)
def test_a_length_counts_as_the_two_moments_at_its_ends(start, length):
	calendar = BusinessCalendar(SAUDI, holidays=[MONDAY], seasons=[Season(SUNDAY, FRIDAY, ((0, HOUR),))])
	second = start.hour * 3600 + start.minute * 60 + start.second
	counted = calendar.seconds_after(start.toordinal(), second, length)
	assert counted == calendar.seconds_between(start, start + timedelta(seconds=length))
	assert counted >= 0
