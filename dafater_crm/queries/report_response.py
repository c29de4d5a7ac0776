"""How fast opportunities get their first answer, around the clock and in business hours.

The first answer is the earlier of two: the first message that we sent (Frappe stamps it on the opportunity) and the first
call, meeting, visit or e-mail that was done. Seconds on the clock from the opportunity's creation; an answer given
before the opportunity was entered took 0. Business seconds are those of the same span in which the company works.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Cast, Coalesce, Concat, Count, GroupConcat, Min
from pypika import Case, CustomFunction
from pypika.queries import QueryBuilder
from pypika.terms import LiteralValue

from dafater_crm.domain.business_time import BusinessCalendar
from dafater_crm.domain.samples import mean, median, nearest_rank
from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.last_contact import TOUCHES
from dafater_crm.queries.report_filters import ReportFilters, all_of

OPPORTUNITY = "Dafater Opportunity"
DAY, MONTH = "Day", "Month"
EPOCH, DAY_SECONDS = date(1900, 1, 1), 86_400
EPOCH_DAY = EPOCH.toordinal()
LONGEST = 2**32 - 1

SecondsBetween = CustomFunction("TIMESTAMPDIFF", ["unit", "start", "end"])
Greatest = CustomFunction("GREATEST", ["first", "second"])
Least = CustomFunction("LEAST", ["first", "second"])


@dataclass
class Answers:
	"""Opportunities of one day or month, or of the whole period; 16 bytes for each answered one."""

	opportunities: int = 0
	clock: array = field(default_factory=lambda: array("d"))
	business: array = field(default_factory=lambda: array("d"))

	def add(self, other: Answers) -> None:
		self.opportunities += other.opportunities
		self.clock.extend(other.clock)
		self.business.extend(other.business)

	def figures(self) -> dict:
		"""opportunities, answered, and mean, median, p90 in seconds, the same with "business_" before it.

		A time is None where nothing was answered, or where there are no business hours. p90: nearest rank.
		"""
		found = {"opportunities": self.opportunities, "answered": len(self.clock)}
		for prefix, sample in (("", self.clock), ("business_", self.business)):
			ordered = sorted(sample)
			found[f"{prefix}mean"] = mean(ordered)
			found[f"{prefix}median"] = median(ordered)
			found[f"{prefix}p90"] = nearest_rank(ordered, 90)
		return found


def response_times(filters: ReportFilters, period: str, calendar: BusinessCalendar) -> dict[date, Answers]:
	"""First day of each period (DAY or MONTH) in which opportunities were created -> answers, in order of time.

	Two statements; the caller has checked that the user may read opportunities. Raises
	ValidationError for more opportunities than the server answers with at once (about a million).
	"""
	found: dict[int, Answers] = {}
	counts_business = not calendar.is_empty
	for created, seconds in _timed(filters):
		day, second = divmod(created, DAY_SECONDS)
		answers = found.get(day)
		if answers is None:
			answers = found[day] = Answers()
		answers.opportunities += 1
		if seconds >= 0:
			answers.clock.append(seconds)
			if counts_business:
				answers.business.append(calendar.seconds_after(EPOCH_DAY + day, second, seconds))
	return _by_period(found, period)


def _by_period(days: dict[int, Answers], period: str) -> dict[date, Answers]:
	"""Day after EPOCH -> answers, as days or months in order of time."""
	found: dict[date, Answers] = {}
	for day, answers in sorted(days.items()):
		first = date.fromordinal(EPOCH_DAY + day)
		if period == DAY:
			found[first] = answers
		else:
			found.setdefault(first.replace(day=1), Answers()).add(answers)
	return found


def overall(periods: dict[date, Answers]) -> Answers:
	"""All periods as one, for figures that are not averages of averages."""
	found = Answers()
	for answers in periods.values():
		found.add(answers)
	return found


def _timed(filters: ReportFilters) -> Iterator[tuple[int, int]]:
	"""Creation in seconds after EPOCH, and seconds to the first answer (-1 without one), of each opportunity.

	All of them come as one text: to read a row takes the driver longer than everything else together.
	"""
	# nosemgrep: raw-sql - a setting; a longer text than this would be cut off
	frappe.db.sql(f"SET SESSION group_concat_max_len = {LONGEST}")
	table = DocType(OPPORTUNITY)
	created = _seconds(LiteralValue(f"'{EPOCH}'"), table.creation)
	pair = Concat(created, " ", Coalesce(_first_answer(table), -1))
	query = (
		frappe.qb.from_(table)
		.select(Count("*"), GroupConcat(pair))
		.where(filters.on_moment(table.creation))
		.where(ListedRows(OPPORTUNITY))
	)
	chosen = _chosen(filters, table)
	[(count, text)] = (query.where(chosen) if chosen is not None else query).run()
	numbers = list(map(int, (text or "").replace(",", " ").split()))
	if len(numbers) != 2 * count:
		frappe.throw(_("These are too many opportunities for one report. Choose a shorter period."))
	return zip(numbers[::2], numbers[1::2], strict=True)


def _first_answer(table) -> QueryBuilder:
	"""Seconds to the earlier of our first message and the first call, meeting, visit or e-mail; NULL without any.

	Looked up for each opportunity in an index that holds all of it: half the time of grouping all activities first.
	"""
	activity = DocType("Dafater Activity")
	stamped = (
		Case()
		.when(table.first_response_time > 0, table.first_response_time)
		.when(table.first_responded_on.isnotnull(), _seconds(table.creation, table.first_responded_on))
	)
	spoken = _seconds(table.creation, Min(activity.done_on))
	first = Least(Coalesce(stamped, spoken), Coalesce(spoken, stamped))
	return (
		frappe.qb.from_(activity)
		.select(Cast(Greatest(first, 0), "SIGNED"))
		.where((activity.reference_doctype == OPPORTUNITY) & (activity.reference_name == table.name))
		.where((activity.status == "Done") & activity.activity_type.isin(TOUCHES))
	)


def _chosen(filters: ReportFilters, table):
	return all_of(
		filters.links(table, "company", "source", "opportunity_type", "opportunity_owner"),
		filters.territory(table),
	)


def _seconds(start, end):
	return SecondsBetween(LiteralValue("SECOND"), start, end)
