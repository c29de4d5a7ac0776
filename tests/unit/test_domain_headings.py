"""Columns by heading and by content."""

from __future__ import annotations

import pytest

from dafater_crm.audit.words_ar import ARABIC
from dafater_crm.domain.heading_words import HEADINGS, SEVERAL
from dafater_crm.domain.headings import find_heading_row, heading_key, recognise


def fields(headings: list[str], rows: list[list[str]] | None = None) -> list[str]:
	return [column.field for column in recognise(headings, rows or [])]


def test_no_heading_means_two_fields():
	meant: dict[str, str] = {}
	for field, texts in HEADINGS.items():
		for text in texts:
			assert meant.setdefault(heading_key(text), field) == field, text
	assert "" not in meant


def test_every_field_has_a_name_in_the_report():
	assert {f"field_{field}" for field in HEADINGS} <= set(ARABIC)


@pytest.mark.parametrize(
	("headings", "expected"),
	[
		(["الاسم", "رقم الجوّال", "الأيميل", "المدينه"], ["lead_name", "mobile_no", "email_id", "city"]),
		(
			["FULL NAME", "Mobile No.", "E-mail *", "Company_Name"],
			["lead_name", "mobile_no", "email_id", "organisation_name"],
		),
		# Google Contacts
		(
			["Given Name", "Family Name", "E-mail 1 - Value", "Phone 1 - Value", "Organization 1 - Name"],
			["first_name", "last_name", "email_id", "phone", "organisation_name"],
		),
		# HubSpot
		(
			["Record ID", "First Name", "Last Name", "Mobile Phone Number", "Company name", "Job Title"],
			["", "first_name", "last_name", "mobile_no", "organisation_name", "job_title"],
		),
		# Odoo
		(
			["contact_name", "email_from", "mobile", "partner_name", "city"],
			["lead_name", "email_id", "mobile_no", "organisation_name", "city"],
		),
		# ERPNext
		(
			["Lead Name", "Organization Name", "Mobile No", "Email ID", "No of Employees", "Source"],
			["lead_name", "organisation_name", "mobile_no", "email_id", "no_of_employees", "source"],
		),
		(["س.ت", "الرقم الضريبي", "رقم الهوية / الإقامة"], ["cr_number", "vat_number", ""]),
		(["MobileNo", "E-Mail Adress"], ["mobile_no", "email_id"]),
		# what a visit brought along; the source and the campaign are records of the site
		(
			["utm_source", "utm_medium", "UTM Campaign", "utm_content", "UTM-Term", "Source", "Campaign"],
			["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "source", "campaign"],
		),
		(
			["مصدر UTM", "وسيط UTM", "حملة UTM", "محتوى UTM", "كلمة UTM"],
			["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"],
		),
	],
)
def test_by_heading(headings, expected):
	assert fields(headings) == expected


@pytest.mark.parametrize(
	("heading", "field"),
	[
		("الاسم / Name", "lead_name"),
		("Name - الاسم", "lead_name"),
		("الاسم (Name)", "lead_name"),
		("الاسم\nName", "lead_name"),
		("الاسم Name", "lead_name"),
		("Full Name الاسم الكامل", "lead_name"),
		("Mobile No. رقم الجوال", "mobile_no"),
		("E-mail البريد الإلكتروني", "email_id"),
		("Company Name اسم الشركة", "organisation_name"),
		("CR No. السجل التجاري", "cr_number"),
		("VAT No. الرقم الضريبي", "vat_number"),
		# one half is known
		("ID / رقم الهوية", "national_id"),
		("المدينة (Town or City)", "city"),
		# one half says more
		("Phone / الجوال", "mobile_no"),
		("Customer / الشركة", "organisation_name"),
		# in which letters
		("الاسم (English)", "lead_name_latin"),
		("الاسم (Arabic)", "lead_name"),
		("Company (بالإنجليزي)", "organisation_name_latin"),
		# half a heading that means something else, and halves that disagree
		("حالة Lead", ""),
		("Email / الجوال", ""),
		("تاريخ Date", ""),
	],
)
def test_in_two_languages(heading, field):
	assert fields([heading]) == [field]


@pytest.mark.parametrize(
	"heading", ["الرقم", "رقم", "م", "ت", "#", "No.", "S/N", "No. / الرقم", "Number", "x"]
)
@pytest.mark.parametrize("first", [1, 1001, 1_100_001])
def test_a_column_that_counts_the_rows_is_no_field(heading, first):
	rows = [[str(first + place), f"a{place}", f"05012345{place:02}"] for place in range(20)]
	assert fields([heading, "الاسم", "الجوال"], rows) == ["", "lead_name", "mobile_no"]


@pytest.mark.parametrize(
	("heading", "values", "field"),
	[
		("الرقم", ["0501234567"], "phone"),
		("الرقم", ["0501234567", "0114123456", "?"], "phone"),
		("الرقم", ["501234567.0", "551234567.0"], "phone"),
		("الرقم", ["1058529940", "1001244019"], "national_id"),
		("الرقم", ["C-001", "C-002"], ""),
		("الرقم", ["²", "³"], ""),
		("الرقم الموحد", ["7001234567", "7001234568"], "cr_number"),
		("الرقم الموحد", ["920012345", "920054321"], "phone"),
		("الرقم الموحد", ["?", "?"], "cr_number"),
	],
)
def test_a_loose_heading_is_confirmed_by_content(heading, values, field):
	assert fields([heading], [[value] for value in values]) == [field]


def test_two_columns_of_one_field():
	columns = recognise(["Name", "الاسم", "جوال 1", "جوال 2"])
	assert [column.field for column in columns] == ["lead_name", "notes", "mobile_no", "mobile_no"]


def test_the_surer_heading_wins():
	assert fields(["E-Mail Adress", "Jop Title", "Job Title"])[1:] == ["notes", "job_title"]


@pytest.mark.parametrize(
	("values", "field"),
	[
		(["0551234567", "٠٥٥٩٩٩٤٥٦٧", "+966 50 123 4567"], "mobile_no"),
		(["0112345678", "0126543210", "x"], "phone"),
		(["a@b.com", "c@d.com", "—"], "email_id"),
		(["300000000000003", "310122393500003"], "vat_number"),
		(["1058529940", "1001244019"], "national_id"),
		(["أحمر", "أزرق"], ""),
		(["0551234567"], ""),
	],
)
def test_by_content(values, field):
	(column,) = recognise(["?"], [[value] for value in values])
	assert column.field == field
	assert column.how == ("content" if field else "unknown")


@pytest.mark.parametrize(
	("rows", "place"),
	[
		([["Name", "Mobile"], ["Ali", "0551234567"]], 0),
		(
			[
				["تقرير العملاء", "", ""],
				["", "", ""],
				["الاسم", "الجوال", "المدينة"],
				["علي", "0551234567", "جدة"],
			],
			2,
		),
		([["x", "y"], ["1", "2"]], 0),
		([["علي", "0551234567"], ["سعد", "0551234568"]], None),
		([["a@b.com", "علي"]], None),
		([], None),
	],
)
def test_heading_row(rows, place):
	assert find_heading_row(rows) == place


def test_several_are_fields():
	assert set(HEADINGS) >= SEVERAL
