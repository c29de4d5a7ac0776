"""The leads of a period, one row each: the address is on the lead, so no join can double a row."""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType, Order
from frappe.query_builder.functions import Count
from pypika.terms import Criterion

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_attribution import LEAD
from dafater_crm.queries.report_filters import ReportFilters, all_of, most_rows

SHOWN = (
	"name",
	"title",
	"organisation_name",
	"status",
	"lead_owner",
	"mobile_no",
	"email_id",
	"territory",
	"source",
	"campaign",
	"market_segment",
	"qualification_status",
	"score",
	"creation",
	"last_contact_on",
	"next_follow_up",
	"converted_on",
	"street",
	"district",
	"city",
	"region",
	"company",
)
LINKS = ("company", "source", "campaign", "market_segment", "lead_owner")


def leads_in_detail(filters: ReportFilters) -> list[dict]:
	"""The leads of the period that the user's list shows, newest first, at most `most_rows`. One statement."""
	lead, user = DocType(LEAD), DocType("User")
	return (
		frappe.qb.from_(lead)
		.left_join(user)
		.on(user.name == lead.lead_owner)
		.select(*(lead[name] for name in SHOWN), user.full_name.as_("owner_name"))
		.where(_rule(filters, lead))
		# the order of the index (company, creation, status), so that the newest are read and nothing is sorted
		.orderby(lead.creation, order=Order.desc)
		.orderby(lead.status, order=Order.desc)
		.orderby(lead.name, order=Order.desc)
		.limit(most_rows(filters))
		.run(as_dict=True)
	)


def leads_by_status(filters: ReportFilters) -> dict[str, int]:
	"""Status -> number of all those leads, most frequent first. One statement."""
	lead = DocType(LEAD)
	count = Count("*")
	rows = (
		frappe.qb.from_(lead)
		.select(lead.status, count)
		.where(_rule(filters, lead))
		.groupby(lead.status)
		.orderby(count, order=Order.desc)
		.orderby(lead.status)
		.run()
	)
	return dict(rows)


def _rule(filters: ReportFilters, lead) -> Criterion:
	return all_of(
		filters.on_moment(lead.creation),
		filters.links(lead, *LINKS),
		filters.one_of(lead.status, "status"),
		filters.territory(lead),
		ListedRows(LEAD),
	)
