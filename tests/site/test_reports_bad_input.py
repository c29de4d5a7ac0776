"""Bad input and broken rows, for each of the nine reports: one exact message, an honest empty report, or the exact figures."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, add_months, formatdate, nowdate

from tests.site.engagement_rows import (
	LEAD,
	OPPORTUNITY,
	lead_row,
	make_territory,
	message_row,
	opportunity_row,
	order_row,
	row,
)
from tests.site.factories import COMPANY, make_user
from tests.site.report_results import crosstab, read_as, summary, table
from tests.site.test_reports_all_nine import ENGAGED, LEADS, MONEY, REPORTS, execute

NOBODY, EMPTY, OWNER = "stock@badreports.example", "empty@badreports.example", "owner@badreports.example"
AMOUNTS = {*MONEY, "Dafater Opportunity Summary by Sales Stage", "Dafater Sales Pipeline Analytics"}
OF_A_PERIOD = [report for report in REPORTS if report != ENGAGED]
NOTHING = "Not Specified"
LINKS = (
	"source",
	"campaign",
	"market_segment",
	"sales_stage",
	"opportunity_type",
	"lead_owner",
	"opportunity_owner",
)
# the first figure of the summary over one lead, one open and one lost opportunity, and one order
HEADLINE = {
	"Dafater Campaign Efficiency": ("Leads", 1),
	"Dafater First Response Time for Opportunity": ("Opportunities", 2),
	"Dafater Lead Conversion Time": ("Converted Leads", 1),
	"Dafater Lead Details": ("Leads", 1),
	"Dafater Lead Owner Efficiency": ("Leads", 1),
	"Dafater Lost Opportunity": ("Lost Opportunities", 1),
	"Dafater Opportunity Summary by Sales Stage": ("Opportunities", 2),
	ENGAGED: ("Engaged Leads", 1),
	"Dafater Sales Pipeline Analytics": ("Opportunities", 1),
}


@pytest.fixture(autouse=True)
def people(clean_state: None) -> None:
	make_user(NOBODY, "Stock User")
	make_user(EMPTY, "Dafater Account Executive")
	make_user(OWNER, "Dafater Account Executive")


@pytest.fixture
def day() -> str:
	"""So long ago that a period of thirty months holds it and one of twenty-eight does not."""
	return add_months(nowdate(), -29)


@pytest.fixture
def market(day) -> dict:
	territory = make_territory()
	lead = lead_row(territory, f"{day} 08:00:00", lead_owner=OWNER, campaign="معرض")
	for hour in ("09", "10"):
		message_row(LEAD, lead, f"{day} {hour}:00:00")
	customer = row("Customer", customer_name="شركة محذوفة")
	row("Dafater Party Link", party_type=LEAD, party_name=lead, customer=customer)
	dated = {"transaction_date": day, "expected_closing": day, "opportunity_owner": OWNER, "lead": lead}
	party = {"party_type": "Customer", "party_name": customer, "party_title": "شركة محذوفة", **dated}
	stage = {"sales_stage": "Proposal", "base_opportunity_amount": 100, "weighted_amount": 50}
	deal = opportunity_row(territory, f"{day} 08:00:00", **party, **stage)
	lost = {"status": "Lost", "sales_stage": "Closed Lost", "lost_on": day, "base_opportunity_amount": 40}
	opportunity_row(territory, f"{day} 08:00:00", **party, **lost)
	order_row(day, dafater_opportunity=deal, customer=customer, base_net_total=100)
	period = {"from_date": add_months(nowdate(), -30), "to_date": nowdate(), "company": COMPANY}
	return {**period, "territory": territory, "based_on": "Owner", "measure": "Amount", "group_by": "Month"}


def refusal(report: str, filters: dict) -> str:
	"""The message with which the report refuses the filters."""
	with pytest.raises(frappe.ValidationError) as error:
		execute(report, filters)
	return str(error.value)


@pytest.mark.parametrize("report", OF_A_PERIOD)
def test_thirty_months_hold_what_twenty_eight_do_not(report, market):
	assert summary(execute(report, market))[0] == HEADLINE[report]
	shorter = execute(report, {**market, "from_date": add_months(nowdate(), -28)})
	assert (shorter[1], shorter[3], [value for _label, value in summary(shorter) if value]) == ([], None, [])
	assert shorter[2], "it says what it counts"


@pytest.mark.parametrize("report", OF_A_PERIOD)
def test_periods_that_cannot_be(report, market):
	before = add_days(market["from_date"], -1)
	assert refusal(report, {**market, "to_date": before}) == (
		f"The report ends on {formatdate(before)}, before it begins on {formatdate(market['from_date'])}. "
		"Choose a later last day."
	)
	for missing in ("from_date", "to_date"):
		for value in ("", None):
			assert (
				refusal(report, {**market, missing: value})
				== "Choose the first and the last day of the report."
			)


@pytest.mark.parametrize("report", REPORTS)
def test_companies_that_cannot_be(report, market):
	"""None is every company; one that does not exist is refused."""
	unknown = "شركة لا توجد"
	assert (
		refusal(report, {**market, "company": unknown})
		== f"The company {unknown} does not exist. Choose another one."
	)
	chosen = execute(report, market)
	for without in ({**market, "company": None}, {**market, "company": ""}):
		found = execute(report, without)
		assert (table(found), summary(found)) == (table(chosen), summary(chosen))


@pytest.mark.parametrize("report", REPORTS)
def test_an_empty_text_chooses_nothing(report, market):
	chosen = execute(report, market)
	blank = execute(report, {**market, **dict.fromkeys(LINKS, "")})
	assert table(blank) == table(chosen)
	assert summary(blank) == summary(chosen)
	assert summary(chosen)[0] == HEADLINE[report]


@pytest.mark.parametrize("report", REPORTS)
def test_no_stage_no_owner_no_campaign(report, market, day):
	"""As a row is after an import by SQL: NULL and the empty text both read "Not Specified"."""
	month = formatdate(day, "MMM yyyy")
	named = {
		"Dafater Campaign Efficiency": lambda found: found[1][0]["label"],
		"Dafater Lead Owner Efficiency": lambda found: found[1][0]["label"],
		"Dafater Lead Details": lambda found: found[1][0]["owner_name"],
		"Dafater Lead Conversion Time": lambda found: found[1][0]["lead_owner"],
		ENGAGED: lambda found: found[1][0]["lead_owner"],
		"Dafater Lost Opportunity": lambda found: (found[1][0]["owner"], found[1][0]["stage"]),
		"Dafater Opportunity Summary by Sales Stage": crosstab,
		"Dafater Sales Pipeline Analytics": crosstab,
		"Dafater First Response Time for Opportunity": lambda found: found[1][0]["opportunities"],
	}
	expected = {
		"Dafater Lost Opportunity": (NOTHING, NOTHING),
		"Dafater Opportunity Summary by Sales Stage": [(NOTHING, {NOTHING: 140, "Total": 140})],
		"Dafater Sales Pipeline Analytics": [(NOTHING, {month: 100, "Total": 100})],
		"Dafater First Response Time for Opportunity": 2,
	}
	here = {"territory": market["territory"]}
	for nothing in (None, ""):
		frappe.db.set_value(LEAD, here, {"lead_owner": nothing, "campaign": nothing})
		frappe.db.set_value(OPPORTUNITY, here, {"opportunity_owner": nothing, "sales_stage": nothing})
		found = execute(report, market)
		assert len(found[1]) == 1
		assert named[report](found) == expected.get(report, NOTHING)
		assert summary(found)[0] == HEADLINE[report]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("assigned", ["", None, "[]", "null", "{broken"])
def test_an_assignment_that_is_no_list_hides_nothing(report, assigned, market, as_user):
	expected = read_as(as_user, OWNER, lambda: execute(report, market))
	here = {"territory": market["territory"]}
	for doctype in (LEAD, OPPORTUNITY):
		frappe.db.set_value(doctype, here, "_assign", assigned)
	found = read_as(as_user, OWNER, lambda: execute(report, market))
	assert (table(found), summary(found)) == (table(expected), summary(expected))
	assert summary(found)[0] == HEADLINE[report]


@pytest.mark.parametrize("report", REPORTS)
def test_a_deleted_party(report, market):
	"""The customer's row is gone by SQL: what it bought and was offered still counts, under its stored name."""
	before = execute(report, market)
	frappe.db.delete("Customer", {"customer_name": "شركة محذوفة"})
	found = execute(report, market)
	assert (table(found), summary(found)) == (table(before), summary(before))
	if report == "Dafater Lost Opportunity":
		assert found[1][0]["party"] == "شركة محذوفة"


@pytest.mark.parametrize("report", REPORTS)
def test_three_currencies_of_which_one_has_no_rate(report, market, day):
	"""Amounts in company currency are stored; a row that has none counts, and adds nothing."""
	old = {"creation": f"{day} 08:00:00", "territory": market["territory"], "company": COMPANY}
	dates = {"transaction_date": day, "expected_closing": day, "lost_on": day, "opportunity_owner": OWNER}
	for status in ("Open", "Lost"):
		base = {"status": status, "sales_stage": "Proposal", **old, **dates, "opportunity_amount": 10}
		row(OPPORTUNITY, currency="USD", conversion_rate=3.75, base_opportunity_amount=37.5, **base)
		name = row(OPPORTUNITY, currency="JPY", **base)
		amounts = dict.fromkeys(("conversion_rate", "base_opportunity_amount", "weighted_amount"), 0)
		frappe.db.set_value(OPPORTUNITY, name, amounts)
	figures = dict(summary(execute(report, market)))
	if report == "Dafater Opportunity Summary by Sales Stage":
		# 100 + 40 in riyals, twice 37.5 of dollars, nothing of yen
		assert (figures["Opportunities"], figures["Amount"]) == (6, 215)
	elif report == "Dafater Sales Pipeline Analytics":
		assert (figures["Opportunities"], figures["Amount"]) == (3, 137.5)
	elif report == "Dafater Lost Opportunity":
		assert (figures["Lost Opportunities"], figures["Lost Amount"]) == (3, 77.5)
	elif "First Response" in report:
		assert figures["Opportunities"] == 6
	else:
		assert next(iter(figures.items())) == HEADLINE[report]


@pytest.mark.parametrize("report", REPORTS)
def test_companies_of_three_currencies(report, market):
	for currency in ("USD", "EUR"):
		row("Company", name=f"Abroad {currency}", abbr=currency, default_currency=currency)
	everywhere = {**market, "company": None}
	if report in AMOUNTS:
		message = "The companies of this site have different currencies. Choose one company."
		assert refusal(report, everywhere) == message
	else:
		assert summary(execute(report, everywhere))[0] == HEADLINE[report]
	assert summary(execute(report, market))[0] == HEADLINE[report]


def without_the_right(report: str) -> str:
	if "Efficiency" in report or report == "Dafater Lead Details":
		return "You may not see leads, so this report has nothing to show."
	kind = "leads" if report in (ENGAGED, "Dafater Lead Conversion Time") else "opportunities"
	return f"You may not read {kind}. Ask a sales manager for the right."


@pytest.mark.parametrize("report", REPORTS)
def test_who_may_see_nothing(report, market, as_user):
	"""Without the right there is a word and no figure; with the right and no records there are zeros."""
	_columns, rows, message, chart, cards = read_as(as_user, NOBODY, lambda: execute(report, market))
	assert (rows, message, chart, cards or []) == ([], without_the_right(report), None, [])
	found = read_as(as_user, EMPTY, lambda: execute(report, market))
	assert (found[1], found[3], [value for _label, value in summary(found) if value]) == ([], None, [])
	if report == "Dafater Lead Conversion Time":
		assert found[2].endswith("Figures of documents that you may not read are left out.")
	else:
		assert found[2] == execute(report, market)[2]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
	"value", ["\\", "\\' or 1=1 -- ", "' or ''='", "%s %(x)s {0}", "%", 'نص \\" طويل' * 300, "لا يوجد 😀"]
)
def test_a_filter_is_compared_and_never_run(report, value, market):
	"""A backslash would end the text of a statement whose values are not bound, and the next filter would be SQL."""
	links = ("source", "campaign", "lead_owner") if report in LEADS else ("source", "opportunity_owner")
	for name in (*links, "territory"):
		found = execute(report, {**market, name: value, "company": COMPANY})
		assert (found[1], found[3]) == ([], None), name
	assert execute(report, {**market, **dict.fromkeys(links, value)})[1] == []


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
	"value", ["0000-00-00", "soon", 20130101, float("nan"), True, "0001-01-01", "2013-02-30"]
)
def test_days_that_are_none_get_one_message(report, value, market):
	for name in ("from_date", "to_date"):
		frappe.clear_messages()
		message = refusal(report, {**market, name: value})
		assert message == f"{value} is not a date. Write it like 2026-01-31."
		assert [told["message"] for told in frappe.get_message_log()] == [message]


@pytest.mark.parametrize("report", REPORTS)
def test_the_last_month_of_the_calendar_and_half_a_letter(report, market):
	assert execute(report, {**market, "from_date": "9999-12-01", "to_date": "9999-12-31"})[2]
	assert "cannot be read" in refusal(report, {**market, "campaign": "\ud800"})


def test_older_than_any_lead(market):
	found = execute(ENGAGED, {**market, "minimum_age": 10**12})
	assert (found[1], found[3], summary(found)[0]) == ([], None, ("Engaged Leads", 0))
