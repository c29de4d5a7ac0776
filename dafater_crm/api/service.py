"""Buttons that create what is not a sale: an Issue, an appointment, a contract."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from dafater_crm.erpnext.customer import existing
from dafater_crm.erpnext.parties import OURS

LEAD, OPPORTUNITY = "Dafater Lead", "Dafater Opportunity"


@frappe.whitelist(methods=["GET", "POST"])
def make_issue_from_lead(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""An Issue of a lead. Permission: read on the lead, create on issues."""
	lead = _readable(LEAD, source_name, "Issue")
	issue = frappe.new_doc("Issue")
	issue.update(
		{
			"subject": lead.request_subject or lead.title,
			"raised_by": lead.email_id,
			"company": lead.company,
			"customer": existing(LEAD, lead.name),
			"dafater_lead": lead.name,
		}
	)
	return issue


@frappe.whitelist(methods=["GET", "POST"])
def make_issue_from_opportunity(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""An Issue of an opportunity. Permission: read on the opportunity, create on issues."""
	opportunity = _readable(OPPORTUNITY, source_name, "Issue")
	issue = frappe.new_doc("Issue")
	issue.update(
		{
			"subject": opportunity.title,
			"raised_by": opportunity.contact_email,
			"company": opportunity.company,
			"customer": _customer(opportunity),
			"dafater_lead": opportunity.lead,
			"dafater_opportunity": opportunity.name,
		}
	)
	return issue


@frappe.whitelist(methods=["GET", "POST"])
def make_appointment(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""An appointment for an opportunity. Permission: read on the opportunity, create on appointments."""
	opportunity = _readable(OPPORTUNITY, source_name, "Dafater Appointment")
	appointment = frappe.new_doc("Dafater Appointment")
	appointment.update(
		{
			"subject": opportunity.title,
			"party_type": OPPORTUNITY,
			"party_name": opportunity.name,
			"contact_name": opportunity.party_title,
			"contact_mobile": opportunity.contact_mobile,
			"contact_email": opportunity.contact_email,
			"agent": opportunity.opportunity_owner,
		}
	)
	return appointment


@frappe.whitelist(methods=["GET", "POST"])
def make_contract(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""A contract for an opportunity, with its Customer where there is one. Permission: read on the opportunity,
	create on contracts."""
	opportunity = _readable(OPPORTUNITY, source_name, "Dafater Contract")
	customer = _customer(opportunity)
	contract = frappe.new_doc("Dafater Contract")
	contract.update(
		{
			"title": opportunity.title,
			"company": opportunity.company,
			"currency": opportunity.currency,
			"contract_value": opportunity.opportunity_amount,
			"opportunity": opportunity.name,
			"document_type": OPPORTUNITY,
			"document_name": opportunity.name,
			"contract_owner": opportunity.opportunity_owner,
		}
	)
	if customer:
		contract.update({"party_type": "Customer", "party_name": customer})
	elif opportunity.party_type == "Dafater Prospect":
		contract.update({"party_type": "Dafater Prospect", "party_name": opportunity.party_name})
	return contract


def _customer(opportunity) -> str | None:
	if opportunity.party_type in OURS:
		return existing(opportunity.party_type, opportunity.party_name)
	return opportunity.party_name


def _readable(doctype: str, name: str, target: str):
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	frappe.has_permission(target, "create", throw=True)
	return doc
