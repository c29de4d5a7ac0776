"""How fast opportunities got their first answer, around the clock and in business hours.

The times are kept on the opportunities (`records/response_times.py`): seconds from the creation to the first answer, and those of them
in which the company works. The server makes averages from an index; for medians and percentiles every time is read as well.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Cast, Coalesce, Concat, Count, GroupConcat, Sum

from dafater_crm.domain.samples import median, nearest_rank
from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_filters import ReportFilters, all_of

OPPORTUNITY = "Dafater Opportunity"
DAY, MONTH = "Day", "Month"
LONGEST = 2**32 - 1
# a generated column, in whose order an index of the opportunity lies
DAY_OF_CREATION = "_created_day"


@dataclass
class Answers:
	"""Opportunities of one day or month, or of the whole period. Sums are in seconds, of the answered ones.

	`clock` and `business` hold each of their times, 16 bytes together, where medians were asked for.
	"""

	opportunities: int = 0
	answered: int = 0
	timed: int = 0
	clock_sum: float = 0
	business_sum: float = 0
	clock: array = field(default_factory=lambda: array("d"))
	business: array = field(default_factory=lambda: array("d"))

	def add(self, other: Answers) -> None:
		self.opportunities += other.opportunities
		self.answered += other.answered
		self.timed += other.timed
		self.clock_sum += other.clock_sum
		self.business_sum += other.business_sum
		self.clock.extend(other.clock)
		self.business.extend(other.business)

	def figures(self, medians: bool = False) -> dict:
		"""opportunities, answered, and mean in seconds, with `medians` median and p90 (nearest rank); the same with "business_" before it.

		A time is None where nothing was answered, or where there are no business hours.
		"""
		found = {
			"opportunities": self.opportunities,
			"answered": self.answered,
			"mean": self.clock_sum / self.answered if self.answered else None,
			"business_mean": self.business_sum / self.timed if self.timed else None,
		}
		if medians:
			for prefix, sample in (("", self.clock), ("business_", self.business)):
				ordered = sorted(sample)
				found[f"{prefix}median"] = median(ordered)
				found[f"{prefix}p90"] = nearest_rank(ordered, 90)
		return found


def response_times(filters: ReportFilters, period: str, medians: bool = False) -> dict[date, Answers]:
	"""First day of each period (DAY or MONTH) in which opportunities were created -> answers, in order of time.

	One statement, two with `medians`; the caller has checked that the user may read opportunities. Raises ValidationError for medians
	of more opportunities than the server answers with at once (about a million).
	"""
	days = _by_day(filters)
	if medians:
		for day, clock, business in _each_time(filters):
			days[day].clock.append(clock)
			if business >= 0:
				days[day].business.append(business)
	if period == DAY:
		return days
	months: dict[date, Answers] = {}
	for day, answers in days.items():
		months.setdefault(day.replace(day=1), Answers()).add(answers)
	return months


def overall(periods: dict[date, Answers]) -> Answers:
	"""All periods as one, for figures that are not averages of averages."""
	found = Answers()
	for answers in periods.values():
		found.add(answers)
	return found


def _by_day(filters: ReportFilters) -> dict[date, Answers]:
	table = DocType(OPPORTUNITY)
	day = table[DAY_OF_CREATION]
	rows = (
		_chosen(filters, table)
		.select(day, Count("*"), Count(table.answer_time), Count(table.answer_business))
		.select(Sum(table.answer_time), Sum(table.answer_business))
		.groupby(day)
		.orderby(day)
		.run()
	)
	return {
		day: Answers(count, answered, timed, clock or 0, business or 0)
		for day, count, answered, timed, clock, business in rows
	}


def _each_time(filters: ReportFilters) -> Iterator[tuple[date, int, int]]:
	"""Day of creation, seconds to the first answer, and business seconds (-1 without), of each answered opportunity.

	All of them come as one text: to read a row takes the driver longer than everything else together.
	"""
	# nosemgrep: raw-sql - a setting; a longer text than this would be cut off
	frappe.db.sql(f"SET SESSION group_concat_max_len = {LONGEST}")
	table = DocType(OPPORTUNITY)
	clock, business = (
		Cast(Coalesce(field, -1), "SIGNED") for field in (table.answer_time, table.answer_business)
	)
	triple = Concat(table[DAY_OF_CREATION], " ", clock, " ", business)
	[(count, text)] = (
		_chosen(filters, table)
		.where(table.answer_time.isnotnull())
		.select(Count("*"), GroupConcat(triple))
		.run()
	)
	parts = (text or "").replace(",", " ").split()
	if len(parts) != 3 * count:
		frappe.throw(_("These are too many opportunities for one report. Choose a shorter period."))
	dates = {day: date.fromisoformat(day) for day in set(parts[::3])}
	days = (dates[day] for day in parts[::3])
	return zip(days, map(int, parts[1::3]), map(int, parts[2::3]), strict=True)


def _chosen(filters: ReportFilters, table):
	query = (
		frappe.qb.from_(table).where(filters.on_day(table[DAY_OF_CREATION])).where(ListedRows(OPPORTUNITY))
	)
	chosen = all_of(
		filters.links(table, "company", "source", "opportunity_type", "opportunity_owner"),
		filters.territory(table),
	)
	return query if chosen is None else query.where(chosen)
