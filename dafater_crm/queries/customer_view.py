"""The customer view: everything a user may know about one business relation, on one panel.

A fixed number of statements: resolve the party set, then two or three statements a section, whatever the number of
documents. A section whose DocType is not on the site is absent; one whose DocType the user may not read says so and
reads nothing. Rows are those of the user's own list (`ListedRows`).
"""

from __future__ import annotations

from collections.abc import Callable

import frappe

from dafater_crm.queries import customer_money, customer_people
from dafater_crm.queries.last_contact import last_contact
from dafater_crm.queries.party_set import CUSTOMER, LEAD, OPPORTUNITY, PROSPECT, PartySet, resolve
from dafater_crm.queries.view_section import may_read

Reader = Callable[[PartySet, int], dict | None]

# key, DocType, reader: in the order of the panel
SECTIONS: tuple[tuple[str, str, Reader], ...] = (
	("contacts", "Contact", customer_people.contacts),
	("leads", LEAD, customer_people.leads),
	("opportunities", OPPORTUNITY, customer_people.opportunities),
	("quotations", "Quotation", customer_money.quotations),
	("orders", "Sales Order", customer_money.orders),
	("invoices", "Sales Invoice", customer_money.invoices),
	("payments", "Payment Entry", customer_money.payments),
	("issues", "Issue", customer_people.issues),
	("appointments", "Dafater Appointment", customer_people.appointments),
	("contracts", "Dafater Contract", customer_people.contracts),
)
EMPTY = {"rows": [], "count": 0, "figures": []}
MAX_FILTER_NAMES = 100


def customer_view(doctype: str, name: str, limit: int = 5) -> dict:
	"""Return {"sections": [...], "last_contact": {...} | None} for one record of `party_set.VIEWED_DOCTYPES`.

	The caller has checked that the user may read the record. A section: key, doctype, access ("read" or "denied") and,
	where it may be read, the newest `limit` rows, the true count, figures and the filters of the same list.
	"""
	present = _present()
	parties = resolve(doctype, name)
	return {
		"sections": [
			_section(key, section_doctype, read, parties, limit)
			for key, section_doctype, read in SECTIONS
			if section_doctype in present
		],
		"last_contact": last_contact(parties, lambda wanted: wanted in present and may_read(wanted)),
	}


def _section(key: str, doctype: str, read: Reader, parties: PartySet, limit: int) -> dict:
	section = {"key": key, "doctype": doctype, "access": "read"}
	if not may_read(doctype):
		return {**section, "access": "denied"}
	return {**section, **(read(parties, limit) or EMPTY), "filters": list_filters(key, parties)}


def list_filters(key: str, parties: PartySet) -> dict | None:
	"""Return the filters of the section's list by its main tie, or None where a list filter cannot say it.

	A document tied only through an opportunity while it names another customer is in the section but not in that list.
	"""
	everyone = (*parties.leads, *parties.prospects, *parties.customers)
	field, names, more = {
		"contacts": ("link_name", everyone, {}),
		"leads": ("name", parties.leads, {}),
		"opportunities": (
			"name",
			parties.opportunities,
			{"status": ["in", customer_people.OPEN_OPPORTUNITY]},
		),
		"quotations": ("party_name", everyone, {}),
		"orders": ("customer", parties.customers, {}),
		"invoices": ("customer", parties.customers, {}),
		"payments": ("party", parties.customers, {"party_type": CUSTOMER}),
		"issues": ("customer", parties.customers, {}),
		"appointments": ("party_name", (*everyone, *parties.opportunities), {}),
		"contracts": ("party_name", (*parties.prospects, *parties.customers), {}),
	}[key]
	if not names or len(names) > MAX_FILTER_NAMES:
		return None
	return {field: names[0] if len(names) == 1 else ["in", names], **more}


def _present() -> set[str]:
	"""ERPNext may be absent, and its selling or support modules may move elsewhere."""
	wanted = {section_doctype for _key, section_doctype, _read in SECTIONS}
	wanted |= {CUSTOMER, LEAD, PROSPECT, OPPORTUNITY, "Dafater Activity", "Call Log"}
	table = frappe.qb.DocType("DocType")
	return {
		row[0]
		for row in frappe.qb.from_(table).select(table.name).where(table.name.isin(sorted(wanted))).run()
	}
