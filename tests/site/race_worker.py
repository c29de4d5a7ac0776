"""What several processes do at the same moment, see `processes`: orders, leads, conversations."""

from __future__ import annotations

import frappe


def prepare() -> None:
	frappe.flags.in_test = frappe.in_test = True  # jobs run at once: there is no worker


def order(quotation: str) -> str:
	from dafater_crm.api.selling import order_quotation

	doc = order_quotation(quotation)
	doc.delivery_date = frappe.utils.add_days(None, 7)
	for row in doc.items:
		row.delivery_date, row.qty = doc.delivery_date, 1
	return doc.insert().customer


def order_by_rest(quotation: str) -> str:
	"""What a REST client does that knows nothing of us: ERPNext's own mapping, then one insert."""
	from erpnext.selling.doctype.quotation.quotation import make_sales_order

	doc = make_sales_order(quotation)
	doc.delivery_date = frappe.utils.add_days(None, 7)
	for row in doc.items:
		row.delivery_date, row.qty = doc.delivery_date, 1
	return doc.insert().customer


def cancel(order: str) -> str:
	frappe.get_doc("Sales Order", order).cancel()
	return "cancelled"


def make_leads(count: int) -> list[str]:
	"""What a web form does, `count` times: insert a lead without an owner and commit, which assigns it."""
	names = []
	for _ in range(count):
		phone = f"055{int(frappe.generate_hash(length=8), 16) % 10_000_000:07d}"
		reference = f"share-out {frappe.generate_hash(length=8)}"
		values = {"lead_name": f"زائر {reference}", "mobile_no": phone, "source_reference": reference}
		names.append(frappe.get_doc({"doctype": "Dafater Lead", **values}).insert().name)
		frappe.db.commit()
	return names


def share_out(conversations: list[str]) -> list[str | None]:
	"""What the pipeline does after each received message: sort the conversation and give it to an agent."""
	from dafater_crm.records.inbox import assignment, classification

	for name in conversations:
		classification.classify(name)
	return [assignment.assign(name) for name in conversations]


def take(conversation: str) -> str:
	from dafater_crm.api import conversations

	return conversations.take(conversation)["assigned_to"]


def repair() -> str:
	from dafater_crm.records import assignment_upkeep

	assignment_upkeep.run()
	return "done"


def enter_lead(**values) -> str:
	return frappe.get_doc({"doctype": "Dafater Lead", **values}).insert().name
