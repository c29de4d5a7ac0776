"""A lead's form says whose phone, address and numbers these are already: contacts, customers, prospects of the reader's own lists."""

from __future__ import annotations

import json

import frappe
import pytest

from dafater_crm.api import duplicates
from dafater_crm.erpnext.indexes import INDEXES
from tests.site.factories import make_lead, make_prospect, phone, unique
from tests.site.people import MANAGING, SELLER_A, STRANGER, cast  # noqa: F401
from tests.site.statements import counted

VAT, CR = "310122393500003", "1010010030"


@pytest.fixture(autouse=True)
def forget_permissions(cast):  # noqa: F811
	"""A rolled back User Permission stays in the cache otherwise."""
	frappe.cache.hdel("user_permissions", SELLER_A)
	yield
	frappe.cache.hdel("user_permissions", SELLER_A)


def make_customer(**values):
	return frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": unique("شركة الواحة"),
			"customer_group": frappe.db.get_value("Customer Group", {"is_group": 0}),
			"territory": frappe.db.get_value("Territory", {"is_group": 0}),
			**values,
		}
	).insert()


def make_contact(customer=None, number: str | None = None, email: str | None = None, link=("Customer",)):
	"""Without the controller's `insert`: ERPNext commits in the middle of it where there is a number."""
	doc = frappe.get_doc({"doctype": "Contact", "first_name": unique("فهد"), "last_name": "العنزي"})
	if number:
		doc.append("phone_nos", {"phone": number})
	if email:
		doc.append("email_ids", {"email_id": email, "is_primary": 1})
	if customer:
		doc.append("links", {"link_doctype": customer.doctype, "link_name": customer.name})
	doc.set_new_name()
	doc.db_insert()
	for row in doc.get_all_children():
		row.parent = doc.name
		row.db_insert()
	return doc


def asked(user: str = SELLER_A, lead=None, **values) -> list[tuple]:
	frappe.set_user(user)
	rows = duplicates.known_parties(json.dumps(values), lead.name if lead else None)
	return [(row["doctype"], row["name"], row["matched_on"]) for row in rows]


@pytest.mark.parametrize("written", ["{0}", "+966 {1} {2} {3}", "00966{1}{2}{3}", "0{1} {2} {3}"])
def test_a_customer_is_known_by_a_contacts_phone_however_it_was_typed(written):
	number = phone()
	customer = make_customer()
	contact = make_contact(customer, written.format(number, number[1:3], number[3:6], number[6:]))
	assert asked(mobile_no=number) == [("Customer", customer.name, "mobile_no")]
	(shown,) = duplicates.known_parties({"whatsapp_no": f"+966{number[1:]}"})
	assert shown == {
		"doctype": "Customer",
		"name": customer.name,
		"title": customer.customer_name,
		"matched_on": "whatsapp_no",
		"contact": f"{contact.first_name} العنزي",
	}


def test_contacts_prospects_and_numbers():
	address, number = f"{frappe.generate_hash(length=8)}@known.example", phone()
	contact = make_contact(email=address)
	prospect = make_prospect(phone=number, cr_number=CR, prospect_owner=SELLER_A)
	customer = make_customer(tax_id=VAT)
	assert asked(email_id=address.upper()) == [("Contact", contact.name, "email_id")]
	assert asked(mobile_no=number) == [("Dafater Prospect", prospect.name, "mobile_no")]
	assert asked(cr_number=CR) == [("Dafater Prospect", prospect.name, "cr_number")]
	assert asked(vat_number=VAT) == [("Customer", customer.name, "vat_number")]
	all_at_once = asked(email_id=address, mobile_no=number, vat_number=VAT)
	assert [row[0] for row in all_at_once] == ["Customer", "Dafater Prospect", "Contact"]


def test_nothing_valid_asks_nothing():
	with counted() as statements:
		assert asked(mobile_no="12", email_id="x", vat_number="1") == []
	assert [text for text in statements if "tabContact" in text or "tabCustomer" in text] == []


def test_what_is_the_leads_own_is_no_hint():
	number, other = phone(), phone()
	prospect = make_prospect(phone=number, prospect_owner=SELLER_A)
	customer = make_customer(tax_id=VAT)
	lead = make_lead(mobile_no=number, prospect=prospect.name, lead_owner=SELLER_A)
	make_contact(lead, number)
	link = {"party_type": "Dafater Lead", "party_name": lead.name, "customer": customer.name}
	frappe.get_doc({"doctype": "Dafater Party Link", **link}).db_insert()
	assert asked(lead=lead, mobile_no=number, vat_number=VAT) == []
	# a second lead with the same is told of all three; what was changed in the form counts, not what is stored
	frappe.set_user("Administrator")
	stranger = make_lead(mobile_no=other, lead_owner=SELLER_A)
	found = asked(lead=stranger, mobile_no=number, vat_number=VAT)
	assert [row[0] for row in found] == ["Customer", "Dafater Prospect", "Contact"]


def test_only_what_the_reader_may_read():
	number = phone()
	customer, other = make_customer(tax_id=VAT), make_customer()
	contact = make_contact(customer, number)
	make_prospect(phone=number, prospect_owner=MANAGING)
	everything = {"Customer", "Dafater Prospect"}
	assert {row[0] for row in asked("Administrator", mobile_no=number, vat_number=VAT)} == everything
	# a manager of ours reads no customers of ERPNext nor their contacts, the seller not the manager's prospect
	assert {row[0] for row in asked(MANAGING, mobile_no=number, vat_number=VAT)} == {"Dafater Prospect"}
	assert asked(mobile_no=number, vat_number=VAT) == [("Customer", customer.name, "mobile_no")]
	frappe.set_user("Administrator")
	permission = {"user": SELLER_A, "allow": "Customer", "for_value": other.name, "apply_to_all_doctypes": 0}
	frappe.get_doc({"doctype": "User Permission", "applicable_for": "Customer", **permission}).insert()
	assert asked(mobile_no=number, vat_number=VAT) == [("Contact", contact.name, "mobile_no")]


def test_who_may_not_read_the_lead_asks_nothing():
	lead = make_lead(lead_owner=MANAGING)
	with pytest.raises(frappe.PermissionError):
		asked(SELLER_A, lead, mobile_no=phone())
	with pytest.raises(frappe.PermissionError):
		asked(STRANGER, mobile_no=phone())


def statements_with(many: int) -> list[str]:
	number, address = phone(), f"{frappe.generate_hash(length=8)}@many.example"
	frappe.set_user("Administrator")
	for _ in range(many):
		make_contact(make_customer(), number, address)
		make_prospect(whatsapp_no=number, prospect_owner=SELLER_A)
	values = {"mobile_no": number, "phone": number, "email_id": address, "vat_number": VAT, "cr_number": CR}
	asked(**values)  # roles and User Permissions are cached afterwards
	with counted() as statements:
		assert len(duplicates.known_parties(values)) == 2 * many
	return statements


def test_four_statements_however_many_agree():
	one, nine = statements_with(1), statements_with(9)
	assert len(one) == len(nine)
	ours = ("tabContact Phone", "tabDynamic Link", "tabCustomer", "tabDafater Prospect")
	lookups = [text for text in nine if any(f"FROM `{table}`" in text for table in ours)]
	assert len(lookups) == 4, lookups


def test_every_lookup_has_its_index():
	for name in ("dafater_contact_phone", "dafater_contact_email", "dafater_customer_tax_id"):
		assert frappe.db.has_index(f"tab{INDEXES[name][0]}", name)
