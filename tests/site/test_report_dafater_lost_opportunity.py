"""Lost Opportunity: by the day of losing, with every reason and competitor, per user; exact rows and summary."""

from __future__ import annotations

import csv
import io

import frappe
import pytest
from frappe.desk import query_report
from frappe.utils import nowdate

from dafater_crm.api import opportunities
from dafater_crm.dafater_crm.report.dafater_lost_opportunity import dafater_lost_opportunity as report
from dafater_crm.queries import granted
from tests.site.factories import COMPANY, make_opportunity
from tests.site.opportunity_rows import (
	BOSS,
	MINE,
	NOBODY,
	OTHER,
	REGIONAL,
	add,
	add_company_in,
	add_competitors,
	add_reasons,
	make_cast,
	make_territories,
	permit,
)
from tests.site.statements import counted

NAME = "Dafater Lost Opportunity"
YEAR = {"from_date": "2031-01-01", "to_date": "2031-12-31", "company": COMPANY}
PRICE, BUDGET, RIVAL = "Price Too High", "No Budget", "Chose a Competitor"
LOST = {"status": "Lost", "sales_stage": "Closed Lost", "lost_on": "2031-06-15", "weighted_amount": 0}


@pytest.fixture(autouse=True)
def cast(clean_state: None) -> None:
	make_cast()


def run(**filters):
	return report.execute({**YEAR, **filters})


def shown(*fields: str, **filters) -> list:
	rows = run(**filters)[1]
	return [tuple(row[field] for field in fields) if len(fields) > 1 else row[fields[0]] for row in rows]


def small_set() -> list[str]:
	"""Three lost ones, newest first in the report: c, a, b; and four that do not belong there."""
	a, b, *_rest = names = add(
		[
			{**LOST, "opportunity_owner": MINE, "base_opportunity_amount": 1000},
			{**LOST, "lost_on": "2031-01-01", "opportunity_owner": OTHER, "base_opportunity_amount": 250.75},
			{**LOST, "lost_on": "2031-12-31", "sales_stage": None},
			{**LOST, "lost_on": "2032-01-01"},
			{**LOST, "lost_on": "2030-12-31"},
			{"modified": "2031-06-15 10:00:00"},
			{"status": "Won", "sales_stage": "Closed Won"},
		]
	)
	add_reasons({a: [PRICE, RIVAL], b: [BUDGET, PRICE]})
	add_competitors({a: ["منافس أول", "منافس ثان"]})
	return names


def test_exact_rows_newest_first():
	a, b, c, *_rest = small_set()
	mine, other = (frappe.db.get_value("User", user, "full_name") for user in (MINE, OTHER))
	fields = ("opportunity", "lost_on", "reasons", "competitors", "amount", "owner", "stage")
	assert [(*row[:1], str(row[1]), *row[2:]) for row in shown(*fields)] == [
		(c, "2031-12-31", "Not Specified", "", 100, "Not Specified", "Not Specified"),
		(a, "2031-06-15", f"{PRICE}, {RIVAL}", "منافس أول, منافس ثان", 1000, mine, "Closed Lost"),
		(b, "2031-01-01", f"{BUDGET}, {PRICE}", "", 250.75, other, "Closed Lost"),
	]


def test_summary_and_chart_by_reason():
	small_set()
	_columns, _rows, message, chart, summary = run()
	assert [(card["label"], card["value"]) for card in summary] == [
		("Lost Opportunities", 3),
		("Lost Amount", 1350.75),
		(PRICE, 2),
		("Not Specified", 1),
		(RIVAL, 1),
	]
	assert chart["data"] == {
		"labels": [PRICE, "Not Specified", RIVAL, BUDGET],
		"datasets": [{"name": "Lost Opportunities", "values": [2, 1, 1, 1]}],
	}
	assert message


def test_a_filter_on_one_reason_shows_the_other_reasons_too():
	a, b, *_rest = small_set()
	assert shown("opportunity", "reasons", lost_reason=[RIVAL]) == [(a, f"{PRICE}, {RIVAL}")]
	assert shown("opportunity", "reasons", lost_reason=BUDGET) == [(b, f"{BUDGET}, {PRICE}")]
	assert shown("opportunity", lost_reason=f"{RIVAL}, {BUDGET}") == [a, b]
	assert shown("opportunity", competitor=["منافس ثان"]) == [a]


def test_a_reason_that_is_sql_finds_nothing():
	small_set()
	assert shown("opportunity", lost_reason=["x') OR 1=1 -- "]) == []
	assert shown("opportunity", competitor="' OR ''='") == []


def test_more_reasons_than_a_thousand_bytes():
	(name,) = add([LOST])
	reasons = [f"سبب طويل جدا لا يتسع له حقل صغير {number}" for number in range(40)]
	add_reasons({name: reasons})
	assert shown("reasons") == [", ".join(reasons)]


def test_a_later_edit_does_not_move_the_day():
	opportunity = make_opportunity(items=[])
	opportunities.set_lost(opportunity.name, [PRICE])
	frappe.db.set_value(
		"Dafater Opportunity", opportunity.name, "lost_on", "2031-03-03", update_modified=False
	)
	edited = frappe.get_doc("Dafater Opportunity", opportunity.name)
	edited.next_step = "مكالمة بعد سنة"
	edited.save()
	assert shown("opportunity") == [opportunity.name]
	assert str(edited.modified)[:10] == nowdate()


def test_an_opportunity_that_was_reopened_is_gone():
	opportunity = make_opportunity(items=[])
	opportunities.set_lost(opportunity.name, [PRICE])
	today = {"from_date": nowdate(), "to_date": nowdate()}
	assert opportunity.name in shown("opportunity", **today)
	opportunities.reopen(opportunity.name)
	assert opportunity.name not in shown("opportunity", **today)


def test_a_deleted_party_keeps_its_stored_title():
	add([LOST, {**LOST, "party_title": None}])
	assert shown("party", "party_type") == [
		("DPRO-DELETED", "Dafater Prospect"),
		("شركة محذوفة", "Dafater Prospect"),
	]
	assert len(shown("party", party_type="Dafater Prospect", party_name="DPRO-DELETED")) == 2
	assert shown("party", party_type="Customer") == []


def test_the_territory_takes_in_what_is_below():
	region, city, beside = make_territories()
	names = add([{**LOST, "territory": territory} for territory in (region, city, beside)])
	assert shown("opportunity", territory=region) == [names[1], names[0]]
	assert shown("territory", territory=city) == [city]


def test_each_user_sees_what_the_list_shows(as_user):
	region, city, beside = make_territories()
	mine, theirs, elsewhere = add(
		[
			{**LOST, "opportunity_owner": MINE, "territory": city},
			{**LOST, "opportunity_owner": OTHER, "territory": city},
			{**LOST, "opportunity_owner": OTHER, "territory": beside},
		]
	)
	add_reasons({name: [PRICE] for name in (mine, theirs, elsewhere)})
	permit(REGIONAL, "Territory", region)
	expected = {
		BOSS: [elsewhere, theirs, mine],
		MINE: [mine],
		OTHER: [elsewhere, theirs],
		REGIONAL: [theirs, mine],
	}
	for user, names in expected.items():
		with as_user(user):
			assert shown("opportunity") == names
			assert run()[4][0]["value"] == len(names)
			assert run()[3]["data"]["datasets"][0]["values"] == [len(names)]
			desk = query_report.run(NAME, YEAR)
			assert [row["opportunity"] for row in desk["result"][:-1]] == names


def test_a_user_without_the_right_gets_an_empty_report_that_says_so(as_user):
	small_set()
	with as_user(NOBODY):
		_columns, rows, message, chart, summary = run()
	assert (rows, chart, summary) == ([], None, [])
	assert "may not read" in message


def test_the_number_of_statements_does_not_grow(as_user):
	region, city, _beside = make_territories()
	row = {**LOST, "opportunity_owner": MINE, "territory": city}
	found = {}
	for more, rows in ((10, 10), (990, 1000)):
		add_reasons({name: [PRICE, BUDGET] for name in add([row] * more)})
		for user in ("Administrator", MINE):
			with as_user(user):
				run(territory=region, lost_reason=[PRICE])
				granted.forget()  # kept for one request only
				with counted() as statements:
					listed = run(territory=region, lost_reason=[PRICE])[1]
			assert len(listed) == rows
			assert listed[-1]["reasons"] == f"{PRICE}, {BUDGET}"
			found[rows, user] = len(statements)
	assert found[10, "Administrator"] == found[1000, "Administrator"] <= 3, found
	assert found[10, MINE] == found[1000, MINE] <= 4, found


def test_bad_input_is_explained():
	for filters, part in (
		({"from_date": "2031-02-01", "to_date": "2031-01-01"}, "before it begins"),
		({"from_date": None, "to_date": None}, "first and the last day"),
		({"to_date": "31/31/2031"}, "is not a date"),
		({"company": "Nobody Ltd"}, "does not exist"),
	):
		with pytest.raises(frappe.ValidationError) as error:
			run(**filters)
		assert part in str(error.value)


def test_companies_in_two_currencies_need_a_company():
	abroad = add_company_in("USD")
	add([LOST, {**LOST, "company": abroad, "base_opportunity_amount": 70}])
	with pytest.raises(frappe.ValidationError, match="Choose one company"):
		run(company=None)
	assert shown("amount", "currency", company=abroad) == [(70, "USD")]


def test_an_empty_period_over_thirty_months():
	_columns, rows, _message, chart, summary = run(from_date="2034-01-01", to_date="2036-06-30")
	assert (rows, chart) == ([], None)
	assert [card["value"] for card in summary] == [0, 0]


def test_the_export_holds_what_the_screen_shows():
	small_set()
	frappe.local.form_dict = frappe._dict(
		report_name=NAME,
		file_format_type="CSV",
		filters=frappe.as_json(YEAR),
		visible_idx="[]",
		custom_columns="[]",
	)
	query_report.export_query()
	lines = list(csv.reader(io.StringIO(frappe.response["filecontent"].decode("utf-8-sig"))))
	assert lines[0][:3] == ["Opportunity", "Lost On", "Party"]
	assert len(lines) == 1 + 3 + 1, "headings, rows, total"
	assert "<" not in "".join(cell for line in lines for cell in line)
