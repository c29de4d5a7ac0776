"""Quotation: to a Dafater Lead, a Dafater Prospect or a Customer, from an opportunity or by hand."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.erpnext.customer import existing, share_chosen
from dafater_crm.erpnext.parties import OURS, selling_details
from dafater_crm.records import recompute

TAXES = "Sales Taxes and Charges Template"


def before_validate(doc, method: str | None = None) -> None:
	if doc.docstatus == 1:
		return
	check_party(doc)
	carry_links(doc)
	link_addresses(doc)
	fill_party(doc)


def on_change(doc, method: str | None = None) -> None:
	recompute_linked(doc)


def after_delete(doc, method: str | None = None) -> None:
	recompute_linked(doc)


def check_party(doc) -> None:
	"""A Quotation to ours names a party that exists and that the user may read."""
	if doc.quotation_to not in OURS or not doc.party_name:
		return
	if not frappe.db.exists(doc.quotation_to, doc.party_name):
		frappe.throw(
			_("{0} {1} no longer exists. Choose another party for this quotation.").format(
				_(doc.quotation_to), frappe.bold(doc.party_name)
			)
		)
	if doc.is_new() and not doc.flags.ignore_permissions:
		frappe.has_permission(doc.quotation_to, "read", doc.party_name, throw=True)


def carry_links(doc) -> None:
	"""The opportunity's party travels with the documents, so that its status can follow them."""
	if doc.quotation_to in OURS:
		doc.dafater_party_type, doc.dafater_party = doc.quotation_to, doc.party_name
	if not doc.dafater_opportunity:
		_drop_stranger(doc)
		return
	opportunity = frappe.db.get_value(
		"Dafater Opportunity", doc.dafater_opportunity, ["party_type", "party_name", "lead"], as_dict=True
	)
	if not opportunity:
		return  # Frappe's link check says so
	if doc.quotation_to in OURS:
		_check_same_party(doc, opportunity)
	elif opportunity.party_type in OURS:
		doc.dafater_party_type, doc.dafater_party = opportunity.party_type, opportunity.party_name


def _drop_stranger(doc) -> None:
	"""A Quotation to a Customer keeps the party behind it only while that party is this Customer."""
	if doc.quotation_to in OURS or not doc.dafater_party:
		return
	if existing(doc.dafater_party_type, doc.dafater_party) != doc.party_name:
		doc.dafater_party_type = doc.dafater_party = None


def _check_same_party(doc, opportunity) -> None:
	parties = {(opportunity.party_type, opportunity.party_name), ("Dafater Lead", opportunity.lead)}
	if (doc.quotation_to, doc.party_name) not in parties:
		frappe.throw(
			_(
				"The opportunity {0} belongs to {1}, not to {2}. Choose an opportunity of this party or clear the field."
			).format(
				frappe.bold(doc.dafater_opportunity),
				frappe.bold(opportunity.party_name),
				frappe.bold(doc.party_name),
			)
		)


def link_addresses(doc) -> None:
	"""A Quotation to the Customer of our party: the party's addresses and contacts are the Customer's too."""
	if doc.quotation_to != "Customer" or doc.dafater_party_type not in OURS:
		return
	if existing(doc.dafater_party_type, doc.dafater_party) == doc.party_name:
		share_chosen(doc, doc.party_name)


def fill_party(doc) -> None:
	"""Name, address, contact and the tax rows, only where empty: ERPNext fills them for its own parties alone."""
	if doc.quotation_to not in OURS or not doc.party_name:
		return
	if not (doc.customer_name and doc.get("customer_address") and doc.get("taxes")):
		details = selling_details(
			doc.quotation_to, doc.party_name, doc.company, doc.transaction_date, doc.get("customer_address")
		)
		for field, value in details.items():
			if not doc.get(field) and doc.meta.has_field(field):
				doc.set(field, value)
	if doc.meta.has_field("title") and (not doc.title or "{" in doc.title):
		doc.title = doc.customer_name
	append_taxes(doc)


def append_taxes(doc) -> None:
	"""The rows of the tax template. ERPNext appends them only for parties of its own."""
	from erpnext.controllers.accounts_controller import get_taxes_and_charges

	if doc.get("taxes") or not doc.get("taxes_and_charges"):
		return
	for tax in get_taxes_and_charges(TAXES, doc.taxes_and_charges) or []:
		doc.append("taxes", tax)


def recompute_linked(doc) -> None:
	"""After the commit, our records that this document names are recomputed from the database."""
	recompute.after_commit("Dafater Opportunity", doc.get("dafater_opportunity"))
	recompute.after_commit(doc.get("dafater_party_type"), doc.get("dafater_party"))
