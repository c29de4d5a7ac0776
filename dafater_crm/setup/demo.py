"""Sample records of a made-up Saudi company, entered by its own users: leads, prospects, opportunities.

Nothing is written past the controllers and nothing past permissions: each document is inserted and moved on as the user
who would do it. Loading again adds only what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.utils import add_days, get_datetime, getdate

from dafater_crm.setup.demo_company import prepare_company
from dafater_crm.setup.masters import load_data

__all__ = ["load", "prepare_company"]

LEAD_FIELDS_NOT_STORED = ("by", "status", "follow_up", "disqualify_reason")


def load() -> dict[str, int]:
	"""Prepare the company and enter the sample records; return {DocType: rows on the site}.

	Needs the rights of a system manager. Does not commit; ERPNext does, whenever a Contact with a phone is made, so
	a failure leaves the records that came before it, and the next call goes on from there.
	"""
	company = prepare_company()
	data = load_data("demo_records")
	with quiet():
		make_market(data, company)
		make_leads(data["leads"], company)
		make_prospects(data["prospects"], company)
		make_opportunities(data["opportunities"], company)
	counted = ("Dafater Lead", "Dafater Prospect", "Dafater Opportunity", "Contact", "Address")
	return {doctype: frappe.db.count(doctype) for doctype in counted}


@contextmanager
def quiet() -> Iterator[None]:
	"""Collect no messages of the many saves, and come back as the user who called."""
	user, muted = frappe.session.user, frappe.flags.mute_messages
	frappe.flags.mute_messages = True
	try:
		yield
	finally:
		frappe.flags.mute_messages = muted
		acting_as(user)


def acting_as(user: str) -> None:
	"""Go on as `user`: one of this module's own, or the one who called `load`."""
	if frappe.session.user != user:
		# No endpoint leads here, and acting as the users is the point: their permissions are checked.
		frappe.set_user(user)  # nosemgrep: set-user - sample data is entered by its users


def make_market(data: dict, company: frappe._dict) -> None:
	"""Competitors and a campaign, entered by the sales manager."""
	acting_as(company.users["manager"])
	for row in data["competitors"]:
		if not frappe.db.exists("Dafater Competitor", row["competitor_name"]):
			_insert("Dafater Competitor", **row)
	for row in data["campaigns"]:
		if not frappe.db.exists("Dafater Campaign", row["campaign_name"]):
			dates = {"start_date": _day(row.pop("starts")), "end_date": _day(row.pop("ends"))}
			_insert("Dafater Campaign", **row, **dates, company=company.company)


def make_leads(rows: list[dict], company: frappe._dict) -> None:
	"""Leads as they were typed, then moved to where their qualification stands."""
	for row in rows:
		if frappe.db.exists("Dafater Lead", {"email_id": row["email_id"]}):
			continue
		user = company.users[row["by"]]
		acting_as(user)
		values = {field: value for field, value in row.items() if field not in LEAD_FIELDS_NOT_STORED}
		lead = _insert(
			"Dafater Lead", **values, lead_owner=user, company=company.company, next_follow_up=_follow_up(row)
		)
		if row["status"] != lead.status:
			lead.update({"status": row["status"], "disqualify_reason": row.get("disqualify_reason")})
			lead.save()


def make_prospects(rows: list[dict], company: frappe._dict) -> None:
	"""Company accounts with their national address, contacts and the contacts' roles."""
	for row in rows:
		if frappe.db.exists("Dafater Prospect", {"prospect_name": row["prospect_name"]}):
			continue
		user = company.users[row.pop("by")]
		acting_as(user)
		contacts, address = row.pop("contacts"), row.pop("address")
		prospect = _insert("Dafater Prospect", **row, **address, prospect_owner=user, company=company.company)
		_make_address(prospect)
		for contact in contacts:
			prospect.append(
				"contacts", {"contact": _make_contact(prospect, contact), "role": contact["role"]}
			)
		prospect.save()


def _make_address(prospect) -> None:
	_insert(
		"Address",
		address_title=prospect.prospect_name,
		address_type="Billing",
		address_line1=f"{prospect.building_no} {prospect.street}",
		address_line2=prospect.district,
		city=prospect.city,
		pincode=prospect.postal_code,
		country="Saudi Arabia",
		is_primary_address=1,
		is_shipping_address=1,
		links=[{"link_doctype": prospect.doctype, "link_name": prospect.name}],
	)


def _make_contact(prospect, person: dict) -> str:
	return _insert(
		"Contact",
		first_name=person["first_name"],
		last_name=person["last_name"],
		designation=person["designation"],
		company_name=prospect.prospect_name,
		email_ids=[{"email_id": person["email_id"], "is_primary": 1}],
		phone_nos=[{"phone": person["mobile_no"], "is_primary_mobile_no": 1}],
		links=[{"link_doctype": prospect.doctype, "link_name": prospect.name}],
	).name


def make_opportunities(rows: list[dict], company: frappe._dict) -> None:
	"""Deals entered by whoever found them, then led through the stages by the account executive."""
	stages = _open_stages()
	for row in rows:
		if frappe.db.exists("Dafater Opportunity", {"title": row["title"]}):
			continue
		acting_as(company.users[row["by"]])
		opportunity = _insert("Dafater Opportunity", **_opportunity_values(row, company))
		acting_as(opportunity.opportunity_owner)
		for stage in _way_to(row["stage"], stages):
			_finish_activities(opportunity)
			_enter_stage(opportunity, stage, row)


def _opportunity_values(row: dict, company: frappe._dict) -> dict:
	values = {
		"title": row["title"],
		"party_type": row["party_type"],
		"party_name": _party(row),
		"opportunity_type": row["opportunity_type"],
		"source": row.get("source"),
		"opportunity_owner": company.users["executive"],
		"company": company.company,
		"transaction_date": _day(row["started"]),
		"expected_closing": _day(row["closing"]),
		"next_step": row.get("next_step"),
		"next_follow_up": _follow_up(row),
		"items": [_item_row(item, company.price_list) for item in row["items"]],
		"competitors": [{"competitor": name} for name in row.get("competitors", [])],
	}
	if row.get("tender"):
		values.update(_tender_values(dict(row["tender"])))
	return values


def _tender_values(tender: dict) -> dict:
	submission, opening = tender.pop("submission"), tender.pop("opening")
	documents = tender.pop("documents")
	return {
		"is_tender": 1,
		**tender,
		"submission_deadline": get_datetime(f"{_day(submission)} 13:00:00"),
		"opening_date": get_datetime(f"{_day(opening)} 10:00:00"),
		"tender_documents": [{"document_name": name, "required": 1} for name in documents],
	}


def _item_row(item: dict, price_list: str) -> dict:
	"""The negotiated rate of the sheet, else the list price."""
	rate = item.get("rate")
	if rate is None:
		rate = frappe.db.get_value(
			"Item Price", {"item_code": item["item_code"], "price_list": price_list}, "price_list_rate"
		)
	name, uom = frappe.get_cached_value("Item", item["item_code"], ["item_name", "stock_uom"])
	return {**item, "rate": rate, "item_name": name, "uom": uom}


def _party(row: dict) -> str:
	field = "prospect_name" if row["party_type"] == "Dafater Prospect" else "organisation_name"
	return frappe.db.get_value(row["party_type"], {field: row["party"]}, "name")


def _open_stages() -> list[str]:
	return frappe.get_all(
		"Dafater Sales Stage", {"outcome": "Open", "disabled": 0}, pluck="name", order_by="sequence"
	)


def _way_to(target: str, stages: list[str]) -> list[str]:
	"""The stages after the first one, up to the target; a lost deal is lost from the second stage."""
	if target in stages:
		return stages[1 : stages.index(target) + 1]
	outcome = frappe.get_cached_value("Dafater Sales Stage", target, "outcome")
	return [*(stages[1:] if outcome == "Won" else stages[1:2]), target]


def _finish_activities(opportunity) -> None:
	"""What the stage asks for has been done before the deal moves on."""
	for name in frappe.get_all(
		"Dafater Activity",
		{"reference_doctype": opportunity.doctype, "reference_name": opportunity.name, "status": "Open"},
		pluck="name",
	):
		activity = frappe.get_doc("Dafater Activity", name)
		activity.update({"status": "Done", "outcome": "Completed"})
		activity.save()


def _enter_stage(opportunity, stage: str, row: dict) -> None:
	opportunity.sales_stage = stage
	if stage == row["stage"] and row.get("lost_reasons"):
		opportunity.lost_details = row.get("lost_details")
		opportunity.set("lost_reasons", [{"lost_reason": reason} for reason in row["lost_reasons"]])
	opportunity.save()


def _follow_up(row: dict):
	return _day(row["follow_up"]) if row.get("follow_up") is not None else None


def _day(offset: int):
	"""A day relative to today, so that the samples never grow old."""
	return getdate(add_days(getdate(), offset))


def _insert(doctype: str, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert()
