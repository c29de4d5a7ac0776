"""Who else is reached by what a lead is reached by: Contacts, Customers and Prospects with the same phone, e-mail, VAT or CR number.

For the form of a lead, so that nobody enters a customer as somebody new. It shows what the reader's own lists show and nothing else. ERPNext
keeps no CR number, so that one finds Prospects only; a Customer is found by its tax ID and through its Contacts.
"""

from __future__ import annotations

from collections.abc import Mapping

import frappe
from frappe.query_builder import Criterion, DocType

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.inbox_person import spellings
from dafater_crm.queries.same_person import as_stored
from dafater_crm.queries.view_section import Rendered, may_read

PHONES = ("mobile_no", "phone", "whatsapp_no")
COMPARED = (*PHONES, "email_id", "vat_number", "cr_number")
CONTACT, CUSTOMER, PROSPECT, LEAD = "Contact", "Customer", "Dafater Prospect", "Dafater Lead"
MOST = 10
MOST_ROWS = 5 * MOST  # one record may agree in several fields


def known_parties(
	values: Mapping[str, object], lead: str | None = None, prospect: str | None = None
) -> list[dict]:
	"""Records with what was typed for a lead (fields `COMPARED`), Customers first.

	Each: {"doctype", "name", "title", "matched_on": the first of the lead's fields that agrees, "contact": title of the Contact through
	whom a Customer was found, or None}. What belongs to the lead itself is left out: its own Contacts, its prospect, the Customer that it
	became. At most ten of a kind. Four statements, whatever agrees, beside those by which Frappe reads permissions; none where no value
	is valid.
	"""
	typed = {field: as_stored(field, values.get(field)) for field in COMPARED}
	typed = {field: value for field, value in typed.items() if value}
	if not typed:
		return []
	contacts = _contacts(typed, lead)
	customers = _customers(typed, contacts, lead, prospect)
	named = {row["through"] for row in customers}
	people = [row for row in contacts if row["name"] not in named]
	found = [*customers, *_prospects(typed, prospect), *people]
	return [
		{key: row.get(key) for key in ("doctype", "name", "title", "matched_on", "contact")} for row in found
	]


def _contacts(typed: Mapping[str, str], lead: str | None) -> list[dict]:
	"""Contacts by number or address, each with the Customers that it belongs to; two statements."""
	if not may_read(CONTACT):
		return []
	numbers = {
		form: field for field in reversed(PHONES) if field in typed for form in spellings(typed[field])
	}
	by_phone, by_email = DocType("Contact Phone"), DocType("Contact Email")
	# rendered once for both parts: Frappe reads permissions anew for each list of Contacts
	listed, query = Rendered(ListedRows(CONTACT).get_sql()), None
	if numbers:
		query = _contact_rows(by_phone, by_phone.phone, list(numbers), listed)
	if email := typed.get("email_id"):
		part = _contact_rows(by_email, by_email.email_id, [email], listed)
		query = part if query is None else query + part
	rows = query.limit(MOST_ROWS).run(as_dict=True) if query is not None else []
	links = _links([row.name for row in rows])
	found: dict[str, dict] = {}
	for row in rows:
		own = links.get(row.name, [])
		if row.name in found or (LEAD, lead) in own:
			continue
		found[row.name] = {
			"doctype": CONTACT,
			"name": row.name,
			"title": " ".join(filter(None, (row.first_name, row.last_name))) or row.name,
			"matched_on": numbers.get(row.value, "email_id"),
			"customers": [name for doctype, name in own if doctype == CUSTOMER],
		}
	return list(found.values())[:MOST]


def _contact_rows(table, column, values: list[str], listed: Rendered):
	contact = DocType(CONTACT)
	return (
		frappe.qb.from_(table)
		.join(contact)
		.on(contact.name == table.parent)
		.select(contact.name, contact.first_name, contact.last_name, column.as_("value"))
		.where((table.parenttype == CONTACT) & column.isin(values))
		.where(listed)
	)


def _links(contacts: list[str]) -> dict[str, list[tuple[str, str]]]:
	if not contacts:
		return {}
	link = DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(link)
		.select(link.parent, link.link_doctype, link.link_name)
		.where((link.parenttype == CONTACT) & link.parent.isin(contacts))
		.where(link.link_doctype.isin([CUSTOMER, LEAD]))
		.orderby(link.idx)
		.run()
	)
	found: dict[str, list[tuple[str, str]]] = {}
	for parent, doctype, name in rows:
		found.setdefault(parent, []).append((doctype, name))
	return found


def _customers(
	typed: Mapping[str, str], contacts: list[dict], lead: str | None, prospect: str | None
) -> list[dict]:
	"""Customers of these Contacts, and those with the VAT number; one statement."""
	through = {name: contact for contact in reversed(contacts) for name in contact["customers"]}
	vat = typed.get("vat_number")
	if not (through or vat) or not may_read(CUSTOMER):
		return []
	table, link = DocType(CUSTOMER), DocType("Dafater Party Link")
	rules = ([table.name.isin(list(through))] if through else []) + ([table.tax_id == vat] if vat else [])
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.customer_name, table.tax_id)
		.where(Criterion.any(rules) & ListedRows(CUSTOMER))
		.limit(MOST)
	)
	# with the type: the index of a link begins with it
	own = [
		(link.party_type == kind) & (link.party_name == name)
		for kind, name in ((LEAD, lead), (PROSPECT, prospect))
		if name
	]
	if own:
		query = query.where(
			table.name.notin(frappe.qb.from_(link).select(link.customer).where(Criterion.any(own)))
		)
	rows = query.run(as_dict=True)
	return [
		{
			"doctype": CUSTOMER,
			"name": row.name,
			"title": row.customer_name,
			"matched_on": through[row.name]["matched_on"] if row.name in through else "vat_number",
			"contact": through[row.name]["title"] if row.name in through else None,
			"through": through[row.name]["name"] if row.name in through else None,
		}
		for row in rows
	]


def _prospects(typed: Mapping[str, str], own: str | None) -> list[dict]:
	"""Prospects with one of the values in the same kind of field; one statement, a UNION so that each index is used."""
	if not may_read(PROSPECT):
		return []
	table, query = DocType(PROSPECT), None
	listed = Rendered(ListedRows(PROSPECT).get_sql())
	columns = {field: PHONES if field in PHONES else (field,) for field in typed}
	for field, value in typed.items():
		for column in columns[field]:
			part = (
				frappe.qb.from_(table)
				.select(table.name, table.prospect_name, table[column].as_("value"))
				.where((table[column] == value) & (table.name != (own or "")))
				.where(listed)
			)
			query = part if query is None else query + part
	fields = {value: field for field, value in reversed(typed.items())}
	found: dict[str, dict] = {}
	for row in query.limit(MOST_ROWS).run(as_dict=True):
		values = {"doctype": PROSPECT, "name": row.name, "title": row.prospect_name}
		found.setdefault(row.name, {**values, "matched_on": fields[row.value]})
	return list(found.values())[:MOST]
