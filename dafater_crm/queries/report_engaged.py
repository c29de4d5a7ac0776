"""Leads that we talk with and that have not become customers: how often, since when, when last and how."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Concat, Count, Max
from frappe.utils import getdate
from pypika.terms import Criterion

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_filters import ReportFilters, all_of
from dafater_crm.queries.report_interactions import LEAD, all_interactions, text_of

# statuses in which nobody tries to win the lead any more, or need not
SETTLED = ("Converted", "Disqualified", "Do Not Contact")
FIELDS = ("title", "organisation_name", "status", "lead_owner", "territory", "source", "creation")


def engaged_leads(filters: ReportFilters, least: int, age: int, today: date | None = None) -> list[dict]:
	"""Leads in the user's list with at least `least` interactions and an age of at least `age` days.

	Most interactions first. Each: lead, title, organisation_name, status, lead_owner, territory, source, creation, age
	(days), interactions, last_contact, channel (the key; "" where the message has none). One statement, one more
	for a territory; the caller has checked that the user may read leads.
	"""
	today = today or getdate()
	lead, counted = DocType(LEAD), _counted(max(least, 1))
	rows = (
		frappe.qb.from_(counted)
		.join(lead)
		.on(lead.name == text_of(counted.lead))
		.select(
			lead.name.as_("lead"), *(lead[field] for field in FIELDS), counted.interactions, counted.latest
		)
		.where(_open_and_old(filters, lead, today - timedelta(days=max(age, 0))))
		.where(ListedRows(LEAD))
		.orderby(counted.interactions, order=frappe.qb.desc)
		.orderby(counted.latest, order=frappe.qb.desc)
		.orderby(lead.name)
		.run(as_dict=True)
	)
	for row in rows:
		row["age"] = (today - row["creation"].date()).days
		moment, row["channel"] = row.pop("latest").split("|", 1)
		row["last_contact"] = datetime.fromisoformat(moment)
	return rows


def _counted(least: int):
	found = all_interactions().as_("found")
	return (
		frappe.qb.from_(found)
		.select(
			found.lead,
			Count("*").as_("interactions"),
			# a moment is always 26 characters long, so the greatest text is the latest moment with its channel
			Max(Concat(found.moment, "|", found.channel)).as_("latest"),
		)
		.groupby(found.lead)
		.having(Count("*") >= least)
		.as_("counted")
	)


def _open_and_old(filters: ReportFilters, lead, last_day: date) -> Criterion:
	"""Leads that somebody still tries to win, entered on `last_day` or before."""
	end = datetime.combine(last_day + timedelta(days=1), time.min)
	return all_of(
		lead.status.notin(SETTLED) & (lead.do_not_contact == 0) & (lead.creation < end),
		lead.name == filters.get("lead") if filters.get("lead") else None,
		filters.links(lead, "company", "source", "campaign", "market_segment", "lead_owner"),
		filters.territory(lead),
	)
