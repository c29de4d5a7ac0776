"""Two quotations on the throw-away site of `test_install_cycle`: `cycle_steps.py SITE` prints their names as JSON."""

from __future__ import annotations

import json
import sys

import frappe

from tests.site.factories import make_item, make_lead


def make_quotations() -> list[str]:
	"""Two quotations to leads of ours: one of a lead without a customer, one of a lead that has one."""
	from dafater_crm.erpnext import customer

	bare, known = make_lead(), make_lead()
	known.add_comment("Comment", "remembered")
	known.add_tag("important")
	frappe.get_doc(
		{
			"doctype": "ToDo",
			"description": "call",
			"reference_type": known.doctype,
			"reference_name": known.name,
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"content": "hello",
			"reference_doctype": known.doctype,
			"reference_name": known.name,
		}
	).insert()
	customer.ensure(known.doctype, known.name)
	return [make_quotation(lead).name for lead in (bare, known)]


def make_quotation(lead):
	return frappe.get_doc(
		{
			"doctype": "Quotation",
			"quotation_to": lead.doctype,
			"party_name": lead.name,
			"order_type": "Sales",
			"items": [{"item_code": make_item(), "qty": 1, "rate": 100}],
		}
	).insert()


def main(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.in_test = frappe.in_test = True
	names = make_quotations()
	frappe.db.commit()
	frappe.destroy()
	print(json.dumps(names))


if __name__ == "__main__":
	main(sys.argv[1])
