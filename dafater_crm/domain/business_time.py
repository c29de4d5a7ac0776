"""Business hours: which seconds of a week are worked, and how many lie between two moments.

A calendar is built once and asked often. It keeps a running total of worked seconds for each day it was asked about, so
that a question costs two look-ups and the few windows of the two days at the ends, however far they lie apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_DAY_SECONDS = 86_400
_DAY = timedelta(days=1)

# (start, end) in seconds from midnight; half-open, 86,400 is the end of the day
Window = tuple[int, int]


@dataclass(frozen=True)
class Season:
	"""Days, both ends included, on which every working day keeps these windows instead of its own (Ramadan, say)."""

	first: date
	last: date
	windows: tuple[Window, ...]


class BusinessCalendar:
	"""Working time by the clock of one place; knows no time zones.

	:param week: the windows of each weekday, Monday = 0 as in `date.weekday()`; days that are not worked may be left out.
	:param holidays: days on which nobody works.
	:param seasons: later ones win where two cover the same day.

	Windows of a day are sorted and apart from each other; a ValueError otherwise, since rules for what people enter are
	in `scheduling.find_overlap`.
	"""

	def __init__(
		self,
		week: Mapping[int, Sequence[Window]],
		holidays: Collection[date] = (),
		seasons: Sequence[Season] = (),
	) -> None:
		self._week = tuple(tuple(week.get(weekday, ())) for weekday in range(7))
		self._holidays = frozenset(holidays)
		self._seasons = tuple(seasons)
		for windows in (*self._week, *(season.windows for season in self._seasons)):
			_check(windows)
		self._windows: dict[date, tuple[Window, ...]] = {}
		# the first known day as `date.toordinal()`; from it on the worked seconds before each day, and its windows
		self._first = 0
		self._known: list[tuple[int, tuple[Window, ...]]] = []

	@classmethod
	def always(cls, days_off: Collection[date] = ()) -> BusinessCalendar:
		"""Every moment is worked but for the days off."""
		return cls(dict.fromkeys(range(7), ((0, _DAY_SECONDS),)), days_off)

	def personal(
		self, week: Mapping[int, Sequence[Window]] | None = None, days_off: Collection[date] = ()
	) -> BusinessCalendar:
		"""The calendar of one person here: the same holidays, and days off.

		:param week: own windows, which hold in every season. Without them the hours and seasons are these.
		"""
		away = self._holidays | frozenset(days_off)
		if week:
			return BusinessCalendar(week, away)
		if self.is_empty:
			return BusinessCalendar.always(days_off)
		return BusinessCalendar(dict(enumerate(self._week)), away, self._seasons)

	@property
	def is_empty(self) -> bool:
		"""True when no weekday is worked: nothing can be counted then."""
		return not any(self._week)

	def windows(self, day: date) -> tuple[Window, ...]:
		"""The windows worked on this very day."""
		found = self._windows.get(day)
		if found is None:
			found = self._windows[day] = self._windows_of(day)
		return found

	def _windows_of(self, day: date) -> tuple[Window, ...]:
		usual = self._week[day.weekday()]
		if not usual or day in self._holidays:
			return ()
		for season in reversed(self._seasons):
			if season.first <= day <= season.last:
				return season.windows
		return usual

	def is_open(self, moment: datetime) -> bool:
		"""Tell whether the moment is worked; the end of a window is not."""
		second = _second_of_day(moment)
		return any(start <= second < end for start, end in self.windows(moment.date()))

	def seconds_between(self, start: datetime, end: datetime) -> float:
		"""Worked seconds from `start` to `end`; 0 when `end` is not after `start`."""
		if end <= start:
			return 0
		worked = self._worked_before(end.toordinal(), _second_of_day(end))
		return worked - self._worked_before(start.toordinal(), _second_of_day(start))

	def add_seconds(self, start: datetime, seconds: float) -> datetime:
		"""The first moment by which `seconds` of work have passed since `start`.

		With 0 seconds: `start` itself when it is worked, else the next opening. ValueError when nothing is worked within
		ten years.
		"""
		left, day, begin = seconds, start.date(), _second_of_day(start)
		for _number in range(3_653):
			for opens, closes in self.windows(day):
				worked_from = max(opens, begin)
				if worked_from < closes and left <= closes - worked_from:
					return datetime.combine(day, time.min) + timedelta(seconds=worked_from + left)
				left -= max(closes - worked_from, 0)
			day, begin = day + _DAY, 0
		raise ValueError("this calendar has no working time within ten years")

	def seconds_after(self, day: int, second: float, length: float) -> float:
		"""Worked seconds within `length` seconds from a moment: `date.toordinal()` of its day and its second of that day.

		For whoever counts thousands: no moment is made. 0 for a length that is not above 0.
		"""
		if length <= 0:
			return 0
		days, end = divmod(second + length, _DAY_SECONDS)
		return self._worked_before(day + int(days), end) - self._worked_before(day, second)

	def _worked_before(self, day: int, second: float) -> float:
		"""Worked seconds from the first known day to a moment."""
		index = day - self._first
		if not 0 <= index < len(self._known):
			self._extend_to(day)
			index = day - self._first
		total, windows = self._known[index]
		for start, end in windows:
			if start >= second:
				break
			total += min(second, end) - start
		return total

	def _extend_to(self, day: int) -> None:
		"""Know every day up to this one; earlier days than the first have negative totals, so that nothing known changes."""
		if not self._known:
			self._first = day
			self._known.append((0, self.windows(date.fromordinal(day))))
		while day >= self._first + len(self._known):
			total, windows = self._known[-1]
			following = date.fromordinal(self._first + len(self._known))
			self._known.append((total + _worked(windows), self.windows(following)))
		earlier, total = [], self._known[0][0]
		for before in range(self._first - 1, day - 1, -1):
			windows = self.windows(date.fromordinal(before))
			total -= _worked(windows)
			earlier.append((total, windows))
		self._known[:0] = reversed(earlier)
		self._first -= len(earlier)


def _worked(windows: Sequence[Window]) -> int:
	return sum(end - start for start, end in windows)


def _second_of_day(moment: datetime) -> float:
	return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1_000_000


def _check(windows: Sequence[Window]) -> None:
	before = 0
	for start, end in windows:
		if not before <= start < end <= _DAY_SECONDS:
			raise ValueError(f"windows {windows} are not sorted, apart and within a day")
		before = end
