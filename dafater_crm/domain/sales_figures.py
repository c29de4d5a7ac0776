"""Arithmetic of the dashboards: shares, change, sales velocity, days overdue. Plain numbers in, plain numbers out."""

from __future__ import annotations

from datetime import date, timedelta

# first and last day overdue of each age of a debt; the last age is open
AGES = ((1, 30), (31, 60), (61, 90), (91, None))


def percent(part: float, whole: float) -> float | None:
	"""`part` of `whole` in percent, one decimal; None where there is no whole to compare with."""
	return round(part / whole * 100, 1) if whole else None


def percent_change(now: float, before: float) -> float | None:
	"""Change from `before` to `now` in percent, one decimal; None where there was nothing before."""
	return round((now - before) / before * 100, 1) if before else None


def win_rate(won: int, lost: int) -> float | None:
	"""Won of all decided opportunities, won / (won + lost), in percent; None where none was decided."""
	return percent(won, won + lost)


def sales_velocity(at_work: int, won: int, lost: int, won_amount: float, won_days: float) -> float | None:
	"""Money that the pipeline brings in a day: opportunities at work × win rate × average won value / average cycle.

	`won_amount` is the sum, `won_days` the sum of days from the opportunity's date to the day it was won. An average
	cycle below one day counts as one day. None where nothing was won: there is no average then.
	"""
	if not won:
		return None
	cycle = max(won_days / won, 1.0)
	return round(at_work * won / (won + lost) * (won_amount / won) / cycle, 2)


def same_days_last_month(day: date) -> tuple[date, date]:
	"""First day of the month before `day`'s, and the day of that month with the same number, or its last one."""
	last = day.replace(day=1) - timedelta(days=1)
	return last.replace(day=1), last.replace(day=min(day.day, last.day))
