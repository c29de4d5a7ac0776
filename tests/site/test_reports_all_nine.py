"""What holds for all nine reports alike: bad input, odd rows, readers without rights, exports and Auto Email Reports.

Each works on a few rows in a territory of its own that no controller would let through: texts that a spreadsheet would
evaluate, no stage, no owner, an empty assignment, a deleted party.
"""

from __future__ import annotations

import codecs
import csv
import io
from email import message_from_string

import frappe
import openpyxl
import pytest
from frappe.email.doctype.auto_email_report.auto_email_report import send_daily
from frappe.handler import execute_cmd
from frappe.utils import add_days, add_months, get_assets_json, nowdate, today

from dafater_crm.records import report_files
from tests.site import test_reports_in_the_desk
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
from tests.site.factories import COMPANY, MANAGER, make_user

BOSS, NOBODY, EMPTY = "manager@allnine.example", "stock@allnine.example", "empty@allnine.example"
# the Activity Summary has rows of its own kind, and tests of its own
REPORTS = [name for name in test_reports_in_the_desk.REPORTS if name != "Dafater Activity Summary"]
LEADS = {name for name in REPORTS if "Lead" in name or "Campaign" in name or "Engaged" in name}
ENGAGED = "Dafater Prospects Engaged But Not Converted"
MONEY = {"Dafater Campaign Efficiency", "Dafater Lead Owner Efficiency", "Dafater Lost Opportunity"}
FORMULA = "=1+1"


@pytest.fixture(autouse=True)
def people():
	make_user(BOSS, MANAGER, "Sales Manager", "Report Manager")
	make_user(EMPTY, "Dafater Account Executive")
	make_user(NOBODY, "Stock User")


@pytest.fixture
def odd() -> dict:
	"""Rows for every report, and the filters that choose them."""
	territory = make_territory()
	moment = f"{add_days(nowdate(), -1)} 09:00:00"
	old = f"{add_days(nowdate(), -60)} 09:00:00"
	lead = lead_row(territory, old, title=FORMULA, organisation_name="@SUM(1)", campaign=None, _assign="")
	for _number in range(2):
		message_row(LEAD, lead, moment)
	opportunity_row(territory, moment, lead, sales_stage=None, title=FORMULA, _assign="", **dated())
	gone = {"party_type": "Dafater Prospect", "party_name": "DPRO-GONE", "party_title": FORMULA}
	lost = {"status": "Lost", "lost_on": nowdate(), "sales_stage": "Closed Lost", **gone, **dated()}
	opportunity_row(territory, moment, lost_details="-2+3", _assign="[]", **lost)
	order_row(nowdate(), dafater_party_type=LEAD, dafater_party=lead, customer="DELETED")
	period = {"from_date": add_days(nowdate(), -90), "to_date": add_days(nowdate(), 60)}
	return {**period, "company": COMPANY, "territory": territory}


def dated() -> dict:
	return {"transaction_date": nowdate(), "expected_closing": nowdate(), "base_opportunity_amount": 100}


def execute(report: str, filters: dict) -> tuple:
	module = frappe.scrub(report)
	return frappe.get_attr(f"dafater_crm.dafater_crm.report.{module}.{module}.execute")(filters)


@pytest.mark.parametrize("report", REPORTS)
def test_odd_rows_are_shown_and_no_cell_is_a_formula(report, odd):
	columns, rows, message, _chart, _summary = execute(report, odd)
	assert rows and message
	shown = {column["fieldname"] for column in columns if column["fieldtype"] == "Data"}
	cells = [str(line.get(name)) for line in rows for name in shown]
	assert not [cell for cell in cells if cell.startswith(("=", "@S", "-2"))]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
	("changes", "message"),
	[
		({"from_date": None}, "Choose the first and the last day"),
		({"to_date": ""}, "Choose the first and the last day"),
		({"from_date": "2026-02-01", "to_date": "2026-01-01"}, "before it begins"),
		({"from_date": "<b>soon</b>"}, "&lt;b&gt;soon&lt;/b&gt; is not a date"),
		({"from_date": "1990-01-01"}, "more than 120 months"),
		({"company": "لا توجد"}, "does not exist"),
		({"company": "<b>x</b>"}, "The company &lt;b&gt;x&lt;/b&gt; does not exist"),
		({"company": ["x", "y"]}, "The filter <strong>Company</strong> cannot be read"),
		({"source": ["x"]}, "cannot be read"),
		({"territory": {"x": 1}}, "cannot be read"),
	],
)
def test_filters_that_cannot_be_get_a_message(report, changes, message, odd):
	if report == ENGAGED and ("from_date" in changes or "to_date" in changes):
		pytest.skip("this report has no period")
	with pytest.raises(frappe.ValidationError, match=message):
		execute(report, {**odd, **changes})


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("status", ["[x", '["Open"', "[]", ["[x"], '["Open", "[x"]', None])
def test_values_of_a_filter_with_several_are_taken_as_they_are(report, status, odd):
	assert isinstance(execute(report, {**odd, "status": status})[1], list)


@pytest.mark.parametrize("report", REPORTS)
def test_thirty_months(report, odd):
	assert execute(report, {**odd, "from_date": add_months(nowdate(), -30)})[1]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("user", [NOBODY, EMPTY])
def test_who_may_see_nothing_gets_an_empty_report(report, user, odd, as_user):
	with as_user(user):
		_columns, rows, message, chart, _summary = execute(report, odd)
	assert rows == [] and message and not chart
	if user == NOBODY:
		assert "You may not" in message


@pytest.mark.parametrize("report", REPORTS)
def test_an_empty_site(report):
	odd = {
		"from_date": "1999-01-01",
		"to_date": "1999-12-31",
		"company": COMPANY,
		"territory": make_territory(),
	}
	_columns, rows, message, chart, _summary = execute(report, odd)
	assert rows == [] and message and not chart


@pytest.mark.parametrize("report", REPORTS)
def test_three_currencies_ask_for_a_company_where_amounts_are_added_up(report, odd):
	for currency in ("USD", "EUR"):
		row("Company", name=f"Abroad {currency}", abbr=currency, default_currency=currency)
	# no exchange rate is needed: amounts in company currency are stored, also on a row that lost its rate
	frappe.db.set_value(OPPORTUNITY, {"territory": odd["territory"]}, "conversion_rate", 0)
	assert execute(report, odd)[1]
	everywhere = {**odd, "company": None}
	if report in MONEY:
		with pytest.raises(frappe.ValidationError, match="Choose one company"):
			execute(report, everywhere)
	else:
		assert execute(report, everywhere)[1]


def exported(report: str, filters: dict, kind: str) -> bytes:
	frappe.local.form_dict = frappe._dict(
		report_name=report, file_format_type=kind, filters=frappe.as_json(filters), visible_idx="[]"
	)
	frappe.local.request = frappe._dict(method="POST", path="/")
	try:
		execute_cmd("frappe.desk.query_report.export_query")
	finally:
		del frappe.local.request
	return frappe.local.response["filecontent"]


def sheet(content: bytes) -> list[list]:
	return [
		list(line) for line in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
	]


def is_arabic(text: str) -> bool:
	return any("\u0600" <= letter <= "\u06ff" for letter in text)


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_csv_and_excel_as_the_desk_asks_for_them(report, language, odd, as_user):
	with as_user(BOSS):
		frappe.local.lang = language
		written = exported(report, odd, "CSV")
		assert (
			written.count(codecs.BOM_UTF8) == written.startswith(codecs.BOM_UTF8) == (not written.isascii())
		)
		lines = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
		workbook = exported(report, odd, "Excel")
		table = sheet(workbook)
		view = openpyxl.load_workbook(io.BytesIO(workbook)).active.sheet_view
		assert bool(view.rightToLeft) == (language == "ar")
	for heading, *body in (lines, table):
		assert len(body) >= 1
		assert [is_arabic(name) for name in heading] == [language == "ar"] * len(heading), heading
		cells = [str(cell) for line in body for cell in line]
		assert not [cell for cell in cells if cell.startswith("=") or "<" in cell]


def email_report(report: str, kind: str, filters: dict, **values):
	doc = {
		"doctype": "Auto Email Report",
		"report": report,
		"report_type": "Script Report",
		"user": BOSS,
		"email_to": BOSS,
		"format": kind,
		"frequency": "Daily",
		"filters": frappe.as_json(filters),
		"no_of_rows": 50,
		**values,
	}
	return frappe.get_doc(doc).insert()


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("kind", ["HTML", "CSV", "XLSX"])
def test_auto_email_reports(report, kind, odd, as_user):
	with as_user(BOSS):
		mail = email_report(report, kind, odd)
		content = mail.get_report_content()
	if kind == "HTML":
		assert content.count("<tr>") > 2 and FORMULA not in content.replace(f"'{FORMULA}", "").replace(
			"&#39;=1+1", ""
		)
		return
	table = sheet(content) if kind == "XLSX" else list(csv.reader(io.StringIO(content)))
	assert len(table) >= 2 and not [c for line in table for c in line if str(c).startswith("=")]


@pytest.mark.parametrize("report", [name for name in REPORTS if name != ENGAGED])
def test_auto_email_reports_with_dates_that_move(report, odd, as_user):
	filters = {name: value for name, value in odd.items() if name not in ("from_date", "to_date")}
	moving = {"dynamic_date_period": "Yearly", "from_date_field": "from_date", "to_date_field": "to_date"}
	with as_user(BOSS):
		mail = email_report(report, "CSV", filters, **moving)
		lines = list(csv.reader(io.StringIO(mail.get_report_content())))
	assert len(lines) >= 2
	assert str(mail.filters["to_date"]) == today()


def sent_file(queued) -> tuple[str, bytes]:
	"""Name and content of the attachment of a queued e-mail."""
	[part] = [part for part in message_from_string(queued.message).walk() if part.get_filename()]
	return part.get_filename(), part.get_payload(decode=True)


@pytest.fixture
def mailbox():
	if not get_assets_json():
		pytest.skip("this bench has no built assets, and an e-mail takes its style from there")
	account = {"email_id": "crm@allnine.example", "enable_outgoing": 1, "default_outgoing": 1}
	row("Email Account", name="crm", email_account_name="crm", **account)


@pytest.fixture
def at_once(monkeypatch):
	"""Later releases of Frappe send each scheduled report in a job of its own: run it when it is queued."""
	real = frappe.enqueue

	def enqueue(method, *args, **options):
		run_now = {"now": True} if str(method).endswith("process_auto_email_report") else {}
		return real(method, *args, **{**options, **run_now})

	monkeypatch.setattr(frappe, "enqueue", enqueue)


@pytest.mark.parametrize("kind", ["XLSX", "CSV"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_scheduler_sends_all_nine_as_files_that_open_rightly(kind, language, odd, mailbox, at_once):
	frappe.db.set_value("Auto Email Report", {"enabled": 1}, "enabled", 0)
	names = [email_report(report, kind, odd).name for report in REPORTS]
	frappe.local.lang = language
	send_daily()
	queued = [frappe.get_last_doc("Email Queue", {"reference_name": name}) for name in names]
	for report, mail in zip(REPORTS, queued, strict=True):
		assert [person.recipient for person in mail.recipients] == [BOSS]
		name, content = sent_file(mail)
		assert name == f"{report.replace(' ', '-')}.{kind.lower()}"
		if kind == "XLSX":
			view = openpyxl.load_workbook(io.BytesIO(content)).active.sheet_view
			assert (bool(view.rightToLeft), len(sheet(content)) > 1) == (language == "ar", True)
		else:
			assert content.startswith(codecs.BOM_UTF8) == (language == "ar" or not content.isascii())
			assert len(content.splitlines()) > 1


def test_files_of_others_in_an_email_stay_as_they_are(odd, mailbox):
	frappe.local.lang = "ar"
	for name in ("Dafater-Lead-Details.xlsx", "Others.csv"):
		frappe.sendmail(
			["x@allnine.example"], attachments=[{"fname": name, "fcontent": "سعر".encode()}], message="x"
		)
		assert sent_file(frappe.get_last_doc("Email Queue")) == (name, "سعر".encode())


def test_the_export_of_others_is_left_to_frappe(odd):
	"""A report that is none of ours keeps Frappe's bytes, also in Arabic."""
	assert report_files.is_ours("Dafater Lead Details")
	assert not report_files.is_ours("Lead Details") and not report_files.is_ours("no such report")
