"""From a lead to a prospect and an opportunity. Links are made, nothing is copied row by row.

All steps run as the user, in the caller's transaction; an error in any of them leaves nothing behind.
"""

from __future__ import annotations

import frappe

from dafater_crm.records import contacts

PROSPECT_FROM_LEAD = {
	"prospect_owner": "lead_owner",
	"company": "company",
	"territory": "territory",
	"source": "source",
	"campaign": "campaign",
	"market_segment": "market_segment",
	"industry": "industry",
	"no_of_employees": "no_of_employees",
	"annual_revenue": "annual_revenue",
	"website": "website",
	"mobile_no": "mobile_no",
	"phone": "phone",
	"email_id": "email_id",
	"preferred_channel": "preferred_channel",
	"preferred_language": "preferred_language",
	"cr_number": "cr_number",
	"vat_number": "vat_number",
	"building_no": "building_no",
	"street": "street",
	"district": "district",
	"city": "city",
	"region": "region",
	"postal_code": "postal_code",
	"secondary_no": "secondary_no",
	"short_address": "short_address",
}
OPPORTUNITY_FROM_LEAD = (
	"company",
	"territory",
	"source",
	"campaign",
	"market_segment",
	"industry",
)


def to_prospect(lead, prospect: str | None = None) -> str:
	"""Link the lead to `prospect`, to the one it has, or to a new one made from it. Returns its name."""
	target = prospect or lead.prospect
	if target:
		frappe.has_permission("Dafater Prospect", "read", target, throw=True)
	else:
		target = new_prospect(lead).insert().name
	contact = contacts.ensure_contact(lead)
	contacts.share_links((lead.doctype, lead.name), ("Dafater Prospect", target))
	if contact:
		_add_contact_row(target, contact)
	if lead.prospect != target:
		lead.prospect = target
		lead.save()
	return target


def new_prospect(lead):
	"""An unsaved prospect with what the lead knows about the company."""
	doc = frappe.new_doc("Dafater Prospect")
	doc.update({field: lead.get(source) for field, source in PROSPECT_FROM_LEAD.items()})
	doc.prospect_name = lead.organisation_name or lead.title
	doc.prospect_name_latin = lead.organisation_name_latin or (
		None if lead.organisation_name else lead.lead_name_latin
	)
	doc.status = "Active"
	return doc


def _add_contact_row(prospect: str, contact: str) -> None:
	doc = frappe.get_doc("Dafater Prospect", prospect)
	if any(row.contact == contact for row in doc.contacts) or not doc.has_permission("write"):
		return
	doc.append("contacts", {"contact": contact})
	doc.save()


def to_opportunity(lead):
	"""Insert an opportunity of the lead's prospect, or of the lead itself. Returns the document."""
	doc = frappe.new_doc("Dafater Opportunity")
	fill_opportunity(doc, lead)
	return doc.insert()


def fill_opportunity(doc, lead) -> None:
	"""Party, origin, contact and owner of an opportunity that comes from a lead."""
	if lead.prospect:
		doc.party_type, doc.party_name = "Dafater Prospect", lead.prospect
	else:
		doc.party_type, doc.party_name = "Dafater Lead", lead.name
	doc.lead = lead.name
	doc.update({field: lead.get(field) for field in OPPORTUNITY_FROM_LEAD})
	doc.title = lead.request_subject or lead.organisation_name or lead.title
	doc.opportunity_owner = lead.lead_owner or frappe.session.user
	doc.contact_email, doc.contact_mobile = lead.email_id, lead.mobile_no
	doc.contact_person = contacts.party_details(lead.doctype, lead.name)["contact"]
	doc.description = lead.request
