"""Buttons that create the next document, with items, address, contact, taxes and terms filled.

Each returns an unsaved document for the form (`frappe.model.open_mapped_doc`), which the user checks and saves.
"""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import add_days, nowdate

from dafater_crm.erpnext import customer as customers
from dafater_crm.erpnext.parties import OURS, selling_details, tax_template
from dafater_crm.erpnext.quotation import append_taxes
from dafater_crm.records import conversion

LEAD, PROSPECT, OPPORTUNITY = "Dafater Lead", "Dafater Prospect", "Dafater Opportunity"


@frappe.whitelist(methods=["GET", "POST"])
def make_opportunity_from_lead(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""An opportunity of a lead, or of its prospect. Permission: read on the lead, create on opportunities."""
	lead = _readable(LEAD, source_name)
	doc = _new(OPPORTUNITY, target_doc)
	conversion.fill_opportunity(doc, lead)
	return doc


@frappe.whitelist(methods=["GET", "POST"])
def make_opportunity_from_prospect(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""An opportunity of a prospect. Permission: read on the prospect, create on opportunities."""
	prospect = _readable(PROSPECT, source_name)
	doc = _new(OPPORTUNITY, target_doc)
	doc.update(
		{
			"party_type": PROSPECT,
			"party_name": prospect.name,
			"party_title": prospect.prospect_name,
			"title": prospect.prospect_name,
			"currency": prospect.default_currency,
			"opportunity_owner": prospect.prospect_owner,
		}
	)
	doc.update({field: prospect.get(field) for field in conversion.OPPORTUNITY_FROM_LEAD})
	return doc


@frappe.whitelist(methods=["GET", "POST"])
def make_quotation(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""A quotation of an opportunity's items. Permission: read on the opportunity, create on quotations."""
	opportunity = _readable(OPPORTUNITY, source_name)
	doc = get_mapped_doc(
		OPPORTUNITY,
		source_name,
		{
			OPPORTUNITY: {
				"doctype": "Quotation",
				"field_no_map": ["title", "status", "naming_series", "campaign", "source"],
			},
			"Dafater Opportunity Item": {
				"doctype": "Quotation Item",
				"field_map": {"uom": "uom"},
				"field_no_map": ["amount", "base_amount", "base_rate"],
				"condition": lambda row: bool(row.item_code),
				"postprocess": _price_item,
			},
		},
		target_doc,
		ignore_permissions=False,
	)
	doc.dafater_opportunity = opportunity.name
	_address_to(doc, opportunity.party_type, opportunity.party_name)
	doc.transaction_date = nowdate()
	doc.valid_till = add_days(nowdate(), _valid_days())
	complete(doc)
	return doc


@frappe.whitelist(methods=["GET", "POST"])
def make_quotation_from_lead(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""An empty quotation to a lead. Permission: read on the lead, create on quotations."""
	return _party_quotation(_readable(LEAD, source_name), target_doc)


@frappe.whitelist(methods=["GET", "POST"])
def make_quotation_from_prospect(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""An empty quotation to a prospect. Permission: read on the prospect, create on quotations."""
	return _party_quotation(_readable(PROSPECT, source_name), target_doc)


@frappe.whitelist(methods=["POST"])
def make_sales_order(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""A sales order of the opportunity's newest submitted quotation; the Customer is made first and committed.

	Permission: read on the opportunity and the quotation, create on sales orders.
	"""
	opportunity = _readable(OPPORTUNITY, source_name)
	quotations = frappe.get_list(
		"Quotation",
		filters={
			"dafater_opportunity": opportunity.name,
			"docstatus": 1,
			"status": ("in", ("Open", "Replied", "Partially Ordered")),
		},
		order_by="transaction_date desc, creation desc",
		pluck="name",
		limit=1,
	)
	if not quotations:
		frappe.throw(
			_("{0} has no submitted quotation that can still be ordered. Submit a quotation first.").format(
				frappe.bold(opportunity.title)
			)
		)
	return order_quotation(quotations[0], target_doc)


@frappe.whitelist(methods=["POST"])
def order_quotation(source_name: str, target_doc: str | dict | None = None) -> Document:
	"""A sales order of a quotation to any party. The Customer of our party is made first and committed.

	Permission: read on the quotation and its party, create on sales orders.
	"""
	from erpnext.selling.doctype.quotation.quotation import make_sales_order as erpnext_order

	quotation = _readable("Quotation", source_name)
	frappe.has_permission("Sales Order", "create", throw=True)
	if quotation.quotation_to in OURS:
		customers.ensure(quotation.quotation_to, quotation.party_name)
	order = erpnext_order(source_name, target_doc)
	if quotation.quotation_to in OURS:
		order.run_method("before_validate")
		order.run_method("set_missing_values")
		order.run_method("calculate_taxes_and_totals")
	return order


@frappe.whitelist(methods=["POST"])
def ensure_customer(party_type: str, party_name: str) -> dict:
	"""Make or find the Customer of our party and commit it, before an order or invoice is filled in.

	Returns {"customer": …, "customer_name": …}. Permission: read on the party, create on sales orders or invoices.
	"""
	if not (
		frappe.has_permission("Sales Order", "create") or frappe.has_permission("Sales Invoice", "create")
	):
		frappe.throw(_("You may not create sales orders or invoices."), frappe.PermissionError)
	if party_type not in OURS:
		frappe.throw(_("{0} is not a lead or prospect.").format(party_type))
	_check_read(party_type, party_name)
	customer = customers.ensure(party_type, party_name)
	return {"customer": customer, "customer_name": frappe.db.get_value("Customer", customer, "customer_name")}


@frappe.whitelist(methods=["GET", "POST"])
def party_details(
	party_type: str, party_name: str, company: str, on_date: str | None = None, address: str | None = None
) -> dict:
	"""What a Quotation form fills in for one of our parties, tax rows included. Permission: read on the party."""
	if party_type not in OURS:
		frappe.throw(_("{0} is not a lead or prospect.").format(party_type))
	_check_read(party_type, party_name)
	details = selling_details(party_type, party_name, company, on_date or nowdate(), address)
	if details.get("taxes_and_charges"):
		from erpnext.controllers.accounts_controller import get_taxes_and_charges

		details["taxes"] = get_taxes_and_charges(
			"Sales Taxes and Charges Template", details["taxes_and_charges"]
		)
	return details


def _check_read(party_type: str, party_name: str) -> None:
	"""One message instead of Frappe's three."""
	if not frappe.has_permission(party_type, "read", party_name):
		frappe.throw(
			_("You may not see {0} {1}. Ask its owner to share it with you.").format(
				_(party_type), frappe.bold(frappe.utils.escape_html(party_name))
			),
			frappe.PermissionError,
		)


def _party_quotation(party, target_doc) -> Document:
	doc = _new("Quotation", target_doc)
	doc.company = party.company or doc.company
	_address_to(doc, party.doctype, party.name)
	doc.valid_till = add_days(nowdate(), _valid_days())
	complete(doc)
	return doc


def _address_to(doc, party_type: str, party_name: str) -> None:
	"""To the Customer once there is one; our party stays behind the document."""
	doc.quotation_to, doc.party_name = party_type, party_name
	if party_type in OURS:
		doc.dafater_party_type, doc.dafater_party = party_type, party_name
		customer = customers.existing(party_type, party_name)
		if customer:
			doc.quotation_to, doc.party_name = "Customer", customer


def complete(doc) -> None:
	"""Party details, prices, taxes and totals, as ERPNext computes them on save."""
	doc.run_method("before_validate")
	doc.run_method("set_missing_values")
	if not doc.get("taxes"):
		# for a Customer ERPNext fills the company's default template in the browser only
		doc.taxes_and_charges = doc.taxes_and_charges or tax_template(
			doc.company, doc.transaction_date, doc.customer_address
		)
		append_taxes(doc)
	doc.run_method("calculate_taxes_and_totals")


def _price_item(source, target, source_parent) -> None:
	"""The negotiated rate of the opportunity is the quotation's; a recurring item is quoted for all its periods."""
	target.qty = source.qty * (source.periods or 1)
	target.rate = source.rate


def _valid_days() -> int:
	return frappe.db.get_single_value("Dafater CRM Settings", "quotation_valid_days") or 30


def _readable(doctype: str, name: str):
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	return doc


def _new(doctype: str, target_doc: str | dict | None):
	frappe.has_permission(doctype, "create", throw=True)
	if isinstance(target_doc, str):
		target_doc = json.loads(target_doc)
	return frappe.get_doc(target_doc) if target_doc else frappe.new_doc(doctype)
