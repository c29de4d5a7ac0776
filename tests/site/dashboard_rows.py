"""A small market in a company of its own, written straight into the tables, that the dashboard tests count by hand."""

from __future__ import annotations

from types import SimpleNamespace

import frappe
from frappe.utils import add_days, add_months, get_first_day, nowdate

from tests.site.factories import AE, MANAGER, make_user
from tests.site.opportunity_rows import add, add_company_in, add_competitors, add_reasons

BOSS, MINE, OTHER = "boss@dashboard.example", "mine@dashboard.example", "other@dashboard.example"
BOOKS, SELLS, DESK = "books@dashboard.example", "sells@dashboard.example", "desk@dashboard.example"
HELPS, PLAIN = "helps@dashboard.example", "plain@dashboard.example"
CAST = {
	BOSS: (MANAGER,),
	MINE: (AE,),
	OTHER: (AE,),
	BOOKS: ("Accounts User", MANAGER),
	SELLS: ("Sales User",),
	DESK: (MANAGER, "Sales Manager", "Sales User"),
	HELPS: (MANAGER, "Support Team"),
	PLAIN: ("Employee",),
}
COMPANY = "Dafater Dashboard Rows"
YEAR = {"company": COMPANY, "from_date": "2031-01-01", "to_date": "2031-12-31"}
PRICE, RIVAL = "Price Too High", "Chose a Competitor"


def make_cast() -> None:
	for email, roles in CAST.items():
		make_user(email, *roles)


def month(ahead: int = 0) -> str:
	"""First day of this month or one after it."""
	return str(add_months(get_first_day(nowdate()), ahead))


def bulk(doctype: str, rows: list[dict]) -> list[str]:
	"""Insert rows with the same keys; a missing name is made up. Returns the names."""
	named = [{"name": frappe.generate_hash(length=12), "owner": "Administrator", **row} for row in rows]
	fields = list(named[0])
	frappe.db.bulk_insert(doctype, fields, [tuple(row[field] for field in fields) for row in named])
	return [row["name"] for row in named]


def build() -> SimpleNamespace:
	"""Four deals at work, two won, two lost in 2031 (one more before); mine are all but one of each."""
	add_company_in("SAR", COMPANY)
	return SimpleNamespace(at_work=_at_work(), won=_won(), lost=_lost())


def _deal(owner: str, amount: float, weighted: float = 0, **values) -> dict:
	return {
		"company": COMPANY,
		"opportunity_owner": owner,
		"base_opportunity_amount": amount,
		"weighted_amount": weighted,
		**values,
	}


def _at_work() -> list[str]:
	return add(
		[
			_deal(MINE, 1000, 500, expected_closing=month()),
			_deal(OTHER, 400, 300, expected_closing=month(1), status="Quotation", sales_stage="Negotiation"),
			_deal(MINE, 200, 20),
			_deal(MINE, 100, 50, expected_closing=add_days(month(), -1), status="Partially Ordered"),
		]
	)


def _won() -> list[str]:
	"""Ten and thirty days from the deal's date to the win."""
	won = {"status": "Won", "sales_stage": "Closed Won"}
	names = add(
		[
			_deal(MINE, 3000, 3000, transaction_date="2031-01-10", won_on="2031-01-20", **won),
			_deal(OTHER, 1000, 1000, transaction_date="2031-02-01", won_on="2031-03-03", **won),
		]
	)
	add_competitors({names[1]: ["منافس أول", "منافس أول"]})
	return names


def _lost() -> list[str]:
	lost = {"status": "Lost", "sales_stage": "Closed Lost"}
	names = add(
		[
			_deal(MINE, 700, lost_on="2031-12-31", **lost),
			_deal(OTHER, 50, lost_on="2031-01-01", **lost),
			_deal(MINE, 9000, lost_on="2030-12-31", **lost),
		]
	)
	add_reasons({names[0]: [PRICE, RIVAL], names[2]: [PRICE]})
	add_competitors({names[0]: ["منافس أول", "منافس ثان"], names[2]: ["منافس ثان"]})
	return names


def make_sources() -> tuple[str, str]:
	"""A source with a cost of 50 a lead, and one whose cost nobody knows."""
	return tuple(
		frappe.get_doc({"doctype": "Dafater Lead Source", "source_name": name, "cost_per_lead": cost})
		.insert()
		.name
		for name, cost in (("لوحة القياس بتكلفة", 50), ("لوحة القياس بلا تكلفة", 0))
	)


def build_leads() -> list[str]:
	"""Six leads of 2031 and one of 2030: new, qualified, with a deal, quoted, won; the last belongs to OTHER and is lost."""
	paid, free = make_sources()
	base = {"company": COMPANY, "status": "New", "title": "x", "creation": "2031-05-01 10:00:00"}
	base |= {"qualification_status": "Unqualified", "lead_owner": MINE, "source": paid}
	names = bulk(
		"Dafater Lead",
		[
			base,
			{**base, "qualification_status": "Qualified", "creation": "2031-01-01 00:00:00"},
			{**base, "creation": "2031-12-31 23:59:59"},
			{**base, "source": free},
			base,
			{**base, "source": None, "lead_owner": OTHER},
			{**base, "creation": "2030-12-31 23:59:59", "qualification_status": "Qualified"},
		],
	)
	deals = add(
		[
			_deal(MINE, 10),
			_deal(MINE, 20),
			_deal(MINE, 3000, status="Won", won_on="2032-02-01"),
			_deal(OTHER, 40, status="Lost", lost_on="2031-07-01"),
		]
	)
	for deal, lead in zip(deals, names[2:6], strict=True):
		frappe.db.set_value("Dafater Opportunity", deal, "lead", lead, update_modified=False)
	quotation = {"quotation_to": "Dafater Lead", "company": COMPANY, "transaction_date": "2031-06-01"}
	bulk(
		"Quotation",
		[
			{
				**quotation,
				"docstatus": 1,
				"status": "Lost",
				"party_name": names[3],
				"dafater_opportunity": deals[1],
			},
			{
				**quotation,
				"docstatus": 0,
				"status": "Draft",
				"party_name": names[2],
				"dafater_opportunity": deals[0],
			},
		],
	)
	return names


def add_invoices() -> None:
	"""Overdue since 1, 30, 31, 61 and 91 days, the last one in dollars; and four that are not overdue."""
	base = {
		"company": COMPANY,
		"docstatus": 1,
		"currency": "SAR",
		"party_account_currency": "SAR",
		"conversion_rate": 1,
		"outstanding_amount": 100,
		"due_date": add_days(nowdate(), -1),
	}
	bulk(
		"Sales Invoice",
		[
			base,
			{**base, "due_date": add_days(nowdate(), -30), "outstanding_amount": 200.5},
			{**base, "due_date": add_days(nowdate(), -31), "outstanding_amount": 300},
			{**base, "due_date": add_days(nowdate(), -61), "outstanding_amount": 400},
			{
				**base,
				"due_date": add_days(nowdate(), -91),
				"currency": "USD",
				"party_account_currency": "USD",
				"conversion_rate": 3.75,
			},
			{**base, "due_date": nowdate()},
			{**base, "docstatus": 0},
			{**base, "docstatus": 2},
			{**base, "outstanding_amount": 0},
		],
	)


def bulk_market(number: int) -> None:
	"""So many more deals, leads, quotations, customers, issues, tasks and invoices, for tests that count statements."""
	deal = _deal(MINE, 10, 5, expected_closing=month())
	add([deal] * number)
	lead = {"company": COMPANY, "status": "New", "title": "x", "lead_owner": MINE}
	leads = bulk("Dafater Lead", [{**lead, "creation": "2031-05-01 10:00:00"}] * number)
	quotation = {"quotation_to": "Dafater Lead", "company": COMPANY, "docstatus": 1, "status": "Open"}
	bulk("Quotation", [{**quotation, "party_name": lead, "transaction_date": "2031-06-01"} for lead in leads])
	bulk("Customer", [{"customer_name": "x", "creation": nowdate()}] * number)
	bulk("Issue", [{"subject": "x", "status": "Open", "priority": "Low"}] * number)
	task = {"activity_type": "Task", "status": "Done", "assigned_to": MINE, "subject": "x"}
	bulk("Dafater Activity", [{**task, "done_on": nowdate(), "due_on": nowdate()}] * number)
	invoice = {
		"company": COMPANY,
		"docstatus": 1,
		"outstanding_amount": 10,
		"due_date": add_days(nowdate(), -40),
	}
	bulk("Sales Invoice", [invoice] * number)
