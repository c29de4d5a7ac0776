"""Lead Details: one row a lead, whatever its addresses, exactly those of the reader's own list."""

from __future__ import annotations

import frappe
import pytest
from frappe.permissions import add_user_permission
from frappe.utils import add_months, nowdate

from dafater_crm.dafater_crm.report.dafater_lead_details.dafater_lead_details import execute
from dafater_crm.queries import granted
from tests.site import report_cases as cases
from tests.site.factories import COMPANY, make_lead
from tests.site.statements import counted


@pytest.fixture(autouse=True)
def people():
	cases.make_people()
	cases.forget_people()
	yield
	cases.forget_people()


@pytest.fixture
def case():
	"""Three leads of a territory, one of another, one of two years ago, oldest first."""
	source = frappe.db.get_value("Dafater Lead Source", {"disabled": 0}, "name")
	north = cases.territory("الشمال", group=1)
	hail, tabuk = cases.territory("حائل", north), cases.territory("تبوك", north)
	leads = [
		make_lead(territory=hail, lead_owner=cases.SELLER_A, source=source, city="حائل", street="طريق الملك"),
		make_lead(
			territory=hail, lead_owner=cases.SELLER_B, status="Disqualified", disqualify_reason="No Need"
		),
		make_lead(territory=hail),
		make_lead(territory=tabuk, lead_owner=cases.SELLER_A),
		make_lead(territory=hail, lead_owner=cases.SELLER_A),
	]
	moments = (
		"2031-03-01 00:00:00",
		"2031-03-15 12:00:00",
		"2031-03-31 23:59:59.5",
		"2031-03-10",
		"2029-03-10",
	)
	for lead, moment in zip(leads, moments, strict=True):
		cases.dated(lead, moment)
	frappe.db.set_value("Dafater Lead", leads[0].name, {"status": "Converted", "base_status": "Converted"})
	frappe.db.set_value("Dafater Lead", leads[2].name, {"lead_owner": None, "status": None, "_assign": ""})
	filters = {"company": COMPANY, "from_date": "2031-03-01", "to_date": "2031-03-31", "territory": hail}
	return frappe._dict(leads=leads, source=source, north=north, hail=hail, tabuk=tabuk, filters=filters)


def names(filters: dict) -> list[str]:
	return [row["name"] for row in execute(filters)[1]]


def add_addresses(lead) -> None:
	for title in ("مكتب", "مستودع"):
		frappe.get_doc(
			{
				"doctype": "Address",
				"address_title": cases.unique(title),
				"address_type": "Office",
				"address_line1": "x",
				"city": "حائل",
				"country": "Saudi Arabia",
				"links": [{"link_doctype": lead.doctype, "link_name": lead.name}],
			}
		).insert()


def test_exact_rows_and_summary(case):
	first, second, third, *_others = case.leads
	add_addresses(first)
	_columns, rows, message, chart, summary = execute(case.filters)
	assert [
		(row["name"], row["status"], row["owner_name"], row["city"], row["street"], row["source"])
		for row in rows
	] == [
		(third.name, None, "Not Specified", None, None, None),
		(second.name, "Disqualified", "seller-b", None, None, None),
		(first.name, "Converted", "seller-a", "حائل", "طريق الملك", case.source),
	]
	assert (rows[2]["title"], rows[2]["mobile_no"]) == (first.title, first.mobile_no)
	assert [(card["label"], card["value"]) for card in summary] == [
		("Leads", 3),
		("Converted", 1),
		("Disqualified", 1),
		("Conversion %", 33.33),
	]
	assert sorted(chart["data"]["labels"]) == ["Converted", "Disqualified", "Not Specified"]
	assert "each once" in message


def test_a_customer_of_the_same_name_lends_no_address(case):
	lead = case.leads[0]
	frappe.get_doc(
		{
			"doctype": "Dynamic Link",
			"parenttype": "Address",
			"parent": "x",
			"parentfield": "links",
			"link_doctype": "Customer",
			"link_name": lead.name,
		}
	).db_insert()
	assert names(case.filters).count(lead.name) == 1


def test_filters_narrow(case):
	first, second, _third, fourth, _old = case.leads
	assert set(names({**case.filters, "territory": case.north})) == {lead.name for lead in case.leads[:4]}
	assert names({**case.filters, "territory": case.tabuk}) == [fourth.name]
	assert names({**case.filters, "status": "Disqualified"}) == [second.name]
	assert names({**case.filters, "status": ["Disqualified", "Converted"]}) == [second.name, first.name]
	assert names({**case.filters, "lead_owner": cases.SELLER_A}) == [first.name]
	assert names({**case.filters, "source": case.source}) == [first.name]
	assert names({**case.filters, "to_date": "2031-03-30"}) == [second.name, first.name]
	assert names({**case.filters, "campaign": "no such campaign"}) == []


def test_status_and_source_are_shown_in_the_readers_language(case):
	frappe.local.lang = "ar"
	row = execute(case.filters)[1][2]
	assert row["status"] == frappe._("Converted", "ar") != "Converted"
	assert row["status"] != "Converted"


def test_a_manager_sees_all_and_a_sales_person_the_own_list(case, as_user):
	expected = names(case.filters)
	with as_user(cases.BOSS):
		assert names(case.filters) == expected
	with as_user(cases.SELLER_A):
		assert names(case.filters) == [case.leads[0].name]
		listed = frappe.get_list("Dafater Lead", {"territory": case.hail}, pluck="name")
	assert set(listed) == {case.leads[0].name, case.leads[4].name}
	add_user_permission("Territory", case.tabuk, cases.SELLER_A)
	with as_user(cases.SELLER_A):
		assert names(case.filters) == []
		assert names({**case.filters, "territory": case.north}) == [case.leads[3].name]


def test_who_may_see_nothing_gets_an_empty_report(case, as_user):
	with as_user(cases.STRANGER):
		_columns, rows, message, chart, summary = execute(case.filters)
	assert (rows, chart, summary) == ([], None, None)
	assert "may not see leads" in message


def test_bad_filters_are_explained_and_an_empty_period_is_empty(case):
	for filters, words in (
		({}, "Choose the first and the last day"),
		({**case.filters, "to_date": "2001-01-01"}, "before it begins"),
		({**case.filters, "company": "No Company"}, "does not exist"),
	):
		with pytest.raises(frappe.ValidationError, match=words):
			execute(filters)
	assert execute({"from_date": "1999-01-01", "to_date": "1999-12-31"})[1:2] == ([],)
	assert len(names({**case.filters, "from_date": add_months("2031-03-01", -30)})) == 4


def test_more_leads_than_shown_are_counted_and_told(case):
	_columns, rows, message, _chart, summary = execute({**case.filters, "most_rows": 2})
	assert [row["name"] for row in rows] == [case.leads[2].name, case.leads[1].name]
	assert summary[0]["value"] == 3
	assert "newest 2 of 3" in message
	assert len(names({**case.filters, "most_rows": "-5"})) == 3
	assert len(names({**case.filters, "most_rows": "many"})) == 3


@pytest.mark.parametrize("user", ["Administrator", cases.SELLER_A])
def test_statements_do_not_grow_with_the_rows(case, as_user, user):
	few, many = cases.territory("قليل", case.north), cases.territory("كثير", case.north)
	cases.fill(10, few, lambda n: {"lead_owner": cases.SELLER_A})
	cases.fill(1000, many, lambda n: {"lead_owner": cases.SELLER_A})
	filters = {"company": COMPANY, "from_date": add_months(nowdate(), -1), "to_date": nowdate()}
	with as_user(user):
		execute({**filters, "territory": few})
		granted.forget()  # kept for one request only
		with counted() as at_ten:
			assert len(names({**filters, "territory": few})) == 10
		granted.forget()
		with counted() as at_thousand:
			assert len(names({**filters, "territory": many})) == 1000
	assert len(at_ten) == len(at_thousand) <= 4, cases.show(at_thousand)
