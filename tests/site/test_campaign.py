"""Campaigns: period, money, status and what they brought."""

from __future__ import annotations

import frappe
import pytest
from frappe.core.doctype.version.version import get_diff

from tests.site.factories import (
	make_lead,
	make_opportunity,
	unique,
)
from tests.site.people import EXECUTIVE, MANAGING, OPERATING, SELLER_A, cast  # noqa: F401


def make_campaign(**values):
	return frappe.get_doc(
		{"doctype": "Dafater Campaign", "campaign_name": unique("حملة"), "start_date": "2026-01-01", **values}
	).insert()


def test_period() -> None:
	with pytest.raises(frappe.ValidationError, match="Choose an end date on or after it"):
		make_campaign(end_date="2025-12-31")
	assert make_campaign(end_date="2026-01-01").name
	assert make_campaign(end_date=None).name


@pytest.mark.parametrize("field", ["budget", "expected_revenue"])
@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf"), 10**12])
def test_amounts(field: str, amount: float) -> None:
	with pytest.raises(frappe.ValidationError, match=r"Budget|Expected Revenue"):
		make_campaign(**{field: amount})


def test_costs_add_up_and_cannot_be_set_by_hand() -> None:
	costs = [
		{"posting_date": "2026-01-02", "description": "إعلان", "amount": amount} for amount in (100.1, 200.2)
	]
	assert make_campaign(costs=costs, actual_cost=5).actual_cost == 300.3
	costs[0]["amount"] = float("nan")
	with pytest.raises(frappe.ValidationError, match="must be a number"):
		make_campaign(costs=costs)


def test_channel_twice() -> None:
	with pytest.raises(frappe.ValidationError, match="listed twice"):
		make_campaign(channels=[{"channel": "Phone"}, {"channel": "Phone"}])


def test_results_are_exact_and_zero_without_cost() -> None:
	empty = frappe.get_doc("Dafater Campaign", make_campaign().name).as_dict()
	assert (empty.lead_count, empty.opportunity_count, empty.won_revenue, empty.return_on_investment) == (
		0,
		0,
		0,
		0,
	)
	campaign = make_campaign(costs=[{"posting_date": "2026-01-02", "description": "إعلان", "amount": 400}])
	for _ in range(3):
		make_lead(campaign=campaign.name)
	for status in ("Won", "Lost", "Open"):
		opportunity = make_opportunity(campaign=campaign.name)
		frappe.db.set_value("Dafater Opportunity", opportunity.name, "status", status)
	shown = frappe.get_doc("Dafater Campaign", campaign.name).as_dict()
	assert (shown.lead_count, shown.opportunity_count) == (3, 3)
	assert (shown.won_revenue, shown.return_on_investment) == (1000, 150)


def test_results_cost_two_statements(monkeypatch) -> None:
	campaign = frappe.get_doc("Dafater Campaign", make_campaign().name)
	asked = []
	sql = frappe.db.sql
	monkeypatch.setattr(
		frappe.db, "sql", lambda query, *args, **kw: asked.append(query) or sql(query, *args, **kw)
	)
	assert campaign.lead_count + campaign.opportunity_count + campaign.won_revenue == 0
	assert len(asked) == 2


def test_revenue_is_for_managers_and_operations(as_user) -> None:
	campaign = make_campaign()
	for user, sees in ((MANAGING, True), (OPERATING, True), (EXECUTIVE, False)):
		with as_user(user):
			shown = frappe.get_doc("Dafater Campaign", campaign.name).as_dict()
			assert ("won_revenue" in shown) is sees
			assert ("return_on_investment" in shown) is sees
			assert "lead_count" in shown


def test_what_a_client_sends_back_for_computed_fields_is_no_change() -> None:
	campaign = make_campaign()
	before = frappe.get_doc("Dafater Campaign", campaign.name)
	sent = frappe.get_doc({**campaign.as_dict(), "lead_count": 99})
	sent.budget = 10
	sent.save()
	assert sent.lead_count == 0
	changed = get_diff(before, sent).changed
	assert [row[0] for row in changed] == ["budget"]
	assert "lead_count" not in sent.__dict__


def test_status_moves() -> None:
	campaign = make_campaign()
	campaign.status = "Completed"
	with pytest.raises(
		frappe.ValidationError, match=r"cannot change from .*Planned.* to .*Completed.*Active, Cancelled"
	):
		campaign.save()
	campaign.reload()
	for status in ("Active", "Paused", "Active", "Completed", "Active", "Cancelled", "Planned"):
		campaign.status = status
		campaign.save()
	assert frappe.db.get_value("Dafater Campaign", campaign.name, "status") == "Planned"


def test_who_may_write(as_user) -> None:
	with as_user(SELLER_A), pytest.raises(frappe.PermissionError):
		make_campaign()
	with as_user(OPERATING):
		campaign = make_campaign(budget=5)
		with pytest.raises(frappe.PermissionError):
			campaign.delete()
	assert frappe.db.get_value("Dafater Campaign", campaign.name, "budget") == 5


def test_disabled_owner_is_refused() -> None:
	user = SELLER_A
	frappe.db.set_value("User", user, "enabled", 0)
	frappe.clear_document_cache("User", user)
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		make_campaign(campaign_owner=user)
