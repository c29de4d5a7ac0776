"""Lead Owner Efficiency: the same facts as Campaign Efficiency, credited to the owner of the lead."""

from __future__ import annotations

import frappe
import pytest
from frappe.permissions import add_user_permission

from dafater_crm.dafater_crm.report.dafater_lead_owner_efficiency.dafater_lead_owner_efficiency import execute
from dafater_crm.queries import granted
from tests.site import report_cases as cases
from tests.site.factories import COMPANY
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
	"""Owner -> leads, opportunities, quotations, orders, order value, leads with an order."""
	names = ("leads", "opportunities", "quotations", "orders", "order_value", "ordering_leads")
	return {row["lead_owner"]: tuple(row[name] for name in names) for row in execute(filters)[1]}


def test_exact_rows_and_summary(case):
	_columns, rows, _message, chart, summary = execute(case.filters)
	assert [(row["label"], row["lead_owner"]) for row in rows] == [
		("seller-a", cases.SELLER_A),
		("seller-b", cases.SELLER_B),
		("Not Specified", None),
	]
	# the order of the deal that has no lead has no lead owner either
	assert figures(case.filters) == {
		cases.SELLER_A: (2, 2, 2, 2, 1400.0, 2),
		cases.SELLER_B: (4, 2, 2, 1, 800.0, 1),
		None: (1, 0, 0, 0, 0.0, 0),
	}
	shares = ("opportunities_to_leads", "quotations_to_leads", "orders_to_quotations", "conversion_rate")
	assert [tuple(row[name] for name in shares) for row in rows] == [
		(100.0, 100.0, 100.0, 100.0),
		(50.0, 50.0, 50.0, 25.0),
		(0.0, 0.0, None, 0.0),
	]
	assert [(card["label"], card["value"]) for card in summary] == [
		("Leads", 7),
		("Opportunities", 4),
		("Quotations", 4),
		("Sales Orders", 3),
		("Order Value", 2200.0),
		("Conversion %", 42.86),
	]
	assert chart["data"]["labels"] == ["seller-a", "seller-b", "Not Specified"]


def test_filters_narrow(case):
	assert figures({**case.filters, "campaign": case.b}) == {cases.SELLER_B: (3, 2, 1, 0, 0.0, 0)}
	assert set(figures({**case.filters, "lead_owner": cases.SELLER_A})) == {cases.SELLER_A}
	assert figures({**case.filters, "territory": case.north})[cases.SELLER_A][0] == 3


def test_a_manager_sees_all_and_a_sales_person_the_own_leads(case, as_user):
	expected = figures(case.filters)
	with as_user(cases.BOSS):
		assert figures(case.filters) == expected
	with as_user(cases.SELLER_A):
		assert figures(case.filters) == {cases.SELLER_A: (2, 2, 2, 2, 1400.0, 2)}
	add_user_permission("Territory", case.tabuk, cases.SELLER_A)
	with as_user(cases.SELLER_A):
		wide = figures({**case.filters, "territory": case.north})
	assert wide == {cases.SELLER_A: (1, 0, 0, 0, 0.0, 0)}


def test_who_may_see_nothing_gets_an_empty_report(case, as_user):
	with as_user(cases.STRANGER):
		assert execute(case.filters)[1] == []


def test_bad_filters_are_explained(case):
	with pytest.raises(frappe.ValidationError, match="before it begins"):
		execute({**case.filters, "to_date": "2001-01-01"})
	with pytest.raises(frappe.ValidationError, match="Choose the first and the last day"):
		execute({"company": COMPANY})


def test_an_owner_who_was_deleted_keeps_a_row(case):
	frappe.db.set_value("Dafater Lead", case.l6.name, "lead_owner", "gone@efficiency.example")
	rows = {row["lead_owner"]: row["label"] for row in execute(case.filters)[1]}
	assert rows["gone@efficiency.example"] == "gone@efficiency.example"


def test_the_report_runs_through_the_desk_and_exports(case, as_user):
	from frappe.desk.query_report import run

	for name in ("Dafater Lead Owner Efficiency", "Dafater Campaign Efficiency", "Dafater Lead Details"):
		with as_user(cases.SELLER_A):
			answer = run(name, filters={key: str(value) for key, value in case.filters.items()})
		assert answer["result"], name
		assert "<" not in str([list(row.values()) for row in answer["result"]])


@pytest.mark.parametrize("user", ["Administrator", cases.BOSS])
def test_statements_do_not_grow_with_the_rows(case, as_user, user):
	few, many = cases.territory("قليل", case.north), cases.territory("كثير", case.north)
	cases.fill(10, few, lambda n: {"lead_owner": f"owner-{n}@efficiency.example"})
	cases.fill(1000, many, lambda n: {"lead_owner": f"owner-{n}@efficiency.example"})
	with as_user(user):
		execute({**case.filters, "territory": few})
		granted.forget()  # kept for one request only
		with counted() as at_ten:
			assert len(execute({**case.filters, "territory": few})[1]) == 10
		granted.forget()
		with counted() as at_thousand:
			assert len(execute({**case.filters, "territory": many})[1]) == 1000
	assert len(at_ten) == len(at_thousand) <= 4, cases.show(at_thousand)
