"""The customer view's sections about people, deals and service: contacts, leads, opportunities, issues, and so on."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime
from pypika.functions import Coalesce, NullIf

from dafater_crm.queries.party_set import (
	CUSTOMER,
	LEAD,
	OPPORTUNITY,
	PROSPECT,
	PartySet,
	any_of,
	one_of,
	party_rule,
)
from dafater_crm.queries.view_section import Section, company_currency, when

OPEN_OPPORTUNITY = ("Open", "Quotation", "Partially Ordered")
CLOSED_ISSUE = ("Closed", "Resolved")


def contacts(parties: PartySet, limit: int) -> dict | None:
	"""Contacts linked to the parties, and those in the contact tables of prospects and opportunities, with their role."""
	roles = _contact_roles(parties)
	if not roles:
		return {"rows": [], "count": 0, "figures": []}
	table = frappe.qb.DocType("Contact")
	section = Section(
		"Contact",
		rule=table.name.isin(sorted(roles)),
		columns={
			"title": table.full_name,
			"mobile_no": table.mobile_no,
			"phone": table.phone,
			"email_id": table.email_id,
			"designation": table.designation,
		},
		newest=table.modified,
	).read(limit)
	for row in section["rows"]:
		row["role"] = roles[row["name"]]
	return section


def leads(parties: PartySet, limit: int) -> dict | None:
	"""The leads of the relation."""
	if not parties.leads:
		return None
	table = frappe.qb.DocType(LEAD)
	return Section(
		LEAD,
		rule=table.name.isin(parties.leads),
		columns={
			"title": table.title,
			"status": table.status,
			"date": table.creation,
			"source": table.source,
		},
		newest=table.creation,
	).read(limit)


def opportunities(parties: PartySet, limit: int) -> dict | None:
	"""Open opportunities with their amount and weighted amount; the numbers won and lost stand beside them."""
	if not parties.opportunities:
		return None
	table = frappe.qb.DocType(OPPORTUNITY)
	section = Section(
		OPPORTUNITY,
		rule=table.name.isin(parties.opportunities) & table.status.isin(OPEN_OPPORTUNITY),
		columns={
			"title": table.title,
			"status": table.status,
			"date": table.transaction_date,
			"due_date": table.expected_closing,
			"stage": table.sales_stage,
			"amount": table.base_opportunity_amount,
		},
		newest=table.transaction_date,
		amounts={"open": table.base_opportunity_amount, "weighted": table.weighted_amount},
		currency=company_currency(),
	).read(limit)
	section["figures"] += _outcomes(parties)
	return section


def issues(parties: PartySet, limit: int) -> dict | None:
	"""ERPNext issues of the customers, leads and opportunities; how many are open."""
	table = frappe.qb.DocType("Issue")
	meta = frappe.get_meta("Issue")
	rule = any_of(
		one_of(table.customer, parties.customers),
		one_of(table.dafater_lead, parties.leads) if meta.has_field("dafater_lead") else None,
		one_of(table.dafater_opportunity, parties.opportunities)
		if meta.has_field("dafater_opportunity")
		else None,
	)
	if rule is None:
		return None
	return Section(
		"Issue",
		rule=rule,
		columns={
			"title": table.subject,
			"status": table.status,
			"date": table.opening_date,
			"priority": table.priority,
		},
		newest=table.creation,
		numbers={"open_count": when(table.status.notin(CLOSED_ISSUE))},
	).read(limit)


def appointments(parties: PartySet, limit: int) -> dict | None:
	"""Appointments with the parties; how many are still to come."""
	table = frappe.qb.DocType("Dafater Appointment")
	rule = party_rule(table.party_type, table.party_name, parties.parties())
	if rule is None:
		return None
	return Section(
		"Dafater Appointment",
		rule=rule,
		columns={
			"title": table.subject,
			"status": table.status,
			"datetime": table.starts_on,
			"channel": table.channel,
		},
		newest=table.starts_on,
		numbers={"upcoming_count": when((table.status == "Scheduled") & (table.starts_on >= now_datetime()))},
	).read(limit)


def contracts(parties: PartySet, limit: int) -> dict | None:
	"""Contracts with the parties or of their opportunities; value of the active ones, in the contract's currency."""
	table = frappe.qb.DocType("Dafater Contract")
	rule = any_of(
		party_rule(table.party_type, table.party_name, parties.parties(PROSPECT, CUSTOMER)),
		one_of(table.opportunity, parties.opportunities),
	)
	if rule is None:
		return None
	active = table.status == "Active"
	return Section(
		"Dafater Contract",
		rule=rule & (table.docstatus < 2),
		columns={
			"title": table.title,
			"status": table.status,
			"date": table.start_date,
			"due_date": table.end_date,
			"amount": table.contract_value,
		},
		newest=table.start_date,
		amounts={"active": when(active, table.contract_value)},
		numbers={"active_count": when(active)},
		currency=Coalesce(NullIf(table.currency, ""), company_currency()),
	).read(limit)


def _outcomes(parties: PartySet) -> list[dict]:
	table = frappe.qb.DocType(OPPORTUNITY)
	closed = Section(
		OPPORTUNITY,
		rule=table.name.isin(parties.opportunities) & table.status.notin(OPEN_OPPORTUNITY),
		columns={},
		newest=table.transaction_date,
		numbers={"won_count": when(table.status == "Won"), "lost_count": when(table.status == "Lost")},
	)
	return closed.figures()


def _contact_roles(parties: PartySet) -> dict[str, str]:
	"""Contact -> its role in the relation ("" where only a link ties it). Three statements at most."""
	roles: dict[str, str] = dict.fromkeys(_linked_contacts(parties), "")
	for doctype, parent_type, names in (
		("Dafater Prospect Contact", PROSPECT, parties.prospects),
		("Dafater Opportunity Contact", OPPORTUNITY, parties.opportunities),
	):
		if not names:
			continue
		row = frappe.qb.DocType(doctype)
		query = frappe.qb.from_(row).select(row.contact, row.role).where(row.parent.isin(names))
		for contact, role in query.where(row.parenttype == parent_type).run():
			roles[contact] = roles.get(contact) or role or ""
	return roles


def _linked_contacts(parties: PartySet) -> list[str]:
	link = frappe.qb.DocType("Dynamic Link")
	rule = party_rule(link.link_doctype, link.link_name, parties.parties())
	if rule is None:
		return []
	query = frappe.qb.from_(link).select(link.parent).distinct()
	return [row[0] for row in query.where(link.parenttype == "Contact").where(rule).run()]
