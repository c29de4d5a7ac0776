"""The site itself: the app is installed, it is this checkout's, and ERPNext is set up for a Saudi company."""

from __future__ import annotations

from pathlib import Path

import frappe

import dafater_crm

CHECKOUT = Path(__file__).resolve().parents[2]


def test_app_is_installed_after_erpnext() -> None:
	apps = frappe.get_installed_apps()
	assert apps.index("dafater_crm") > apps.index("erpnext")


def test_code_under_test_is_this_checkout() -> None:
	assert Path(dafater_crm.__file__).resolve().is_relative_to(CHECKOUT)
	assert Path(frappe.get_app_path("dafater_crm")).resolve() == CHECKOUT / "dafater_crm"


def test_both_modules_belong_to_the_app() -> None:
	modules = frappe.get_all("Module Def", filters={"app_name": "dafater_crm"}, pluck="name")
	assert sorted(modules) == ["Dafater CRM", "Dafater Inbox"]


def test_company_is_saudi_with_15_percent_vat() -> None:
	company = frappe.get_doc("Company", {"country": "Saudi Arabia"})
	assert company.default_currency == "SAR"
	rates = frappe.get_all(
		"Sales Taxes and Charges",
		filters={"parenttype": "Sales Taxes and Charges Template"},
		pluck="rate",
	)
	assert 15.0 in rates


def test_versions_are_those_the_app_declares() -> None:
	import erpnext

	print(f"\nFrappe {frappe.__version__}, ERPNext {erpnext.__version__}")
	assert 15 <= int(frappe.__version__.split(".")[0]) < 17
	assert 15 <= int(erpnext.__version__.split(".")[0]) < 17
