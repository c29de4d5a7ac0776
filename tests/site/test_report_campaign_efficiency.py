"""Campaign Efficiency: hand-checked figures, nothing that the reader's lists hide, a fixed number of statements."""

from __future__ import annotations

import frappe
import pytest
from frappe.permissions import add_user_permission
from frappe.utils import add_months, now_datetime, nowdate

from dafater_crm.dafater_crm.report.dafater_campaign_efficiency.dafater_campaign_efficiency import execute
from dafater_crm.queries import granted
from tests.site import report_cases as cases
from tests.site.factories import COMPANY, make_lead, make_opportunity
from tests.site.statements import counted


@pytest.fixture(autouse=True)
def people():
	cases.make_people()
	cases.forget_people()
	yield
	cases.forget_people()


@pytest.fixture
def case():
	return cases.build()


def figures(filters: dict) -> dict:
	"""Campaign -> leads, opportunities, quotations, orders, order value, leads with an order."""
	names = ("leads", "opportunities", "quotations", "orders", "order_value", "ordering_leads")
	return {row["campaign"]: tuple(row[name] for name in names) for row in execute(filters)[1]}


def test_exact_rows_and_summary(case):
	columns, rows, message, chart, summary = execute(case.filters)
	assert [(row["label"], row["campaign"]) for row in rows] == [
		(case.a, case.a),
		(case.b, case.b),
		("Not Specified", None),
	]
	assert figures(case.filters) == {
		case.a: (3, 2, 3, 3, 2200.0, 3),
		case.b: (3, 3, 1, 1, 1875.0, 0),
		None: (1, 0, 0, 0, 0.0, 0),
	}
	shares = ("opportunities_to_leads", "quotations_to_leads", "orders_to_quotations", "conversion_rate")
	assert [tuple(row[name] for name in shares) for row in rows] == [
		(66.67, 100.0, 100.0, 100.0),
		(100.0, 33.33, 100.0, 0.0),
		(0.0, 0.0, None, 0.0),
	]
	assert [(card["label"], card["value"]) for card in summary] == [
		("Leads", 7),
		("Opportunities", 5),
		("Quotations", 4),
		("Sales Orders", 4),
		("Order Value", 4075.0),
		("Conversion %", 42.86),
	]
	assert {row["currency"] for row in rows} == {"SAR"}
	assert chart["data"]["datasets"][0]["values"] == [2200.0, 1875.0, 0.0]
	assert "submitted" in message
	assert {"leads", "order_value"} < {column["fieldname"] for column in columns}


def test_the_territory_is_a_tree_and_other_filters_narrow(case):
	assert figures({**case.filters, "territory": case.north})[case.a][0] == 4
	assert figures({**case.filters, "territory": case.tabuk}) == {case.a: (1, 0, 0, 0, 0.0, 0)}
	assert set(figures({**case.filters, "campaign": case.b})) == {case.b}
	assert figures({**case.filters, "lead_owner": cases.SELLER_B}) == {
		case.a: (1, 0, 1, 1, 800.0, 1),
		case.b: (3, 2, 1, 0, 0.0, 0),
	}
	assert figures({**case.filters, "source": "no such source"}) == {}
	assert figures({**case.filters, "market_segment": "no such segment"}) == {}


def test_the_last_day_counts_to_its_end_and_the_day_before_the_first_does_not(case):
	for lead, moment in ((case.l6, "2031-03-31 23:59:59.999999"), (case.l7, "2031-02-28 23:59:59")):
		cases.dated(lead, moment)
	march = {**case.filters, "from_date": "2031-03-01", "to_date": "2031-03-31"}
	assert figures(march) == {None: (1, 0, 0, 0, 0.0, 0)}


def test_an_order_from_before_the_lead_is_not_its_doing(case):
	customer = cases.old_customer()
	cases.document("Sales Order", customer=customer)
	lead = make_lead(territory=case.tabuk, campaign=case.b)
	link = {"doctype": "Dafater Party Link", "party_type": lead.doctype, "party_name": lead.name}
	frappe.get_doc({**link, "customer": customer, "origin": "Existing Customer"}).insert()
	assert figures({**case.filters, "territory": case.tabuk})[case.b] == (1, 0, 0, 1, 1000.0, 1)
	cases.dated(lead, frappe.utils.add_days(now_datetime(), 1))
	later = {**case.filters, "territory": case.tabuk, "to_date": frappe.utils.add_days(nowdate(), 5)}
	assert figures(later)[case.b] == (1, 0, 0, 0, 0.0, 0)


def test_a_closed_order_counts_with_its_fulfilled_part(case):
	frappe.db.set_value(
		"Sales Order", case.s1.name, {"status": "Closed", "per_billed": 25, "per_delivered": 10}
	)
	assert figures(case.filters)[case.a] == (3, 2, 3, 3, 1450.0, 3)


def test_deals_of_a_deleted_lead_stay_with_their_campaign(case):
	deal = make_opportunity(case.l10, campaign=case.b)
	frappe.db.delete("Dafater Lead", {"name": case.l10.name})
	rows = figures({**case.filters, "territory": case.tabuk})
	assert deal.territory == case.tabuk
	assert rows == {case.b: (0, 1, 0, 0, 0.0, 0)}


def test_spellings_that_differ_in_case_are_one_campaign(case):
	"""Rows that were written past the controller may spell a link otherwise; the database takes both for the same."""
	fair = cases.campaign("Spring Fair")
	leads = [make_lead(territory=case.tabuk, campaign=fair) for _number in range(2)]
	deal = make_opportunity(leads[0])
	cases.order_of(cases.quotation(deal))
	shouted = {"campaign": fair.upper()}
	frappe.db.set_value("Dafater Lead", leads[1].name, shouted)
	frappe.db.set_value("Dafater Opportunity", deal.name, shouted)
	assert figures({**case.filters, "territory": case.tabuk})[fair] == (2, 1, 1, 1, 1000.0, 1)
	frappe.db.set_value("Dafater Lead", leads[0].name, shouted)
	found = figures({**case.filters, "territory": case.tabuk})
	assert found[fair] == (2, 1, 1, 1, 1000.0, 1) and fair.upper() not in found


def test_empty_and_missing_keys_are_one_row(case):
	lead = make_lead(territory=case.tabuk)
	frappe.db.set_value("Dafater Lead", lead.name, {"campaign": "", "lead_owner": ""})
	make_opportunity(lead)
	frappe.db.set_value("Dafater Opportunity", {"party_name": lead.name}, {"lead": "", "campaign": ""})
	assert figures({**case.filters, "territory": case.tabuk})[None] == (1, 1, 0, 0, 0.0, 0)


def test_a_lead_without_a_campaign_orders_once_where_it_counts(case):
	"""Its deals bring orders to their own campaigns; the lead itself stays without one, and is one lead with an order."""
	lead = make_lead(territory=case.tabuk)
	for campaign in (case.a, case.b):
		cases.order_of(cases.quotation(make_opportunity(lead, campaign=campaign)))
	filters = {**case.filters, "territory": case.tabuk}
	assert figures(filters) == {
		case.a: (1, 1, 1, 1, 1000.0, 0),
		case.b: (0, 1, 1, 1, 1000.0, 0),
		None: (1, 0, 0, 0, 0.0, 1),
	}
	_columns, rows, _message, _chart, summary = execute(filters)
	assert {row["campaign"]: row["conversion_rate"] for row in rows} == {
		case.a: 0.0,
		case.b: None,
		None: 100.0,
	}
	assert summary[-1]["value"] == 50.0


def test_a_manager_sees_the_same_as_the_administrator(case, as_user):
	expected = figures(case.filters), execute(case.filters)[4]
	with as_user(cases.BOSS):
		assert (figures(case.filters), execute(case.filters)[4]) == expected


def test_a_sales_person_sees_the_leads_and_opportunities_of_the_own_list(case, as_user):
	with as_user(cases.SELLER_A):
		assert figures(case.filters) == {case.a: (2, 2, 2, 2, 1400.0, 2)}
		summary = execute(case.filters)[4]
		assert [card["value"] for card in summary] == [2, 2, 2, 2, 1400.0, 100.0]
	with as_user(cases.SELLER_B):
		assert figures(case.filters) == {
			case.a: (1, 0, 1, 1, 800.0, 1),
			case.b: (3, 3, 1, 1, 1875.0, 0),
		}


def test_a_user_permission_on_the_territory_holds(case, as_user):
	wide = {**case.filters, "territory": case.north}
	with as_user(cases.SELLER_A):
		assert figures(wide)[case.a][:2] == (3, 2)
	add_user_permission("Territory", case.tabuk, cases.SELLER_A)
	with as_user(cases.SELLER_A):
		assert figures(wide) == {case.a: (1, 0, 0, 0, 0.0, 0)}


def test_a_user_permission_on_the_customer_holds_after_conversion(case, as_user):
	add_user_permission("Customer", case.customer, cases.BOSS)
	with as_user(cases.BOSS):
		rows = figures(case.filters)
	assert rows[case.a][3:5] == (1, 800.0)


def test_documents_that_the_user_may_not_read_are_left_out_with_a_word(case, as_user):
	with as_user(cases.CRM_ONLY):
		columns, rows, message, _chart, summary = execute(case.filters)
	shown = {column["fieldname"] for column in columns}
	assert {"leads", "opportunities", "opportunities_to_leads"} <= shown
	assert not shown.intersection(("quotations", "orders", "order_value", "conversion_rate"))
	assert "may not read" in message
	assert [card["label"] for card in summary] == ["Leads", "Opportunities"]
	assert [row["leads"] for row in rows] == [3, 3, 1]


def test_who_may_see_nothing_gets_an_empty_report(case, as_user):
	with as_user(cases.STRANGER):
		_columns, rows, message, chart, summary = execute(case.filters)
	assert (rows, chart, summary) == ([], None, None)
	assert "may not see leads" in message
	with as_user(cases.NARROW):
		assert execute(case.filters)[1] == []


def test_bad_filters_are_explained(case):
	for filters, words in (
		({}, "Choose the first and the last day"),
		({**case.filters, "to_date": "2001-01-01"}, "before it begins"),
		({**case.filters, "from_date": "soon"}, "is not a date"),
		({**case.filters, "company": "No Company"}, "does not exist"),
	):
		with pytest.raises(frappe.ValidationError, match=words):
			execute(filters)
	with pytest.raises(frappe.ValidationError):
		execute(None)


def test_thirty_months_and_an_empty_period(case):
	assert figures({**case.filters, "from_date": add_months(nowdate(), -30)})[case.a][0] == 4
	_columns, rows, _message, chart, summary = execute(
		{"company": COMPANY, "from_date": "1999-01-01", "to_date": "1999-12-31"}
	)
	assert (rows, chart, summary) == ([], None, None)


def test_companies_with_several_currencies_need_a_choice(case):
	frappe.get_doc(
		{"doctype": "Company", "name": "Overseas", "company_name": "Overseas", "default_currency": "USD"}
	).db_insert()
	without = {key: value for key, value in case.filters.items() if key != "company"}
	with pytest.raises(frappe.ValidationError, match="Choose one company"):
		execute(without)
	assert len(execute(case.filters)[1]) == 3


def of_a(number: int) -> dict:
	return {"campaign": f"campaign {number}", "lead_owner": cases.SELLER_A}


@pytest.mark.parametrize("user", ["Administrator", cases.SELLER_A, cases.CRM_ONLY])
def test_statements_do_not_grow_with_the_rows(case, as_user, user):
	few, many = cases.territory("قليل", case.north), cases.territory("كثير", case.north)
	cases.fill(10, few, of_a)
	cases.fill(1000, many, of_a)
	with as_user(user):
		execute({**case.filters, "territory": few})
		granted.forget()  # kept for one request only
		with counted() as at_ten:
			assert len(execute({**case.filters, "territory": few})[1]) == 10
		granted.forget()
		with counted() as at_thousand:
			assert len(execute({**case.filters, "territory": many})[1]) == 1000
	assert len(at_ten) == len(at_thousand) <= 4, cases.show(at_thousand)
