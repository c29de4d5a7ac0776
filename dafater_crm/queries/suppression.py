"""Who must not be written to: opt-outs, unsubscribed addresses and consent, for many records in five statements.

It decides what is sent, not what a person sees, so it reads without `ListedRows`: an opt-out on a record of another
team binds us as well. It is asked at the moment of sending, never earlier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import frappe
from frappe.query_builder import DocType

LEAD, PROSPECT, CONTACT = "Dafater Lead", "Dafater Prospect", "Contact"
# reasons, in the order in which they are told
NO_ADDRESS, OPTED_OUT, UNSUBSCRIBED = "no e-mail address", "do not contact", "unsubscribed"
WITHDRAWN, NO_CONSENT = "consent withdrawn", "no marketing consent"


@dataclass(frozen=True)
class Addressee:
	"""One record and the address that would be written to. `parties`: (DocType, name) of the people behind it."""

	doctype: str
	name: str
	email: str
	parties: tuple[tuple[str, str], ...] = ()


def reasons(addressees: Iterable[Addressee], promotional: bool, needs_consent: bool) -> dict[str, str]:
	"""Record name -> why it must not be written to by e-mail; records that may be are left out.

	`promotional` adds withdrawn consent, `needs_consent` the lack of consent. Five statements, whatever the number.
	"""
	people = list(addressees)
	if not people:
		return {}
	emails = sorted({person.email.lower() for person in people if person.email})
	flags = _party_flags(people, emails)
	left = _unsubscribed(people, emails)
	consent = _consent(people, flags) if promotional else {}
	found = {}
	for person in people:
		reason = _reason(person, flags, left, consent, promotional, needs_consent)
		if reason:
			found[person.name] = reason
	return found


def _reason(person, flags, left, consent, promotional, needs_consent) -> str | None:
	email = person.email.lower()
	known = [*(flags["name"].get(party, ()) for party in _parties(person)), flags["email"].get(email, ())]
	if any(OPTED_OUT in marks for marks in known):
		return OPTED_OUT
	if not email:
		return NO_ADDRESS
	if any(UNSUBSCRIBED in marks for marks in known) or (None, None, email) in left:
		return UNSUBSCRIBED
	if (person.doctype, person.name, email) in left:
		return UNSUBSCRIBED
	if not promotional:
		return None
	if any(WITHDRAWN in marks for marks in known) or any(
		consent.get(party) == "Withdrawn" for party in _parties(person)
	):
		return WITHDRAWN
	granted = any(consent.get(party) == "Granted" for party in _parties(person))
	return None if granted or not needs_consent else NO_CONSENT


def _parties(person: Addressee) -> set[tuple[str, str]]:
	return {(person.doctype, person.name), *person.parties}


def _party_flags(people: list[Addressee], emails: list[str]) -> dict[str, dict]:
	"""Marks of leads, prospects and contacts, by record and by address. Three statements."""
	found: dict[str, dict] = {"name": {}, "email": {}, "granted": {}}
	for doctype in (LEAD, PROSPECT):
		names = sorted({name for person in people for kind, name in _parties(person) if kind == doctype})
		for row in _flagged(doctype, names, emails):
			marks = found["name"].setdefault((doctype, row.name), set())
			marks |= _marks(row)
			if row.marketing_consent == "Granted":
				found["granted"][(doctype, row.name)] = True
			if row.email_id:
				found["email"].setdefault(row.email_id.lower(), set()).update(_marks(row))
	for email in _unsubscribed_contacts(emails):
		found["email"].setdefault(email.lower(), set()).add(UNSUBSCRIBED)
	return found


def _flagged(doctype: str, names: list[str], emails: list[str]) -> list[dict]:
	"""Rows of those names or addresses; a UNION so that both indexes are used."""
	table = DocType(doctype)
	columns = [table.name, table.email_id, table.do_not_contact, table.marketing_consent]
	if doctype == LEAD:
		columns.append(table.unsubscribed)
	by_name = frappe.qb.from_(table).select(*columns).where(table.name.isin(names or [""]))
	by_email = frappe.qb.from_(table).select(*columns).where(table.email_id.isin(emails or [""]))
	return (by_name + by_email).run(as_dict=True)


def _marks(row: dict) -> set[str]:
	marks = set()
	if row.do_not_contact:
		marks.add(OPTED_OUT)
	if row.get("unsubscribed"):
		marks.add(UNSUBSCRIBED)
	if row.marketing_consent == "Withdrawn":
		marks.add(WITHDRAWN)
	return marks


def _unsubscribed_contacts(emails: list[str]) -> list[str]:
	contact, address = DocType(CONTACT), DocType("Contact Email")
	return (
		frappe.qb.from_(address)
		.join(contact)
		.on(contact.name == address.parent)
		.select(address.email_id)
		.where(address.email_id.isin(emails or [""]))
		.where(contact.unsubscribed == 1)
		.run(pluck=True)
	)


def _unsubscribed(people: list[Addressee], emails: list[str]) -> set[tuple]:
	"""{(DocType, name, address)} that Frappe's own unsubscribe page recorded; (None, None, address) for everything."""
	table = DocType("Email Unsubscribe")
	rows = (
		frappe.qb.from_(table)
		.select(table.reference_doctype, table.reference_name, table.email, table.global_unsubscribe)
		.where(table.email.isin(emails or [""]))
		.run()
	)
	return {
		(None, None, email.lower()) if everywhere else (doctype, name, email.lower())
		for doctype, name, email, everywhere in rows
	}


def _consent(people: list[Addressee], flags: dict) -> dict[tuple[str, str], str]:
	"""(DocType, name) -> the latest word on marketing by e-mail: the ledger's, else what the record shows."""
	parties = {party for person in people for party in _parties(person)}
	known = {party: "Granted" for party in flags["granted"]}
	entry = DocType("Dafater Consent Entry")
	rows = (
		frappe.qb.from_(entry)
		.select(entry.party_type, entry.party_name, entry.action)
		.where(entry.party_name.isin(sorted({name for _doctype, name in parties})))
		.where(entry.party_type.isin(sorted({doctype for doctype, _name in parties})))
		.where((entry.purpose == "Marketing") & entry.channel.isin(["All", "E-mail"]))
		.orderby(entry.given_on)
		.orderby(entry.creation)
		.run()
	)
	return known | {(doctype, name): action for doctype, name, action in rows}
