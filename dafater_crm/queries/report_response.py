"""How fast opportunities get their first answer, around the clock and in business hours.

The first answer is the earlier of two: the first message that we sent (Frappe stamps it on the opportunity) and the first
call, meeting, visit or e-mail that was done. Seconds on the clock from the opportunity's creation; an answer given
before the opportunity was entered took 0. Business seconds are those of the same span in which the company works.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Min
from pypika import Case, CustomFunction
from pypika.queries import QueryBuilder
from pypika.terms import LiteralValue

from dafater_crm.domain.business_time import BusinessCalendar
from dafater_crm.domain.samples import mean, median, nearest_rank
from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.last_contact import TOUCHES
from dafater_crm.queries.report_filters import ReportFilters, all_of

OPPORTUNITY = "Dafater Opportunity"
DAY, MONTH = "%Y-%m-%d", "%Y-%m"
EPOCH, DAY_SECONDS = datetime(1900, 1, 1), 86_400

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


def response_times(filters: ReportFilters, period: str, calendar: BusinessCalendar) -> dict[str, Answers]:
	"""Day or month ("2031-01-31" or "2031-01"; `period`: DAY or MONTH) in which opportunities were created -> answers.

	In order of time. One statement, one more for a territory, read in batches, so that memory grows by 16 bytes an
	opportunity; the caller has checked that the user may read opportunities.
	"""
	found: dict[int, Answers] = {}
	counts_business = not calendar.is_empty
	query = _timed(filters)
	with frappe.db.unbuffered_cursor():
		for created, seconds in query.run(as_list=True, as_iterator=True):
			day = created // DAY_SECONDS
			answers = found.get(day)
			if answers is None:
				answers = found[day] = Answers()
			answers.opportunities += 1
			if seconds is not None:
				answers.clock.append(seconds)
				if counts_business:
					creation = EPOCH + timedelta(seconds=created)
					answered = creation + timedelta(seconds=seconds)
					answers.business.append(calendar.seconds_between(creation, answered))
	return _by_period(found, period)


def _by_period(days: dict[int, Answers], period: str) -> dict[str, Answers]:
	"""Day after EPOCH -> answers, as days or months in order of time."""
	found: dict[str, Answers] = {}
	for day, answers in sorted(days.items()):
		key = (EPOCH + timedelta(days=day)).strftime(period)
		found.setdefault(key, Answers()).add(answers)
	return found


def overall(periods: dict[str, Answers]) -> Answers:
	"""All periods as one, for figures that are not averages of averages."""
	found = Answers()
	for answers in periods.values():
		found.add(answers)
	return found


def _timed(filters: ReportFilters) -> QueryBuilder:
	"""Creation in seconds after EPOCH, and seconds to the first answer (NULL without one), of each opportunity.

	Whole numbers, since a moment takes the driver longer to read than everything else together.
	"""
	table, spoken = DocType(OPPORTUNITY), _first_spoken(filters)
	stamped = (
		Case()
		.when(table.first_response_time > 0, table.first_response_time)
		.when(table.first_responded_on.isnotnull(), _seconds(table.creation, table.first_responded_on))
	)
	by_voice = _seconds(table.creation, spoken.moment)
	first = Least(Coalesce(stamped, by_voice), Coalesce(by_voice, stamped))
	query = (
		frappe.qb.from_(table)
		.left_join(spoken)
		.on(spoken.opportunity == table.name)
		.select(_seconds(EPOCH, table.creation), Greatest(first, 0))
		.where(filters.on_moment(table.creation))
		.where(ListedRows(OPPORTUNITY))
	)
	chosen = _chosen(filters, table)
	return query.where(chosen) if chosen is not None else query


def _first_spoken(filters: ReportFilters) -> QueryBuilder:
	"""The first call, meeting, visit or e-mail on each opportunity of the period."""
	activity, table = DocType("Dafater Activity"), DocType(OPPORTUNITY).as_("deal")
	return (
		frappe.qb.from_(table)
		.join(activity)
		.on((activity.reference_name == table.name) & (activity.reference_doctype == OPPORTUNITY))
		.select(table.name.as_("opportunity"), Min(activity.done_on).as_("moment"))
		.where(filters.on_moment(table.creation))
		.where((activity.status == "Done") & activity.activity_type.isin(TOUCHES))
		.groupby(table.name)
		.as_("spoken")
	)


def _chosen(filters: ReportFilters, table):
	return all_of(
		filters.links(table, "company", "source", "opportunity_type", "opportunity_owner"),
		filters.territory(table),
	)


def _seconds(start, end):
	return SecondsBetween(LiteralValue("SECOND"), start, end)
