"""How long leads take to become customers: the first submitted order or invoice of each, and what it took.

A lead is converted by the first of these that is submitted, by its own date: a Sales Order (unless it was closed before
anything was delivered or billed) or a Sales Invoice that is no credit note, made for the lead itself or for an
opportunity that came from it. The same documents as in `facts.py`, which decides the status Converted.
"""

from __future__ import annotations

from statistics import median

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Count
from pypika import Case
from pypika.analytics import RowNumber
from pypika.queries import QueryBuilder
from pypika.terms import Field, LiteralValue, Term, ValueWrapper

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.report_filters import ReportFilters, all_of
from dafater_crm.queries.report_interactions import LEAD, OPPORTUNITY, counts_until
from dafater_crm.queries.view_section import may_read

ORDER, INVOICE, ISSUE = "Sales Order", "Sales Invoice", "Issue"
FIELDS = ("title", "lead_owner", "source", "territory", "creation")
# columns that are added up in Python
TALKS = tuple(f"talks_{number}" for number in range(1, 7))
ISSUES = ("issues_1", "issues_2")


def conversions(filters: ReportFilters) -> list[dict]:
	"""One row for each lead converted in the period that the user's list shows, newest first.

	Each: lead, title, lead_owner, source, territory, creation, customer and document (None without one, and where the user's
	own list does not show it), document_type, converted_on, days (whole days from the day the lead was entered; 0 when the order is dated earlier), interactions
	(up to the end of the day of conversion), tickets (Issues of the lead or its opportunities, whenever raised, that the
	user's own list shows; None for a user who has none, see `sees_tickets`).
	One statement; the caller has checked that the user may read leads.
	"""
	if not frappe.db.table_exists(ORDER, cached=True):
		return []
	rows, with_tickets = _converted_leads(filters), sees_tickets()
	for row in rows:
		row["days"] = max((row["converted_on"] - row["creation"].date()).days, 0)
		row["interactions"] = sum(row.pop(name) for name in TALKS)
		row["tickets"] = sum(row.pop(name) for name in ISSUES) if with_tickets else None
		if not row.pop("sees_document"):
			row["document"] = None
		if not row.pop("sees_customer"):
			row["customer"] = None
	return rows


def has_tickets() -> bool:
	"""Whether the site has Issues at all: ERPNext may lose them to an app of their own."""
	return frappe.db.table_exists(ISSUE, cached=True)


def sees_tickets() -> bool:
	"""Whether the user has a list of Issues, by role: a share of one opens no list."""
	return has_tickets() and may_read(ISSUE)


def totals(rows: list[dict]) -> dict:
	"""Leads, average and median days, average interactions and all tickets of `rows`; days are None without a row,
	tickets where a row has None."""
	if not rows:
		return {"leads": 0, "average": None, "median": None, "interactions": None, "tickets": 0}
	days = [row["days"] for row in rows]
	return {
		"leads": len(rows),
		"average": round(sum(days) / len(days), 1),
		"median": round(float(median(days)), 1),
		"interactions": round(sum(row["interactions"] for row in rows) / len(rows), 1),
		"tickets": None if rows[0]["tickets"] is None else sum(row["tickets"] for row in rows),
	}


def _converted_leads(filters: ReportFilters) -> list[dict]:
	lead, link, first = DocType(LEAD), DocType("Dafater Party Link"), _first_documents(filters)
	customer = Coalesce(link.customer, first.customer)
	query = (
		frappe.qb.from_(first)
		.join(lead)
		.on(lead.name == first.lead)
		.left_join(link)
		.on((link.party_name == lead.name) & (link.party_type == LEAD))
		.select(lead.name.as_("lead"), *(lead[field] for field in FIELDS))
		.select(first.document_type, first.document, first.converted_on)
		.select(customer.as_("customer"), _listed("Customer", customer).as_("sees_customer"))
		.select(_sees_document(first).as_("sees_document"))
		.select(*_named(TALKS, counts_until(lead.name, first.converted_on)))
		.select(*_named(ISSUES, _tickets(lead.name)))
		.where(ListedRows(LEAD))
		.orderby(first.converted_on, order=frappe.qb.desc)
		.orderby(lead.name)
	)
	chosen = all_of(
		filters.links(lead, "company", "source", "campaign", "market_segment", "lead_owner"),
		filters.territory(lead),
	)
	return (query.where(chosen) if chosen is not None else query).run(as_dict=True)


def _sees_document(first) -> Term:
	return (
		Case()
		.when(first.document_type == ORDER, _listed(ORDER, first.document))
		.else_(_listed(INVOICE, first.document))
	)


def _listed(doctype: str, name: Term) -> Term:
	"""1 where the user's list of the DocType shows the record, else 0. By role first: a share of one opens no others."""
	if not may_read(doctype):
		return ValueWrapper(0)
	rule = ListedRows(doctype).get_sql()
	if rule == "1=1":
		return ValueWrapper(1)
	table = DocType(doctype)
	shown = frappe.qb.from_(table).select(Count("*")).where((table.name == name) & LiteralValue(rule))
	return Case().when(name.isnotnull(), shown).else_(0)


def _first_documents(filters: ReportFilters) -> QueryBuilder:
	"""Aliased subquery: the first order or invoice of each lead that was converted in the period."""
	documents = (
		_documents(ORDER, "transaction_date", through_opportunity=False)
		* _documents(ORDER, "transaction_date", through_opportunity=True)
		* _documents(INVOICE, "posting_date", through_opportunity=False)
		* _documents(INVOICE, "posting_date", through_opportunity=True)
	).as_("documents")
	place = RowNumber().over(documents.lead).orderby(documents.day, documents.moment, documents.document)
	ranked = (
		frappe.qb.from_(documents)
		.select(
			documents.lead,
			documents.day,
			documents.document_type,
			documents.document,
			documents.customer,
			place.as_("place"),
		)
		# later documents cannot be the first of a lead converted in the period
		.where(documents.day <= filters.to_date)
		.as_("ranked")
	)
	return (
		frappe.qb.from_(ranked)
		.select(
			ranked.lead,
			ranked.day.as_("converted_on"),
			ranked.document_type,
			ranked.document,
			ranked.customer,
		)
		.where((ranked.place == 1) & (ranked.day >= filters.from_date))
		.as_("first")
	)


def _documents(doctype: str, date_field: str, through_opportunity: bool):
	table, opportunity = DocType(doctype), DocType(OPPORTUNITY)
	if through_opportunity:
		lead = opportunity.lead
		query = frappe.qb.from_(table).join(opportunity).on(opportunity.name == table.dafater_opportunity)
		query = query.where(lead.isnotnull() & (lead != ""))
	else:
		lead = table.dafater_party
		query = frappe.qb.from_(table).where((table.dafater_party_type == LEAD) & (lead > ""))
	return query.select(
		lead.as_("lead"),
		table[date_field].as_("day"),
		table.creation.as_("moment"),
		ValueWrapper(doctype).as_("document_type"),
		table.name.as_("document"),
		table.customer.as_("customer"),
	).where(_counts(table, doctype))


def _counts(table, doctype: str):
	if doctype == INVOICE:
		return (table.docstatus == 1) & (table.is_return == 0)
	live = (table.status != "Closed") | (table.per_delivered > 0) | (table.per_billed > 0)
	return (table.docstatus == 1) & live


def _tickets(lead: Field) -> list[QueryBuilder]:
	"""Correlated counts of the Issues in the user's list, each once: by its lead, or by its opportunity where it names no lead."""
	if not sees_tickets():
		return []
	issue, opportunity = DocType(ISSUE), DocType(OPPORTUNITY)
	listed, number = LiteralValue(ListedRows(ISSUE).get_sql()), Count("*")
	behind = (
		frappe.qb.from_(issue)
		.join(opportunity)
		.on(opportunity.name == issue.dafater_opportunity)
		.where((Coalesce(issue.dafater_lead, "") == "") & (opportunity.lead == lead))
	)
	return [
		frappe.qb.from_(issue).select(number).where((issue.dafater_lead == lead) & listed),
		behind.select(number).where(listed),
	]


def _named(names: tuple[str, ...], queries: list[QueryBuilder]) -> list[QueryBuilder]:
	return [query.as_(name) for name, query in zip(names, queries, strict=False)]
