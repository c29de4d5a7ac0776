"""Which lead a deal goes back to: the expressions that reports on campaigns and lead owners share.

A document is credited to one lead. The first of these that is known decides: the lead of its opportunity, the lead
that is its party, the earliest lead of its prospect, the lead that became its customer. Each is an expression on the
document's row, never a join, so that no document can be counted twice. It looks at all records, so that the credit
does not depend on who reads; what the reader may see is the caller's matter.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Date
from pypika import Case
from pypika.functions import Concat, Min, NullIf, Substring
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Field, Term

LEAD, PROSPECT, CUSTOMER, OPPORTUNITY = "Dafater Lead", "Dafater Prospect", "Customer", "Dafater Opportunity"


def lead_of_opportunity(table) -> Term:
	"""Name of the lead behind a row of Opportunity, NULL for none."""
	return Coalesce(
		NullIf(table.lead, ""),
		_party(LEAD, table.party_type, table.party_name),
		_first_lead_of_prospect(_party(PROSPECT, table.party_type, table.party_name)),
		*_leads_of_customer(_party(CUSTOMER, table.party_type, table.party_name), table.transaction_date),
	)


def lead_of_document(table, opportunity, customer: Term) -> Term:
	"""Name of the lead behind a row of Quotation or Sales Order, NULL for none.

	`opportunity`: the (left joined) opportunity of the document; `customer`: the document's Customer.
	"""
	prospect = Coalesce(
		_party(PROSPECT, opportunity.party_type, opportunity.party_name),
		_party(PROSPECT, table.dafater_party_type, table.dafater_party),
	)
	return Coalesce(
		NullIf(opportunity.lead, ""),
		_party(LEAD, opportunity.party_type, opportunity.party_name),
		_party(LEAD, table.dafater_party_type, table.dafater_party),
		_first_lead_of_prospect(prospect),
		*_leads_of_customer(customer, table.transaction_date),
	)


def _party(kind: str, party_type: Field, party: Field) -> Term:
	"""`party` where it is of this kind, else NULL."""
	return Case().when(party_type == kind, party)


def _first_lead_of_prospect(prospect: Term) -> Term:
	lead = DocType(LEAD).as_("lead_of_prospect")
	return _where_known(prospect, _earliest(frappe.qb.from_(lead).where(lead.prospect == prospect), lead))


def _leads_of_customer(customer: Term, day: Field) -> tuple[Term, Term]:
	"""The lead that became the customer, else the earliest of a prospect that did, made by the document's day.

	What a customer bought before there was a lead was not brought by it.
	"""
	link = DocType("Dafater Party Link").as_("link_of_lead")
	direct = DocType(LEAD).as_("lead_of_customer")
	itself = frappe.qb.from_(link).join(direct).on(_is(link, LEAD) & (direct.name == link.party_name))
	through = DocType("Dafater Party Link").as_("link_of_prospect")
	member = DocType(LEAD).as_("lead_of_customers_prospect")
	by_prospect = (
		frappe.qb.from_(through)
		.join(member)
		.on(_is(through, PROSPECT) & (member.prospect == through.party_name))
	)
	itself = itself.where((link.customer == customer) & (Date(direct.creation) <= day))
	by_prospect = by_prospect.where((through.customer == customer) & (Date(member.creation) <= day))
	return (
		_where_known(customer, _earliest(itself, direct)),
		_where_known(customer, _earliest(by_prospect, member)),
	)


def _where_known(party: Term, lookup: QueryBuilder) -> Term:
	"""Without this MariaDB looks up NULL in the index and reads every lead that has no prospect."""
	return Case().when(party.isnotnull(), lookup)


def _is(link, kind: str) -> Criterion:
	return link.party_type == kind


def _earliest(query: QueryBuilder, lead) -> QueryBuilder:
	"""The name that goes with the smallest creation (26 characters), the first name where two are equal.

	Not ORDER BY and LIMIT 1: for that MariaDB may walk the index on `creation` over all leads, once for each document.
	"""
	return query.select(Substring(Min(Concat(lead.creation, lead.name)), 27, 140))
