"""Who a customer view is about: the leads, prospects, customers and opportunities that are one business relation.

Resolved with a fixed number of statements for each kind of record. No permission is applied here: the set only says
where to look, and every section of the view shows nothing but rows which the user's own list would show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import frappe
from pypika.terms import Criterion, Field

LEAD, PROSPECT, OPPORTUNITY, CUSTOMER = "Dafater Lead", "Dafater Prospect", "Dafater Opportunity", "Customer"
VIEWED_DOCTYPES = (LEAD, PROSPECT, OPPORTUNITY, CUSTOMER)


@dataclass(frozen=True)
class PartySet:
	"""Names by DocType; tuples are sorted, so that the same records make the same statement."""

	leads: tuple[str, ...] = ()
	prospects: tuple[str, ...] = ()
	customers: tuple[str, ...] = ()
	opportunities: tuple[str, ...] = ()

	def names(self, doctype: str) -> tuple[str, ...]:
		return {
			LEAD: self.leads,
			PROSPECT: self.prospects,
			CUSTOMER: self.customers,
			OPPORTUNITY: self.opportunities,
		}[doctype]

	def parties(self, *doctypes: str) -> list[tuple[str, tuple[str, ...]]]:
		"""(DocType, names) of each kind that is there; all kinds when none is named."""
		return [
			(doctype, self.names(doctype)) for doctype in doctypes or VIEWED_DOCTYPES if self.names(doctype)
		]


def resolve(doctype: str, name: str) -> PartySet:
	"""Return the set that the view of one record is about.

	Lead: itself, its prospect and what belongs to that prospect. Prospect: itself and its leads. Customer: the leads and
	prospects linked to it and the leads of those. Opportunity: the set of its party, and itself even where the
	party is gone. A customer's set never reaches another customer through a shared lead or prospect.
	"""
	leads, prospects, customers = _seed(doctype, name)
	if customers:
		linked = _linked_parties(customers)
		leads |= linked[LEAD]
		prospects |= linked[PROSPECT]
	else:
		prospects |= _prospects_of(leads)
	leads |= _leads_of(prospects)
	if not customers:
		customers = _customers_of(leads, prospects)
	opportunities = _opportunities_of(leads, prospects, customers)
	if doctype == OPPORTUNITY:
		opportunities.add(name)
	return PartySet(*(tuple(sorted(names)) for names in (leads, prospects, customers, opportunities)))


def party_rule(kind: Field, party: Field, parties: Iterable[tuple[str, tuple[str, ...]]]) -> Criterion | None:
	"""The condition "type and name are one of these parties", or None when there are none."""
	return any_of(*((kind == doctype) & party.isin(names) for doctype, names in parties))


def any_of(*rules: Criterion | None) -> Criterion | None:
	"""The rules joined by OR; None stands for "matches nothing" and is left out."""
	joined = None
	for rule in rules:
		if rule is not None:
			joined = rule if joined is None else joined | rule
	return joined


def one_of(field: Field, names: tuple[str, ...]) -> Criterion | None:
	"""`field` in `names`, or None for no names: an empty IN list is an error in SQL."""
	return field.isin(names) if names else None


def _seed(doctype: str, name: str) -> tuple[set[str], set[str], set[str]]:
	if doctype != OPPORTUNITY:
		return tuple({name} if doctype == kind else set() for kind in (LEAD, PROSPECT, CUSTOMER))
	party = frappe.db.get_value(OPPORTUNITY, name, ["party_type", "party_name", "lead"], as_dict=True) or {}
	leads, prospects, customers = (
		{party.get("party_name")} if party.get("party_type") == kind and party.get("party_name") else set()
		for kind in (LEAD, PROSPECT, CUSTOMER)
	)
	if party.get("lead"):
		leads.add(party["lead"])
	return leads, prospects, customers


def _linked_parties(customers: set[str]) -> dict[str, set[str]]:
	link = frappe.qb.DocType("Dafater Party Link")
	rows = (
		frappe.qb.from_(link)
		.select(link.party_type, link.party_name)
		.where(link.customer.isin(sorted(customers)))
		.run()
	)
	return {kind: {name for doctype, name in rows if doctype == kind} for kind in (LEAD, PROSPECT)}


def _prospects_of(leads: set[str]) -> set[str]:
	return _column(LEAD, "prospect", "name", leads)


def _leads_of(prospects: set[str]) -> set[str]:
	return _column(LEAD, "name", "prospect", prospects)


def _column(doctype: str, wanted: str, filtered: str, values: set[str]) -> set[str]:
	if not values:
		return set()
	table = frappe.qb.DocType(doctype)
	rows = frappe.qb.from_(table).select(table[wanted]).where(table[filtered].isin(sorted(values))).run()
	return {row[0] for row in rows if row[0]}


def _customers_of(leads: set[str], prospects: set[str]) -> set[str]:
	link = frappe.qb.DocType("Dafater Party Link")
	rule = party_rule(link.party_type, link.party_name, _pairs(leads, prospects, set()))
	if rule is None:
		return set()
	return {row[0] for row in frappe.qb.from_(link).select(link.customer).where(rule).run() if row[0]}


def _opportunities_of(leads: set[str], prospects: set[str], customers: set[str]) -> set[str]:
	table = frappe.qb.DocType(OPPORTUNITY)
	rule = any_of(
		party_rule(table.party_type, table.party_name, _pairs(leads, prospects, customers)),
		one_of(table.lead, tuple(sorted(leads))),
	)
	if rule is None:
		return set()
	return {row[0] for row in frappe.qb.from_(table).select(table.name).where(rule).run()}


def _pairs(leads: set[str], prospects: set[str], customers: set[str]) -> list[tuple[str, tuple[str, ...]]]:
	groups = ((LEAD, leads), (PROSPECT, prospects), (CUSTOMER, customers))
	return [(doctype, tuple(sorted(names))) for doctype, names in groups if names]
