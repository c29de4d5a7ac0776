"""Issue: knows the lead and the opportunity it belongs to."""

from __future__ import annotations

from email.utils import parseaddr

import frappe

from dafater_crm.domain import emails
from dafater_crm.domain.errors import RuleError
from dafater_crm.queries.facts import DEAD_OPPORTUNITY


def before_insert(doc, method: str | None = None) -> None:
	find_lead(doc)


def validate(doc, method: str | None = None) -> None:
	take_lead_of_opportunity(doc)
	take_customer(doc)


def find_lead(doc) -> None:
	"""By the address that raised it, display name and capitals aside; the newest lead wins."""
	if doc.get("dafater_lead") or doc.get("dafater_opportunity") or not doc.get("raised_by"):
		return
	try:
		address = emails.normalise(parseaddr(doc.raised_by)[1] or doc.raised_by)
	except RuleError:
		return  # an Issue is never refused for its sender
	lead = frappe.db.get_value("Dafater Lead", {"email_id": address}, "name", order_by="creation desc")
	if not lead:
		return
	doc.dafater_lead = lead
	doc.dafater_opportunity = frappe.db.get_value(
		"Dafater Opportunity",
		{"lead": lead, "status": ("not in", DEAD_OPPORTUNITY)},
		"name",
		order_by="creation desc",
	)


def take_lead_of_opportunity(doc) -> None:
	if doc.get("dafater_opportunity") and not doc.get("dafater_lead"):
		doc.dafater_lead = frappe.db.get_value("Dafater Opportunity", doc.dafater_opportunity, "lead")


def take_customer(doc) -> None:
	"""A lead that has become a Customer brings it along."""
	from dafater_crm.erpnext.customer import existing

	if doc.get("dafater_lead") and not doc.get("customer"):
		doc.customer = existing("Dafater Lead", doc.dafater_lead)
