"""One Customer per party, made once even when two people submit at the same time.

A lock inside the order's transaction is not enough: its snapshot is older than the lock, so the loser of the race
either does not see the winner's Customer or makes a second one. Therefore the Customer is ensured in a short
transaction of its own, committed before the order is made (`ensure`, used by the form and by our endpoints). A bulk
or REST path that comes without a Customer uses `within_transaction`, which asks the caller to run again when
somebody else has just made it.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint

from dafater_crm.erpnext.parties import party_name, read_party
from dafater_crm.records import contacts, recompute

LINK = "Dafater Party Link"
MAY_SELL = ("Dafater Account Executive", "Dafater Sales Manager", "Sales User", "Sales Manager")


class CustomerJustMade(frappe.RetryBackgroundJobError, frappe.ValidationError):
	"""Somebody else made the Customer in this moment: run the whole transaction again. Jobs do so by themselves."""

	http_status_code = 409


def existing(party_type: str, party: str) -> str | None:
	"""The Customer of a lead or prospect; a lead of a prospect uses the prospect's."""
	return _linked(party_type, party) or _of_prospect(party_type, party)


def _linked(party_type: str, party: str, lock: bool = False) -> str | None:
	link = frappe.qb.DocType(LINK)
	query = (
		frappe.qb.from_(link)
		.select(link.customer)
		.where((link.party_type == party_type) & (link.party_name == party))
	)
	rows = (query.for_update() if lock else query).run()
	return rows[0][0] if rows else None


def _of_prospect(party_type: str, party: str) -> str | None:
	if party_type != "Dafater Lead":
		return None
	prospect = frappe.db.get_value("Dafater Lead", party, "prospect")
	return _linked("Dafater Prospect", prospect) if prospect else None


def ensure(party_type: str, party: str, origin: str = "Order") -> str:
	"""Return the Customer of a party, made and committed if need be.

	Permission: read on the party, and the right to create a Customer (or the setting that lends it to sellers).
	Commits: call it before other work of the request. Raises ValidationError when the party is gone.
	"""
	frappe.has_permission(party_type, "read", party, throw=True)
	customer = existing(party_type, party)
	if customer:
		return remember(party_type, party, customer, origin)
	frappe.db.commit()  # nosemgrep: manual-commit - a transaction of its own, with a snapshot that is younger than the lock
	try:
		customer = _make_locked(party_type, party, origin)
	except Exception:
		frappe.db.rollback()
		raise
	frappe.db.commit()  # nosemgrep: manual-commit - see the module's docstring
	return customer


def within_transaction(party_type: str, party: str) -> str:
	"""The same inside a running transaction, without a commit. Raises CustomerJustMade to the loser of a race."""
	customer = existing(party_type, party)
	return remember(party_type, party, customer) if customer else _make_locked(party_type, party, "Order")


def _make_locked(party_type: str, party: str, origin: str) -> str:
	"""Lock the party, and the prospect that owns its Customer; look again, make it."""
	owner_type, owner = party_type, party
	prospect = _lock(party_type, party)
	if prospect:
		owner_type, owner = "Dafater Prospect", prospect
		_lock(owner_type, owner)
	customer = _linked(owner_type, owner, lock=True)
	if customer and not frappe.db.exists("Customer", customer):
		_ask_to_run_again(party_type, party)
	customer = customer or _same_vat(owner_type, owner) or _insert(owner_type, owner)
	remember(owner_type, owner, customer, origin)
	if prospect:
		remember(party_type, party, customer, origin)
	return customer


def _lock(party_type: str, party: str) -> str | None:
	"""Lock a party's row; return the prospect of a lead. Reads nothing before the lock: a plain read would fix the
	snapshot at a moment at which the winner of the race had not yet committed."""
	table = frappe.qb.DocType(party_type)
	column = table.prospect if party_type == "Dafater Lead" else table.name
	rows = frappe.qb.from_(table).select(column).where(table.name == party).for_update().run()
	if not rows:
		frappe.throw(_("{0} {1} no longer exists.").format(_(party_type), frappe.bold(party)))
	return rows[0][0] if party_type == "Dafater Lead" else None


def _ask_to_run_again(party_type: str, party: str) -> None:
	frappe.throw(
		_("The customer of {0} {1} was made by somebody else at this very moment. Please save again.").format(
			_(party_type), frappe.bold(party)
		),
		CustomerJustMade,
		title=_("Please Save Again"),
	)


def _same_vat(party_type: str, party: str) -> str | None:
	"""A Customer that exists already with the same VAT number is the same company: reuse it."""
	vat = frappe.db.get_value(party_type, party, "vat_number")
	return frappe.db.get_value("Customer", {"tax_id": vat, "disabled": 0}, "name") if vat else None


def _insert(party_type: str, party: str) -> str:
	from dafater_crm.erpnext.selling import refuse_without_customer

	elevated = not frappe.has_permission("Customer", "create")
	if elevated and not _may_borrow():
		refuse_without_customer(party_type, party)
	values = read_party(party_type, party)
	record = frappe.get_doc(party_type, party)
	settings = frappe.get_cached_doc("Dafater CRM Settings")
	person = party_type == "Dafater Lead" and not record.organisation_name
	doc = frappe.new_doc("Customer")
	doc.update(
		{
			"customer_name": party_name(party_type, values),
			"customer_type": "Individual" if person else "Company",
			"customer_group": values.get("customer_group")
			or settings.default_customer_group
			or frappe.db.get_single_value("Selling Settings", "customer_group"),
			"territory": values.territory or frappe.db.get_single_value("Selling Settings", "territory"),
			"tax_id": record.get("vat_number"),
			"industry": record.get("industry"),
			"website": record.get("website"),
			"language": values.preferred_language,
			"default_price_list": values.get("default_price_list"),
			"payment_terms": values.get("payment_terms"),
			"default_currency": record.get("default_currency"),
		}
	)
	# the setting lends the right to sellers, for exactly this: a Customer made from a party they may read
	doc.insert(ignore_permissions=elevated)
	return doc.name


def _may_borrow() -> bool:
	allowed = cint(frappe.db.get_single_value("Dafater CRM Settings", "elevated_customer_creation"))
	return bool(allowed and set(MAY_SELL).intersection(frappe.get_roles()))


def remember(party_type: str, party: str, customer: str, origin: str = "Order") -> str:
	"""Write the link party -> Customer once, share addresses and contacts, return the Customer.

	A party keeps its first Customer: a later document for another Customer does not move it.
	"""
	known = _linked(party_type, party)
	if known:
		if origin != "Order":
			_raise_origin(party_type, party, origin)
		return known
	link = frappe.get_doc(
		{
			"doctype": LINK,
			"party_type": party_type,
			"party_name": party,
			"customer": customer,
			"origin": origin,
		}
	)
	# the table is written by this module alone; whoever may sell to the party may cause the row
	link.insert(ignore_permissions=True)
	share_addresses(party_type, party, customer)
	recompute.after_commit(party_type, party)
	return customer


def _raise_origin(party_type: str, party: str, origin: str) -> None:
	"""A person converts a party whose Customer an order had made: from now on it is a customer by decision."""
	table = frappe.qb.DocType(LINK)
	frappe.qb.update(table).set(table.origin, origin).where(
		(table.party_type == party_type) & (table.party_name == party)
	).run()
	recompute.after_commit(party_type, party)


def share_addresses(party_type: str, party: str, customer: str) -> None:
	"""Every Contact and Address of the party is the Customer's too; nothing is copied."""
	contacts.share_links((party_type, party), ("Customer", customer))


def share_chosen(doc, customer: str) -> None:
	"""Before ERPNext checks a selling document: what it names of the party behind the Customer is the Customer's too.

	ERPNext refuses an address or a contact that is not linked to the Customer, later releases in quotations as well. The party may
	have got it after it became a Customer.
	"""
	if any(doc.get(field) for field in ("customer_address", "shipping_address_name", "contact_person")):
		share_addresses(doc.dafater_party_type, doc.dafater_party, customer)


def convert_lead(lead) -> str:
	"""Make or reuse the Customer of a lead because a person decided so; its prospect gets the same. No commit."""
	contacts.ensure_contact(lead)
	customer = existing(lead.doctype, lead.name) or within_transaction(lead.doctype, lead.name)
	remember(lead.doctype, lead.name, customer, "Conversion")
	if lead.prospect:
		remember("Dafater Prospect", lead.prospect, customer, "Conversion")
	return customer
