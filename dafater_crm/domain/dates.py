"""Days and months: ranges for queries, months of a report, the Saudi working week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from .errors import RuleError

_WEEKEND = (4, 5)  # Friday and Saturday; date.weekday() counts from Monday = 0 (facts: saudi.md 4.7)


def as_date(value: date) -> date:
	"""Return the day of a date or datetime; the two do not compare with each other in Python."""
	return value.date() if isinstance(value, datetime) else value


def half_open_day_range(from_date: date, to_date: date) -> tuple[datetime, datetime]:
	"""Return (start, end) so that ``start <= moment < end`` holds for every moment of both days and between.

	A ``BETWEEN`` on two dates loses the last day of a Datetime field. On the last day that Python knows, the end
	is its last microsecond. Raises RuleError "date_range_reversed".
	"""
	first, last = _ordered(from_date, to_date)
	end = datetime.max if last == date.max else datetime.combine(last + timedelta(days=1), time.min)
	return datetime.combine(first, time.min), end


def year_month(day: date) -> tuple[int, int]:
	"""Return (year, month), which sorts and compares in time order."""
	return day.year, day.month


def months_between(start: date, end: date) -> list[tuple[int, int]]:
	"""Return every (year, month) from the month of ``start`` to the month of ``end``, both included.

	A month counts however few of its days lie in the span. Raises RuleError "date_range_reversed".
	"""
	first, last = _ordered(start, end)
	span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
	return [(month // 12, month % 12 + 1) for month in span]


def is_weekend_sa(day: date) -> bool:
	"""Tell whether the day is a Friday or a Saturday."""
	return day.weekday() in _WEEKEND


def next_working_day(day: date, holidays: Iterable[date] = ()) -> date:
	"""Return the first day after ``day``, never ``day`` itself, that is neither weekend nor in ``holidays``."""
	closed = {as_date(holiday) for holiday in holidays}
	following = as_date(day) + timedelta(days=1)
	while is_weekend_sa(following) or following in closed:
		following += timedelta(days=1)
	return following


def _ordered(start: date, end: date) -> tuple[date, date]:
	first, last = as_date(start), as_date(end)
	if last < first:
		raise RuleError("date_range_reversed", start=first.isoformat(), end=last.isoformat())
	return first, last
