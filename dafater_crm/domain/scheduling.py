"""Slots of a booking calendar. A slot is half-open: it holds its start and ends just before its end."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar

from .errors import RuleError

# A Time field of Frappe is a timedelta when it is read from the database and may be a time or datetime elsewhere.
Moment = TypeVar("Moment", time, timedelta, datetime)

_DAY = timedelta(days=1)


def overlaps(a_start: Moment, a_end: Moment, b_start: Moment, b_end: Moment) -> bool:
	"""Tell whether two slots share a moment; slots that only touch do not. All four are of one type.

	Each end lies after its start; a ``time`` of 00:00 as an end is midnight at the end of the day.
	"""
	return _opening(a_start) < _closing(b_end) and _opening(b_start) < _closing(a_end)


def find_overlap(slots: Sequence[tuple[Hashable, Moment, Moment]]) -> tuple[int, int] | None:
	"""Return the indexes, in ascending order, of two (weekday, start, end) slots that overlap, or None.

	The weekday is any value that names the day. Raises RuleError "slot_end_before_start" for an empty or reversed
	slot, so one that runs past midnight has to be given as two.
	"""
	by_day: dict[Hashable, list[tuple[timedelta | datetime, timedelta | datetime, int]]] = {}
	for index, (weekday, start, end) in enumerate(slots):
		_check_order(start, end)
		by_day.setdefault(weekday, []).append((_opening(start), _closing(end), index))
	for day in by_day.values():
		day.sort()
		# Sorted by start, any overlap shows up between neighbours.
		for (_, ends, first), (starts, _, second) in pairwise(day):
			if starts < ends:
				return min(first, second), max(first, second)
	return None


def split_slots(start: Moment, end: Moment, minutes: int) -> list[tuple[Moment, Moment]]:
	"""Return consecutive slots of ``minutes`` each from start on; what is left before the end is not offered.

	The slots are of the type given; for ``time``, 00:00 as an end is midnight at the end of the day. Raises
	RuleError "slot_minutes_invalid" below 1 and "slot_end_before_start".
	"""
	if minutes < 1:
		raise RuleError("slot_minutes_invalid", minutes=minutes)
	_check_order(start, end)
	opening, step = _opening(start), timedelta(minutes=minutes)
	edges = [opening + step * number for number in range((_closing(end) - opening) // step + 1)]
	if isinstance(start, time):
		edges = [(datetime.min + edge).time() for edge in edges]
	return list(pairwise(edges))


def _check_order(start: Moment, end: Moment) -> None:
	if _closing(end) <= _opening(start):
		raise RuleError("slot_end_before_start", start=str(start), end=str(end))


def _opening(moment: time | timedelta | datetime) -> timedelta | datetime:
	if isinstance(moment, time):
		return datetime.combine(date.min, moment) - datetime.min
	return moment


def _closing(moment: time | timedelta | datetime) -> timedelta | datetime:
	return _DAY if moment == time.min else _opening(moment)
