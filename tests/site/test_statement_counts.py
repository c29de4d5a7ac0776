"""Statements of a save, a list and the daily repair: fixed numbers, the same on an empty site and on a full one.

Limits are those of the project's first milestone; ERPNext's own Lead takes 42 to insert and 15 to save, its
Opportunity 74 and 61. "Warm": a first document of the kind has been handled before.
"""

from __future__ import annotations

import socket

import frappe
import pytest
from frappe.utils import add_days, nowdate

from dafater_crm.queries import facts
from tests.site.factories import (
	COMPANY,
	SELLER,
	make_item,
	make_lead,
	make_opportunity,
	make_prospect,
	make_user,
	phone,
	unique,
)
from tests.site.statements import counted

USER = "seller@statements.example"
ITEMS = ("DAFATER-COUNT-A", "DAFATER-COUNT-B", "DAFATER-COUNT-C")


@pytest.fixture(autouse=True)
def warm():
	make_user(USER, *SELLER)
	for code in ITEMS:
		make_item(code)
	frappe.set_user(USER)
	new_lead().insert().save()
	new_opportunity(make_prospect()).insert().save()


def masters() -> dict:
	return {
		"source": frappe.db.get_value("Dafater Lead Source", {"disabled": 0}, "name"),
		"market_segment": frappe.db.get_value("Dafater Market Segment", {"disabled": 0}, "name"),
		"territory": frappe.db.get_value("Territory", {"is_group": 0}, "name"),
	}


def new_lead():
	return frappe.get_doc(
		{
			"doctype": "Dafater Lead",
			"lead_name": unique("نورة العتيبي"),
			"organisation_name": unique("شركة الواحة"),
			"mobile_no": phone(),
			"email_id": f"{frappe.generate_hash(length=8)}@waha.example",
			"lead_owner": USER,
			"company": COMPANY,
			**masters(),
		}
	)


def new_opportunity(prospect):
	return frappe.get_doc(
		{
			"doctype": "Dafater Opportunity",
			"party_type": prospect.doctype,
			"party_name": prospect.name,
			"company": COMPANY,
			"opportunity_owner": USER,
			"expected_closing": add_days(nowdate(), 20),
			"items": [{"item_code": code, "qty": 2, "rate": 50, "uom": "Nos"} for code in ITEMS],
			**masters(),
		}
	)


def show(statements: list[str]) -> str:
	return "\n".join(f"{number}. {text[:160]}" for number, text in enumerate(statements, 1))


def test_inserting_a_lead_takes_at_most_eight_statements():
	lead = new_lead()
	with counted() as statements:
		lead.insert()
	assert len(statements) <= 8, show(statements)


def test_saving_a_lead_takes_at_most_eight_statements():
	lead = new_lead().insert()
	lead = frappe.get_doc(lead.doctype, lead.name)
	lead.job_title, lead.status = "مدير المشتريات", "Open"
	with counted() as statements:
		lead.save()
	assert len(statements) <= 8, show(statements)


def test_inserting_an_opportunity_with_three_items_takes_at_most_thirty_statements():
	opportunity = new_opportunity(make_prospect())
	with counted() as statements:
		opportunity.insert()
	assert len(statements) <= 30, show(statements)


def test_saving_an_opportunity_with_three_items_takes_at_most_twenty_statements():
	name = new_opportunity(make_prospect()).insert().name
	opportunity = frappe.get_doc("Dafater Opportunity", name)
	opportunity.next_step = "عرض فني"
	opportunity.items[0].qty = 5
	with counted() as statements:
		opportunity.save()
	assert len(statements) <= 20, show(statements)


def test_a_save_calls_nobody_outside(monkeypatch):
	def refuse(self, address):
		if address[0] not in ("127.0.0.1", "::1", "localhost") and not str(address).startswith("/"):
			raise AssertionError(f"a save connected to {address}")
		return real(self, address)

	real = socket.socket.connect
	monkeypatch.setattr(socket.socket, "connect", refuse)
	monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail(f"a save looked up {a[0]}"))
	new_lead().insert().save()
	new_opportunity(make_prospect()).insert().save()


@pytest.mark.parametrize("doctype", ["Dafater Lead", "Dafater Prospect", "Dafater Opportunity"])
def test_opening_a_list_takes_a_fixed_number_of_statements(doctype):
	from frappe.desk.reportview import get

	def open_list() -> int:
		frappe.local.form_dict = frappe._dict(
			doctype=doctype,
			fields='["name", "status", "modified", "_assign"]',
			filters='[["status", "!=", "Lost"]]',
			order_by="modified desc",
			start=0,
			page_length=20,
			view="List",
			with_comment_count=1,
		)
		with counted() as statements:
			get()
		return len(statements)

	open_list()  # warm: roles, user permissions, sharing
	few = open_list()
	for _ in range(25):
		make = {"Dafater Lead": make_lead, "Dafater Prospect": make_prospect}.get(doctype)
		make() if make else make_opportunity(items=[])
	many = open_list()
	assert few == many <= 3


def test_the_facts_of_many_records_cost_what_those_of_one_cost():
	leads = [make_lead().name for _ in range(20)]
	with counted() as one:
		facts.party_facts("Dafater Lead", leads[:1])
	with counted() as many:
		facts.party_facts("Dafater Lead", leads)
	assert len(one) == len(many) <= 8, show(many)
