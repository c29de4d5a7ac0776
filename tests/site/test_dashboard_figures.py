"""The figures of the dashboards, counted by hand on a small market: as manager, as sellers, and without rights."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from frappe.utils import add_days, add_months, get_first_day, getdate, now_datetime, nowdate

from dafater_crm.api import dashboard as cards
from dafater_crm.queries import dashboard_counts as counts
from tests.site import dashboard_rows as rows
from tests.site.dashboard_rows import (
	BOOKS,
	BOSS,
	COMPANY,
	DESK,
	HELPS,
	MINE,
	OTHER,
	PRICE,
	RIVAL,
	SELLS,
	YEAR,
)
from tests.site.opportunity_rows import add_company_in, make_territories, permit


@pytest.fixture(autouse=True)
def cast(clean_state: None) -> None:
	rows.make_cast()


def chart(name: str, filters: dict | None = None) -> dict:
	source = f"dafater_crm.dafater_crm.dashboard_chart_source.dafater_{name}.dafater_{name}.get"
	return frappe.get_attr(source)(frappe.as_json(YEAR if filters is None else filters))


def bars(name: str, filters: dict | None = None) -> dict:
	"""Label -> its values, one of each series."""
	data = chart(name, filters)
	assert not data or len(data["routes"]) == len(data["labels"])
	series = [dataset["values"] for dataset in data.get("datasets", [])]
	return dict(zip(data.get("labels", []), zip(*series, strict=True), strict=True))


@pytest.mark.parametrize(
	("user", "deals", "revenue", "rate", "velocity"),
	[
		("Administrator", 4, 870, 50.0, 200.0),
		(BOSS, 4, 870, 50.0, 200.0),
		(MINE, 3, 570, 50.0, 450.0),
		(OTHER, 1, 300, 50.0, 16.67),
	],
)
def test_deals_of_the_reader(user, deals, revenue, rate, velocity):
	rows.build()
	frappe.set_user(user)
	assert cards.active_deals(YEAR)["value"] == deals
	assert cards.expected_revenue(YEAR)["value"] == revenue
	assert cards.win_rate(YEAR)["value"] == rate
	assert cards.velocity(YEAR)["value"] == velocity


def test_a_click_on_a_card_lists_what_it_counts():
	rows.build()
	frappe.set_user(MINE)
	for card, number in ((cards.active_deals, 3), (cards.expected_revenue, 3), (cards.win_rate, 1)):
		answer = card(YEAR)
		assert answer["route"] == ["List", "Dafater Opportunity", "List"]
		assert len(frappe.get_list(answer["route"][1], filters=answer["route_options"])) == number


def test_nothing_decided_is_a_dash_and_no_zero():
	frappe.set_user(MINE)
	assert cards.win_rate({**YEAR, "company": None}) == cards.velocity(YEAR | {"company": None}) == "—"


def test_expected_revenue_by_stage():
	rows.build()
	frappe.set_user(BOSS)
	assert bars("expected_revenue_by_stage") == {"Proposal": (1300, 570), "Negotiation": (400, 300)}
	frappe.set_user(OTHER)
	assert bars("expected_revenue_by_stage") == {"Negotiation": (400, 300)}
	(route,) = chart("expected_revenue_by_stage")["routes"]
	assert len(frappe.get_list("Dafater Opportunity", filters=route["options"])) == 1


def test_pipeline_by_month_of_this_month_and_five_more():
	rows.build()
	frappe.set_user(BOSS)
	found = bars("pipeline_by_month", {"company": COMPANY})
	assert len(found) == 7
	assert list(found.values()) == [(1000, 500), (400, 300), *[(0, 0)] * 4, (200, 20)]
	first, *_months, last = found
	assert (first, last) == (f"{getdate():%m/%y}", "No Date")
	routes = chart("pipeline_by_month", {"company": COMPANY})["routes"]
	numbers = [len(frappe.get_list("Dafater Opportunity", filters=route["options"])) for route in routes]
	assert numbers == [1, 1, 0, 0, 0, 0, 1]


def test_losses_by_reason_and_results_by_competitor():
	rows.build()
	frappe.set_user(BOSS)
	assert bars("losses_by_reason") == {"Not Specified": (1,), RIVAL: (1,), PRICE: (1,)}
	assert bars("results_by_competitor") == {"منافس أول": (1, 1), "منافس ثان": (0, 1)}
	assert competitor_lists() == [[1, 1], [0, 1]]
	frappe.set_user(MINE)
	assert bars("losses_by_reason") == {RIVAL: (1,), PRICE: (1,)}
	assert bars("results_by_competitor") == {"منافس أول": (0, 1), "منافس ثان": (0, 1)}
	route = chart("losses_by_reason")["routes"][1]
	assert route["route"] == ["query-report", "Dafater Lost Opportunity"]
	assert route["options"] == {**YEAR, "lost_reason": [PRICE]}


def competitor_lists() -> list[list[int]]:
	"""Opportunities in the lists behind the bars: a bar for won and one for lost."""
	return [
		[
			len(frappe.get_list(target["route"][1], filters=listed(target["options"]), distinct=True))
			for target in pair
		]
		for pair in chart("results_by_competitor")["routes"]
	]


def listed(options: dict) -> list[list]:
	"""Route options as the desk's list reads them: a child table's field is "Child DocType.field"."""
	filters = []
	for key, value in options.items():
		doctype, _dot, field = key.rpartition(".")
		filters.append(
			[doctype or "Dafater Opportunity", field, *(value if isinstance(value, list) else ["=", value])]
		)
	return filters


@pytest.mark.parametrize(
	("user", "figures"),
	[
		(
			"Administrator",
			{"Leads": (6,), "Qualified": (5,), "Opportunity": (4,), "Quotation": (2,), "Won": (1,)},
		),
		(DESK, {"Leads": (6,), "Qualified": (5,), "Opportunity": (4,), "Quotation": (2,), "Won": (1,)}),
		(BOSS, {"Leads": (6,), "Qualified": (5,), "Opportunity": (4,), "Won": (1,)}),
		(MINE, {"Leads": (5,), "Qualified": (4,), "Opportunity": (3,), "Won": (1,)}),
		(OTHER, {"Leads": (1,), "Qualified": (1,), "Opportunity": (1,), "Won": (0,)}),
	],
)
def test_the_funnel_of_the_reader(user, figures):
	"""Our roles alone read no quotations: the step is left out, never shown as 0."""
	add_company_in("SAR", COMPANY)
	rows.build_leads()
	frappe.set_user(user)
	assert bars("sales_funnel") == figures


def test_source_return_compares_won_revenue_with_known_costs():
	add_company_in("SAR", COMPANY)
	rows.build_leads()
	frappe.set_user(BOSS)
	data = chart("source_return")
	assert [dataset["name"] for dataset in data["datasets"]] == ["Won Revenue", "Cost of Leads"]
	assert bars("source_return") == {"لوحة القياس بتكلفة": (3000, 200)}
	frappe.set_user(OTHER)
	assert chart("source_return") == {}


def test_a_cost_in_another_currency_than_the_companys_is_left_out():
	add_company_in("EUR", COMPANY)
	rows.build_leads()
	frappe.set_user(BOSS)
	assert [dataset["name"] for dataset in chart("source_return")["datasets"]] == ["Won Revenue"]


def test_tasks_done_on_time():
	base = {"activity_type": "Task", "status": "Done", "assigned_to": MINE, "subject": "x"}
	rows.bulk(
		"Dafater Activity",
		[
			{**base, "done_on": "2031-05-01 00:00:00", "due_on": "2031-05-01 00:00:00"},
			{**base, "done_on": "2031-05-20 23:59:59", "due_on": "2031-05-20 12:00:00"},
			{**base, "done_on": "2031-05-02 10:00:00", "due_on": None},
			{**base, "done_on": "2031-04-30 23:59:59", "due_on": "2031-05-09 10:00:00"},
			{**base, "done_on": "2031-05-21 00:00:00", "due_on": "2031-05-29 10:00:00"},
			{**base, "done_on": None, "due_on": "2031-05-01 10:00:00", "status": "Open"},
			{**base, "done_on": "2031-05-03 10:00:00", "due_on": "2031-05-04 10:00:00", "assigned_to": OTHER},
		],
	)
	for user, figures in ((MINE, (2, 1)), (OTHER, (1, 1)), (BOSS, (3, 2))):
		frappe.set_user(user)
		assert counts.tasks_done(date(2031, 5, 20)) == figures


def test_the_card_of_tasks_shows_this_month():
	moment = now_datetime()
	base = {"activity_type": "Call", "status": "Done", "assigned_to": MINE, "subject": "x", "done_on": moment}
	rows.bulk("Dafater Activity", [{**base, "due_on": add_days(moment, days)} for days in (-1, 1, 2)])
	frappe.set_user(MINE)
	answer = cards.tasks_on_time()
	assert (answer["value"], answer["fieldtype"]) == (66.7, "Percent")
	assert len(frappe.get_list("Dafater Activity", filters=answer["route_options"])) == 3


def test_new_customers_of_this_month_against_the_same_days_of_last_month():
	_region, city, beside = make_territories()
	base = {"customer_name": "x", "territory": city}
	days = ("2031-03-01", "2031-03-15", "2031-02-01", "2031-02-15 23:00:00", "2031-02-16", "2031-01-31")
	rows.bulk("Customer", [{**base, "creation": day} for day in days])
	rows.bulk("Customer", [{**base, "territory": beside, "creation": "2031-03-02"}])
	permit(SELLS, "Territory", city)
	frappe.set_user(SELLS)
	found = counts.new_customers(date(2031, 3, 15))
	assert (found.this_month, found.last_month) == (2, 2)


def test_the_cards_of_new_customers():
	_region, city, _beside = make_territories()
	base = {"customer_name": "x", "territory": city, "creation": now_datetime()}
	rows.bulk("Customer", [base, base, base])
	# customers without a territory, which other tests may have left, are shown to everybody
	frappe.db.delete("Customer", {"territory": ("is", "not set")})
	permit(SELLS, "Territory", city)
	frappe.set_user(SELLS)
	assert cards.new_customers()["value"] == 3
	assert cards.new_customers_change() == "—"
	rows.bulk("Customer", [{**base, "creation": add_months(get_first_day(nowdate()), -1)}])
	answer = cards.new_customers_change()
	assert answer["value"] == 200.0
	assert len(frappe.get_list("Customer", filters=answer["route_options"])) == 4


def test_overdue_invoices_by_age():
	add_company_in("SAR", COMPANY)
	rows.add_invoices()
	frappe.set_user(BOOKS)
	assert bars("overdue_invoices_by_age") == {
		"1-30 days": (300.5,),
		"31-60 days": (300,),
		"61-90 days": (400,),
		"Over 90": (375,),
	}
	answer = cards.overdue_invoices(YEAR)
	assert answer["value"] == 1375.5
	assert len(frappe.get_list("Sales Invoice", filters=answer["route_options"])) == 5
	routes = chart("overdue_invoices_by_age")["routes"]
	assert [len(frappe.get_list("Sales Invoice", filters=route["options"])) for route in routes] == [
		2,
		1,
		1,
		1,
	]


def test_open_issues_by_priority():
	frappe.set_user(HELPS)
	before = bars("open_issues_by_priority")
	base = {"subject": "x", "status": "Open", "priority": "High"}
	closed = {**base, "status": "Closed"}
	rows.bulk("Issue", [base, base, {**base, "priority": "Low"}, closed])
	after = bars("open_issues_by_priority")
	for priority, number in (("High", 2), ("Low", 1)):
		assert after[priority][0] - before.get(priority, (0,))[0] == number
	assert cards.open_issues()["value"] == sum(value for (value,) in after.values())


def test_several_currencies_are_never_added_up():
	rows.build()
	add_company_in("EUR")
	frappe.set_user(BOSS)
	assert "Several currencies" in cards.expected_revenue()
	assert "Several currencies" in cards.velocity()
	assert cards.active_deals()["value"] >= 4, "a count needs no currency"
	for name in ("expected_revenue_by_stage", "pipeline_by_month", "source_return"):
		assert chart(name, {})["labels"] == ["Several currencies: choose a company in the chart's filter."]
	assert cards.expected_revenue(YEAR)["value"] == 870


def test_the_company_of_the_session_defaults_is_a_choice():
	rows.build()
	add_company_in("EUR")
	frappe.set_user(BOSS)
	frappe.defaults.set_user_default("company", COMPANY)
	try:
		answer = cards.expected_revenue()
		assert (answer["value"], answer["route_options"]["company"]) == (870, COMPANY)
	finally:
		frappe.defaults.clear_user_default("company")


def test_a_filter_that_is_wrong_gets_a_message():
	frappe.set_user(BOSS)
	for filters in (
		{"company": "لا توجد"},
		{"from_date": "2031-12-31", "to_date": "2031-01-01"},
		{"from_date": "x"},
	):
		with pytest.raises(frappe.ValidationError):
			chart("sales_funnel", filters)
