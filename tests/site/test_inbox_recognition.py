"""Whose number is this: leads, contacts and customers are recognised, strangers become leads by the account's rule."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.queries import inbox_person
from dafater_crm.records.inbox import recognition
from tests.provider import payloads
from tests.site.factories import make_lead
from tests.site.inbox_cast import (  # noqa: F401
	CONVERSATION,
	IDENTITY,
	make_account,
	now_utc,
	person,
	received,
	rows_of,
	swept,
)
from tests.site.statements import counted

pytestmark = pytest.mark.usefixtures("swept")


@pytest.fixture(autouse=True)
def no_records_left(swept):  # noqa: F811 - the fixture bears its name
	"""These tests commit leads, contacts and customers."""
	yield
	frappe.db.rollback()
	for doctype in ("Dafater Lead", "Contact", "Customer"):
		for name in frappe.get_all(doctype, {"creation": (">=", frappe.flags.begun)}, pluck="name"):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True)
	frappe.db.commit()


@pytest.fixture(autouse=True)
def begun():
	frappe.flags.begun = frappe.utils.now()


def write(number: int = 1, text: str = "أريد عرض سعر", **values) -> dict:
	received(payloads.whatsapp_text("1111", person(number, **values), text, on=now_utc()))
	fields = ("lead", "contact", "customer", "title", "conversation_class")
	return rows_of(CONVERSATION, *fields)[-1]


def make_contact(phone: str, link: tuple[str, str] | None = None):
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": "سارة",
			"phone_nos": [{"phone": phone, "is_primary_mobile_no": 1}],
			"links": [{"link_doctype": link[0], "link_name": link[1]}] if link else [],
		}
	).insert()
	frappe.db.commit()
	return contact


def make_customer():
	customer = frappe.get_doc(
		{"doctype": "Customer", "customer_name": frappe.generate_hash(), "customer_type": "Individual"}
	).insert()
	frappe.db.commit()
	return customer


@pytest.mark.parametrize("field", ["mobile_no", "whatsapp_no", "phone"])
def test_a_lead_is_known_by_each_of_its_numbers(field):
	make_account(lead_rule="Always")
	lead = make_lead(**{"mobile_no": "0551112223", field: person().phone})
	frappe.db.commit()
	assert write().lead == lead.name
	assert rows_of(IDENTITY, "lead")[0].lead == lead.name
	assert frappe.db.count("Dafater Lead", {"creation": (">=", frappe.flags.begun)}) == 1


@pytest.mark.parametrize(
	"typed",
	["+966500000001", "0500000001", "966500000001", "+966-500000001", "00966500000001", "050 000 0001"],
)
def test_a_customer_is_known_by_its_contact_however_the_number_was_typed(typed):
	make_account(lead_rule="Always")
	customer = make_customer()
	contact = make_contact(typed, ("Customer", customer.name))
	row = write()
	assert (row.customer, row.contact, row.lead) == (customer.name, contact.name, None)
	assert frappe.db.count("Dafater Lead", {"creation": (">=", frappe.flags.begun)}) == 0


def test_a_contact_with_a_customer_comes_before_one_without():
	make_account()
	make_contact("0500000001")
	customer = make_customer()
	contact = make_contact("+966500000001", ("Customer", customer.name))
	row = write()
	assert (row.customer, row.contact) == (customer.name, contact.name)


def test_an_open_lead_comes_before_an_ended_one():
	make_account()
	known = make_lead(mobile_no=person().phone)
	ended = make_lead(mobile_no=person().phone)
	frappe.db.set_value("Dafater Lead", ended.name, "status", "Disqualified")
	frappe.db.commit()
	assert write().lead == known.name


def test_a_stranger_becomes_one_lead_where_the_rule_says_always():
	make_account(lead_rule="Always")
	row = write(name="=سارة <b>القحطاني</b>")
	lead = frappe.get_doc("Dafater Lead", row.lead)
	assert lead.lead_name == "سارة b القحطاني /b"
	assert (lead.mobile_no, lead.whatsapp_no) == (person().phone, person().phone)
	assert (lead.captured_through, lead.preferred_channel) == ("Channel", "WhatsApp")
	assert lead.request == "أريد عرض سعر"
	assert write(text="هل من رد؟").lead == row.lead
	assert frappe.db.count("Dafater Lead", {"creation": (">=", frappe.flags.begun)}) == 1


def test_no_lead_is_made_where_the_rule_says_never_or_the_class_is_another():
	make_account(lead_rule="Never")
	assert write().lead is None
	frappe.db.set_value("Dafater Channel Account", "واتساب الرياض", "lead_rule", "For Sales Conversations")
	frappe.clear_document_cache("Dafater Channel Account", "واتساب الرياض")
	frappe.db.commit()
	row = write(2, "مرحبا")
	frappe.db.set_value(CONVERSATION, row.name, "conversation_class", "Support")
	frappe.db.commit()
	assert recognition.ensure_lead(row.name) is None
	frappe.db.set_value(CONVERSATION, row.name, "conversation_class", "Sales")
	frappe.db.commit()
	assert recognition.ensure_lead(row.name)
	frappe.db.commit()


def test_a_person_without_a_number_becomes_a_lead_by_name():
	make_account("حساب", channel="Instagram", external_id="3001", lead_rule="Always", business_account_id="")
	received(
		payloads.instagram_text("3001", payloads.Person("نورة", user_id="8001"), "مرحبا"), "حساب", "Instagram"
	)
	(row,) = rows_of(CONVERSATION, "lead")
	lead = frappe.get_doc("Dafater Lead", row.lead)
	assert lead.lead_name and not lead.mobile_no
	assert lead.preferred_channel == "Instagram"


def test_recognition_costs_the_same_however_many_there_are():
	make_lead(mobile_no=person().phone)
	customer = make_customer()
	with counted() as few:
		inbox_person.known_as(person().phone, "a@b.example")
	for _ in range(5):
		make_contact(person().phone, ("Customer", customer.name))
		make_lead(mobile_no=person().phone)
	with counted() as many:
		found = inbox_person.known_as(person().phone, "a@b.example")
	assert found["customer"] == customer.name
	assert len(few) <= len(many) <= 6
