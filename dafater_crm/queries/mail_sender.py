"""Whose address is this: the record that a mail from a known sender belongs to. At most four statements."""

from __future__ import annotations

import frappe

from dafater_crm.queries.facts import DEAD_OPPORTUNITY

LEAD, PROSPECT, OPPORTUNITY = "Dafater Lead", "Dafater Prospect", "Dafater Opportunity"
ENDED_LEAD = ("Converted", "Disqualified")


def record_of(address: str) -> tuple[str, str] | None:
	"""Return (DocType, name) of the record that a mail from `address` belongs to, or None for a stranger.

	The newest open opportunity of the sender's lead, prospect or customer; else the open lead, the prospect, the customer,
	the ended lead, or another record that the sender's Contact is linked to. Sees every record: it files a mail, and whoever
	reads the mail needs the right to read the record.
	"""
	parties = _parties(address)
	deal = _open_opportunity(address, parties)
	if deal:
		return OPPORTUNITY, deal
	if not parties:
		return None
	ended = _ended([name for doctype, name in parties if doctype == LEAD])
	order = {LEAD: 0, PROSPECT: 1, "Customer": 2}
	return min(
		parties,
		key=lambda party: 3 if party[0] == LEAD and party[1] in ended else order.get(party[0], 4),
	)


def _parties(address: str) -> list[tuple[str, str]]:
	"""Parties with this address, the newest first, in one statement; then those linked to its Contacts."""
	found = []
	for doctype in (LEAD, PROSPECT):
		found += [
			(doctype, name)
			for name in frappe.get_all(
				doctype, {"email_id": address}, pluck="name", order_by="creation desc", limit=20
			)
		]
	link, email = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType("Contact Email")
	linked = (
		frappe.qb.from_(email)
		.join(link)
		.on((link.parent == email.parent) & (link.parenttype == "Contact"))
		.select(link.link_doctype, link.link_name)
		.distinct()
		.where(email.email_id == address)
		.where(link.link_doctype.isin([LEAD, PROSPECT, OPPORTUNITY, "Customer"]))
		.limit(50)
		.run()
	)
	return list(dict.fromkeys([*found, *linked]))


def _open_opportunity(address: str, parties: list[tuple[str, str]]) -> str | None:
	names = [name for doctype, name in parties if doctype != OPPORTUNITY]
	deals = [name for doctype, name in parties if doctype == OPPORTUNITY]
	opportunity = frappe.qb.DocType(OPPORTUNITY)
	rule = opportunity.contact_email == address
	if names:
		rule = rule | opportunity.party_name.isin(names) | opportunity.lead.isin(names)
	if deals:
		rule = rule | opportunity.name.isin(deals)
	rows = (
		frappe.qb.from_(opportunity)
		.select(opportunity.name)
		.where(rule)
		.where(opportunity.status.notin((*DEAD_OPPORTUNITY, "Won")))
		.orderby(opportunity.creation, order=frappe.qb.desc)
		.limit(1)
		.run()
	)
	return rows[0][0] if rows else None


def _ended(leads: list[str]) -> set[str]:
	if not leads:
		return set()
	return set(
		frappe.get_all(LEAD, {"name": ("in", leads), "status": ("in", ENDED_LEAD)}, pluck="name", limit=0)
	)
