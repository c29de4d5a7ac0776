"""The tour that `make tour` prints, on the test site: every status and amount of its plan, as its own users."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.setup import tour
from tests.site.factories import SELLER, make_opportunity, make_user


@pytest.mark.slow
def test_the_tour_ends_with_every_status_and_amount_of_the_plan() -> None:
	walk, checks, report = tour.take(again=True)
	failed = [
		f"{check.about}: {check.expected!r} != {check.actual!r}" for check in checks if not check.passed
	]
	assert failed == []
	assert len(checks) > 600
	assert frappe.session.user == "Administrator"
	assert {"sdr", "executive", "manager", "accountant", "support"} <= set(walk.steps_of)
	assert_who_did_what(walk)
	assert_report(walk, report)
	with pytest.raises(frappe.ValidationError, match="fresh site"):
		tour.run()


def assert_who_did_what(walk) -> None:
	"""Nothing was entered as Administrator: each document belongs to the person whose job it is."""
	owners = {
		"Dafater Lead": {"sdr"},
		"Dafater Prospect": {"executive", "manager"},
		"Dafater Opportunity": {"executive", "manager"},
		"Quotation": {"executive"},
		"Sales Order": {"executive"},
		"Sales Invoice": {"accountant"},
		"Payment Entry": {"accountant"},
		"Journal Entry": {"accountant"},
		"Issue": {"support"},
	}
	for doctype, people in owners.items():
		names = [name for journey in walk.journeys.values() for name in journey.of_kind(doctype)]
		found = set(frappe.get_all(doctype, {"name": ("in", names)}, pluck="owner"))
		assert found == {walk.company.users[who] for who in people}, doctype


def assert_report(walk, report: str) -> None:
	lines = report.splitlines()
	for journey in walk.journeys.values():
		row = next(line for line in lines if line.startswith(journey.lead))
		assert journey.sheet["organisation_name"] in row
	assert "334,582.15" in next(line for line in lines if line.startswith("total"))
	assert "SQL statements" in lines[-1]


def test_a_rate_entered_together_with_the_currency_is_kept() -> None:
	"""The tour found it: the rate of Currency Exchange replaced what the user had typed in the same save."""
	seller = make_user("rates@tour.example", *SELLER)
	for rate in (3.75, 4.1):
		currency = {3.75: "USD", 4.1: "EUR"}[rate]
		frappe.get_doc(
			{
				"doctype": "Currency Exchange",
				"from_currency": currency,
				"to_currency": "SAR",
				"exchange_rate": rate,
				"for_selling": 1,
				"date": "2024-01-01",
			}
		).insert()
	frappe.set_user(seller)
	opportunity = make_opportunity()
	opportunity.update({"currency": "USD", "conversion_rate": 3.76})
	opportunity.save()
	assert (opportunity.conversion_rate, opportunity.base_opportunity_amount) == (3.76, 3760)
	opportunity.currency = "EUR"
	opportunity.save()
	assert (opportunity.conversion_rate, opportunity.base_opportunity_amount) == (4.1, 4100)
