from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.scheduling import find_overlap, overlaps, split_slots

NINE, TEN, NOON, ONE = time(9), time(10), time(12), time(13)
MIDNIGHT = time(0)


@pytest.mark.parametrize(
	("a", "b", "answer"),
	[
		((NINE, NOON), (TEN, ONE), True),
		((NINE, ONE), (TEN, NOON), True),
		((NINE, NOON), (NINE, NOON), True),
		((NINE, NOON), (NOON, ONE), False),
		((NINE, TEN), (NOON, ONE), False),
		((time(20), MIDNIGHT), (time(23), time(23, 30)), True),
		((time(20), MIDNIGHT), (MIDNIGHT, NINE), False),
		((MIDNIGHT, NINE), (time(8, 59, 59), TEN), True),
		((timedelta(hours=9), timedelta(hours=10)), (timedelta(hours=10), timedelta(hours=24)), False),
		(
			(datetime(2026, 1, 1, 23), datetime(2026, 1, 2, 1)),
			(datetime(2026, 1, 2), datetime(2026, 1, 2, 2)),
			True,
		),
	],
)
def test_overlaps(a, b, answer):
	assert overlaps(*a, *b) is answer
	assert overlaps(*b, *a) is answer


def test_find_overlap_names_the_rows():
	slots = [("Sunday", NOON, ONE), ("Monday", NINE, NOON), ("Sunday", NINE, TEN), ("Monday", TEN, NOON)]
	assert find_overlap(slots) == (1, 3)
	assert find_overlap(slots[:3]) is None
	assert find_overlap([]) is None


def test_touching_slots_and_other_days_are_fine():
	assert find_overlap([(6, NINE, TEN), (6, TEN, NOON), (0, NINE, NOON)]) is None


def test_midnight_ends_a_day():
	assert find_overlap([(6, time(20), MIDNIGHT), (6, time(23), time(23, 30))]) == (0, 1)
	assert find_overlap([(6, time(20), MIDNIGHT), (6, MIDNIGHT, time(1))]) is None


@pytest.mark.parametrize(("start", "end"), [(TEN, NINE), (TEN, TEN), (time(22), time(2))])
def test_reversed_and_empty_slots_are_refused(start, end):
	for call in (lambda: find_overlap([("Sunday", start, end)]), lambda: split_slots(start, end, 30)):
		with pytest.raises(RuleError) as caught:
			call()
		assert caught.value.code == "slot_end_before_start"
		assert caught.value.args_for_message == (str(start), str(end))


@pytest.mark.parametrize("minutes", [0, -30])
def test_slots_have_a_length(minutes):
	with pytest.raises(RuleError) as caught:
		split_slots(NINE, NOON, minutes)
	assert caught.value.code == "slot_minutes_invalid"


@pytest.mark.parametrize(
	("start", "end", "minutes", "slots"),
	[
		(NINE, TEN, 30, [(NINE, time(9, 30)), (time(9, 30), TEN)]),
		(NINE, time(9, 59), 30, [(NINE, time(9, 30))]),
		(NINE, TEN, 90, []),
		(time(23), MIDNIGHT, 30, [(time(23), time(23, 30)), (time(23, 30), MIDNIGHT)]),
		(
			datetime(2026, 1, 1, 23, 30),
			datetime(2026, 1, 2, 0, 30),
			60,
			[(datetime(2026, 1, 1, 23, 30), datetime(2026, 1, 2, 0, 30))],
		),
		(timedelta(hours=23), timedelta(hours=24), 60, [(timedelta(hours=23), timedelta(hours=24))]),
	],
)
def test_split_slots(start, end, minutes, slots):
	assert split_slots(start, end, minutes) == slots


minute = st.integers(0, 24 * 60).map(lambda number: timedelta(minutes=number))
slot = st.tuples(st.integers(0, 2), minute, minute).filter(lambda found: found[1] < found[2])


@given(st.lists(slot, max_size=8))
def test_find_overlap_agrees_with_comparing_every_pair(slots):
	clashing = {
		(i, j)
		for (i, a), (j, b) in combinations(enumerate(slots), 2)
		if a[0] == b[0] and overlaps(a[1], a[2], b[1], b[2])
	}
	found = find_overlap(slots)
	assert found in clashing if clashing else found is None


@given(slot, st.integers(1, 300))
def test_split_slots_fill_the_span_without_gap_or_overlap(found, minutes):
	_, start, end = found
	slots = split_slots(start, end, minutes)
	step = timedelta(minutes=minutes)
	assert all(last - first == step for first, last in slots)
	assert all(one[1] == other[0] for one, other in pairwise(slots))
	last = slots[-1][1] if slots else start
	assert not slots or slots[0][0] == start
	assert timedelta(0) <= end - last < step
