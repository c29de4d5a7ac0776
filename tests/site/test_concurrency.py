"""Two people at the same moment: real processes with connections of their own, on committed documents."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, nowdate

from dafater_crm.api import selling
from tests.site import processes
from tests.site.factories import (
	SELLER,
	make_item,
	make_lead,
	make_opportunity,
	make_prospect,
	make_user,
	status_of,
)
from tests.site.processes import RACES

USER = "seller@race.example"
START_UP = 6  # seconds; few processes need fewer


def at_once(task: str, many: list[dict]) -> list[dict]:
	return processes.at_once(RACES, task, many, [USER] * len(many), START_UP)


def quotation_for(prospect):
	quotation = selling.make_quotation(make_opportunity(prospect).name)
	quotation.insert().submit()
	return quotation


@pytest.mark.parametrize("make_party", [make_prospect, make_lead])
def test_one_customer_when_four_people_order_at_the_same_time(make_party):
	make_user(USER, *SELLER)
	make_item()
	frappe.set_user(USER)
	prospect = make_party()
	quotations = [quotation_for(prospect) for _ in range(4)]
	frappe.db.commit()
	results = at_once("order", [{"quotation": quotation.name} for quotation in quotations])
	made = {result["ok"] for result in results if "ok" in result}
	assert len(made) == 1, results
	name = prospect.get("prospect_name") or prospect.organisation_name
	assert frappe.db.count("Customer", {"customer_name": name}) == 1
	assert frappe.db.count("Dafater Party Link", {"party_name": prospect.name}) == 1
	assert all("ok" in result for result in results), results


def test_a_rest_client_that_loses_the_race_is_told_to_save_again_and_then_succeeds():
	make_user(USER, *SELLER)
	make_item()
	frappe.set_user(USER)
	prospect = make_prospect()
	quotations = [quotation_for(prospect) for _ in range(3)]
	frappe.db.commit()
	waiting = [{"quotation": quotation.name} for quotation in quotations]
	for _ in range(3):
		results = at_once("order_by_rest", waiting)
		again = [arguments for arguments, result in zip(waiting, results, strict=True) if "error" in result]
		for result in results:
			assert "error" not in result or result["error"].startswith("CustomerJustMade"), result
		waiting = again
		if not waiting:
			break
	assert not waiting
	assert frappe.db.count("Customer", {"customer_name": prospect.prospect_name}) == 1
	assert frappe.db.count("Sales Order", {"dafater_party": prospect.name, "customer": ("is", "set")}) == 3


def test_two_orders_cancelled_at_once_leave_the_right_status():
	make_user(USER, *SELLER)
	make_item()
	frappe.set_user(USER)
	prospect = make_prospect()
	opportunity = make_opportunity(prospect)
	quotation = selling.make_quotation(opportunity.name)
	quotation.insert().submit()
	orders = []
	for _ in range(2):
		order = selling.order_quotation(quotation.name)
		order.delivery_date = add_days(nowdate(), 7)
		for row in order.items:
			row.qty, row.delivery_date = 5, order.delivery_date
		orders.append(order.insert().submit())
	assert status_of(opportunity) == "Won"
	for _ in range(3):
		results = at_once("cancel", [{"order": order.name} for order in orders])
		if all("ok" in result for result in results):
			break
		orders = [
			order for order in orders if frappe.db.get_value("Sales Order", order.name, "docstatus") == 1
		]
	assert status_of(opportunity) == "Quotation"
	assert status_of(prospect) == "Quotation"
