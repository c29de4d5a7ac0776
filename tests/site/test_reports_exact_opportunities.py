"""The four reports on opportunities over one small market: every cell and figure, for three readers.

Eight opportunities, company currency, in the first quarter of 2013 unless said otherwise:

| | owner | territory | status, stage | amount, weighted | dated | expected | lost on | entered, answered after |
|---|---|---|---|---|---|---|---|---|
| A | mine | north | Open, Proposal | 1,000, 500 | 10 Jan | 20 Jan | | Thursday 10 Jan 08:00, 1 h |
| B | mine | north | Lost | 300, 0 | 12 Jan | | 5 Feb | Saturday 12 Jan 08:00, never |
| C | mine | south | Open, Negotiation | 200, 150 | 1 Feb | 10 Feb | | Thursday 10 Jan 10:00, 3 h |
| D | other | north | Lost | 50.25, 0 | 2 Feb | | 20 Feb | Saturday 12 Jan 09:00, 2 h |
| E | nobody | north | Open, none | 7, 3 | 31 Mar | none | | 31 Mar 23:59:59, never |
| F | other, made by mine | north | Won | 40, 40 | 1 Mar | | | Sunday 31 Mar 08:00, 10 h |
| G | mine | north | Open, Proposal | 9,999, 1 | 31 Dec 2012 | 1 Apr | | 31 Dec 2012 23:59:59, 1 h |
| H | mine | south | Lost | 80, 0 | 3 Feb | | 31 Mar | Sunday 3 Feb 12:00, never |

G is in no report. The seller has a User Permission for the north, and so sees A, B and F: C and H are in the south, D and E are others'.
Working hours are those of a new site, Sunday to Thursday from 08:00 to 17:00.
"""

from __future__ import annotations

from datetime import date

import frappe
import pytest

from tests.site.engagement_rows import count_answers, make_territory, opportunity_row, restricted
from tests.site.factories import COMPANY, MANAGER, SELLER, make_user
from tests.site.opportunity_rows import add_competitors, add_reasons
from tests.site.report_results import crosstab, read_as, summary, table
from tests.site.test_reports_all_nine import execute

MINE, OTHER, BOSS = "mine@exactdeals.example", "other@exactdeals.example", "boss@exactdeals.example"
PRICE, BUDGET, RIVAL = "Price Too High", "No Budget", "منافس"
HOUR = 3600
NOTHING = "Not Specified"


@pytest.fixture(autouse=True)
def people(clean_state: None) -> None:
	make_user(MINE, *SELLER)
	make_user(OTHER, *SELLER)
	make_user(BOSS, MANAGER)


@pytest.fixture
def market():
	"""The table above; gives the filters, the two territories, and lets the seller see the north alone."""
	whole = make_territory()
	north, south = make_territory(whole), make_territory(whole)
	party = {"party_type": "Dafater Prospect", "party_name": "DPRO-GONE", "party_title": "شركة النور"}
	lost = {"status": "Lost", "sales_stage": "Closed Lost", **party}
	deal(
		"A",
		north,
		1000,
		500,
		"01-10",
		"2013-01-10 08:00",
		HOUR,
		MINE,
		sales_stage="Proposal",
		expected="01-20",
	)
	deal("B", north, 300, 0, "01-12", "2013-01-12 08:00", 0, MINE, lost_on="2013-02-05", **lost)
	deal(
		"C",
		south,
		200,
		150,
		"02-01",
		"2013-01-10 10:00",
		3 * HOUR,
		MINE,
		sales_stage="Negotiation",
		expected="02-10",
	)
	deal("D", north, 50.25, 0, "02-02", "2013-01-12 09:00", 2 * HOUR, OTHER, lost_on="2013-02-20", **lost)
	deal("E", north, 7, 3, "03-31", "2013-03-31 23:59:59", 0, None, sales_stage=None)
	won = {"status": "Won", "sales_stage": "Closed Won", "owner": MINE}
	deal("F", north, 40, 40, "03-01", "2013-03-31 08:00", 10 * HOUR, OTHER, **won)
	outside = {"sales_stage": "Proposal", "expected": "04-01", "transaction_date": "2012-12-31"}
	deal("G", north, 9999, 1, "", "2012-12-31 23:59:59", HOUR, MINE, **outside)
	deal("H", south, 80, 0, "02-03", "2013-02-03 12:00", 0, MINE, lost_on="2013-03-31", **lost)
	count_answers()
	add_reasons({"EXACT-B": [PRICE], "EXACT-D": [BUDGET, PRICE]})
	add_competitors({"EXACT-D": [RIVAL, "منافس ثان"]})
	period = {"from_date": "2013-01-01", "to_date": "2013-03-31", "company": COMPANY, "territory": whole}
	with restricted(MINE, north):
		yield frappe._dict(filters=period, north=north, south=south)


def deal(
	letter, territory, amount, weighted, dated, entered, answered, whose, expected=None, **values
) -> None:
	figures = {
		"base_opportunity_amount": amount,
		"weighted_amount": weighted,
		"first_response_time": answered,
	}
	days = {"transaction_date": f"2013-{dated}", "expected_closing": expected and f"2013-{expected}"}
	values = {**figures, **days, "opportunity_owner": whose, **values}
	opportunity_row(territory, entered, name=f"EXACT-{letter}", **values)


@pytest.mark.parametrize("reader", ["Administrator", BOSS])
def test_stages_for_who_sees_all(market, as_user, reader):
	filters = {**market.filters, "based_on": "Owner", "measure": "Amount"}
	result = read_as(as_user, reader, lambda: execute("Dafater Opportunity Summary by Sales Stage", filters))
	assert crosstab(result) == [
		# B and H are lost: 300 + 80
		("mine", {"Proposal": 1000, "Negotiation": 200, "Closed Lost": 380, "Total": 1580}),
		("other", {"Closed Won": 40, "Closed Lost": 50.25, "Total": 90.25}),
		(NOTHING, {NOTHING: 7, "Total": 7}),
	]
	# 1,580 + 90.25 + 7; 500 + 150 + 40 + 3
	assert summary(result) == [("Opportunities", 7), ("Amount", 1677.25), ("Weighted Amount", 693)]


def test_stages_for_the_seller(market, as_user):
	filters = {**market.filters, "based_on": "Owner", "measure": "Amount"}
	result = read_as(as_user, MINE, lambda: execute("Dafater Opportunity Summary by Sales Stage", filters))
	assert crosstab(result) == [
		("mine", {"Proposal": 1000, "Closed Lost": 300, "Total": 1300}),
		("other", {"Closed Won": 40, "Total": 40}),
	]
	assert summary(result) == [("Opportunities", 3), ("Amount", 1340), ("Weighted Amount", 540)]


@pytest.mark.parametrize("reader", ["Administrator", BOSS])
def test_the_pipeline_for_who_sees_all(market, as_user, reader):
	"""At work are A, C and E; G closes after the period."""
	filters = {**market.filters, "based_on": "Owner", "measure": "Weighted Amount", "range": "Monthly"}
	result = read_as(as_user, reader, lambda: execute("Dafater Sales Pipeline Analytics", filters))
	assert crosstab(result) == [
		("mine", {"Jan 2013": 500, "Feb 2013": 150, "Total": 650}),
		(NOTHING, {"No Expected Closing": 3, "Total": 3}),
	]
	assert summary(result) == [
		("Opportunities", 3),
		("Amount", 1207),
		("Weighted Amount", 653),
		("No Expected Closing", 1),
	]


def test_the_pipeline_for_the_seller(market, as_user):
	filters = {**market.filters, "based_on": "Owner", "measure": "Weighted Amount", "range": "Monthly"}
	result = read_as(as_user, MINE, lambda: execute("Dafater Sales Pipeline Analytics", filters))
	assert crosstab(result) == [("mine", {"Jan 2013": 500, "Total": 500})]
	assert summary(result) == [
		("Opportunities", 1),
		("Amount", 1000),
		("Weighted Amount", 500),
		("No Expected Closing", 0),
	]


def lost_row(
	market, letter: str, day: date, reasons: str, competitors: str, amount: float, owner: str
) -> tuple:
	party = ("شركة النور", "Dafater Prospect")
	territory = market.south if letter == "H" else market.north
	told = (reasons, competitors, amount, owner, territory)
	return (f"EXACT-{letter}", day, *party, *told, NOTHING, NOTHING, "Closed Lost", None)


@pytest.mark.parametrize("reader", ["Administrator", BOSS])
def test_lost_for_who_sees_all(market, as_user, reader):
	result = read_as(as_user, reader, lambda: execute("Dafater Lost Opportunity", market.filters))
	assert table(result) == [
		lost_row(market, "H", date(2013, 3, 31), NOTHING, "", 80, "mine"),
		lost_row(market, "D", date(2013, 2, 20), f"{BUDGET}, {PRICE}", f"{RIVAL}, منافس ثان", 50.25, "other"),
		lost_row(market, "B", date(2013, 2, 5), PRICE, "", 300, "mine"),
	]
	# 80 + 50.25 + 300; the reason of two first, then those of one by name
	assert summary(result) == [
		("Lost Opportunities", 3),
		("Lost Amount", 430.25),
		(PRICE, 2),
		(NOTHING, 1),
		(BUDGET, 1),
	]


def test_lost_for_the_seller(market, as_user):
	result = read_as(as_user, MINE, lambda: execute("Dafater Lost Opportunity", market.filters))
	assert table(result) == [lost_row(market, "B", date(2013, 2, 5), PRICE, "", 300, "mine")]
	assert summary(result) == [("Lost Opportunities", 1), ("Lost Amount", 300), (PRICE, 1)]


def times(hours: float | None, business: float | None) -> tuple:
	"""Mean, median and 90 % of one answer: the same three times, in seconds and in business hours."""
	return (hours and hours * HOUR,) * 3 + (business,) * 3


@pytest.mark.parametrize("reader", ["Administrator", BOSS])
def test_first_responses_for_who_sees_all(market, as_user, reader):
	"""Friday and Saturday are no working days; F's ten hours end at 18:00, an hour after work."""
	filters = {**market.filters, "group_by": "Day", "medians": 1}
	result = read_as(as_user, reader, lambda: execute("Dafater First Response Time for Opportunity", filters))
	assert table(result) == [
		# A after 1 h, C after 3 h: mean and median 2 h
		(date(2013, 1, 10), 2, 2, 0, 2 * HOUR, 2 * HOUR, 3 * HOUR, 2, 2, 3),
		(date(2013, 1, 12), 2, 1, 1, *times(2, 0)),
		(date(2013, 2, 3), 1, 0, 1, *times(None, None)),
		(date(2013, 3, 31), 2, 1, 1, *times(10, 9)),
	]
	# answers after 1, 2, 3 and 10 hours, in business hours 1, 0, 3 and 9; 90 % of four is the fourth
	assert summary(result) == [
		("Opportunities", 7),
		("Answered", 4),
		("Unanswered", 3),
		("Average Response Time", 4 * HOUR),
		("Median Response Time", 2.5 * HOUR),
		("90% Answered Within", 10 * HOUR),
		("Average Business Hours", 3.25),
		("Median Business Hours", 2),
		("90% Within Business Hours", 9),
	]


def test_first_responses_for_the_seller(market, as_user):
	filters = {**market.filters, "group_by": "Day", "medians": 1}
	result = read_as(as_user, MINE, lambda: execute("Dafater First Response Time for Opportunity", filters))
	assert table(result) == [
		(date(2013, 1, 10), 1, 1, 0, *times(1, 1)),
		(date(2013, 1, 12), 1, 0, 1, *times(None, None)),
		(date(2013, 3, 31), 1, 1, 0, *times(10, 9)),
	]
	# A after 1 h and F after 10 h; 90 % of two is the second
	assert summary(result) == [
		("Opportunities", 3),
		("Answered", 2),
		("Unanswered", 1),
		("Average Response Time", 5.5 * HOUR),
		("Median Response Time", 5.5 * HOUR),
		("90% Answered Within", 10 * HOUR),
		("Average Business Hours", 5),
		("Median Business Hours", 5),
		("90% Within Business Hours", 9),
	]
