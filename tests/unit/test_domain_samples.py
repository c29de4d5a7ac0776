from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.samples import mean, median, nearest_rank


def test_nothing_has_no_figure():
	assert (mean([]), median([]), nearest_rank([], 90)) == (None, None, None)


@pytest.mark.parametrize(
	("size", "ninetieth"), [(1, 1), (2, 2), (9, 9), (10, 9), (11, 10), (20, 18), (1000, 900)]
)
def test_ninety_percent_by_nearest_rank(size, ninetieth):
	assert nearest_rank(range(1, size + 1), 90) == ninetieth


@given(st.lists(st.integers(-1000, 1000), min_size=1))
def test_against_the_standard_library(sample):
	ordered = sorted(sample)
	assert median(ordered) == statistics.median(sample)
	assert mean(ordered) == pytest.approx(statistics.fmean(sample))
	rank = nearest_rank(ordered, 90)
	assert sum(value <= rank for value in ordered) * 100 >= 90 * len(ordered)
	assert sum(value < rank for value in ordered) * 100 < 90 * len(ordered)
