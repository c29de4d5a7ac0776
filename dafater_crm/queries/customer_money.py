"""The customer view's sections from ERPNext's selling documents, in company currency.

Lists and counts take drafts and submitted documents, as ERPNext's lists do; amounts count submitted ones only.
"""

from __future__ import annotations

import frappe
from frappe.utils import getdate
from pypika import CustomFunction
from pypika.functions import Avg, Count, Max
from pypika.terms import Criterion, Term

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.party_set import CUSTOMER, PartySet, any_of, one_of, party_rule
from dafater_crm.queries.view_section import Section, company_currency, may_read, when

DateDiff = CustomFunction("DATEDIFF", ["later", "earlier"])
Greatest = CustomFunction("GREATEST", ["first", "second"])


def quotations(parties: PartySet, limit: int) -> dict | None:
	"""Quotations to the parties or of their opportunities; amount that is still open, amount ordered."""
	table = frappe.qb.DocType("Quotation")
	rule = any_of(party_rule(table.quotation_to, table.party_name, parties.parties()), _ours(table, parties))
	if rule is None:
		return None
	submitted = table.docstatus == 1
	return _selling(
		table,
		rule,
		columns={"date": table.transaction_date, "due_date": table.valid_till},
		newest=table.transaction_date,
		amounts={
			"open": when(submitted & table.status.isin(["Open", "Replied"]), table.base_grand_total),
			"ordered": when(
				submitted & table.status.isin(["Ordered", "Partially Ordered"]), table.base_grand_total
			),
		},
	).read(limit)


def orders(parties: PartySet, limit: int) -> dict | None:
	"""Sales orders; amount ordered and the part of it that is not billed yet (closed orders owe no bill)."""
	table = frappe.qb.DocType("Sales Order")
	rule = any_of(one_of(table.customer, parties.customers), _ours(table, parties))
	if rule is None:
		return None
	submitted = table.docstatus == 1
	unbilled = table.base_grand_total * (100 - table.per_billed) / 100
	return _selling(
		table,
		rule,
		columns={"date": table.transaction_date, "due_date": table.delivery_date},
		newest=table.transaction_date,
		amounts={
			"ordered": when(submitted, table.base_grand_total),
			"unbilled": when(submitted & (table.status != "Closed") & (table.per_billed < 100), unbilled),
		},
	).read(limit)


def invoices(parties: PartySet, limit: int) -> dict | None:
	"""Sales invoices: billed (credit notes taken off), outstanding, and overdue.

	Overdue is outstanding above 0 with a due date before today, whatever the stored status says: ERPNext renews that
	status once a day.
	"""
	table = frappe.qb.DocType("Sales Invoice")
	rule = _invoice_rule(parties)
	if rule is None:
		return None
	submitted = table.docstatus == 1
	outstanding = base_outstanding()
	overdue = submitted & (table.outstanding_amount > 0) & (table.due_date < getdate())
	return _selling(
		table,
		rule,
		columns={
			"date": table.posting_date,
			"due_date": table.due_date,
			"outstanding": when(submitted, outstanding),
			"is_overdue": when(overdue),
		},
		newest=table.posting_date,
		amounts={
			"billed": when(submitted, table.base_grand_total),
			"outstanding": when(submitted, outstanding),
			"overdue": when(overdue, outstanding),
		},
		numbers={"overdue_count": when(overdue)},
	).read(limit)


def payments(parties: PartySet, limit: int) -> dict | None:
	"""Payment entries of the customers, and those that pay an order or invoice of the opportunities.

	Amounts are those on the party's account; a payment to the party (a refund) counts as negative.
	"""
	keys = _payment_keys(parties)
	if keys is None:
		return None
	table = frappe.qb.DocType("Payment Entry")
	amount = when(table.payment_type == "Receive", table.base_paid_amount) - when(
		table.payment_type == "Pay", table.base_received_amount
	)
	section = Section(
		"Payment Entry",
		keys=keys,
		rule=table.docstatus < 2,
		columns={
			"title": table.mode_of_payment,
			"date": table.posting_date,
			"status": table.status,
			"amount": amount,
		},
		newest=table.posting_date,
		amounts={"received": when(table.docstatus == 1, amount)},
		currency=company_currency(),
	).read(limit)
	section["figures"] += _days_to_pay(parties)
	return section


def average_days_to_pay(parties: PartySet) -> tuple[float | None, int]:
	"""Return (average days, number of invoices) over the paid invoices which the user may list.

	Paid: submitted, no credit note, a total above 0 and nothing outstanding. Days of an invoice: from its posting date to
	the date of the last payment (Payment Entry or Journal Entry) allocated to it, as the payment ledger holds it; an
	invoice paid in advance took 0 days. Invoices settled without such a payment (at a till, by a credit note) do not count.
	"""
	rule = _invoice_rule(parties)
	if rule is None:
		return None, 0
	table = frappe.qb.DocType("Sales Invoice")
	ledger = frappe.qb.DocType("Payment Ledger Entry")
	each = (
		frappe.qb.from_(table)
		.join(ledger)
		.on((ledger.against_voucher_no == table.name) & (ledger.against_voucher_type == "Sales Invoice"))
		.select(Greatest(DateDiff(Max(ledger.posting_date), table.posting_date), 0).as_("days"))
		.where(rule)
		.where(ListedRows("Sales Invoice"))
		.where((table.docstatus == 1) & (table.is_return == 0))
		.where((table.base_grand_total > 0) & (table.outstanding_amount <= 0))
		.where(ledger.voucher_type.isin(["Payment Entry", "Journal Entry"]))
		.where((ledger.delinked == 0) & (ledger.amount < 0))
		.groupby(table.name, table.posting_date)
	)
	average, count = frappe.qb.from_(each).select(Avg(each.days), Count("*")).run()[0]
	return (float(average), count) if count else (None, 0)


def _days_to_pay(parties: PartySet) -> list[dict]:
	if not may_read("Sales Invoice"):
		return []
	average, count = average_days_to_pay(parties)
	if average is None:
		return []
	return [
		{"key": "days_to_pay", "kind": "days", "values": [{"value": round(average, 1)}], "invoices": count}
	]


def _selling(table, rule: Criterion, columns: dict, newest: Term, amounts: dict, numbers=None) -> Section:
	doctype = table.get_table_name().removeprefix("tab")
	return Section(
		doctype,
		rule=rule & (table.docstatus < 2),
		columns={
			"title": table.customer_name,
			"status": table.status,
			"amount": table.base_grand_total,
			**columns,
		},
		newest=newest,
		amounts=amounts,
		numbers={"drafts": when(table.docstatus == 0), **(numbers or {})},
		currency=company_currency(),
	)


def _ours(table, parties: PartySet) -> Criterion | None:
	"""Tied through our custom fields, where the site has them."""
	meta = frappe.get_meta(table.get_table_name().removeprefix("tab"))
	rule = None
	if meta.has_field("dafater_opportunity"):
		rule = one_of(table.dafater_opportunity, parties.opportunities)
	if meta.has_field("dafater_party_type") and meta.has_field("dafater_party"):
		rule = any_of(rule, party_rule(table.dafater_party_type, table.dafater_party, parties.parties()))
	return rule


def _invoice_rule(parties: PartySet) -> Criterion | None:
	table = frappe.qb.DocType("Sales Invoice")
	return any_of(one_of(table.customer, parties.customers), _ours(table, parties))


def base_outstanding() -> Term:
	"""ERPNext keeps the outstanding amount in the currency of the receivable account."""
	table = frappe.qb.DocType("Sales Invoice")
	foreign = (table.party_account_currency == table.currency) & (table.conversion_rate != 1)
	return table.outstanding_amount * when(foreign, table.conversion_rate - 1) + table.outstanding_amount


def _payment_keys(parties: PartySet):
	"""Names of the payment entries as a union, so that each branch runs on its own index."""
	payment = frappe.qb.DocType("Payment Entry")
	branches = []
	if parties.customers:
		branches.append(
			frappe.qb.from_(payment)
			.select(payment.name)
			.where(payment.party_type == CUSTOMER)
			.where(payment.party.isin(parties.customers))
		)
	for doctype in ("Sales Order", "Sales Invoice"):
		rule = _ours(frappe.qb.DocType(doctype), parties)
		if rule is not None:
			branches.append(_payments_of(doctype, rule))
	if not branches:
		return None
	union = branches[0]
	for branch in branches[1:]:
		union = union.union(branch)
	return union.as_("payment_keys")


def _payments_of(doctype: str, rule: Criterion):
	document = frappe.qb.DocType(doctype)
	reference = frappe.qb.DocType("Payment Entry Reference")
	return (
		frappe.qb.from_(document)
		.join(reference)
		.on((reference.reference_name == document.name) & (reference.reference_doctype == doctype))
		.select(reference.parent.as_("name"))
		.distinct()
		.where(rule)
	)
