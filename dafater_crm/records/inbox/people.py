"""From a conversation to the records behind it: the lead of a stranger, the opportunity of a lead."""

from __future__ import annotations

import frappe

from dafater_crm.records import conversion
from dafater_crm.records.inbox import accounts, identities, recognition

LEAD, OPPORTUNITY = "Dafater Lead", "Dafater Opportunity"


def lead_of(conversation) -> str:
	"""Return the conversation's lead: the linked one, the one that the person is known by, or a new one. The caller saves.

	Whoever answers strangers may hand them on as leads, without the right to see other leads: a new lead belongs to whom the
	assignment rules say, or to nobody yet, and whoever opens it needs the right to read it.
	"""
	if conversation.lead:
		return conversation.lead
	person = identities.lock([conversation.identity])[conversation.identity]
	recognition.recognise(person)
	if not person.lead:
		person.lead = recognition.insert_lead(accounts.row(conversation.account), person, conversation.name)
	for field in ("lead", "contact", "customer"):
		conversation.set(field, conversation.get(field) or person[field])
	return conversation.lead


def opportunity_of(conversation) -> str:
	"""Insert an opportunity of the conversation's lead or customer and link it; the caller saves. Permission: create on opportunities."""
	frappe.has_permission(OPPORTUNITY, "create", throw=True)
	if conversation.customer and not conversation.lead:
		doc = frappe.new_doc(OPPORTUNITY)
		doc.update(
			{
				"party_type": "Customer",
				"party_name": conversation.customer,
				"company": conversation.company,
				"title": conversation.subject or conversation.title,
				"contact_person": conversation.contact,
				"opportunity_owner": frappe.session.user,
			}
		)
		doc.insert()
	else:
		doc = conversion.to_opportunity(frappe.get_doc(LEAD, lead_of(conversation)))
	conversation.opportunity = doc.name
	return doc.name
