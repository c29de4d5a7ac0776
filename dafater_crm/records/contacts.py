"""Contacts and addresses of our parties, through Frappe's own Contact, Address and Dynamic Link."""

from __future__ import annotations

import frappe
from frappe.contacts.doctype.address.address import get_default_address
from frappe.contacts.doctype.contact.contact import get_default_contact
from frappe.query_builder import DocType

LINKED = ("Contact", "Address")


def ensure_contact(party) -> str | None:
	"""Return the party's Contact; link one with the same e-mail or mobile, or make it. None without a name.

	`party` is a saved lead or prospect. Runs when the user saves the party, so the user's right to write the party
	is already checked; a sales development rep need not hold the right to create Contacts as well.
	"""
	existing = get_default_contact(party.doctype, party.name) or _contact_by_reach(party)
	if existing:
		link_contact(existing, party.doctype, party.name)
		return existing
	name = party.get("lead_name") or party.get("prospect_name") or party.get("organisation_name")
	if not name:
		return None
	contact = frappe.new_doc("Contact")
	contact.update(
		{
			"first_name": name,
			"salutation": party.get("salutation"),
			"designation": party.get("job_title"),
			"company_name": party.get("organisation_name") or party.get("prospect_name"),
		}
	)
	if party.email_id:
		contact.add_email(party.email_id, is_primary=True)
	contact.append("links", {"link_doctype": party.doctype, "link_name": party.name})
	contact.insert(ignore_permissions=True)  # the docstring says why
	_add_phones(contact, party)
	return contact.name


def _add_phones(contact, party) -> None:
	"""After the insert: ERPNext's telephony commits the transaction when a new Contact comes with phones, and what
	we do with the party would be half-saved if a later step failed."""
	if party.mobile_no:
		contact.add_phone(party.mobile_no, is_primary_mobile_no=True)
	if party.phone and party.phone != party.mobile_no:
		contact.add_phone(party.phone, is_primary_phone=True)
	if contact.phone_nos:
		contact.save(ignore_permissions=True)  # as the insert before it


def _contact_by_reach(party) -> str | None:
	"""A contact that carries the same name beside the same e-mail or mobile: a shared office number is not enough."""
	contact = DocType("Contact")
	reach = [contact[field] == value for field, value in _reach(party)]
	name = party.get("lead_name")
	if not reach or not name:
		return None
	either = reach[0] if len(reach) == 1 else reach[0] | reach[1]
	rows = (
		frappe.qb.from_(contact)
		.select(contact.name)
		.where(either & (contact.first_name == name))
		.limit(1)
		.run()
	)
	return rows[0][0] if rows else None


def _reach(party):
	pairs = (("email_id", party.email_id), ("mobile_no", party.mobile_no))
	return [(field, value) for field, value in pairs if value]


def link_contact(contact: str, doctype: str, name: str) -> None:
	"""Add a Dynamic Link to a Contact unless it is there."""
	_add_link("Contact", contact, doctype, name)


def _add_link(parenttype: str, parent: str, doctype: str, name: str) -> None:
	key = {"parenttype": parenttype, "parent": parent, "link_doctype": doctype, "link_name": name}
	if frappe.db.exists("Dynamic Link", key):
		return
	doc = frappe.get_doc(parenttype, parent)
	doc.append("links", {"link_doctype": doctype, "link_name": name})
	# only our link is added, and whoever may write the party may say whose contact this is
	doc.save(ignore_permissions=True)


def share_links(source: tuple[str, str], target: tuple[str, str]) -> None:
	"""Link every Contact and Address of `source` (doctype, name) to `target` too. Nothing is copied."""
	for parenttype, parent in linked_names(*source):
		_add_link(parenttype, parent, *target)


def linked_names(doctype: str, name: str) -> list[tuple[str, str]]:
	"""(parenttype, parent) of the Contacts and Addresses linked to a party."""
	link = DocType("Dynamic Link")
	return (
		frappe.qb.from_(link)
		.select(link.parenttype, link.parent)
		.distinct()
		.where((link.link_doctype == doctype) & (link.link_name == name) & link.parenttype.isin(LINKED))
		.run()
	)


def unlink_party(party) -> None:
	"""Before a party is deleted: its links go; the Contacts, the Addresses and the Customer stay."""
	link = DocType("Dynamic Link")
	frappe.qb.from_(link).delete().where(
		(link.link_doctype == party.doctype) & (link.link_name == party.name) & link.parenttype.isin(LINKED)
	).run()
	customer_link = DocType("Dafater Party Link")
	frappe.qb.from_(customer_link).delete().where(
		(customer_link.party_type == party.doctype) & (customer_link.party_name == party.name)
	).run()


def party_details(doctype: str, name: str) -> dict:
	"""Default address and contact of a party: {"address": …, "contact": …}, None where there is none."""
	return {"address": get_default_address(doctype, name), "contact": get_default_contact(doctype, name)}
