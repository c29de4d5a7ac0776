"""Opportunity Summary by Sales Stage: exact rows for every choice, per user; each wrong result of its peer right here."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk import query_report

from dafater_crm.dafater_crm.report.dafater_opportunity_summary_by_sales_stage import (
	dafater_opportunity_summary_by_sales_stage as report,
)
from tests.site.factories import COMPANY, make_opportunity
from tests.site.opportunity_rows import (
	BOSS,
	MINE,
	NOBODY,
	OTHER,
	REGIONAL,
	add,
	add_company_in,
	make_cast,
	make_territories,
	permit,
)
from tests.site.statements import counted

NAME = "Dafater Opportunity Summary by Sales Stage"
YEAR = {"from_date": "2031-01-01", "to_date": "2031-12-31", "company": COMPANY}


@pytest.fixture(autouse=True)
def cast(clean_state: None) -> None:
	make_cast()


def run(**filters):
	return report.execute({**YEAR, **filters})


def table(**filters) -> dict[str, dict[str, float]]:
	"""Row label -> heading -> figure, without the zeros."""
	columns, rows = run(**filters)[:2]
	names = {
		column["fieldname"]: column["label"]
		for column in columns
		if column["fieldtype"] in ("Int", "Currency")
	}
	return {row["label"]: {names[key]: row[key] for key in names if row[key]} for row in rows}


def small_set() -> list[str]:
	return add(
		[
			{
				"opportunity_owner": MINE,
				"sales_stage": "Prospecting",
				"base_opportunity_amount": 100,
				"weighted_amount": 10,
			},
			{
				"opportunity_owner": MINE,
				"sales_stage": "Proposal",
				"base_opportunity_amount": 300,
				"weighted_amount": 150,
			},
			# assigned to two people: one opportunity of its owner
			{
				"opportunity_owner": MINE,
				"sales_stage": "Proposal",
				"base_opportunity_amount": 50.25,
				"weighted_amount": 25.13,
				"_assign": f'["{BOSS}", "{OTHER}"]',
			},
			{
				"opportunity_owner": OTHER,
				"sales_stage": "Closed Won",
				"status": "Won",
				"weighted_amount": 100,
			},
			# no stage, no owner, an empty _assign
			{"sales_stage": None, "_assign": "", "base_opportunity_amount": 7, "weighted_amount": 0},
			{"opportunity_owner": OTHER, "transaction_date": "2031-12-31", "base_opportunity_amount": 1},
			{"opportunity_owner": OTHER, "transaction_date": "2032-01-01"},
			{"opportunity_owner": OTHER, "transaction_date": "2030-12-31"},
		]
	)


def test_count_amount_and_weighted_by_owner():
	small_set()
	mine, other = (frappe.db.get_value("User", user, "full_name") for user in (MINE, OTHER))
	assert table() == {
		mine: {"Prospecting": 1, "Proposal": 2, "Total": 3},
		other: {"Closed Won": 1, "Proposal": 1, "Total": 2},
		"Not Specified": {"Not Specified": 1, "Total": 1},
	}
	assert table(measure="Amount") == {
		mine: {"Prospecting": 100, "Proposal": 350.25, "Total": 450.25},
		other: {"Closed Won": 100, "Proposal": 1, "Total": 101},
		"Not Specified": {"Not Specified": 7, "Total": 7},
	}
	assert table(measure="Weighted Amount")[mine] == {"Prospecting": 10, "Proposal": 175.13, "Total": 185.13}


def test_stages_stand_in_their_sequence_and_not_in_the_order_of_edits():
	small_set()
	frappe.db.set_value("Dafater Sales Stage", "Closed Lost", {"sequence": 5, "disabled": 0})
	frappe.db.set_value("Dafater Sales Stage", "Prospecting", "description", "edited last")
	shown = [column["label"] for column in run()[0] if column["fieldname"].startswith("stage_")]
	assert shown[0] == "Closed Lost"
	assert shown.index("Prospecting") < shown.index("Proposal") < shown.index("Closed Won")
	assert shown[-1] == "Not Specified"


def test_a_disabled_stage_is_shown_only_while_it_holds_something():
	frappe.db.set_value("Dafater Sales Stage", "Negotiation", "disabled", 1)
	assert "Negotiation" not in [column["label"] for column in run()[0]]
	add([{"sales_stage": "Negotiation"}])
	assert "Negotiation" in [column["label"] for column in run()[0]]


def test_by_source_type_and_territory():
	region, city, beside = make_territories()
	source = frappe.db.get_value("Dafater Lead Source", {"disabled": 0}, "name")
	kind = frappe.db.get_value("Dafater Opportunity Type", {"disabled": 0}, "name")
	add(
		[
			{"source": source, "opportunity_type": kind, "territory": city},
			{"source": source, "territory": region},
			{"territory": beside},
		]
	)
	assert table(based_on="Source") == {
		source: {"Proposal": 2, "Total": 2},
		"Not Specified": {"Proposal": 1, "Total": 1},
	}
	assert table(based_on="Type") == {
		kind: {"Proposal": 1, "Total": 1},
		"Not Specified": {"Proposal": 2, "Total": 2},
	}
	assert {label: row["Total"] for label, row in table(based_on="Territory").items()} == {
		city: 1,
		region: 1,
		beside: 1,
	}
	assert set(table(based_on="Territory", territory=region)) == {city, region}, "the tree, not the one name"
	assert table(source=source, opportunity_type=kind)["Not Specified"]["Total"] == 1


def test_status_filter_takes_several_as_list_or_text():
	small_set()
	for chosen in (["Won"], "Won", '["Won"]'):
		assert sum(row["Total"] for row in table(status=chosen).values()) == 1
	assert sum(row["Total"] for row in table(status=["Won", "Open"]).values()) == 6


def test_three_currencies_are_added_in_company_currency_at_the_stored_rate():
	for currency, rate in (("SAR", 1), ("USD", 3.75), ("EUR", 4.1)):
		make_opportunity(
			items=[],
			opportunity_owner=MINE,
			sales_stage="Proposal",
			transaction_date="2031-05-01",
			expected_closing=None,
			currency=currency,
			conversion_rate=rate,
			opportunity_amount=100,
		)
	rows, _message, _chart, summary = run(measure="Amount")[1:]
	assert [row["total"] for row in rows] == [885], "100 + 375 + 410"
	assert rows[0]["currency"] == "SAR"
	assert [card["value"] for card in summary] == [3, 885, 442.5]


def test_chart_and_summary():
	small_set()
	_columns, _rows, message, chart, summary = run(measure="Amount")
	values = dict(zip(chart["data"]["labels"], chart["data"]["datasets"][0]["values"], strict=True))
	assert {stage: value for stage, value in values.items() if value} == {
		"Prospecting": 100,
		"Proposal": 351.25,
		"Closed Won": 100,
		"Not Specified": 7,
	}
	assert [(card["label"], card["value"]) for card in summary] == [
		("Opportunities", 6),
		("Amount", 558.25),
		("Weighted Amount", 335.13),
	]
	assert message


def test_each_user_counts_what_the_list_shows(as_user):
	region, city, beside = make_territories()
	add(
		[
			{"opportunity_owner": MINE, "territory": city},
			{"opportunity_owner": OTHER, "territory": city},
			{"opportunity_owner": OTHER, "territory": beside},
		]
	)
	permit(REGIONAL, "Territory", region)
	seen = {}
	for user in (BOSS, MINE, OTHER, REGIONAL):
		with as_user(user):
			seen[user] = sum(row["Total"] for row in table().values())
			desk = query_report.run(NAME, {**YEAR, "measure": "Amount"})
			assert (
				desk["result"][-1][list(c["fieldname"] for c in desk["columns"]).index("total")]
				== seen[user] * 100
			)
	assert seen == {BOSS: 3, MINE: 1, OTHER: 2, REGIONAL: 2}


def test_a_user_without_the_right_gets_an_empty_report_that_says_so(as_user):
	small_set()
	with as_user(NOBODY):
		_columns, rows, message, chart, summary = run()
	assert (rows, chart, summary) == ([], None, [])
	assert "may not read" in message


def test_the_number_of_statements_does_not_grow(as_user):
	region, city, _beside = make_territories()
	add([{"opportunity_owner": MINE, "territory": city} for _row in range(10)])
	wide = {"territory": region, "measure": "Amount"}
	found = {}
	for rows in (10, 1000):
		if rows == 1000:
			add([{"opportunity_owner": MINE, "territory": city} for _row in range(990)])
		for user in ("Administrator", MINE):
			with as_user(user):
				run(**wide)
				with counted() as statements:
					shown = run(**wide)[1]
			assert shown[0]["total"] == rows * 100
			found[rows, user] = len(statements)
	assert found[10, "Administrator"] == found[1000, "Administrator"] <= 4, found
	assert found[10, MINE] == found[1000, MINE] <= 4, found


def test_bad_input_is_explained():
	for filters, part in (
		({"from_date": "2031-02-01", "to_date": "2031-01-01"}, "before it begins"),
		({"from_date": None}, "first and the last day"),
		({"from_date": "2011-01-01"}, "more than 120 months"),
		({"from_date": "someday"}, "is not a date"),
		({"company": "Nobody Ltd"}, "does not exist"),
		({"measure": "Weight"}, "Choose one of"),
		({"based_on": "sales_stage; drop"}, "Choose one of"),
	):
		with pytest.raises(frappe.ValidationError) as error:
			run(**filters)
		assert part in str(error.value)


def test_amounts_of_companies_in_two_currencies_need_a_company_and_counts_do_not():
	abroad = add_company_in("USD")
	add([{"opportunity_owner": MINE}, {"opportunity_owner": MINE, "company": abroad}])
	with pytest.raises(frappe.ValidationError, match="Choose one company"):
		run(company=None, measure="Amount")
	assert sum(row["Total"] for row in table(company=None).values()) == 2
	assert run(company=abroad, measure="Amount")[1][0]["currency"] == "USD"


def test_nothing_in_the_period_is_an_empty_report_over_thirty_months():
	_columns, rows, _message, chart, summary = run(from_date="2034-01-01", to_date="2036-06-30")
	assert (rows, chart, summary[0]["value"]) == ([], None, 0)
