"""Documents for site tests. Each is inserted as the present user, with unique names, and returned saved."""

from __future__ import annotations

import frappe
from frappe.utils import add_days, nowdate

COMPANY = "شركة دفاتر التجارية"
AE, SDR = "Dafater Account Executive", "Dafater Sales Development Rep"
MANAGER, OPERATIONS, SUPPORT = "Dafater Sales Manager", "Dafater Sales Operations", "Dafater Support Agent"
# the ERPNext roles that go with ours in the role profiles
SELLER = (AE, "Sales User")


def unique(text: str) -> str:
	return f"{text} {frappe.generate_hash(length=6)}"


def phone() -> str:
	"""A valid Saudi mobile number in local form, different each time."""
	return f"055{int(frappe.generate_hash(length=8), 16) % 10_000_000:07d}"


def make_user(email: str, *roles: str) -> str:
	"""A desk user with exactly these roles, made and committed once: saving a User takes a second."""
	known = set(frappe.get_all("Has Role", filters={"parent": email, "parenttype": "User"}, pluck="role"))
	if known == set(roles):
		return email
	before = frappe.session.user
	frappe.set_user("Administrator")
	if not frappe.db.exists("User", email):
		frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": email.split("@")[0],
				"send_welcome_email": 0,
				"user_type": "System User",
			}
		).insert()
	user = frappe.get_doc("User", email)
	user.set("roles", [{"role": role} for role in roles])
	user.save()
	frappe.db.commit()
	frappe.set_user(before)
	return email


def make_item(code: str = "DAFATER-TEST-SERVICE", rate: float = 100) -> str:
	"""A service item with a selling price; made by Administrator once."""
	if frappe.db.exists("Item", code):
		return code
	before = frappe.session.user
	frappe.set_user("Administrator")
	frappe.get_doc(
		{
			"doctype": "Item",
			"item_code": code,
			"item_name": code.title(),
			"item_group": frappe.db.get_value("Item Group", {"is_group": 0}, "name"),
			"stock_uom": "Nos",
			"is_stock_item": 0,
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Item Price",
			"item_code": code,
			"price_list": frappe.db.get_single_value("Selling Settings", "selling_price_list")
			or frappe.db.get_value("Price List", {"selling": 1}, "name"),
			"price_list_rate": rate,
		}
	).insert()
	frappe.set_user(before)
	return code


def make_lead(**values):
	"""A person with an organisation and a mobile number."""
	return frappe.get_doc(
		{
			"doctype": "Dafater Lead",
			"lead_name": unique("سارة القحطاني"),
			"organisation_name": unique("مؤسسة الأفق"),
			"mobile_no": phone(),
			"email_id": f"{frappe.generate_hash(length=8)}@ufuq.example",
			"company": COMPANY,
			**values,
		}
	).insert()


def make_prospect(**values):
	return frappe.get_doc(
		{"doctype": "Dafater Prospect", "prospect_name": unique("شركة النخيل"), "company": COMPANY, **values}
	).insert()


def make_opportunity(party=None, items: list[dict] | None = None, **values):
	"""An opportunity of `party` (default: a new prospect) with one item of 10 x 100 unless `items` says otherwise."""
	party = party or make_prospect()
	rows = [{"item_code": make_item(), "qty": 10, "rate": 100}] if items is None else items
	return frappe.get_doc(
		{
			"doctype": "Dafater Opportunity",
			"party_type": party.doctype,
			"party_name": party.name,
			"company": COMPANY,
			"transaction_date": nowdate(),
			"expected_closing": add_days(nowdate(), 30),
			"items": rows,
			**values,
		}
	).insert()


def status_of(doc) -> str:
	"""The stored status, past every cache, after a commit has run our recompute."""
	frappe.db.commit()
	return frappe.db.get_value(doc.doctype, doc.name, "status", cache=False)
