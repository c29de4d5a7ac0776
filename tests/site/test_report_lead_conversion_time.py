"""Lead Conversion Time: exact rows and figures, permissions, bad input, a fixed number of statements."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from frappe.permissions import add_permission, add_user_permission
from frappe.share import add_docshare

from dafater_crm.dafater_crm.report.dafater_lead_conversion_time.dafater_lead_conversion_time import execute
from dafater_crm.queries import granted
from tests.site.engagement_rows import (
	LEAD,
	OPPORTUNITY,
	activity_row,
	card,
	invoice_row,
	lead_row,
	make_territory,
	many,
	message_row,
	opportunity_row,
	order_row,
	restricted,
	row,
)
from tests.site.factories import AE, COMPANY, MANAGER, SELLER, make_user, unique
from tests.site.statements import counted

BOSS, OWN, OTHER = "manager@conversion.example", "executive@conversion.example", "other@conversion.example"
NOBODY, AGENT = "stock@conversion.example", "agent@conversion.example"
PERIOD = {"from_date": "2015-01-01", "to_date": "2015-12-31"}


@pytest.fixture(autouse=True)
def people():
	make_user(BOSS, MANAGER, "Support Team")
	make_user(OWN, AE)
	make_user(AGENT, AE, "Support Team")
	make_user(OTHER, *SELLER)
	make_user(NOBODY, "Stock User")


@pytest.fixture
def territory() -> str:
	return make_territory()


@pytest.fixture
def story(territory: str) -> dict[str, str]:
	"""Two converted leads, by order (4 days) and by invoice (31 days); five that are not converted in 2015."""
	quick = lead_row(territory, "2015-03-01 23:30:00", title="سريع", lead_owner=OWN)
	deal = opportunity_row(territory, "2015-03-02 08:00:00", quick)
	order_row("2015-03-05", name="CT-ORDER", dafater_opportunity=deal, creation="2015-03-05 10:00:00")
	invoice_row("2015-03-09", dafater_opportunity=deal)
	for day in ("2015-03-02 09:00:00", "2015-03-05 23:59:59", "2015-03-06 00:00:00"):
		message_row(LEAD, quick, day)
	message_row(LEAD, quick, None, creation="2015-03-03 07:00:00")
	message_row(LEAD, quick, "2015-03-03 07:00:00", communication_type="Automated Message")
	message_row(OPPORTUNITY, deal, "2015-03-04 09:00:00", sent_or_received="Received")
	activity_row(OPPORTUNITY, deal, "2015-03-04 10:00:00", activity_type="Meeting")
	activity_row(LEAD, quick, "2015-03-04 10:00:00", activity_type="Note")
	activity_row(LEAD, quick, None, status="Open")
	row("Issue", subject="عطل", dafater_lead=quick, dafater_opportunity=deal)
	row("Issue", subject="سؤال", dafater_opportunity=deal)

	slow = lead_row(territory, "2015-04-01 00:00:00", title="بطيء", lead_owner=OTHER)
	invoice_row("2015-05-02", name="CT-INVOICE", dafater_party_type=LEAD, dafater_party=slow)
	invoice_row("2015-04-10", dafater_party_type=LEAD, dafater_party=slow, docstatus=0)
	invoice_row("2015-04-11", dafater_party_type=LEAD, dafater_party=slow, docstatus=2)
	invoice_row("2015-04-12", dafater_party_type=LEAD, dafater_party=slow, is_return=1)
	order_row("2015-04-13", dafater_party_type=LEAD, dafater_party=slow, status="Closed")

	earlier = lead_row(territory, "2014-10-01 00:00:00", lead_owner=OWN)
	order_row("2014-12-31", dafater_party_type=LEAD, dafater_party=earlier)
	order_row("2015-06-01", dafater_party_type=LEAD, dafater_party=earlier)
	never = lead_row(territory, "2015-01-01 00:00:00", lead_owner=OWN)
	opportunity_row(territory, "2015-03-02 08:00:00", never)
	# an order of the lead's prospect without an opportunity says nothing about this lead
	order_row("2015-06-01", dafater_party_type="Dafater Prospect", dafater_party="DPRO-NONE")
	order_row("2015-06-02", dafater_party_type=LEAD, dafater_party="DLEAD-DELETED")
	return {"quick": quick, "slow": slow}


def run(territory: str, **filters) -> tuple:
	return execute({**PERIOD, "territory": territory, **filters})


def figures(result: tuple) -> list[tuple]:
	return [(r["title"], r["converted_on"], r["days"], r["interactions"], r["tickets"]) for r in result[1]]


QUICK = ("سريع", date(2015, 3, 5), 4, 5, 2)
SLOW = ("بطيء", date(2015, 5, 2), 31, 0, 0)


def test_exact_rows_and_summary(territory, story):
	result = run(territory)
	assert figures(result) == [SLOW, QUICK]
	assert [r["document"] for r in result[1]] == ["CT-INVOICE", "CT-ORDER"]
	assert [r["source"] for r in result[1]] == ["Not Specified", "Not Specified"]
	labels = ("Converted Leads", "Average Days", "Median Days", "Average Interactions", "Tickets")
	assert [card(result, label) for label in labels] == [2, 17.5, 17.5, 2.5, 2]
	assert result[3]["data"]["datasets"][0]["values"] == [1, 0, 1, 0, 0, 0]
	assert "<" not in "".join(str(value) for r in result[1] for value in r.values())


def test_a_lead_with_two_deals_and_both_links_has_one_row(territory, story):
	deal = opportunity_row(territory, "2015-03-02 08:00:00", story["quick"])
	order_row("2015-03-07", dafater_opportunity=deal, dafater_party_type=LEAD, dafater_party=story["quick"])
	assert figures(run(territory)) == [SLOW, QUICK]


def test_an_order_dated_before_the_lead_takes_no_days(territory):
	lead = lead_row(territory, "2015-03-10 12:00:00")
	order_row("2015-03-01", dafater_party_type=LEAD, dafater_party=lead)
	assert [r["days"] for r in run(territory)[1]] == [0]


def test_the_period_is_that_of_the_document_with_both_ends(territory, story):
	only = {"from_date": "2015-03-05", "to_date": "2015-03-05"}
	assert figures(run(territory, **only)) == [QUICK]
	assert figures(run(territory, from_date="2015-03-06", to_date="2015-05-01")) == []


def test_a_real_order_is_counted(territory):
	from tests.site.factories import make_item

	lead = lead_row(territory, "2015-03-01 00:00:00", lead_name="مؤسسة", lead_type="Person")
	order = frappe.get_doc(
		{
			"doctype": "Sales Order",
			"company": COMPANY,
			"dafater_party_type": LEAD,
			"dafater_party": lead,
			"transaction_date": frappe.utils.nowdate(),
			"delivery_date": frappe.utils.nowdate(),
			"items": [{"item_code": make_item(), "qty": 1, "rate": 100}],
		}
	).insert()
	today = {"from_date": frappe.utils.nowdate(), "to_date": frappe.utils.nowdate()}
	assert run(territory, **today)[1] == []
	order.submit()
	found = run(territory, **today)[1]
	assert [(r["lead"], r["document"], r["customer"]) for r in found] == [(lead, order.name, order.customer)]


def test_territories_below_are_included_and_owners_filtered(territory, story):
	below = make_territory(parent=territory)
	lead = lead_row(below, "2015-03-01 00:00:00", title="فرع")
	order_row("2015-03-02", dafater_party_type=LEAD, dafater_party=lead)
	assert [r["title"] for r in run(territory)[1]] == ["بطيء", "سريع", "فرع"]
	assert figures(run(territory, lead_owner=OWN)) == [QUICK]


def test_who_sees_what(territory, story, as_user):
	elsewhere = make_territory()
	with as_user(BOSS):
		assert figures(run(territory)) == [SLOW, QUICK]
	with as_user(OWN):
		result = run(territory)
		assert figures(result) == [(*QUICK[:4], None)]
		assert card(result, "Average Days") == 4
	with restricted(OWN, elsewhere), as_user(OWN):
		assert run(territory)[1] == []
	with restricted(BOSS, territory), as_user(BOSS):
		assert figures(execute(PERIOD)) == [SLOW, QUICK]
	with as_user(NOBODY):
		_columns, rows, message, chart, summary = run(territory)
		assert (rows, chart, summary) == ([], None, [])
		assert "may not read leads" in message


def test_a_seller_runs_it_and_sees_no_number_of_a_document_that_is_closed_to_him(territory, story, as_user):
	add_permission("Sales Order", MANAGER)
	with as_user(OWN):
		found = run(territory)[1][0]
		assert (found["document"], found["document_title"]) == (None, "Sales Order")
	with as_user(BOSS):
		assert [row["document"] for row in run(territory)[1]] == [None, "CT-ORDER"]


def test_what_the_lists_of_orders_and_customers_hide_is_not_named(territory, story, as_user):
	mine, other = "CT-CUSTOMER-1", "CT-CUSTOMER-2"
	for name in (mine, other):
		row("Customer", name=name, customer_name=name)
	row("Dafater Party Link", party_type=LEAD, party_name=story["quick"], customer=mine)
	row("Dafater Party Link", party_type=LEAD, party_name=story["slow"], customer=other)
	frappe.db.set_value("Sales Order", "CT-ORDER", "customer", mine)
	frappe.db.set_value("Sales Invoice", "CT-INVOICE", "customer", other)
	for doctype in ("Sales Order", "Sales Invoice", "Customer"):
		add_permission(doctype, MANAGER)

	def named() -> list[tuple]:
		return [(row["title"], row["document"], row["customer"]) for row in run(territory)[1]]

	everything = [("بطيء", "CT-INVOICE", other), ("سريع", "CT-ORDER", mine)]
	with as_user(BOSS):
		assert named() == everything
	add_user_permission("Customer", mine, BOSS)
	with as_user(BOSS):
		assert named() == [("بطيء", None, None), ("سريع", "CT-ORDER", mine)]
		assert figures(run(territory)) == [SLOW, QUICK]


def test_tickets_are_those_of_the_readers_own_list_of_issues(territory, as_user):
	"""Four issues, two of a customer that the agent's User Permission leaves out; a seller has no list of issues."""
	lead = lead_row(territory, "2015-03-01 00:00:00", lead_owner=AGENT)
	deal = opportunity_row(territory, "2015-03-02 00:00:00", lead)
	order_row("2015-03-05", dafater_opportunity=deal)
	allowed, closed = (row("Customer", name=unique("CT-C"), customer_name="x") for _number in range(2))
	row("Issue", subject="عطل", dafater_lead=lead, customer=allowed)
	row("Issue", subject="سؤال", dafater_opportunity=deal)
	row("Issue", subject="شكوى", dafater_lead=lead, customer=closed)
	row("Issue", subject="طلب", dafater_opportunity=deal, customer=closed)
	assert (run(territory)[1][0]["tickets"], card(run(territory), "Tickets")) == (4, 4)
	add_user_permission("Customer", allowed, AGENT)
	with as_user(AGENT):
		found = run(territory)
		assert len(frappe.get_list("Issue", {"subject": ("in", ("عطل", "سؤال", "شكوى", "طلب"))})) == 2
		assert (found[1][0]["tickets"], card(found, "Tickets")) == (2, 2)
		assert "in your own list" in found[2]
	frappe.db.set_value(LEAD, lead, "lead_owner", OWN)
	add_docshare("Issue", frappe.db.get_value("Issue", {"dafater_lead": lead}), OWN)
	with as_user(OWN):
		columns, rows, message, _chart, summary = run(territory)
	assert (rows[0]["tickets"], "Tickets" in {card["label"] for card in summary}) == (None, False)
	assert "tickets" not in {column["fieldname"] for column in columns}
	assert "you may not read are left out" in message


@pytest.mark.parametrize("size", [10, 1000])
def test_statements_do_not_grow(territory, size, as_user):
	names = [f"CT-{size}-{number}" for number in range(size)]
	base = {"creation": "2015-03-01 08:00:00", "modified": "2015-03-01 08:00:00", "owner": OWN}
	many(LEAD, [{"name": name, "title": name, "territory": territory, **base} for name in names])
	orders = {
		"docstatus": 1,
		"status": "To Bill",
		"transaction_date": "2015-03-03",
		"dafater_party_type": LEAD,
	}
	many("Sales Order", [{"name": f"O{name}", "dafater_party": name, **base, **orders} for name in names])
	assert count(territory, size) == 1
	with restricted(OWN, territory), as_user(OWN):
		assert count(territory, size) == 2


def count(territory: str, size: int) -> int:
	run(territory)
	granted.forget()  # kept for one request only
	with counted() as statements:
		assert len(run(territory)[1]) == size
	return len(statements)


def test_an_empty_site_and_a_long_period(territory):
	result = run(territory, from_date="2013-07-01", to_date="2015-12-31")
	assert (result[1], result[3]) == ([], None)
	assert card(result, "Converted Leads") == 0
	assert card(result, "Average Days") is None


@pytest.mark.parametrize(
	("filters", "message"),
	[
		({}, "first and the last day"),
		({"from_date": "2015-02-01", "to_date": "2015-01-01"}, "before it begins"),
		({"from_date": "x", "to_date": "2015-01-01"}, "not a date"),
		({**PERIOD, "company": "لا توجد"}, "does not exist"),
	],
)
def test_bad_filters_get_a_message(filters, message):
	with pytest.raises(frappe.ValidationError, match=message):
		execute(filters)


def test_the_desk_runs_it(territory, story, as_user):
	from frappe.desk.query_report import run as run_report

	customer = frappe.db.get_value("Customer", {}) or "عميل"
	row("Dafater Party Link", party_type=LEAD, party_name=story["quick"], customer=customer)
	filters = {**PERIOD, "territory": territory}
	with restricted(OWN, territory), as_user(OWN):
		result = run_report("Dafater Lead Conversion Time", filters=filters, ignore_prepared_report=True)
	# the desk drops no row for a customer that the reader may not see; the name is left out
	assert [(r["title"], r["customer"]) for r in result["result"]] == [("سريع", None)]
