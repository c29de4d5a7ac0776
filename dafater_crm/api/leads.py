"""What a user does to a lead beyond editing it: qualify, disqualify, convert, link to a Customer."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint

from dafater_crm.erpnext import customer as customers
from dafater_crm.records import contacts, conversion

LEAD = "Dafater Lead"


@frappe.whitelist(methods=["POST"])
def qualify(name: str) -> dict:
	"""Mark a lead as qualified, with who and when. Permission: write on the lead."""
	lead = _writable(name)
	lead.qualification_status = "Qualified"
	lead.save()
	return {"status": lead.status}


@frappe.whitelist(methods=["POST"])
def disqualify(name: str, reason: str, details: str | None = None) -> dict:
	"""Take a lead out of the funnel with a reason. Permission: write on the lead."""
	lead = _writable(name)
	lead.update({"status": "Disqualified", "disqualify_reason": reason, "disqualify_details": details})
	lead.qualification_status = "Unqualified"
	lead.save()
	return {"status": lead.status}


@frappe.whitelist(methods=["POST"])
def convert(
	name: str,
	make_prospect: int = 1,
	make_opportunity: int = 1,
	make_customer: int = 0,
	prospect: str | None = None,
) -> dict:
	"""Turn a lead into what was chosen, in one transaction: all of it or nothing.

	Returns {"prospect": …, "opportunity": …, "customer": …}, None for what was not wanted. A prospect named in
	`prospect`, or linked to the lead already, is reused. Permission: write on the lead, create on what is made.
	"""
	lead = _writable(name)
	if lead.status in ("Disqualified", "Do Not Contact"):
		frappe.throw(
			_("The lead {0} is {1}. Set it to Open first, then convert it.").format(
				frappe.bold(lead.title), frappe.bold(_(lead.status))
			)
		)
	made = {"prospect": prospect or lead.prospect, "opportunity": None, "customer": None}
	if cint(make_prospect) or prospect:
		made["prospect"] = conversion.to_prospect(lead, prospect)
	if cint(make_opportunity):
		made["opportunity"] = conversion.to_opportunity(lead).name
	if cint(make_customer):
		made["customer"] = customers.convert_lead(lead)
	return made


@frappe.whitelist(methods=["POST"])
def link_customer(party_type: str, party_name: str, customer: str) -> dict:
	"""Say that a lead or prospect is this Customer, which exists already.

	Permission: write on the party, read on the Customer.
	"""
	frappe.has_permission(party_type, "write", party_name, throw=True)
	frappe.has_permission("Customer", "read", customer, throw=True)
	known = customers.existing(party_type, party_name)
	if known and known != customer:
		frappe.throw(
			_("{0} is already the customer {1}. A party has one customer.").format(
				frappe.bold(party_name), frappe.bold(known)
			)
		)
	contacts.ensure_contact(frappe.get_doc(party_type, party_name))
	return {"customer": customers.remember(party_type, party_name, customer, "Existing Customer")}


def _writable(name: str):
	lead = frappe.get_doc(LEAD, name)
	lead.check_permission("write")
	return lead
