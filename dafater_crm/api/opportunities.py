"""What a user does to an opportunity beyond editing it: stages, losing, reopening, closing, prices."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import flt, now_datetime

from dafater_crm.records.recompute import first_stage, outcome_of

OPPORTUNITY = "Dafater Opportunity"


@frappe.whitelist(methods=["POST"])
def set_stage(name: str, stage: str) -> dict:
	"""Move an opportunity to a stage. Permission: write on the opportunity."""
	doc = _writable(name)
	doc.sales_stage = stage
	doc.save()
	return _state(doc)


@frappe.whitelist(methods=["POST"])
def set_lost(
	name: str,
	lost_reasons: list | str,
	competitors: list | str | None = None,
	details: str | None = None,
) -> dict:
	"""Lose an opportunity: the first Lost stage, with reasons and competitors (names or rows with the name).

	Permission: write on the opportunity.
	"""
	doc = _writable(name)
	# a form sends lists as JSON text
	lost_reasons, competitors = frappe.parse_json(lost_reasons), frappe.parse_json(competitors or "[]")
	stage = first_stage("Lost")
	if not stage:
		frappe.throw(_("There is no enabled sales stage with the outcome Lost. Ask a manager to add one."))
	doc.sales_stage, doc.lost_details = stage, details
	doc.set("lost_reasons", [{"lost_reason": reason} for reason in _names(lost_reasons, "lost_reason")])
	known = {row.competitor for row in doc.competitors}
	for competitor in _names(competitors, "competitor"):
		if competitor not in known:
			doc.append("competitors", {"competitor": competitor})
	doc.save()
	return _state(doc)


@frappe.whitelist(methods=["POST"])
def reopen(name: str) -> dict:
	"""Take a lost, won or closed opportunity back to the stage it came from. Permission: write on it."""
	doc = _writable(name)
	if outcome_of(doc.sales_stage) != "Open":
		doc.sales_stage = _last_open_stage(doc) or first_stage("Open")
	doc.closed_on = None
	doc.save()
	return _state(doc)


@frappe.whitelist(methods=["POST"])
def close(name: str) -> dict:
	"""Close an open opportunity without an outcome. Permission: write on the opportunity."""
	doc = _writable(name)
	if outcome_of(doc.sales_stage) != "Open":
		frappe.throw(_("{0} already has an outcome and need not be closed.").format(frappe.bold(doc.title)))
	doc.closed_on = now_datetime()
	doc.save()
	return _state(doc)


@frappe.whitelist(methods=["GET", "POST"])
def item_price(
	item_code: str, price_list: str | None = None, currency: str | None = None, company: str | None = None
) -> dict:
	"""Name, unit, description and selling price of an item. Permission: read on the item.

	Returns {"item_name", "uom", "description", "rate"}; rate is 0 where the price list has none in `currency`.
	"""
	frappe.has_permission("Item", "read", item_code, throw=True)
	item = frappe.get_cached_value("Item", item_code, ["item_name", "stock_uom", "description"], as_dict=True)
	price_list = price_list or frappe.db.get_single_value("Selling Settings", "selling_price_list")
	filters = {"item_code": item_code, "price_list": price_list, "selling": 1}
	if currency:
		filters["currency"] = currency
	rates = frappe.get_all(
		"Item Price",
		filters=filters,
		order_by="valid_from desc, modified desc",
		pluck="price_list_rate",
		limit=1,
	)
	return {
		"item_name": item.item_name,
		"uom": item.stock_uom,
		"description": item.description,
		"rate": flt(rates[0]) if rates else 0.0,
	}


def _writable(name: str):
	doc = frappe.get_doc(OPPORTUNITY, name)
	doc.check_permission("write")
	return doc


def _state(doc) -> dict:
	return {"status": doc.status, "sales_stage": doc.sales_stage, "probability": doc.probability}


def _names(values: list, key: str) -> list[str]:
	"""Plain names, or rows of a MultiSelect; each once, in order."""
	return list(dict.fromkeys(value.get(key) if isinstance(value, dict) else value for value in values))


def _last_open_stage(doc) -> str | None:
	history = frappe.get_all(
		"Dafater Stage History",
		filters={"opportunity": doc.name},
		order_by="changed_on desc, creation desc",
		pluck="to_stage",
		limit=20,
	)
	return next((stage for stage in history if stage and outcome_of(stage) == "Open"), None)
