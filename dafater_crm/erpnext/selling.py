"""Sales Order and Sales Invoice: the Customer of our party, its addresses, our links."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.erpnext import customer as customers
from dafater_crm.erpnext.parties import OURS
from dafater_crm.erpnext.quotation import recompute_linked


def before_validate(doc, method: str | None = None) -> None:
	carry_links(doc)
	fill_customer(doc)
	link_addresses(doc)


def on_change(doc, method: str | None = None) -> None:
	recompute_linked(doc)


def after_delete(doc, method: str | None = None) -> None:
	recompute_linked(doc)


def carry_links(doc) -> None:
	"""A document made by hand for an opportunity takes over the opportunity's party."""
	if not doc.get("dafater_opportunity") or doc.get("dafater_party"):
		return
	party = frappe.db.get_value(
		"Dafater Opportunity", doc.dafater_opportunity, ["party_type", "party_name"], as_dict=True
	)
	if party and party.party_type in OURS:
		doc.dafater_party_type, doc.dafater_party = party.party_type, party.party_name


def fill_customer(doc) -> None:
	"""Give the document the one Customer of our party; make it when there is none yet."""
	if doc.get("dafater_party_type") not in OURS or not doc.get("dafater_party"):
		return
	if not frappe.db.exists(doc.dafater_party_type, doc.dafater_party):
		return  # the party went away; a document with a customer lives on without it
	if doc.get("customer"):
		customers.remember(doc.dafater_party_type, doc.dafater_party, doc.customer)
		return
	doc.customer = customers.within_transaction(doc.dafater_party_type, doc.dafater_party)
	doc.customer_name = frappe.db.get_value("Customer", doc.customer, "customer_name")
	if doc.meta.has_field("title") and (not doc.title or "{" in doc.title):
		doc.title = doc.customer_name


def link_addresses(doc) -> None:
	"""The party's addresses and contacts are the Customer's, every time."""
	if doc.get("dafater_party_type") in OURS and doc.get("customer"):
		customers.share_chosen(doc, doc.customer)


def refuse_without_customer(party_type: str, party: str) -> None:
	"""The message for a user who may sell but not create Customers."""
	frappe.throw(
		_(
			"{0} {1} is not a customer yet, and you may not create customers. Ask a sales manager to convert it first."
		).format(_(party_type), frappe.bold(party)),
		frappe.PermissionError,
	)
