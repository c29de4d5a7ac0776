"""Run Frappe's setup wizard without its web form: `setup_company.py SITE JSON`, from a sites directory.

Checks what came out of it: the wizard swallows some errors, and a site without its company fails much later.
"""

import json
import sys

import frappe


def main(site: str, arguments: str) -> None:
	args = json.loads(arguments)
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	try:
		run_wizard(args)
		make_tax_templates(args)
		allow_backdated_years(args)
		frappe.db.commit()
		verify(args)
	finally:
		frappe.destroy()


def run_wizard(args: dict) -> None:
	from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

	setup_complete(args)
	frappe.clear_cache()


def make_tax_templates(args: dict) -> None:
	"""ERPNext ships no tax templates for Saudi Arabia; its own maker builds them, with accounts, from our table."""
	from erpnext.setup.setup_wizard.operations.taxes_setup import from_detailed_data, simple_to_detailed

	from_detailed_data(args["company_name"], simple_to_detailed(args["tax_templates"]))


def allow_backdated_years(args: dict) -> None:
	"""A fiscal year before and after the current one: sample data and tests reach across a new year."""
	year = int(args["fy_start_date"][:4])
	for number in (year - 1, year + 1):
		if not frappe.db.exists("Fiscal Year", str(number)):
			frappe.get_doc(
				{
					"doctype": "Fiscal Year",
					"year": str(number),
					"year_start_date": f"{number}-01-01",
					"year_end_date": f"{number}-12-31",
				}
			).insert()


def verify(args: dict) -> None:
	company = frappe.db.get_value("Company", args["company_name"], ["country", "default_currency"])
	if company != (args["country"], args["currency"]):
		raise SystemExit(f"The setup wizard left no company {args['company_name']!r}: found {company!r}.")
	if not frappe.db.exists("Sales Taxes and Charges Template", {"company": args["company_name"]}):
		raise SystemExit("The setup wizard left no sales tax template.")


if __name__ == "__main__":
	main(*sys.argv[1:])
