"""Our parties as ERPNext's selling documents see them."""

from __future__ import annotations

import frappe
from frappe.contacts.doctype.address.address import get_address_display, get_default_address
from frappe.contacts.doctype.contact.contact import get_contact_details, get_default_contact

OURS = ("Dafater Lead", "Dafater Prospect")
PARTY_FIELDS = {
	"Dafater Lead": (
		"title",
		"organisation_name",
		"territory",
		"preferred_language",
		"email_id",
		"mobile_no",
	),
	"Dafater Prospect": (
		"prospect_name",
		"territory",
		"customer_group",
		"preferred_language",
		"email_id",
		"mobile_no",
		"default_price_list",
		"payment_terms",
	),
}


def party_name(doctype: str, party) -> str:
	"""What a quotation prints as the customer's name: the organisation before the person."""
	if doctype == "Dafater Lead":
		return party.organisation_name or party.title
	return party.prospect_name


def read_party(doctype: str, name: str):
	"""The columns of a party that selling documents take over; None when it is gone."""
	return frappe.db.get_value(doctype, name, list(PARTY_FIELDS[doctype]), as_dict=True)


def selling_details(doctype: str, name: str, company: str, on_date, address: str | None = None) -> dict:
	"""Fields of a Quotation to one of our parties: name, territory, address, contact, tax template, terms.

	ERPNext's own `get_party_details` raises an SQL error for a type that it does not know. The caller has checked
	that the user may read the party. Empty values are left out.
	"""
	party = read_party(doctype, name)
	if not party:
		return {}
	details = {
		"customer_name": party_name(doctype, party),
		"territory": party.territory,
		"customer_group": party.get("customer_group"),
		"language": party.preferred_language,
		"selling_price_list": party.get("default_price_list"),
		"payment_terms_template": party.get("payment_terms"),
	}
	details |= _address(doctype, name, address)
	details |= _contact(doctype, name, party)
	details["taxes_and_charges"] = tax_template(company, on_date, details.get("customer_address"))
	return {field: value for field, value in details.items() if value}


def _address(doctype: str, name: str, chosen: str | None) -> dict:
	address = chosen or get_default_address(doctype, name)
	if not address:
		return {}
	return {
		"customer_address": address,
		"address_display": get_address_display(frappe.get_cached_doc("Address", address).as_dict()),
	}


def _contact(doctype: str, name: str, party) -> dict:
	contact = get_default_contact(doctype, name)
	if not contact:
		return {"contact_email": party.email_id, "contact_mobile": party.mobile_no}
	found = get_contact_details(contact)
	fields = ("contact_person", "contact_display", "contact_email", "contact_mobile", "contact_phone")
	return {field: found.get(field) for field in fields}


def tax_template(company: str, on_date, address: str | None) -> str | None:
	"""The sales tax template for a party of ours: by Tax Rule, else the company's default.

	ERPNext knows three party types here; "Lead" without a name is the one that means "sales tax, nobody yet". With
	no address its Tax Rules with a country match nobody, so the default template decides, as for a new Customer.
	"""
	from erpnext.accounts.party import set_taxes

	found = set_taxes(None, "Lead", on_date, company, billing_address=address, shipping_address=address)
	return found or frappe.db.get_value(
		"Sales Taxes and Charges Template", {"is_default": 1, "disabled": 0, "company": company}, "name"
	)
