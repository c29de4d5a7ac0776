"""Quotations, orders, invoices and customers: shared by both CRMs, each document with the links of both."""

from __future__ import annotations

from benchmarks.on_site.columns import Filling, child, record

CUSTOMER = Filling(
	"Customer",
	{
		"name": "f.name",
		**record(),
		"customer_name": "f.title",
		"customer_type": "'Company'",
		"customer_group": "%(customer_group)s",
		"territory": "f.territory",
		"lead_name": "f.lead_theirs",
		"prospect_name": "f.prospect_theirs",
	},
	"bench_customer f",
)
PARTY_LINK = Filling(
	"Dafater Party Link",
	{
		"name": "concat('bpl', lpad(f.number, 9, '0'))",
		**record(),
		"party_type": "f.party_type_ours",
		"party_name": "f.party_ours",
		"customer": "f.name",
		"origin": "'Order'",
	},
	"bench_customer f",
)
_MONEY = {
	"company": "%(company)s",
	"currency": "f.currency",
	"conversion_rate": "f.rate",
	"selling_price_list": "%(price_list)s",
	"price_list_currency": "'SAR'",
	"plc_conversion_rate": "1",
	"ignore_pricing_rule": "1",
	"disable_rounded_total": "1",
	"total": "f.total",
	"net_total": "f.total",
	"grand_total": "f.total",
	"base_total": "f.total * f.rate",
	"base_net_total": "f.total * f.rate",
	"base_grand_total": "f.total * f.rate",
	"territory": "f.territory",
	"contact_email": "f.email",
	"dafater_opportunity": "f.opportunity_ours",
	"dafater_party_type": "f.party_type_ours",
	"dafater_party": "if(f.party_type_ours is null, null, f.party_ours)",
}


def _document(doctype: str, columns: dict[str, str]) -> Filling:
	base = {"name": "f.name", **record(docstatus="f.docstatus"), "status": "f.status", **_MONEY, **columns}
	return Filling(doctype, base, "bench_document f", f"f.kind = '{doctype}'")


def _line(doctype: str, columns: dict[str, str]) -> Filling:
	base = {
		"name": "concat(f.parent, '-', f.position)",
		**record("f.day", docstatus="f.docstatus"),
		**child("f.parent", doctype, "items"),
		"item_code": "f.item",
		"item_name": "f.item",
		"description": "f.item",
		"uom": "'Nos'",
		"stock_uom": "'Nos'",
		"conversion_factor": "1",
		"qty": "f.quantity",
		"stock_qty": "f.quantity",
		"rate": "f.price",
		"net_rate": "f.price",
		"amount": "f.quantity * f.price",
		"net_amount": "f.quantity * f.price",
		"base_rate": "f.price * f.rate",
		"base_net_rate": "f.price * f.rate",
		"base_amount": "f.quantity * f.price * f.rate",
		"base_net_amount": "f.quantity * f.price * f.rate",
		**columns,
	}
	return Filling(f"{doctype} Item", base, "bench_line f", f"f.kind = '{doctype}'")


_BUYER = {"customer": "f.customer", "customer_name": "f.party_title", "title": "f.party_title"}
DOCUMENTS = (
	CUSTOMER,
	PARTY_LINK,
	_document(
		"Quotation",
		{
			"naming_series": "'SAL-QTN-.YYYY.-'",
			"quotation_to": "f.party_kind",
			"party_name": "f.party_theirs",
			"customer_name": "f.party_title",
			"title": "f.party_title",
			"transaction_date": "f.day",
			"valid_till": "if(f.status = 'Expired', f.day, null)",
			"order_type": "'Sales'",
			"opportunity": "f.opportunity_theirs",
		},
	),
	_document(
		"Sales Order",
		{
			"naming_series": "'SAL-ORD-.YYYY.-'",
			**_BUYER,
			"transaction_date": "f.day",
			"delivery_date": "date_add(f.day, interval 7 day)",
			"order_type": "'Sales'",
			"per_billed": "f.per_billed",
			"per_delivered": "0",
		},
	),
	_document(
		"Sales Invoice",
		{
			"naming_series": "'ACC-SINV-.YYYY.-'",
			**_BUYER,
			"posting_date": "f.day",
			"due_date": "date_add(f.day, interval 30 day)",
			"is_return": "0",
			"outstanding_amount": "if(f.docstatus = 1, f.total, 0)",
			"debit_to": "%(debit_to)s",
			"party_account_currency": "'SAR'",
		},
	),
	_line("Quotation", {}),
	_line(
		"Sales Order",
		{
			"prevdoc_docname": "f.source",
			"quotation_item": "f.source_row",
			"delivery_date": "date_add(f.day, interval 7 day)",
		},
	),
	_line("Sales Invoice", {"sales_order": "f.source", "so_detail": "f.source_row"}),
)
