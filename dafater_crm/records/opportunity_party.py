"""The party of an opportunity: a lead, a prospect or a Customer."""

from __future__ import annotations

import frappe
from frappe import _

PARTY_TITLE = {"Dafater Lead": "title", "Dafater Prospect": "prospect_name", "Customer": "customer_name"}

# opportunity field -> field of lead and prospect; filled only where empty, once, when the party is chosen
FROM_PARTY = {
	"territory": "territory",
	"company": "company",
	"source": "source",
	"campaign": "campaign",
	"market_segment": "market_segment",
	"industry": "industry",
	"contact_email": "email_id",
	"contact_mobile": "mobile_no",
}


def check_party(doc) -> None:
	"""The party is one of the three kinds. That it exists is Frappe's link check, with our message."""
	if doc.party_type not in PARTY_TITLE:
		doc.throw(
			_("{0} cannot be the party of an opportunity. Choose a lead, a prospect or a customer.").format(
				doc.party_type
			)
		)


def fill_from_party(doc) -> None:
	"""Name and origin of the party, one statement, when it is chosen. `party_title` outlives the party itself."""
	before = doc.get_doc_before_save()
	if before and (before.party_type, before.party_name) == (doc.party_type, doc.party_name):
		return
	fields = [PARTY_TITLE[doc.party_type]]
	if doc.party_type != "Customer":
		fields += [field for field in FROM_PARTY.values() if field not in fields]
	else:
		fields += ["territory", "industry", "market_segment", "disabled"]
	party = frappe.db.get_value(doc.party_type, doc.party_name, fields, as_dict=True)
	if party.get("disabled"):
		doc.throw(
			_("The customer {0} is disabled. Choose another one, or ask a manager to enable it.").format(
				frappe.bold(doc.party_name)
			),
			title=_("Disabled Record"),
		)
	doc.party_title = party[PARTY_TITLE[doc.party_type]]
	if doc.party_type != "Customer":
		_fill_empty(doc, party)
	if doc.party_type == "Dafater Lead":
		doc.lead = doc.party_name


def _fill_empty(doc, party) -> None:
	for target, source in FROM_PARTY.items():
		if not doc.get(target) and party.get(source):
			doc.set(target, party[source])
