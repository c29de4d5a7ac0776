"""Who a number or an address belongs to: lead, contact, customer. For recognising who writes; at most five statements.

It decides to whom a conversation is linked, so it sees every record and reads without `ListedRows`; who opens a linked record needs
the right to read it.
"""

from __future__ import annotations

import frappe
import phonenumbers
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Coalesce
from phonenumbers import PhoneNumberFormat
from pypika import CustomFunction
from pypika.terms import ExistsCriterion, LiteralValue, ValueWrapper

LEAD = "Dafater Lead"
ENDED = ("Converted", "Disqualified")
PHONE_FIELDS = ("mobile_no", "whatsapp_no", "phone")
MOST = 50
SAME_MINUTE = 60
SecondsBetween = CustomFunction("TIMESTAMPDIFF", ["unit", "start", "end"])


def known_as(phone: str | None, email: str | None) -> dict[str, str | None]:
	"""Return {"lead", "contact", "customer"} of the person with this number (E.164) or address, None for what there is not.

	An open lead comes before an ended one, and a newer before an older one. A Contact's numbers count however they were typed. A
	Contact that Frappe made of a received mail's sender, and nobody has touched, is nobody that we know.
	"""
	lead = _lead(phone, email)
	contact = _contact(phone, email)
	links = _links(contact) if contact else []
	lead = lead or next((name for doctype, name in links if doctype == LEAD), None)
	customer = next((name for doctype, name in links if doctype == "Customer"), None)
	return {"lead": lead, "contact": contact, "customer": customer or _customer_of(lead)}


def spellings(phone: str) -> list[str]:
	"""The ways in which a number in E.164 is found in a Contact, which keeps it as it was typed."""
	try:
		number = phonenumbers.parse(phone)
	except phonenumbers.NumberParseException:
		return [phone]
	digits, national = phone.removeprefix("+"), phonenumbers.national_significant_number(number)
	forms = [phone, digits, f"00{digits}", f"+{number.country_code}-{national}", f"0{national}", national]
	forms += [
		phonenumbers.format_number(number, style)
		for style in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
	]
	return list(dict.fromkeys([*forms, f"+{number.country_code} {national}"]))


def _lead(phone: str | None, email: str | None) -> str | None:
	"""One statement: a UNION, so that each field's index is used."""
	table = frappe.qb.DocType(LEAD)
	wanted = [(field, phone) for field in PHONE_FIELDS if phone] + ([("email_id", email)] if email else [])
	query = None
	for field, value in wanted:
		part = (
			frappe.qb.from_(table)
			.select(table.name, table.status, table.creation)
			.where(table[field] == value)
		)
		query = part if query is None else query + part
	found = query.run(as_dict=True) if query is not None else []
	best = max(found, key=lambda row: (row.status not in ENDED, row.creation), default=None)
	return best.name if best else None


def _contact(phone: str | None, email: str | None) -> str | None:
	"""The Contact with this number or address, one with a Customer first. Two statements at most."""
	found: list[str] = []
	if phone:
		table = frappe.qb.DocType("Contact Phone")
		found += (
			frappe.qb.from_(table)
			.select(table.parent)
			.where((table.parenttype == "Contact") & table.phone.isin(spellings(phone)))
			.limit(MOST)
			.run(pluck=True)
		)
	if email:
		table, contact = frappe.qb.DocType("Contact Email"), frappe.qb.DocType("Contact")
		found += (
			frappe.qb.from_(table)
			.join(contact)
			.on(contact.name == table.parent)
			.select(table.parent)
			.where((table.parenttype == "Contact") & (table.email_id == email))
			.where(~_made_by_a_mail(contact))
			.limit(MOST)
			.run(pluck=True)
		)
	if len(found) < 2:
		return found[0] if found else None
	link = frappe.qb.DocType("Dynamic Link")
	with_customer = (
		frappe.qb.from_(link)
		.select(link.parent)
		.where((link.parenttype == "Contact") & link.parent.isin(found) & (link.link_doctype == "Customer"))
		.limit(1)
		.run(pluck=True)
	)
	return with_customer[0] if with_customer else sorted(found)[0]


def _made_by_a_mail(contact) -> Criterion:
	"""Holds for a Contact that says nothing of its person: Frappe made it while it stored a received mail (`create_contact` of the Email
	Account), after the mail and before its end, and nobody has touched or linked it since.
	"""
	link, phone = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType("Contact Phone")
	mail, named = frappe.qb.DocType("Communication"), frappe.qb.DocType("Communication Link")
	one = ValueWrapper(1)
	linked = (
		frappe.qb.from_(link)
		.select(one)
		.where((link.parenttype == "Contact") & (link.parent == contact.name))
	)
	called = (
		frappe.qb.from_(phone)
		.select(one)
		.where((phone.parenttype == "Contact") & (phone.parent == contact.name))
	)
	second = LiteralValue("SECOND")
	mailed = (
		frappe.qb.from_(named)
		.join(mail)
		.on(mail.name == named.parent)
		.select(one)
		.where((named.link_doctype == "Contact") & (named.link_name == contact.name))
		.where((mail.sent_or_received == "Received") & (mail.communication_medium == "Email"))
		.where(SecondsBetween(second, mail.creation, contact.creation)[0:SAME_MINUTE])
	)
	untouched = SecondsBetween(second, contact.creation, contact.modified) <= SAME_MINUTE
	nobodys = (Coalesce(contact.user, "") == "") & (Coalesce(contact.company_name, "") == "")
	bare = nobodys & untouched & ExistsCriterion(linked).negate() & ExistsCriterion(called).negate()
	return bare & ExistsCriterion(mailed)


def _links(contact: str) -> list[tuple[str, str]]:
	link = frappe.qb.DocType("Dynamic Link")
	return (
		frappe.qb.from_(link)
		.select(link.link_doctype, link.link_name)
		.where((link.parenttype == "Contact") & (link.parent == contact))
		.where(link.link_doctype.isin([LEAD, "Customer"]))
		.orderby(link.idx)
		.run()
	)


def _customer_of(lead: str | None) -> str | None:
	"""The Customer that a lead became, through its prospect as well. One statement."""
	if not lead:
		return None
	link, table = frappe.qb.DocType("Dafater Party Link"), frappe.qb.DocType(LEAD)
	found = (
		frappe.qb.from_(table)
		.join(link)
		.on(
			((link.party_type == LEAD) & (link.party_name == table.name))
			| ((link.party_type == "Dafater Prospect") & (link.party_name == table.prospect))
		)
		.select(link.customer)
		.where(table.name == lead)
		.limit(1)
		.run(pluck=True)
	)
	return found[0] if found else None
