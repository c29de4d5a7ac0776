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
