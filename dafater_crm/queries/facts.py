"""What submitted documents prove about opportunities, leads and prospects.

Set-based: a fixed number of statements for one record or for five hundred. Submitted means docstatus 1. An order
that was closed before anything was delivered or billed does not count, nor does a credit note. A quotation counts
while it is neither lost nor expired. ERPNext's own documents carry `dafater_opportunity`, and our party in
`dafater_party_type` and `dafater_party`.
"""

from __future__ import annotations

from collections import defaultdict

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Max
from pypika.terms import Criterion

DEAD_QUOTATION = ("Lost", "Expired", "Cancelled")
DEAD_OPPORTUNITY = ("Lost", "Closed")
QUOTATION, PARTIAL, ORDERED = "Quotation", "Partially Ordered", "Ordered"
TOUCHES = ("Call", "Meeting", "Visit", "E-mail")
# rungs of the two ladders that documents prove, weakest first
RUNGS = {
	"Dafater Lead": ("", "Contacted", "Opportunity", "Quotation", "Converted"),
	"Dafater Prospect": ("", "Active", "Opportunity", "Quotation", "Customer"),
}
# statuses of our opportunity -> index in the rungs above
RUNG_OF_DOCUMENTS = {"": 0, QUOTATION: 3, PARTIAL: 4, ORDERED: 4}


def opportunity_facts(names: list[str]) -> dict[str, str]:
	"""Return opportunity -> "", "Quotation", "Partially Ordered" or "Ordered". Three statements."""
	return _document_facts("dafater_opportunity", names)


def party_facts(doctype: str, names: list[str]) -> dict[str, str]:
	"""Return lead or prospect -> the highest rung that facts prove ("" for none). Six statements.

	Reads `document_status` and `status` of the party's opportunities: recompute those first.
	"""
	rung = dict.fromkeys(names, 0)
	for name, fact in _document_facts("dafater_party", names, doctype).items():
		rung[name] = max(rung[name], RUNG_OF_DOCUMENTS[fact])
	for name, status, document_status in _opportunities(doctype, names):
		if document_status:
			rung[name] = max(rung[name], RUNG_OF_DOCUMENTS[document_status])
		if status not in DEAD_OPPORTUNITY:
			rung[name] = max(rung[name], 2)
	for name in _made_customer(doctype, names):
		rung[name] = 4
	for name in _contacted(doctype, names):
		rung[name] = max(rung[name], 1)
	return {name: RUNGS[doctype][index] for name, index in rung.items()}


def _document_facts(key: str, names: list[str], party_type: str | None = None) -> dict[str, str]:
	if not frappe.db.table_exists("Quotation", cached=True):
		return dict.fromkeys(names, "")
	quotations = defaultdict(set)
	for name, status in _quotations(key, names, party_type):
		quotations[name].add(status)
	orders = defaultdict(list)
	for name, source in _orders(key, names, party_type):
		orders[name].append(bool(source))
	billed = {name for name, order in _invoices(key, names, party_type) if not order}
	return {name: _documents_prove(quotations[name], orders[name], name in billed) for name in names}


def _documents_prove(quotations: set[str], orders: list[bool], billed_directly: bool) -> str:
	"""`orders`: one flag per live order, True where it was made from a quotation."""
	if billed_directly or not all(orders) or (orders and ORDERED in quotations):
		return ORDERED
	if orders:
		return PARTIAL
	return QUOTATION if quotations else ""


def _keyed(doctype: str, key: str, names: list[str], party_type: str | None):
	table = DocType(doctype)
	where = table[key].isin(names) & (table.docstatus == 1)
	if party_type:
		where &= table.dafater_party_type == party_type
	return table, where


def _quotations(key: str, names: list[str], party_type: str | None):
	table, where = _keyed("Quotation", key, names, party_type)
	return (
		frappe.qb.from_(table)
		.select(table[key], table.status)
		.where(where & table.status.notin(DEAD_QUOTATION))
		.run()
	)


def _orders(key: str, names: list[str], party_type: str | None):
	table, where = _keyed("Sales Order", key, names, party_type)
	item = DocType("Sales Order Item")
	live: Criterion = (table.status != "Closed") | (table.per_delivered > 0) | (table.per_billed > 0)
	return (
		frappe.qb.from_(table)
		.left_join(item)
		.on(item.parent == table.name)
		.select(table[key], Max(Coalesce(item.prevdoc_docname, "")))
		.where(where & live)
		.groupby(table.name, table[key])
		.run()
	)


def _invoices(key: str, names: list[str], party_type: str | None):
	table, where = _keyed("Sales Invoice", key, names, party_type)
	item = DocType("Sales Invoice Item")
	return (
		frappe.qb.from_(table)
		.left_join(item)
		.on(item.parent == table.name)
		.select(table[key], Max(Coalesce(item.sales_order, "")))
		.where(where & (table.is_return == 0))
		.groupby(table.name, table[key])
		.run()
	)


def _opportunities(doctype: str, names: list[str]):
	table = DocType("Dafater Opportunity")
	as_party = (
		frappe.qb.from_(table)
		.select(table.party_name.as_("party"), table.status, table.document_status)
		.where((table.party_type == doctype) & table.party_name.isin(names))
	)
	if doctype != "Dafater Lead":
		return as_party.run()
	as_source = (
		frappe.qb.from_(table)
		.select(table.lead.as_("party"), table.status, table.document_status)
		.where(table.lead.isin(names))
	)
	return as_party.run() + as_source.run()


def _made_customer(doctype: str, names: list[str]) -> list[str]:
	"""Parties that a person made a Customer of; one made for an order is proven by the order itself."""
	table = DocType("Dafater Party Link")
	return (
		frappe.qb.from_(table)
		.select(table.party_name)
		.where((table.party_type == doctype) & table.party_name.isin(names) & (table.origin != "Order"))
		.run(pluck=True)
	)


def _contacted(doctype: str, names: list[str]) -> list[str]:
	"""Parties that somebody wrote to, called, met or answered in the inbox."""
	mail, activity = DocType("Communication"), DocType("Dafater Activity")
	written = (
		frappe.qb.from_(mail)
		.select(mail.reference_name)
		.distinct()
		.where((mail.reference_doctype == doctype) & mail.reference_name.isin(names))
		.where((mail.sent_or_received == "Sent") & (mail.communication_type == "Communication"))
	)
	met = (
		frappe.qb.from_(activity)
		.select(activity.reference_name)
		.distinct()
		.where((activity.reference_doctype == doctype) & activity.reference_name.isin(names))
		.where((activity.status == "Done") & activity.activity_type.isin(TOUCHES))
	)
	if doctype != "Dafater Lead":
		return (written * met).run(pluck=True)
	conversation = DocType("Dafater Conversation")
	answered = (
		frappe.qb.from_(conversation)
		.select(conversation.lead)
		.distinct()
		.where(conversation.lead.isin(names) & conversation.first_responded_on.isnotnull())
	)
	return (written * met * answered).run(pluck=True)
