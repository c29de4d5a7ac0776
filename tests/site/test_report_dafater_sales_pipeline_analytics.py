"""Sales Pipeline Analytics: months and quarters of any length, by owner and stage, per user."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk import query_report

from dafater_crm.dafater_crm.report.dafater_sales_pipeline_analytics import (
	dafater_sales_pipeline_analytics as report,
)
from tests.site.factories import COMPANY
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

NAME = "Dafater Sales Pipeline Analytics"
SOURCE = "مصدر التحليل"


@pytest.fixture(autouse=True)
def cast(clean_state: None) -> None:
	make_cast()


def run(from_date="2041-01-15", to_date="2041-03-10", **filters):
	"""Only the rows of this file: opportunities without a date belong to every period."""
	return report.execute(
		{"from_date": from_date, "to_date": to_date, "company": COMPANY, "source": SOURCE, **filters}
	)


def put(*rows: dict) -> list[str]:
	return add([{"source": SOURCE, **row} for row in rows])


def table(**filters) -> dict[str, dict[str, float]]:
	"""Row label -> period -> figure, without the zeros."""
	columns, rows = run(**filters)[:2]
	names = [column["fieldname"] for column in columns if column["fieldtype"] in ("Int", "Currency")]
	return {row["label"]: {key.replace("period_", ""): row[key] for key in names if row[key]} for row in rows}


def small_set() -> None:
	put(
		{
			"opportunity_owner": MINE,
			"expected_closing": "2041-01-15",
			"base_opportunity_amount": 100,
			"weighted_amount": 10,
		},
		{
			"opportunity_owner": MINE,
			"expected_closing": "2041-01-31",
			"base_opportunity_amount": 40.5,
			"weighted_amount": 20.25,
		},
		{
			"opportunity_owner": MINE,
			"expected_closing": "2041-03-10",
			"status": "Quotation",
			"sales_stage": "Prospecting",
		},
		{
			"opportunity_owner": OTHER,
			"expected_closing": "2041-02-28",
			"status": "Partially Ordered",
			"_assign": f'["{MINE}", "{BOSS}"]',
		},
		{
			"opportunity_owner": OTHER,
			"expected_closing": None,
			"base_opportunity_amount": 9,
			"weighted_amount": 3,
		},
		{"expected_closing": "2041-02-01", "sales_stage": None, "_assign": ""},
		# outside the period, or no longer in the pipeline
		{"opportunity_owner": MINE, "expected_closing": "2041-01-14"},
		{"opportunity_owner": MINE, "expected_closing": "2041-03-11"},
		*(
			{"opportunity_owner": MINE, "expected_closing": "2041-02-02", "status": status}
			for status in ("Won", "Lost", "Closed")
		),
		{"opportunity_owner": MINE, "expected_closing": None, "status": "Lost"},
	)


def names() -> tuple[str, str]:
	return tuple(frappe.db.get_value("User", user, "full_name") for user in (MINE, OTHER))


def test_months_by_owner_with_the_last_part_month_and_the_undated():
	small_set()
	mine, other = names()
	assert table() == {
		mine: {"2041_01": 2, "2041_03": 1, "total": 3},
		other: {"2041_02": 1, "none": 1, "total": 2},
		"Not Specified": {"2041_02": 1, "total": 1},
	}
	assert table(measure="Amount") == {
		mine: {"2041_01": 140.5, "2041_03": 100, "total": 240.5},
		other: {"2041_02": 100, "none": 9, "total": 109},
		"Not Specified": {"2041_02": 100, "total": 100},
	}
	assert table(measure="Weighted Amount")[mine] == {"2041_01": 30.25, "2041_03": 50, "total": 80.25}


def test_by_stage_in_its_sequence():
	small_set()
	found = table(based_on="Stage")
	assert found == {
		"Prospecting": {"2041_03": 1, "total": 1},
		"Proposal": {"2041_01": 2, "2041_02": 1, "none": 1, "total": 4},
		"Not Specified": {"2041_02": 1, "total": 1},
	}
	assert list(found) == ["Prospecting", "Proposal", "Not Specified"]


def test_the_columns_of_a_part_of_three_months():
	columns = [column for column in run()[0] if column["fieldname"].startswith("period_")]
	assert [(column["fieldname"], column["label"]) for column in columns] == [
		("period_2041_01", "Jan 2041"),
		("period_2041_02", "Feb 2041"),
		("period_2041_03", "Mar 2041"),
		("period_none", "No Expected Closing"),
	]
	assert [(column["first_day"], column["last_day"]) for column in columns[:3]] == [
		("2041-01-15", "2041-01-31"),
		("2041-02-01", "2041-02-28"),
		("2041-03-01", "2041-03-10"),
	]


def test_the_same_month_of_two_years_stays_apart_over_thirty_months():
	put(*({"expected_closing": f"{year}-05-20", "opportunity_owner": MINE} for year in (2041, 2042, 2042)))
	found = table(from_date="2041-01-01", to_date="2043-06-30")
	assert found == {names()[0]: {"2041_05": 1, "2042_05": 2, "total": 3}}
	assert len(run("2041-01-01", "2043-06-30")[0]) == 30 + 1 + 2, "months, undated; label, total"


def test_quarters_across_years():
	put(
		*(
			{"expected_closing": day, "opportunity_owner": MINE}
			for day in ("2041-03-31", "2041-04-01", "2042-02-01")
		)
	)
	chosen = {"from_date": "2041-02-10", "to_date": "2042-02-15", "range": "Quarterly"}
	assert table(**chosen) == {names()[0]: {"2041_q1": 1, "2041_q2": 1, "2042_q1": 1, "total": 3}}
	columns = [column for column in run(**chosen)[0] if column.get("first_day")]
	assert [(c["label"], c["first_day"], c["last_day"]) for c in columns] == [
		("Q1 2041", "2041-02-10", "2041-03-31"),
		("Q2 2041", "2041-04-01", "2041-06-30"),
		("Q3 2041", "2041-07-01", "2041-09-30"),
		("Q4 2041", "2041-10-01", "2041-12-31"),
		("Q1 2042", "2042-01-01", "2042-02-15"),
	]


def test_a_hundred_and_twenty_months_and_not_one_more():
	put({"expected_closing": "2050-12-31", "opportunity_owner": MINE})
	assert table(from_date="2041-01-01", to_date="2050-12-31")[names()[0]] == {"2050_12": 1, "total": 1}
	with pytest.raises(frappe.ValidationError, match="more than 120 months"):
		run("2041-01-01", "2051-02-01")


def test_arabic_headings_keep_the_same_keys():
	small_set()
	english = [row for row in run()[1]]
	frappe.local.lang = "ar"
	columns, arabic = run()[:2]
	assert [set(row) for row in arabic] == [set(row) for row in english]
	assert [row["total"] for row in arabic] == [row["total"] for row in english]
	assert next(c["label"] for c in columns if c["fieldname"] == "period_2041_01").startswith("يناير")


def test_chart_and_summary():
	small_set()
	_columns, _rows, message, chart, summary = run(measure="Amount")
	assert chart["data"] == {
		"labels": ["Jan 2041", "Feb 2041", "Mar 2041", "No Expected Closing"],
		"datasets": [{"name": "Amount", "values": [140.5, 200, 100, 9]}],
	}
	assert [(card["label"], card["value"]) for card in summary] == [
		("Opportunities", 6),
		("Amount", 449.5),
		("Weighted Amount", 183.25),
		("No Expected Closing", 1),
	]
	assert message


def test_each_user_counts_what_the_list_shows(as_user):
	region, city, beside = make_territories()
	put(
		{"opportunity_owner": MINE, "territory": city, "expected_closing": "2041-02-01"},
		{"opportunity_owner": OTHER, "territory": city},
		{"opportunity_owner": OTHER, "territory": beside, "expected_closing": "2041-02-01"},
	)
	assert sum(row["total"] for row in table(territory=region).values()) == 2
	permit(REGIONAL, "Territory", region)
	seen = {}
	chosen = {
		"from_date": "2041-01-01",
		"to_date": "2041-12-31",
		"company": COMPANY,
		"source": SOURCE,
		"measure": "Amount",
	}
	for user in (BOSS, MINE, OTHER, REGIONAL):
		with as_user(user):
			seen[user] = sum(row["total"] for row in table().values())
			desk = query_report.run(NAME, chosen)
			assert (
				desk["result"][-1][[c["fieldname"] for c in desk["columns"]].index("total")]
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
	row = {"opportunity_owner": MINE, "territory": city, "expected_closing": "2041-02-01"}
	put(*[row] * 10)
	wide = {
		"territory": region,
		"measure": "Weighted Amount",
		"from_date": "2041-01-01",
		"to_date": "2049-12-31",
	}
	found = {}
	for rows in (10, 1000):
		if rows == 1000:
			put(*[row] * 990)
		for user in ("Administrator", MINE):
			with as_user(user):
				run(**wide)
				with counted() as statements:
					shown = run(**wide)[1]
			assert shown[0]["total"] == rows * 50
			found[rows, user] = len(statements)
	assert found[10, "Administrator"] == found[1000, "Administrator"] <= 4, found
	assert found[10, MINE] == found[1000, MINE] <= 4, found


def test_bad_input_is_explained():
	for filters, part in (
		({"from_date": "2041-02-01", "to_date": "2041-01-01"}, "before it begins"),
		({"to_date": ""}, "first and the last day"),
		({"company": "Nobody Ltd"}, "does not exist"),
		({"measure": "Number"}, "Choose one of"),
		({"based_on": "Campaign"}, "Choose one of"),
		({"range": "Weekly"}, "Choose one of"),
	):
		with pytest.raises(frappe.ValidationError) as error:
			run(**filters)
		assert part in str(error.value)


def test_amounts_of_companies_in_two_currencies_need_a_company():
	abroad = add_company_in("USD")
	put(
		{"opportunity_owner": MINE},
		{"opportunity_owner": MINE, "company": abroad, "base_opportunity_amount": 70},
	)
	with pytest.raises(frappe.ValidationError, match="Choose one company"):
		run(company=None, measure="Weighted Amount")
	assert table(company=None)[names()[0]]["total"] == 2
	row = run(company=abroad, measure="Amount")[1][0]
	assert (row["currency"], row["total"]) == ("USD", 70), (
		"no rate is looked up, none is cached between companies"
	)


def test_an_empty_period_has_its_columns_and_no_chart():
	columns, rows, _message, chart, summary = run()
	assert (rows, chart, [card["value"] for card in summary]) == ([], None, [0, 0])
	assert len(columns) == 3 + 1 + 2
