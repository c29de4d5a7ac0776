from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.sales_figures import (
	AGES,
	percent,
	percent_change,
	sales_velocity,
	same_days_last_month,
	win_rate,
)


def test_shares_and_changes_have_one_decimal():
	assert (percent(1, 3), percent(0, 7), percent(5, 5)) == (33.3, 0.0, 100.0)
	assert (percent_change(12, 10), percent_change(5, 10), percent_change(0, 3)) == (20.0, -50.0, -100.0)


def test_nothing_to_compare_with_is_not_zero():
	assert percent(0, 0) is None
	assert percent_change(4, 0) is None
	assert win_rate(0, 0) is None
	assert sales_velocity(5, 0, 3, 0, 0) is None


def test_win_rate_is_of_the_decided_ones():
	assert (win_rate(3, 1), win_rate(0, 2), win_rate(2, 0)) == (75.0, 0.0, 100.0)


def test_sales_velocity_by_hand():
	# 4 open x 2 of 4 won x 2,000 average value / 20 days average cycle
	assert sales_velocity(4, 2, 2, 4000, 40) == 200.0
	assert sales_velocity(0, 2, 2, 4000, 40) == 0.0


def test_a_cycle_of_less_than_a_day_counts_as_a_day():
	assert sales_velocity(2, 2, 0, 1000, 0) == 1000.0


@pytest.mark.parametrize(
	("day", "first", "same"),
	[
		(date(2026, 3, 15), date(2026, 2, 1), date(2026, 2, 15)),
		(date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
		(date(2028, 3, 30), date(2028, 2, 1), date(2028, 2, 29)),
		(date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 1)),
	],
)
def test_the_same_days_of_last_month(day, first, same):
	assert same_days_last_month(day) == (first, same)


@given(st.dates(min_value=date(1900, 2, 1)))
def test_the_same_days_lie_in_the_month_before(day):
	first, same = same_days_last_month(day)
	assert first.day == 1 and first <= same < day.replace(day=1)
	assert same.day == day.day or (day.replace(day=1) - same).days == 1


def test_ages_follow_each_other_without_a_gap():
	assert [first for first, _last in AGES] == [1, *(last + 1 for _first, last in AGES[:-1])]
	assert AGES[-1][1] is None
