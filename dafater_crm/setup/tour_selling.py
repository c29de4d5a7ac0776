"""Steps of the tour that sales people take: what their buttons and forms do, from the call to the order."""

from __future__ import annotations

import frappe
from frappe.utils import add_days, nowdate

from dafater_crm.api import leads, opportunities, selling
from dafater_crm.setup.tour_walk import LEAD, OPPORTUNITY, PROSPECT, Journey, Walk


def capture(walk: Walk, journey: Journey) -> None:
	"""The development rep types a row of the sheet as it stands."""
	lead = frappe.new_doc(LEAD)
	lead.update({field: value for field, value in journey.sheet.items() if value})
	lead.update({"company": walk.company.company, "lead_owner": frappe.session.user})
	journey.keep("lead", lead.insert())


def call(walk: Walk, journey: Journey, outcome: str = "Interested") -> None:
	frappe.get_doc(
		{
			"doctype": "Dafater Activity",
			"activity_type": "Call",
			"subject": "First call",
			"status": "Done",
			"outcome": outcome,
			"reference_doctype": LEAD,
			"reference_name": journey.lead,
		}
	).insert()


def disqualify(walk: Walk, journey: Journey, reason: str, details: str | None = None) -> None:
	leads.disqualify(journey.lead, reason, details)


def do_not_contact(walk: Walk, journey: Journey) -> None:
	lead = journey.get("lead")
	lead.status = "Do Not Contact"
	lead.save()


def qualify(walk: Walk, journey: Journey) -> None:
	"""Qualified, and handed over to the account executive."""
	leads.qualify(journey.lead)
	lead = journey.get("lead")
	lead.lead_owner = walk.company.users["executive"]
	lead.save()


def convert(
	walk: Walk,
	journey: Journey,
	items: list[dict],
	make_prospect: int = 1,
	make_customer: int = 0,
	prospect: str | None = None,
	values: dict | None = None,
	prospect_values: dict | None = None,
) -> None:
	"""Prospect and opportunity (label "A") of the lead, then the opportunity's items. `prospect`: another lead's."""
	known = walk.journeys[prospect].name("prospect") if prospect else None
	made = leads.convert(
		journey.lead, make_prospect=make_prospect, make_customer=make_customer, prospect=known
	)
	if made["prospect"] and not prospect:
		journey.documents["prospect"] = (PROSPECT, made["prospect"])
		if prospect_values:
			journey.get("prospect").update(prospect_values).save()
	opportunity = frappe.get_doc(OPPORTUNITY, made["opportunity"])
	_fill(walk, opportunity, items, values)
	opportunity.save()
	journey.keep("A", opportunity)


def opportunity(walk: Walk, journey: Journey, of: str, label: str, title: str, items: list[dict]) -> None:
	"""A further opportunity of the same prospect, through the prospect's button."""
	doc = selling.make_opportunity_from_prospect(journey.name(of))
	_fill(walk, doc, items, {"title": title, "lead": journey.lead})
	journey.keep(label, doc.insert())


def _fill(walk: Walk, doc, items: list[dict], values: dict | None) -> None:
	doc.update({"expected_closing": add_days(nowdate(), 30), **(values or {})})
	doc.set("items", [])
	for item in items:
		price = opportunities.item_price(item["item_code"], walk.company.price_list)
		doc.append(
			"items", {"item_name": price["item_name"], "uom": price["uom"], "rate": price["rate"]} | item
		)


def stages(walk: Walk, journey: Journey, opportunity: str, to: list[str]) -> None:
	"""One stage after the other; what a stage asks for is done before it is left."""
	name = journey.name(opportunity)
	for stage in to:
		open_ones = {"reference_doctype": OPPORTUNITY, "reference_name": name, "status": "Open"}
		for activity in frappe.get_all("Dafater Activity", open_ones, pluck="name"):
			doc = frappe.get_doc("Dafater Activity", activity)
			doc.update({"status": "Done", "outcome": "Completed"})
			doc.save()
		opportunities.set_stage(name, stage)


def reassign(walk: Walk, journey: Journey, opportunity: str, to: str) -> None:
	doc = journey.get(opportunity)
	doc.opportunity_owner = walk.company.users[to]
	doc.save()


def lose(
	walk: Walk,
	journey: Journey,
	opportunity: str,
	reasons: list[str],
	competitors: list[str] | None = None,
	details: str | None = None,
) -> None:
	opportunities.set_lost(journey.name(opportunity), reasons, competitors, details)


def reopen(walk: Walk, journey: Journey, opportunity: str) -> None:
	opportunities.reopen(journey.name(opportunity))


def close(walk: Walk, journey: Journey, opportunity: str) -> None:
	opportunities.close(journey.name(opportunity))


def award(walk: Walk, journey: Journey, opportunity: str) -> None:
	"""The authority awards the tender to us."""
	doc = journey.get(opportunity)
	doc.tender_stage = "Awarded"
	doc.save()


def quote(
	walk: Walk, journey: Journey, opportunity: str, label: str, made: int = 0, valid: int | None = None
) -> None:
	"""`made` and `valid` are days from today; without `valid` the settings decide."""
	doc = selling.make_quotation(journey.name(opportunity))
	doc.transaction_date = add_days(nowdate(), made)
	if valid is not None:
		doc.valid_till = add_days(nowdate(), valid)
	_submit_quotation(journey, doc, label)


def quote_lead(walk: Walk, journey: Journey, label: str, items: list[dict]) -> None:
	"""A quotation written by hand for a lead, without an opportunity."""
	doc = selling.make_quotation_from_lead(journey.lead)
	for item in items:
		doc.append("items", item)
	_submit_quotation(journey, doc, label)


def _submit_quotation(journey: Journey, doc, label: str) -> None:
	"""Halalas are not rounded away, here and in what follows: the total with VAT is what is owed."""
	doc.disable_rounded_total = 1
	doc.insert().submit()
	journey.keep(label, doc)


def amend_quotation(
	walk: Walk, journey: Journey, quotation: str, label: str, rates: dict[str, float]
) -> None:
	old = journey.get(quotation)
	old.cancel()
	doc = frappe.copy_doc(old)
	# what the form's Amend sets
	doc.update({"amended_from": old.name, "docstatus": 0, "status": "Draft"})
	for row in doc.items:
		row.rate = rates.get(row.item_code, row.rate)
	doc.insert().submit()
	journey.keep(label, doc)


def quotation_lost(walk: Walk, journey: Journey, quotation: str, details: str) -> None:
	journey.get(quotation).declare_enquiry_lost([], [], details)


def order(
	walk: Walk,
	journey: Journey,
	opportunity: str,
	label: str,
	quantities: dict[str, float] | None = None,
	made: int = 0,
) -> None:
	_submit_order(journey, selling.make_sales_order(journey.name(opportunity)), label, quantities or {}, made)


def order_quotation(walk: Walk, journey: Journey, quotation: str, label: str) -> None:
	_submit_order(journey, selling.order_quotation(journey.name(quotation)), label, {}, 0)


def _submit_order(journey: Journey, doc, label: str, quantities: dict[str, float], made: int) -> None:
	if made:
		# the due dates follow the order's own date, as they do in the form
		doc.update({"transaction_date": add_days(nowdate(), made), "payment_schedule": []})
	doc.delivery_date = add_days(nowdate(), made + 7)
	for row in doc.items:
		row.qty = quantities.get(row.item_code, row.qty)
		row.delivery_date = doc.delivery_date
	doc.insert().submit()
	journey.keep(label, doc)


def cancel_order(walk: Walk, journey: Journey, order: str) -> None:
	journey.get(order).cancel()


def close_order(walk: Walk, journey: Journey, order: str) -> None:
	from erpnext.selling.doctype.sales_order.sales_order import update_status

	update_status("Closed", journey.name(order))
