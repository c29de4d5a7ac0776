"""A small hand-checked market in a territory of its own, for the tests of the reports on leads.

Campaign A (three leads of today): L1 bought 1,000 from a quotation. L2 became a prospect, whose opportunity names no lead
and was ordered in part: 400 of 1,000. L3 became a customer that later bought 200 EUR (rate 4) and has a quotation, both
without any link to us; one more order of its was cancelled. Campaign B: L4's quotation was cancelled and its order
is a draft; L5's order was closed unfulfilled; L9 is a later lead of L2's prospect. An opportunity of an old customer
belongs to campaign B without a lead and brought an order of 500 USD (rate 3.75). L6 has neither campaign nor owner;
L7, of campaign A, is two years old; L10, of campaign A, is in a sister territory.
"""

from __future__ import annotations

from types import SimpleNamespace

import frappe
from frappe.utils import add_days, add_years, now_datetime, nowdate

from dafater_crm.erpnext import customer as customers
from tests.site.factories import (
	COMPANY,
	MANAGER,
	SELLER,
	make_item,
	make_lead,
	make_opportunity,
	make_prospect,
	make_user,
	unique,
)

SELLER_A, SELLER_B = "seller-a@efficiency.example", "seller-b@efficiency.example"
BOSS, NARROW = "manager@efficiency.example", "narrow@efficiency.example"
CRM_ONLY, STRANGER = "crm-only@efficiency.example", "stranger@efficiency.example"
PEOPLE = {
	SELLER_A: SELLER,
	SELLER_B: SELLER,
	BOSS: (MANAGER, "Sales Manager"),
	NARROW: SELLER,
	CRM_ONLY: (MANAGER,),
	STRANGER: ("Stock User",),
}


def make_people() -> None:
	for email, roles in PEOPLE.items():
		make_user(email, *roles)
	make_item()
	frappe.db.commit()


def forget_people() -> None:
	"""A rolled back User Permission or share stays in the cache otherwise."""
	for email in PEOPLE:
		frappe.cache.hdel("user_permissions", email)


def territory(name: str, parent: str | None = None, group: int = 0) -> str:
	root = parent or frappe.db.get_value("Territory", {"parent_territory": ("in", ("", None))}, "name")
	doc = {
		"doctype": "Territory",
		"territory_name": unique(name),
		"is_group": group,
		"parent_territory": root,
	}
	return frappe.get_doc(doc).insert().name


def campaign(name: str) -> str:
	doc = {"doctype": "Dafater Campaign", "campaign_name": unique(name), "start_date": nowdate()}
	return frappe.get_doc({**doc, "company": COMPANY, "status": "Active"}).insert().name


def dated(doc, moment) -> None:
	frappe.db.set_value(doc.doctype, doc.name, "creation", moment, update_modified=False)


def document(doctype: str, qty: float = 10, submit: bool = True, rate: float = 100, **values):
	row = {"item_code": make_item(), "qty": qty, "rate": rate, "delivery_date": add_days(nowdate(), 7)}
	doc = frappe.get_doc({"doctype": doctype, "company": COMPANY, "items": [row], **values})
	if doctype == "Sales Order":
		doc.delivery_date = add_days(nowdate(), 7)
	doc.insert()
	if submit:
		doc.submit()
	return doc


def quotation(opportunity, **values):
	party = {"quotation_to": opportunity.party_type, "party_name": opportunity.party_name}
	return document("Quotation", dafater_opportunity=opportunity.name, **party, **values)


def order_of(quoted, qty: float | None = None):
	from dafater_crm.api import selling

	order = selling.order_quotation(quoted.name)
	order.delivery_date = add_days(nowdate(), 7)
	for row in order.items:
		row.qty, row.delivery_date = qty or row.qty, order.delivery_date
	order.insert().submit()
	return order


def old_customer() -> str:
	doc = {"doctype": "Customer", "customer_name": unique("شركة العقيق"), "customer_type": "Company"}
	return frappe.get_doc(doc).insert().name


def foreign(currency: str, rate: float) -> dict:
	return {
		"currency": currency,
		"conversion_rate": rate,
		"price_list_currency": "SAR",
		"plc_conversion_rate": 1,
	}


def build() -> SimpleNamespace:
	"""Make it all as Administrator."""
	case = SimpleNamespace()
	case.north = territory("الشمال", group=1)
	case.hail, case.tabuk = territory("حائل", case.north), territory("تبوك", case.north)
	case.a, case.b = campaign("معرض الرياض"), campaign("بريد الربيع")
	_campaign_a(case)
	_campaign_b(case)
	case.l6 = make_lead(territory=case.hail)
	frappe.db.set_value("Dafater Lead", case.l6.name, {"lead_owner": None, "_assign": ""})
	case.l7 = make_lead(territory=case.hail, campaign=case.a, lead_owner=SELLER_A)
	dated(case.l7, add_years(now_datetime(), -2))
	case.l10 = make_lead(territory=case.tabuk, campaign=case.a, lead_owner=SELLER_A)
	case.filters = {
		"company": COMPANY,
		"from_date": add_days(nowdate(), -30),
		"to_date": nowdate(),
		"territory": case.hail,
	}
	return case


def _campaign_a(case) -> None:
	mine = {"territory": case.hail, "campaign": case.a, "lead_owner": SELLER_A}
	case.l1 = make_lead(**mine)
	deal = make_opportunity(case.l1, opportunity_owner=SELLER_A)
	case.s1 = order_of(quotation(deal))
	case.prospect = make_prospect(territory=case.hail)
	case.l2 = make_lead(**mine, prospect=case.prospect.name)
	dated(case.l2, add_days(now_datetime(), -1))
	deal = make_opportunity(case.prospect, opportunity_owner=SELLER_A)
	quotation(deal, submit=False)
	case.s2 = order_of(quotation(deal), qty=4)
	case.l3 = make_lead(**{**mine, "lead_owner": SELLER_B})
	case.customer = customers.ensure(case.l3.doctype, case.l3.name)
	document("Quotation", quotation_to="Customer", party_name=case.customer)
	document("Sales Order", customer=case.customer, qty=2, **foreign("EUR", 4))
	document("Sales Order", customer=case.customer, qty=7).cancel()


def _campaign_b(case) -> None:
	mine = {"territory": case.hail, "campaign": case.b, "lead_owner": SELLER_B}
	case.l4 = make_lead(**mine)
	deal = make_opportunity(case.l4, opportunity_owner=SELLER_B)
	quotation(deal).cancel()
	party = {"dafater_opportunity": deal.name, "customer": customers.ensure(case.l4.doctype, case.l4.name)}
	document("Sales Order", submit=False, **party)
	case.l5 = make_lead(**mine)
	deal = make_opportunity(case.l5, opportunity_owner=SELLER_B)
	order_of(quotation(deal)).update_status("Closed")
	case.l9 = make_lead(**mine, prospect=case.prospect.name)
	customer = frappe.get_doc("Customer", old_customer())
	alone = make_opportunity(customer, campaign=case.b, territory=case.hail, opportunity_owner=SELLER_B)
	document(
		"Sales Order", customer=customer.name, dafater_opportunity=alone.name, qty=5, **foreign("USD", 3.75)
	)


def fill(count: int, territory: str, values) -> None:
	"""Bare leads of now, without a controller; `values(n)` gives the columns in which they differ."""
	rows = []
	for number in range(count):
		row = {"name": f"R1-{territory}-{number}", "title": "x", "status": "New", "company": COMPANY}
		rows.append({**row, "territory": territory, "creation": now_datetime(), **values(number)})
	fields = list(rows[0])
	frappe.db.bulk_insert("Dafater Lead", fields, [tuple(row[field] for field in fields) for row in rows])


def show(statements: list[str]) -> str:
	return "\n".join(f"{number}. {text[:200]}" for number, text in enumerate(statements, 1))
