"""What a company needs before it can sell: items with prices, VAT, accounts for payments, people in a reporting line.

For sample sites only. Idempotent: what exists is left as it is. Runs as the installer (Administrator).
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import add_days, add_years, getdate

from dafater_crm.setup.masters import load_data


def prepare_company(company: str | None = None) -> frappe._dict:
	"""Prepare `company` (default: the site's default one) for sales.

	Returns company, price_list, tax_template, mode_of_payment and users ({key: e-mail}). Needs the rights of a
	system manager. Raises ValidationError when ERPNext has no company yet.
	"""
	data = load_data("demo_company")
	company = company or default_company()
	price_list = selling_price_list(company)
	make_items(data, company, price_list)
	tax_template = ensure_vat(data, company)
	modes = ensure_payment_accounts(company)
	users = make_users(data, company)
	return frappe._dict(
		company=company, price_list=price_list, tax_template=tax_template, mode_of_payment=modes, users=users
	)


def default_company() -> str:
	"""The default company, else the only one."""
	company = frappe.db.get_single_value("Global Defaults", "default_company") or frappe.db.get_value(
		"Company", {}, "name"
	)
	if not company:
		frappe.throw(
			_("ERPNext has no company yet. Finish ERPNext's setup wizard, then load the sample data.")
		)
	return company


def selling_price_list(company: str) -> str:
	"""ERPNext's default selling price list, else any enabled one, else a new one in the company's currency."""
	name = frappe.db.get_single_value("Selling Settings", "selling_price_list") or frappe.db.get_value(
		"Price List", {"selling": 1, "enabled": 1}, "name"
	)
	if name:
		return name
	currency = frappe.db.get_value("Company", company, "default_currency")
	return _insert(
		"Price List", price_list_name="قائمة أسعار البيع", selling=1, enabled=1, currency=currency
	).name


def make_items(data: dict, company: str, price_list: str) -> None:
	"""Goods and services with a price in the selling price list."""
	root = frappe.db.get_value("Item Group", {"is_group": 1, "parent_item_group": ("in", ["", None])}, "name")
	for group in data["item_groups"]:
		if not frappe.db.exists("Item Group", group):
			_insert("Item Group", item_group_name=group, parent_item_group=root, is_group=0)
	uom = frappe.db.get_single_value("Stock Settings", "stock_uom") or frappe.db.get_value("UOM", {}, "name")
	warehouse = _selling_warehouse(company)
	for item in data["items"]:
		_make_item(item, uom, company, warehouse)
		_make_price(item, uom, price_list)


def _selling_warehouse(company: str) -> str | None:
	default = frappe.db.get_single_value("Stock Settings", "default_warehouse")
	if default and frappe.db.get_value("Warehouse", default, "company") == company:
		return default
	return frappe.db.get_value("Warehouse", {"company": company, "is_group": 0}, "name", order_by="creation")


def _make_item(item: dict, uom: str, company: str, warehouse: str | None) -> None:
	if frappe.db.exists("Item", item["item_code"]):
		return
	_insert(
		"Item",
		item_code=item["item_code"],
		item_name=item["item_name"],
		item_group=item["item_group"],
		description=item["description"],
		stock_uom=uom,
		is_stock_item=item["stock"],
		item_defaults=[{"company": company, "default_warehouse": warehouse}],
	)


def _make_price(item: dict, uom: str, price_list: str) -> None:
	key = {"item_code": item["item_code"], "price_list": price_list}
	if not frappe.db.exists("Item Price", key):
		_insert("Item Price", **key, uom=uom, selling=1, price_list_rate=item["rate"])


def ensure_vat(data: dict, company: str) -> str:
	"""The company's sales tax template with the VAT of 15 percent, and a tax rule that finds it for every customer."""
	template = _vat_template(data["vat_percent"], company) or _make_vat_template(data, company)
	rule = {"tax_type": "Sales", "company": company, "sales_tax_template": template}
	if not frappe.db.exists("Tax Rule", rule):
		_insert("Tax Rule", **rule, use_for_shopping_cart=0)
	return template


def _vat_template(percent: float, company: str) -> str | None:
	templates = frappe.get_all(
		"Sales Taxes and Charges Template",
		{"company": company, "disabled": 0},
		pluck="name",
		order_by="is_default desc",
	)
	rows = frappe.get_all(
		"Sales Taxes and Charges",
		{
			"parenttype": "Sales Taxes and Charges Template",
			"parent": ("in", templates or [""]),
			"rate": percent,
		},
		pluck="parent",
	)
	return next((name for name in templates if name in rows), None)


def _make_vat_template(data: dict, company: str) -> str:
	account = frappe.db.get_value(
		"Account",
		{"company": company, "account_type": "Tax", "is_group": 0, "tax_rate": data["vat_percent"]},
		"name",
	) or _make_vat_account(data, company)
	return _insert(
		"Sales Taxes and Charges Template",
		title=data["vat_title"],
		company=company,
		is_default=1,
		taxes=[
			{
				"charge_type": "On Net Total",
				"account_head": account,
				"rate": data["vat_percent"],
				"description": data["vat_account"],
			}
		],
	).name


def _make_vat_account(data: dict, company: str) -> str:
	parent = frappe.db.get_value(
		"Account",
		{"company": company, "account_type": "Tax", "is_group": 1, "root_type": "Liability"},
		"name",
	)
	return _insert(
		"Account",
		account_name=data["vat_account"],
		company=company,
		parent_account=parent,
		account_type="Tax",
		root_type="Liability",
		tax_rate=data["vat_percent"],
	).name


def ensure_payment_accounts(company: str) -> dict[str, str]:
	"""Give the modes of payment of type Bank and Cash an account of the company; return {type: a mode that has one}."""
	accounts = {
		"Bank": frappe.db.get_value("Company", company, "default_bank_account")
		or _leaf_account(company, "Bank"),
		"Cash": frappe.db.get_value("Company", company, "default_cash_account")
		or _leaf_account(company, "Cash"),
	}
	usable = {}
	for mode in frappe.get_all("Mode of Payment", {"enabled": 1}, ["name", "type"], order_by="creation"):
		account = accounts.get(mode.type)
		if not account:
			continue
		doc = frappe.get_doc("Mode of Payment", mode.name)
		if not any(row.company == company for row in doc.accounts):
			doc.append("accounts", {"company": company, "default_account": account})
			doc.save()
		usable.setdefault(mode.type, mode.name)
	return usable


def _leaf_account(company: str, kind: str) -> str | None:
	return frappe.db.get_value("Account", {"company": company, "account_type": kind, "is_group": 0}, "name")


def make_users(data: dict, company: str) -> dict[str, str]:
	"""One user for each role profile and an accountant, each an employee in the reporting line; {key: e-mail}."""
	employees = {}
	for person in data["users"]:
		if not frappe.db.exists("User", person["email"]):
			_make_user(person, data["password"])
		employees[person["key"]] = _employee_of(person, company, employees.get(person.get("reports_to")))
	return {person["key"]: person["email"] for person in data["users"]}


def _make_user(person: dict, password: str) -> None:
	workspace = person.get("workspace")
	_insert(
		"User",
		email=person["email"],
		first_name=person["first_name"],
		last_name=person["last_name"],
		language=person["language"],
		send_welcome_email=0,
		role_profile_name=person.get("profile"),
		roles=[{"role": role} for role in person.get("roles", [])],
		default_workspace=workspace if workspace and frappe.db.exists("Workspace", workspace) else None,
		new_password=password,  # sample sites only; the README names it
	)


def _employee_of(person: dict, company: str, reports_to: str | None) -> str:
	existing = frappe.db.get_value("Employee", {"user_id": person["email"]}, "name")
	if existing:
		return existing
	return _insert(
		"Employee",
		first_name=person["first_name"],
		last_name=person["last_name"],
		gender=_gender(person["gender"]),
		date_of_birth=add_years(getdate(), -34),
		date_of_joining=add_days(getdate(), -400),
		company=company,
		status="Active",
		user_id=person["email"],
		# A User Permission on the company would hide records that have none.
		create_user_permission=0,
		reports_to=reports_to,
	).name


def _gender(english: str) -> str:
	"""Gender rows are named in the language of the setup wizard."""
	names = {"Male": ["Male", "ذكر"], "Female": ["Female", "أنثى"]}[english]
	return frappe.db.get_value("Gender", {"name": ("in", names)}, "name") or frappe.db.get_value(
		"Gender", {}, "name"
	)


def _insert(doctype: str, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert()
