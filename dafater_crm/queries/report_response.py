"""How fast opportunities get their first answer: counted, averaged and ranked in the database.

The first answer is the earlier of two: the first message that we sent (Frappe stamps it on the opportunity) and the first
call, meeting, visit or e-mail that was done. Seconds on the clock from the opportunity's creation; an answer given
before the opportunity was entered took 0.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Avg, Coalesce, Count, Max, Min
from pypika import Case, CustomFunction
from pypika.analytics import Count as CountOver
from pypika.analytics import RowNumber
from pypika.queries import QueryBuilder
from pypika.terms import LiteralValue, ValueWrapper

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.last_contact import TOUCHES
from dafater_crm.queries.report_filters import ReportFilters, all_of

OPPORTUNITY = "Dafater Opportunity"
DAY, MONTH = "%Y-%m-%d", "%Y-%m"
FIGURES = ("opportunities", "answered", "mean", "median", "p90")

DateFormat = CustomFunction("DATE_FORMAT", ["moment", "format"])
SecondsBetween = CustomFunction("TIMESTAMPDIFF", ["unit", "start", "end"])
Greatest = CustomFunction("GREATEST", ["first", "second"])
Least = CustomFunction("LEAST", ["first", "second"])
Ceil = CustomFunction("CEIL", ["value"])
Floor = CustomFunction("FLOOR", ["value"])


def response_times(filters: ReportFilters, period: str) -> list[dict]:
	"""Return a row for each day or month (`period`: DAY or MONTH) in which opportunities were created, in order.

	Each: period ("2031-01-31" or "2031-01"), opportunities, answered, and mean, median, p90 in seconds (None where
	nothing was answered). Median: the middle one, or the mean of the two middle ones; p90: nearest rank. One
	statement, one more for a territory; the caller has checked that the user may read opportunities.
	"""
	return _figures(filters, lambda table: DateFormat(table.creation, period))


def overall(filters: ReportFilters) -> dict | None:
	"""The same figures over the whole period; None when there is no opportunity. One statement."""
	rows = _figures(filters, lambda table: ValueWrapper("all"))
	return rows[0] if rows else None


def _figures(filters: ReportFilters, period_of) -> list[dict]:
	ranked = _ranked(filters, period_of)
	answers, place, seconds = ranked.answers, ranked.place, ranked.seconds
	answered = seconds.isnotnull()
	middle = (place >= Floor((answers + 1) / 2)) & (place <= Ceil((answers + 1) / 2))
	# nearest rank, with whole numbers: of ten answers the ninth
	tail = place == Ceil(answers * 9 / 10)
	return (
		frappe.qb.from_(ranked)
		.select(
			ranked.period,
			Count("*").as_("opportunities"),
			Count(seconds).as_("answered"),
			Avg(seconds).as_("mean"),
			Avg(Case().when(answered & middle, seconds)).as_("median"),
			Max(Case().when(answered & tail, seconds)).as_("p90"),
		)
		.groupby(ranked.period)
		.orderby(ranked.period)
		.run(as_dict=True)
	)


def _ranked(filters: ReportFilters, period_of) -> QueryBuilder:
	"""Each opportunity with its place among the answered ones of its period, quickest first."""
	timed = _timed(filters, period_of)
	has_answer = Case().when(timed.seconds.isnull(), 0).else_(1)
	return (
		frappe.qb.from_(timed)
		.select(
			timed.period,
			timed.seconds,
			RowNumber().over(timed.period, has_answer).orderby(timed.seconds).as_("place"),
			CountOver(timed.seconds).over(timed.period).as_("answers"),
		)
		.as_("ranked")
	)


def _timed(filters: ReportFilters, period_of) -> QueryBuilder:
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
		.select(period_of(table).as_("period"), Greatest(first, 0).as_("seconds"))
		.where(filters.on_moment(table.creation))
		.where(ListedRows(OPPORTUNITY))
	)
	chosen = _chosen(filters, table)
	return (query.where(chosen) if chosen is not None else query).as_("timed")


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
