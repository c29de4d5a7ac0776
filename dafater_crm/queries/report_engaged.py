"""Leads that we talk with and that have not become customers: how often, since when, when last and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import mul

import frappe
from frappe.query_builder import DocType, Order
from frappe.query_builder.functions import Count, Max
from frappe.utils import getdate
from pypika.analytics import Count as CountOver
from pypika.analytics import RowNumber
from pypika.analytics import Sum as SumOver
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, CustomFunction, LiteralValue, ValueWrapper

from dafater_crm.queries.access import ListedRows, row_access
from dafater_crm.queries.report_filters import ReportFilters, all_of, most_rows
from dafater_crm.queries.report_interactions import (
	LEAD,
	channel_of,
	channel_words,
	in_bytes,
	interactions,
	longest_name,
	read_stamp,
	text_of,
)

# statuses in which nobody tries to win the lead any more, or need not
SETTLED = ("Converted", "Disqualified", "Do Not Contact")
FIELDS = ("title", "organisation_name", "status", "lead_owner", "territory", "source", "creation")

TEMPORARY_BYTES = 256 * 1024 * 1024
# no lead is older than a century, and a day before the year 1 is none
OLDEST = 36_500

DaysBetween = CustomFunction("DATEDIFF", ["end", "start"])


@dataclass
class Engaged:
	"""`rows` are those shown, most interactions first; the figures are of all engaged leads.

	Each row: lead, title, organisation_name, status, lead_owner, territory, source, creation, age (days), interactions,
	last_contact, channel (the key; "" where the message has none). `days` adds up the ages; `by_channel` counts leads by
	the channel of their last contact, most frequent first.
	"""

	rows: list[dict] = field(default_factory=list)
	leads: int = 0
	interactions: int = 0
	days: int = 0
	by_channel: dict[str, int] = field(default_factory=dict)


def engaged_leads(filters: ReportFilters, least: int, age: int, today: date | None = None) -> Engaged:
	"""Leads in the user's list with at least `least` interactions and an age of at least `age` days.

	At most `most_rows` of them are rows. Two statements; the caller has checked that the user
	may read leads.
	"""
	today = today or getdate()
	limit = most_rows(filters)
	ranked = _ranked(
		_counted(filters, max(least, 1), today - timedelta(days=min(max(age, 0), OLDEST)), today)
	)
	found, channels = Engaged(), channel_words()
	for row in _run(_shown_and_totals(ranked, limit)):
		moment, channel = read_stamp(row.pop("stamp"), channels)
		_add_totals(found, channel, row)
		if row.pop("place") <= limit:
			row.update(last_contact=moment, channel=channel)
			found.rows.append(row)
	found.by_channel = dict(sorted(found.by_channel.items(), key=lambda item: (-item[1], item[0])))
	return found


def _run(query: QueryBuilder) -> list[dict]:
	"""With room for the temporary tables of a million leads in memory; on disk they take three times as long."""
	room = f"tmp_table_size={TEMPORARY_BYTES}, max_heap_table_size={TEMPORARY_BYTES}"
	# what the reader chose is bound, as in `run`: the text alone would carry a backslash as it is
	text, values = query.walk()
	statement = f"set statement {room} for {text}"
	return frappe.db.sql(statement, values, as_dict=True)  # nosemgrep: raw-sql - qb has no SET STATEMENT


def _add_totals(found: Engaged, channel: str, row: dict) -> None:
	"""The totals of a channel are on each of its rows, and count once."""
	leads, interactions, days = (row.pop(name) for name in ("leads", "all_interactions", "days"))
	if row.pop("nth") == 1:
		found.leads += leads
		found.interactions += int(interactions)
		found.days += int(days)
		found.by_channel[channel] = leads


def _ranked(counted: QueryBuilder) -> QueryBuilder:
	"""Every engaged lead with its place and with the totals of its channel: without its texts, since narrow rows sort
	quickly."""
	channel = channel_of(counted.stamp)
	place = RowNumber().orderby(counted.interactions, order=Order.desc)
	place = place.orderby(counted.stamp, order=Order.desc).orderby(counted.lead)
	return (
		frappe.qb.from_(counted)
		.select(counted.lead, counted.interactions, counted.stamp, counted.age, place.as_("place"))
		.select(
			RowNumber().over(channel).as_("nth"),
			CountOver("*").over(channel).as_("leads"),
			SumOver(counted.interactions).over(channel).as_("all_interactions"),
			SumOver(counted.age).over(channel).as_("days"),
		)
		.as_("ranked")
	)


def _shown_and_totals(ranked: QueryBuilder, limit: int) -> QueryBuilder:
	"""The rows shown and one row of each channel, with what the report says of the lead read for these alone."""
	shown = DocType(LEAD).as_("shown")
	return (
		frappe.qb.from_(ranked)
		.join(shown)
		.on(shown.name == text_of(ranked.lead))
		.select(shown.name.as_("lead"), *(shown[name] for name in FIELDS))
		.select(*(ranked[name] for name in ("interactions", "age", "stamp", "place", "nth")))
		.select(*(ranked[name] for name in ("leads", "all_interactions", "days")))
		.where((ranked.place <= limit) | (ranked.nth == 1))
		.orderby(ranked.place)
	)


def _counted(filters: ReportFilters, least: int, last_day: date, today: date) -> QueryBuilder:
	"""The chosen leads with their interactions, sorted and then counted.

	The leads go through the same sort as their interactions, each as a row with its age, which is five times quicker
	than to look up each counted lead. Where the reader sees single leads, only their interactions are
	read. Without the modifier MariaDB would look up every row in a table of groups instead.
	"""
	width = longest_name()
	rule = _rule(filters, last_day)
	parts = [_leads(rule, today, width), *interactions(width, None if row_access(LEAD).everything else rule)]
	found = reduce(mul, parts).as_("found")
	number = Count("*") - 1
	return (
		frappe.qb.from_(found)
		.modifier("SQL_BIG_RESULT")
		.select(
			found.lead, number.as_("interactions"), Max(found.stamp).as_("stamp"), Max(found.age).as_("age")
		)
		.groupby(found.lead)
		.having(Max(found.age).isnotnull() & (number >= least))
		.as_("counted")
	)


def _rule(filters: ReportFilters, last_day: date) -> Criterion:
	"""Leads that somebody still tries to win, entered on `last_day` or before, in the user's list."""
	lead = DocType(LEAD)
	end = datetime.combine(last_day + timedelta(days=1), time.min)
	# a row that was written past the controller may have no status, and NOT IN would drop it
	unsettled = lead.status.isnull() | lead.status.notin(SETTLED)
	return all_of(
		unsettled & (lead.do_not_contact == 0) & (lead.creation < end),
		lead.name == filters.get("lead") if filters.get("lead") else None,
		filters.links(lead, "company", "source", "campaign", "market_segment", "lead_owner"),
		filters.territory(lead),
		# rendered once: each rendering looks up the user's shares, and the query builder renders its parts many times
		LiteralValue(ListedRows(LEAD).get_sql()),
	)


def _leads(rule: Criterion, today: date, width: int) -> QueryBuilder:
	"""A row for each chosen lead, with its age."""
	lead = DocType(LEAD)
	age = DaysBetween(today, lead.creation)
	return (
		frappe.qb.from_(lead)
		.select(in_bytes(lead.name, width).as_("lead"), ValueWrapper(0).as_("stamp"), age.as_("age"))
		.where(rule)
	)
