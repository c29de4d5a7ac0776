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
		self._first: date | None = None
		# worked seconds before each day from self._first on; one entry more than days
		self._totals: list[int] = [0]

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
		return self._worked_before(end) - self._worked_before(start)

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

	def _worked_before(self, moment: datetime) -> float:
		"""Worked seconds from the first known day to `moment`."""
		day, second = moment.date(), _second_of_day(moment)
		within = sum(min(second, end) - start for start, end in self.windows(day) if start < second)
		return self._total_before(day) + within

	def _total_before(self, day: date) -> int:
		if self._first is None:
			self._first = day
		if day < self._first:
			self._extend_back(day)
		index = (day - self._first).days
		while len(self._totals) <= index:
			last = self._first + timedelta(days=len(self._totals) - 1)
			self._totals.append(self._totals[-1] + self._worked_on(last))
		return self._totals[index]

	def _extend_back(self, day: date) -> None:
		"""Earlier days have negative totals, so that nothing stored changes."""
		earlier, known = [], self._first
		total = self._totals[0]
		while known > day:
			known -= _DAY
			total -= self._worked_on(known)
			earlier.append(total)
		self._totals[:0] = reversed(earlier)
		self._first = day

	def _worked_on(self, day: date) -> int:
		return sum(end - start for start, end in self.windows(day))


def _second_of_day(moment: datetime) -> float:
	return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1_000_000


def _check(windows: Sequence[Window]) -> None:
	before = 0
	for start, end in windows:
		if not before <= start < end <= _DAY_SECONDS:
			raise ValueError(f"windows {windows} are not sorted, apart and within a day")
		before = end
