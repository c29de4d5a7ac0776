"""Reads the records of a sequence in sets: their columns, the people behind them, their owners."""

from __future__ import annotations

import frappe

from dafater_crm.domain import nurture, phones
from dafater_crm.domain.errors import RuleError
from dafater_crm.queries.suppression import Addressee
from dafater_crm.records.nurture.subjects import LEAD, SUBJECTS

COLUMNS = {
	"Dafater Lead": (
		"name",
		"title",
		"status",
		"lead_name",
		"organisation_name",
		"salutation",
		"company",
		"email_id",
		"whatsapp_no",
		"mobile_no",
		"lead_owner",
		"prospect",
		"creation",
	),
	"Dafater Opportunity": (
		"name",
		"title",
		"status",
		"party_type",
		"party_name",
		"party_title",
		"lead",
		"company",
		"contact_email",
		"contact_mobile",
		"contact_person",
		"opportunity_owner",
		"creation",
	),
}


def read(doctype: str, names: list[str]) -> dict[str, dict]:
	"""Record name -> its row. One statement. Without permission: the job decides what is sent, nobody sees it."""
	table = frappe.qb.DocType(doctype)
	rows = (
		frappe.qb.from_(table)
		.select(*(table[column] for column in COLUMNS[doctype]))
		.where(table.name.isin(names or [""]))
		.run(as_dict=True)
	)
	return {row.name: row for row in rows}


def addressee(doctype: str, row: dict) -> Addressee:
	"""Whom a message on this record would reach, and which people's wishes bind it."""
	parties = []
	if doctype == LEAD:
		parties.append(("Dafater Prospect", row.get("prospect")))
	else:
		parties += [(row.get("party_type"), row.get("party_name")), (LEAD, row.get("lead"))]
		parties.append(("Contact", row.get("contact_person")))
	known = tuple(party for party in parties if all(party))
	return Addressee(doctype, row["name"], email_of(doctype, row), known, phone_of(doctype, row))


def email_of(doctype: str, row: dict) -> str:
	return (row.get(SUBJECTS[doctype].email) or "").strip()


def phone_of(doctype: str, row: dict) -> str:
	"""The number for WhatsApp in E.164, "" for none. What was written past the form may be no number."""
	for field in SUBJECTS[doctype].phones:
		try:
			if number := phones.to_e164(row.get(field)):
				return number
		except RuleError:
			continue
	return ""


def recipient_of(kind: str, doctype: str, row: dict) -> str:
	"""To what a message of this kind goes; for other steps, where e-mails would go."""
	return phone_of(doctype, row) if kind == nurture.WHATSAPP else email_of(doctype, row)


def links_of(doctype: str, row: dict) -> dict[str, str]:
	"""Lead, customer and contact that the person behind the record is known to be, as the inbox links them."""
	if doctype == LEAD:
		return {"lead": row["name"]}
	party = row.get("party_type"), row.get("party_name")
	links = {
		"lead": party[1] if party[0] == LEAD else row.get("lead"),
		"customer": party[1] if party[0] == "Customer" else None,
		"contact": row.get("contact_person"),
	}
	return {field: value for field, value in links.items() if value}


def owners(doctype: str, rows: dict[str, dict]) -> dict[str, dict]:
	"""User -> full_name, email, mobile_no of the owners of those records. One statement."""
	names = sorted({row.get(SUBJECTS[doctype].owner) for row in rows.values()} - {None, ""})
	user = frappe.qb.DocType("User")
	found = (
		frappe.qb.from_(user)
		.select(user.name, user.full_name, user.email, user.mobile_no)
		.where(user.name.isin(names or [""]))
		.run(as_dict=True)
	)
	return {row.name: row for row in found}
