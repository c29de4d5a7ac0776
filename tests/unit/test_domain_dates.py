from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.dates import (
	as_date,
	half_open_day_range,
	is_weekend_sa,
	months_between,
	next_working_day,
	year_month,
)
from dafater_crm.domain.errors import RuleError

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def test_as_date():
	assert as_date(datetime(2026, 1, 2, 3)) == date(2026, 1, 2)
	assert type(as_date(datetime(2026, 1, 2, 3))) is date
	assert as_date(date(2026, 1, 2)) == date(2026, 1, 2)


def test_half_open_day_range():
	assert half_open_day_range(date(2026, 1, 1), date(2026, 1, 31)) == (
		datetime(2026, 1, 1),
		datetime(2026, 2, 1),
	)
	assert half_open_day_range(datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 8)) == (
		datetime(2026, 1, 1),
		datetime(2026, 1, 2),
	)
	assert half_open_day_range(date(2026, 1, 1), date.max)[1] == datetime.max


@pytest.mark.parametrize("function", [half_open_day_range, months_between])
def test_a_reversed_range_is_refused(function):
	with pytest.raises(RuleError) as caught:
		function(date(2026, 2, 1), date(2026, 1, 31))
	assert caught.value.code == "date_range_reversed"
	assert caught.value.args_for_message == ("2026-02-01", "2026-01-31")


@given(days, st.integers(0, 800), st.datetimes(datetime(1900, 1, 1), datetime(2203, 1, 1)))
def test_the_range_holds_exactly_the_moments_of_its_days(first, length, moment):
	last = first + timedelta(days=length)
	start, end = half_open_day_range(first, last)
	assert (start <= moment < end) == (first <= moment.date() <= last)
	assert start <= datetime.combine(last, time.max) < end


@pytest.mark.parametrize(
	("start", "end", "months"),
	[
		(date(2026, 1, 31), date(2026, 1, 31), [(2026, 1)]),
		(date(2026, 1, 31), date(2026, 2, 1), [(2026, 1), (2026, 2)]),
		(date(2025, 11, 30), date(2026, 2, 1), [(2025, 11), (2025, 12), (2026, 1), (2026, 2)]),
		(datetime(2025, 12, 1, 5), date(2025, 12, 1), [(2025, 12)]),
	],
)
def test_months_between(start, end, months):
	assert months_between(start, end) == months


@given(days, days)
def test_months_are_consecutive_and_hold_both_ends(one, other):
	start, end = sorted((one, other))
	months = months_between(start, end)
	assert (months[0], months[-1]) == (year_month(start), year_month(end))
	assert months == sorted(set(months))
	assert len(months) == (end.year - start.year) * 12 + end.month - start.month + 1
	assert all(1 <= month <= 12 for _, month in months)


def test_year_month_sorts_in_time_order():
	assert year_month(date(2025, 12, 31)) < year_month(datetime(2026, 1, 1)) == (2026, 1)


@pytest.mark.parametrize(
	("day", "weekend"),
	[
		(date(2026, 1, 1), False),
		(date(2026, 1, 2), True),
		(date(2026, 1, 3), True),
		(date(2026, 1, 4), False),
	],
)
def test_weekend_is_friday_and_saturday(day, weekend):
	assert is_weekend_sa(day) is weekend


def test_next_working_day():
	thursday, sunday = date(2026, 1, 1), date(2026, 1, 4)
	assert next_working_day(thursday) == sunday
	assert next_working_day(sunday) == date(2026, 1, 5)
	assert next_working_day(thursday, [sunday, datetime(2026, 1, 5, 12)]) == date(2026, 1, 6)
	assert next_working_day(datetime(2026, 1, 1, 23)) == sunday


@given(days, st.lists(st.integers(0, 20)))
def test_the_next_working_day_is_the_first_open_one(day, offsets):
	holidays = {day + timedelta(days=offset) for offset in offsets}
	answer = next_working_day(day, holidays)
	assert answer > day
	assert not is_weekend_sa(answer)
	assert answer not in holidays
	skipped = [day + timedelta(days=number) for number in range(1, (answer - day).days)]
	assert all(is_weekend_sa(between) or between in holidays for between in skipped)
