"""The customer view: whose documents it shows, exact figures, permissions, and a fixed number of statements."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, add_to_date, flt, now_datetime, today

from dafater_crm.api import calendar as calendar_api
from dafater_crm.api import customer_view as api
from dafater_crm.queries.party_set import resolve

COMPANY_CURRENCY = "SAR"


@pytest.fixture
def company() -> str:
	return frappe.db.get_value("Company", {"default_currency": COMPANY_CURRENCY})


@pytest.fixture
def customer() -> str:
	return make_customer("شركة نماء للتقنية")


def make_customer(name: str) -> str:
	doc = frappe.get_doc({"doctype": "Customer", "customer_name": name, "customer_type": "Company"})
	return doc.insert().name


def make_user(*roles: str) -> str:
	email = f"view-{frappe.generate_hash(length=8)}@example.com"
	user = frappe.get_doc({"doctype": "User", "email": email, "first_name": "View", "send_welcome_email": 0})
	user.insert()
	user.add_roles(*roles)
	return email


def make_lead(**fields) -> str:
	return frappe.get_doc({"doctype": "Dafater Lead", "lead_name": "خالد العتيبي", **fields}).insert().name


def make_prospect(**fields) -> str:
	values = {"doctype": "Dafater Prospect", "prospect_name": "مؤسسة الرواد", **fields}
	return frappe.get_doc(values).insert().name


def make_opportunity(company: str, party_type: str, party_name: str, **fields) -> str:
	values = {
		"doctype": "Dafater Opportunity",
		"title": "توريد أجهزة",
		"party_type": party_type,
		"party_name": party_name,
		"company": company,
		"currency": COMPANY_CURRENCY,
		"conversion_rate": 1,
		"opportunity_amount": 1000,
		**fields,
	}
	return frappe.get_doc(values).insert().name


def link_party(party_type: str, party_name: str, customer: str) -> None:
	values = {
		"doctype": "Dafater Party Link",
		"party_type": party_type,
		"party_name": party_name,
		"customer": customer,
	}
	frappe.get_doc(values).insert()


def make_item() -> str:
	code = "DAFATER-VIEW-SERVICE"
	if not frappe.db.exists("Item", code):
		group = frappe.db.get_value("Item Group", {"is_group": 0})
		uom = frappe.db.get_value("UOM", {"enabled": 1})
		item = {
			"doctype": "Item",
			"item_code": code,
			"item_group": group,
			"stock_uom": uom,
			"is_stock_item": 0,
		}
		frappe.get_doc(item).insert()
	return code


def make_invoice(
	company: str, customer: str, rate: float, days_ago: int, due_in: int, submit: bool = True, **fields
):
	posted = add_days(today(), -days_ago)
	invoice = frappe.get_doc(
		{
			"doctype": "Sales Invoice",
			"company": company,
			"customer": customer,
			"set_posting_time": 1,
			"posting_date": posted,
			"due_date": add_days(posted, due_in),
			"items": [{"item_code": make_item(), "qty": 1, "rate": rate}],
			**fields,
		}
	)
	invoice.insert()
	if submit:
		invoice.submit()
	return invoice


def pay(invoice, amount: float, days_ago: int) -> None:
	from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

	cash = frappe.db.get_value("Account", {"company": invoice.company, "account_type": "Cash", "is_group": 0})
	payment = get_payment_entry("Sales Invoice", invoice.name, party_amount=amount, bank_account=cash)
	payment.posting_date = add_days(today(), -days_ago)
	payment.reference_no, payment.reference_date = "1", today()
	payment.insert()
	payment.submit()


def section(view: dict, key: str) -> dict:
	return next(found for found in view["sections"] if found["key"] == key)


def figure(view: dict, key: str, name: str) -> float | None:
	"""The one value of a figure; None where it is absent, 0 where there is no row."""
	for found in section(view, key)["figures"]:
		if found["key"] == name:
			assert len(found["values"]) <= 1
			return flt(found["values"][0]["value"]) if found["values"] else 0
	return None


def names(view: dict, key: str) -> set[str]:
	return {row["name"] for row in section(view, key)["rows"]}


def test_money_figures_of_a_customer(company: str, customer: str) -> None:
	overdue = make_invoice(company, customer, 1000, days_ago=40, due_in=30)
	ten_days = make_invoice(company, customer, 500, days_ago=30, due_in=30)
	pay(ten_days, 500, days_ago=20)
	twenty_days = make_invoice(company, customer, 300, days_ago=20, due_in=30)
	pay(twenty_days, 100, days_ago=15)
	pay(twenty_days, 200, days_ago=0)
	not_due = make_invoice(company, customer, 250, days_ago=0, due_in=30)
	pay(not_due, 50, days_ago=0)
	make_invoice(company, customer, 700, days_ago=0, due_in=30, submit=False)
	make_invoice(company, make_customer("شركة أخرى"), 9000, days_ago=50, due_in=1)

	view = api.get("Customer", customer)

	assert section(view, "invoices")["count"] == 5
	assert figure(view, "invoices", "billed") == 2050
	assert figure(view, "invoices", "outstanding") == 1200
	assert figure(view, "invoices", "overdue") == 1000
	assert figure(view, "invoices", "overdue_count") == 1
	assert figure(view, "invoices", "drafts") == 1
	assert [row["name"] for row in section(view, "invoices")["rows"] if row["is_overdue"]] == [overdue.name]
	assert {row["currency"] for row in section(view, "invoices")["rows"]} == {COMPANY_CURRENCY}
	assert section(view, "payments")["count"] == 4
	assert figure(view, "payments", "received") == 850
	assert figure(view, "payments", "days_to_pay") == 15


def test_credit_note_lowers_what_was_billed(company: str, customer: str) -> None:
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	invoice = make_invoice(company, customer, 400, days_ago=5, due_in=1)
	credit_note = make_sales_return(invoice.name)
	credit_note.update_outstanding_for_self = 0
	credit_note.insert()
	credit_note.submit()

	view = api.get("Customer", customer)

	assert figure(view, "invoices", "billed") == 0
	assert figure(view, "invoices", "outstanding") == 0
	assert figure(view, "invoices", "overdue") == 0
	assert figure(view, "payments", "days_to_pay") is None


def test_foreign_invoice_counts_in_company_currency(company: str) -> None:
	receivable = frappe.db.get_value(
		"Account", {"company": company, "account_type": "Receivable", "is_group": 0}
	)
	parent = frappe.db.get_value("Account", receivable, "parent_account")
	account = frappe.get_doc(
		{
			"doctype": "Account",
			"account_name": "Debtors USD",
			"company": company,
			"parent_account": parent,
			"account_type": "Receivable",
			"account_currency": "USD",
		}
	).insert()
	abroad = frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": "Gulf Partner LLC",
			"customer_type": "Company",
			"default_currency": "USD",
			"accounts": [{"company": company, "account": account.name}],
		}
	).insert()
	make_invoice(
		company, abroad.name, 100, 40, 10, currency="USD", conversion_rate=3.75, debit_to=account.name
	)

	view = api.get("Customer", abroad.name)

	assert figure(view, "invoices", "billed") == 375
	assert figure(view, "invoices", "outstanding") == 375
	assert figure(view, "invoices", "overdue") == 375


def test_prospect_shows_its_leads_and_their_opportunities(company: str) -> None:
	prospect = make_prospect()
	lead = make_lead(prospect=prospect)
	stranger = make_lead(lead_name="سعد القحطاني")
	of_prospect = make_opportunity(company, "Dafater Prospect", prospect, opportunity_amount=1000)
	of_lead = make_opportunity(company, "Dafater Lead", lead, opportunity_amount=500)
	make_opportunity(company, "Dafater Lead", stranger)

	view = api.get("Dafater Prospect", prospect)

	assert names(view, "leads") == {lead}
	assert names(view, "opportunities") == {of_prospect, of_lead}
	assert figure(view, "opportunities", "open") == 1500
	assert names(api.get("Dafater Lead", lead), "opportunities") == {of_prospect, of_lead}
	assert names(api.get("Dafater Opportunity", of_lead), "opportunities") == {of_prospect, of_lead}


def test_customer_shows_linked_parties_and_never_another_customer(company: str, customer: str) -> None:
	other = make_customer("شركة ثانية")
	prospect = make_prospect()
	lead = make_lead(prospect=prospect)
	link_party("Dafater Prospect", prospect, customer)
	link_party("Dafater Lead", lead, other)
	own = make_opportunity(company, "Customer", customer)
	invoice = make_invoice(company, customer, 100, 1, 30)
	make_invoice(company, other, 100, 1, 30)

	found = resolve("Customer", customer)
	assert (found.leads, found.prospects, found.customers) == ((lead,), (prospect,), (customer,))
	view = api.get("Customer", customer)
	assert own in names(view, "opportunities")
	assert names(view, "invoices") == {invoice.name}
	assert invoice.name in names(api.get("Dafater Prospect", prospect), "invoices")


def test_opportunity_whose_party_is_gone_still_opens(company: str) -> None:
	lead = make_lead()
	opportunity = make_opportunity(company, "Dafater Lead", lead)
	frappe.db.delete("Dafater Lead", {"name": lead})

	view = api.get("Dafater Opportunity", opportunity)

	assert names(view, "opportunities") == {opportunity}
	assert names(view, "leads") == set()


def test_payment_reaches_the_view_through_the_invoice_of_the_opportunity(company: str, customer: str) -> None:
	lead = make_lead()
	opportunity = make_opportunity(company, "Dafater Lead", lead)
	invoice = make_invoice(company, customer, 100, 5, 30, dafater_opportunity=opportunity)
	pay(invoice, 100, days_ago=1)

	view = api.get("Dafater Lead", lead)

	assert names(view, "invoices") == {invoice.name}
	assert figure(view, "payments", "received") == 100
	assert figure(view, "payments", "days_to_pay") == 4


def test_last_contact_is_the_newest_on_any_channel() -> None:
	lead = make_lead()
	now = now_datetime()
	mail = {
		"doctype": "Communication",
		"communication_type": "Communication",
		"communication_medium": "Email",
	}
	mail |= {"subject": "عرض", "content": "-", "reference_doctype": "Dafater Lead", "reference_name": lead}
	frappe.get_doc({**mail, "communication_date": add_to_date(now, days=-3)}).insert()
	call = {"doctype": "Dafater Activity", "activity_type": "Call", "subject": "مكالمة", "status": "Done"}
	call |= {"reference_doctype": "Dafater Lead", "reference_name": lead}
	call = frappe.get_doc({**call, "done_on": add_to_date(now, days=-1)}).insert()

	last = api.get("Dafater Lead", lead)["last_contact"]

	assert (last["channel"], last["doctype"], last["name"]) == ("Call", "Dafater Activity", call.name)


def test_contacts_carry_their_role(company: str) -> None:
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "نورة", "last_name": "الشهري"}).insert()
	prospect = make_prospect(contacts=[{"contact": contact.name, "role": "Decision Maker"}])

	rows = section(api.get("Dafater Prospect", prospect), "contacts")["rows"]

	assert [(row["name"], row["role"]) for row in rows] == [(contact.name, "Decision Maker")]


def test_sections_a_user_may_not_read_say_so(company: str, customer: str, as_user) -> None:
	user = make_user("Dafater Sales Development Rep")
	with as_user(user):
		lead = make_lead()
	link_party("Dafater Lead", lead, customer)
	make_invoice(company, customer, 100, 5, 30)

	with as_user(user):
		view = api.get("Dafater Lead", lead)

	for key in ("invoices", "payments", "quotations"):
		assert section(view, key)["access"] == "denied"
		assert "rows" not in section(view, key) and "figures" not in section(view, key)
	assert names(view, "leads") == {lead}


def test_rows_are_those_of_the_users_own_list(company: str, as_user) -> None:
	user = make_user("Dafater Account Executive")
	with as_user(user):
		prospect = make_prospect()
		own = make_opportunity(company, "Dafater Prospect", prospect, opportunity_amount=200)
	foreign = make_opportunity(company, "Dafater Prospect", prospect, opportunity_amount=9000)
	frappe.db.set_value("Dafater Opportunity", foreign, "opportunity_owner", "Administrator")

	with as_user(user):
		view = api.get("Dafater Prospect", prospect)
		listed = set(frappe.get_list("Dafater Opportunity", pluck="name"))

	assert names(view, "opportunities") == {own} == listed
	assert figure(view, "opportunities", "open") == 200


def test_user_permission_on_customers_bounds_the_view(company: str, customer: str, as_user) -> None:
	lead = make_lead()
	link_party("Dafater Lead", lead, customer)
	make_invoice(company, customer, 100, 5, 30)
	user = make_user("Dafater Sales Manager", "Accounts User", "Sales User")
	allowed = make_customer("شركة 100% مسموحة")
	frappe.get_doc(
		{"doctype": "User Permission", "user": user, "allow": "Customer", "for_value": allowed}
	).insert()

	with as_user(user):
		view = api.get("Dafater Lead", lead)

	assert section(view, "invoices")["access"] == "read"
	assert section(view, "invoices")["count"] == 0


def test_a_share_opens_no_section(company: str, customer: str, as_user) -> None:
	user = make_user("Dafater Sales Development Rep")
	with as_user(user):
		lead = make_lead()
	link_party("Dafater Lead", lead, customer)
	shared = make_invoice(company, customer, 100, 5, 30)
	make_invoice(company, customer, 200, 5, 30)
	frappe.share.add("Sales Invoice", shared.name, user)

	with as_user(user):
		assert section(api.get("Dafater Lead", lead), "invoices")["access"] == "denied"


def test_only_readers_of_the_record_get_its_view(as_user) -> None:
	lead = make_lead()
	frappe.db.set_value("Dafater Lead", lead, "lead_owner", "Administrator")
	for roles in (("Dafater Account Executive",), ("Stock User",)):
		with as_user(make_user(*roles)), pytest.raises(frappe.PermissionError):
			api.get("Dafater Lead", lead)


def test_other_doctypes_and_missing_records_are_refused() -> None:
	with pytest.raises(frappe.ValidationError, match="There is no customer view for"):
		api.get("User", "Administrator")
	with pytest.raises(frappe.DoesNotExistError):
		api.get("Dafater Lead", "DLEAD-NONE")


@pytest.mark.parametrize("doctype", ["Dafater Lead", "Dafater Prospect", "Dafater Opportunity", "Customer"])
@pytest.mark.parametrize("roles", [("Dafater Sales Manager", "Accounts User", "Sales User", "Support Team")])
def test_statements_do_not_grow_with_documents(company, customer, doctype, roles, as_user) -> None:
	prospect = make_prospect()
	lead = make_lead(prospect=prospect)
	link_party("Dafater Prospect", prospect, customer)
	opportunity = make_opportunity(company, "Dafater Prospect", prospect)
	root = {"Dafater Lead": lead, "Dafater Prospect": prospect, "Customer": customer}.get(
		doctype, opportunity
	)
	user = make_user(*roles)
	fill(company, customer, prospect, opportunity, 1)
	with as_user(user):
		warm = api.get(doctype, root)
		one = statements(lambda: api.get(doctype, root))
	fill(company, customer, prospect, opportunity, 49)
	with as_user(user):
		fifty = statements(lambda: api.get(doctype, root))
		view = api.get(doctype, root)

	assert section(warm, "invoices")["count"] == 1
	for key in (
		"quotations",
		"orders",
		"invoices",
		"payments",
		"issues",
		"appointments",
		"contracts",
		"contacts",
	):
		assert section(view, key)["count"] == 50, key
		assert len(section(view, key)["rows"]) == 5, key
	assert fifty == one
	assert one <= 50


def fill(company: str, customer: str, prospect: str, opportunity: str, count: int) -> None:
	"""`count` bare documents of each kind, written as rows: only the reads are under test."""
	of_company = {
		"company": company,
		"currency": COMPANY_CURRENCY,
		"conversion_rate": 1,
		"base_grand_total": 10,
	}
	sold = {**of_company, "customer": customer, "customer_name": customer, "docstatus": 1}
	for number in range(count):
		quotation = {**of_company, "quotation_to": "Dafater Prospect", "party_name": prospect}
		row("Quotation", transaction_date=today(), status="Open", docstatus=1, **quotation)
		row("Sales Order", transaction_date=today(), status="To Deliver and Bill", per_billed=0, **sold)
		invoice = {**sold, "posting_date": today(), "due_date": today(), "outstanding_amount": 0}
		row("Sales Invoice", status="Paid", party_account_currency=COMPANY_CURRENCY, is_return=0, **invoice)
		payment = {"party_type": "Customer", "party": customer, "payment_type": "Receive", "company": company}
		row(
			"Payment Entry",
			posting_date=today(),
			base_paid_amount=10,
			docstatus=1,
			status="Submitted",
			**payment,
		)
		row("Issue", subject=f"تذكرة {number}", customer=customer, status="Open", opening_date=today())
		appointment = {"party_type": "Dafater Opportunity", "party_name": opportunity}
		row(
			"Dafater Appointment", subject="موعد", starts_on=now_datetime(), status="Scheduled", **appointment
		)
		contract = {"party_type": "Customer", "party_name": customer, "company": company}
		row(
			"Dafater Contract",
			title="عقد",
			status="Active",
			contract_value=10,
			start_date=today(),
			**contract,
		)
		contact = row("Contact", first_name="جهة", full_name="جهة اتصال")
		link = {"parenttype": "Contact", "parentfield": "links", "link_doctype": "Dafater Prospect"}
		row("Dynamic Link", parent=contact, link_name=prospect, **link)


def row(doctype: str, **values) -> str:
	doc = frappe.new_doc(doctype)
	doc.update({**values, "name": frappe.generate_hash(length=12)})
	doc.db_insert()
	return doc.name


def statements(call) -> int:
	"""Number of SQL statements that `call` sends."""
	seen = []
	original = frappe.db.sql

	def counted(query, *args, **kwargs):
		seen.append(str(query))
		return original(query, *args, **kwargs)

	frappe.db.sql = counted
	try:
		call()
	finally:
		frappe.db.sql = original
	return len(seen)


def test_hijri_dates_come_in_the_users_language(as_user) -> None:
	with as_user(make_user("Sales User")):
		frappe.local.lang = "en"
		found = calendar_api.hijri(["2026-02-18", "2026-03-20 10:00:00", "1900-01-01"])
		assert found == {
			"2026-02-18": "1 Ramadan 1447 AH",
			"2026-03-20 10:00:00": "1 Shawwal 1447 AH",
			"1900-01-01": "",
		}
		frappe.local.lang = "ar"
		assert calendar_api.hijri('["2030-01-05"]') == {"2030-01-05": "1 رمضان 1451 هـ"}


@pytest.mark.parametrize(
	("dates", "message"),
	[
		(["2026-13-45"], "is not a date"),
		(["2026-01-01"] * 51, "at most 50 dates"),
		('{"a": 1}', "at most 50 dates"),
		("[1]", "at most 50 dates"),
	],
)
def test_hijri_refuses_what_is_no_list_of_dates(dates, message: str) -> None:
	with pytest.raises(frappe.ValidationError, match=message):
		calendar_api.hijri(dates)


def test_hijri_is_not_for_guests(as_user) -> None:
	with as_user("Guest"), pytest.raises(frappe.PermissionError):
		calendar_api.hijri(["2026-01-01"])
