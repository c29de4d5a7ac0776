"""The activities that a sales stage requires: what counts as done, going back, reopening and entering again."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.api import activities, opportunities
from tests.site.factories import make_opportunity
from tests.site.people import SELLER_A, cast  # noqa: F401


@pytest.fixture(autouse=True)
def blocking():
	frappe.db.set_single_value("Dafater CRM Settings", "stage_activities", "Block")
	frappe.clear_document_cache("Dafater CRM Settings", "Dafater CRM Settings")
	yield
	frappe.db.rollback()
	frappe.clear_document_cache("Dafater CRM Settings", "Dafater CRM Settings")


@pytest.fixture
def deal():
	frappe.set_user(SELLER_A)
	return make_opportunity(opportunity_owner=SELLER_A)


def required(deal) -> list[dict]:
	deal.reload()
	return frappe.get_all(
		"Dafater Activity",
		{"reference_name": deal.name, "sales_stage": deal.sales_stage, "required": 1},
		["name", "status"],
		order_by="creation",
	)


def finish_all(deal) -> None:
	for row in required(deal):
		if row.status == "Open":
			activities.finish(row.name, outcome="Completed")


def refused(deal, stage: str) -> bool:
	try:
		opportunities.set_stage(deal.name, stage)
	except frappe.ValidationError as error:
		assert "Finish or cancel them" in str(error)
		return True
	return False


def later(deal, steps: int = 1) -> str:
	"""The stage `steps` places after (or before) the deal's own."""
	deal.reload()
	stages = frappe.get_all(
		"Dafater Sales Stage", {"outcome": "Open", "disabled": 0}, pluck="name", order_by="sequence"
	)
	return stages[stages.index(deal.sales_stage) + steps]


def test_what_is_open_blocks_and_what_is_done_does_not(deal):
	assert required(deal)
	assert refused(deal, later(deal))
	finish_all(deal)
	assert not refused(deal, later(deal))


def test_a_call_logged_beside_the_plan_does_not_finish_the_planned_one(deal):
	activities.log(deal.doctype, deal.name, "Call", outcome="Reached")
	assert refused(deal, later(deal))


def test_an_activity_that_is_reopened_blocks_again(deal):
	finish_all(deal)
	first = frappe.get_doc("Dafater Activity", required(deal)[0].name)
	first.status = "Open"
	first.save()
	assert first.done_on is None
	assert refused(deal, later(deal))


def test_going_back_asks_for_nothing(deal):
	finish_all(deal)
	opportunities.set_stage(deal.name, later(deal))
	assert not refused(deal, later(deal, -1))


def test_a_stage_that_is_entered_again_plans_what_was_cancelled_and_not_what_was_done(deal):
	rows = required(deal)
	for row in rows:
		frappe.get_doc("Dafater Activity", row.name).update({"status": "Cancelled"}).save()
	opportunities.set_stage(deal.name, later(deal))
	opportunities.set_stage(deal.name, later(deal, -1))
	assert [row.status for row in required(deal)] == ["Cancelled"] * len(rows) + ["Open"] * len(rows)
	finish_all(deal)
	opportunities.set_stage(deal.name, later(deal))
	opportunities.set_stage(deal.name, later(deal, -1))
	assert [row.status for row in required(deal)].count("Open") == 0
