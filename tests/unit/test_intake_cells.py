"""Cells as people and programs fill them: several numbers, labels, extensions, other countries, words for nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import headings, saudi_ids
from dafater_crm.intake import cells
from dafater_crm.intake.blanks import is_blank
from dafater_crm.intake.rows import CleanRow, RowCleaner
from dafater_crm.intake.table import Row

ONE, TWO, LINE = "+966501234567", "+966551234567", "+966114123456"


def clean(**row: str) -> CleanRow:
	columns = headings.recognise(list(row))
	return RowCleaner(columns).clean(Row(2, list(row.values())))


def phones(cell: str) -> tuple[list[str], list[str]]:
	found, problems = cells.clean_phones(cell, "mobile_no", "SA")
	return found, [problem.code for problem in problems]


def addresses(cell: str) -> tuple[list[str], list[str]]:
	found, problems = cells.clean_emails(cell, "email_id")
	return found, [problem.code for problem in problems]


class TestPhones:
	@pytest.mark.parametrize(
		"cell",
		[
			"0501234567 0551234567",
			"0501234567\t0551234567",
			"0501234567-0551234567",
			"٠٥٠١٢٣٤٥٦٧-٠٥٥١٢٣٤٥٦٧",
			"0501234567+0551234567",
			"0501234567_0551234567",
			"+966501234567 +966551234567",
			"966501234567 966551234567",
			"050 123 4567 055 123 4567",
			"0501234567/0551234567",
			"جوال 0501234567 واتساب 0551234567",
		],
	)
	def test_two_in_one_cell(self, cell):
		assert phones(cell) == ([ONE, TWO], ["phones_in_one_cell"])

	@pytest.mark.parametrize(
		"cell",
		[
			"501234567.0",
			"966501234567.0",
			"501234567.00",
			"9.66501234567E+11",
			"5.01234567E+08",
			"5,01234567e+08",
			"جوال: 0501234567",
			"رقم الجوال: 501234567",
			"Mobile No: 0501234567",
			"0501234567 (واتساب)",
			"0501234567 واتساب",
			"https://wa.me/966501234567",
			"wa.me/966501234567",
			"https://api.whatsapp.com/send?phone=966501234567",
			"++966501234567",
		],
	)
	def test_one_written_otherwise(self, cell):
		assert phones(cell) == ([ONE], [])

	@pytest.mark.parametrize(
		("cell", "number"),
		[
			("971501234567", "+971501234567"),
			("96550123456", "+96550123456"),
			("97455123456", "+97455123456"),
			("97336123456", "+97336123456"),
			("96892123456", "+96892123456"),
			("201001234567", "+201001234567"),
			("971501234567.0", "+971501234567"),
		],
	)
	def test_a_neighbour_whose_plus_was_lost(self, cell, number):
		assert phones(cell) == ([number], [])

	@pytest.mark.parametrize(
		"cell",
		[
			"05012345678",
			"9665012345678",
			"50123456789",
			"56912345678",
			"80012412345",
			"01001234567",
			"0000000000",
			"محمد 501234567",
			"شارع 12 مبنى 1234",
			"حي النرجس شارع 12 0501234567",
			"ali0501234567@x.com",
			"فاكس: 0114123456",
			"CR 1010123456",
			"0501234567 " * 30,
			"9" * 1000,
		],
	)
	def test_what_is_no_phone_for_certain(self, cell):
		assert phones(cell) == ([], ["phone_invalid"])

	@pytest.mark.parametrize(
		"cell",
		[
			"0114123456 تحويلة 12",
			"0114123456 ext 123",
			"011 4123456 x12",
			"0114123456 #123",
			"ت: 0114123456 داخلي 5",
			"0114123456;ext=3",
		],
	)
	def test_the_number_before_an_extension(self, cell):
		assert phones(cell) == ([LINE], ["phone_has_extension"])
		assert clean(الاسم="علي", هاتف=cell).left_over == [("هاتف", cell)]

	def test_text_beside_numbers_is_kept(self):
		found = clean(الاسم="علي", جوال="0501234567 - خالد / 0551234567 - فهد")
		assert found.phones == [ONE, TWO]
		assert [problem.code for problem in found.problems] == ["phones_in_one_cell", "phone_with_text"]
		assert ("جوال", "0501234567 - خالد / 0551234567 - فهد") in found.left_over

	def test_a_piece_that_is_no_number_is_kept(self):
		assert clean(الاسم="علي", جوال="0501234567 / 123").left_over == [("جوال", "0501234567 / 123")]

	@pytest.mark.parametrize(
		("cell", "code"),
		[
			("9.66501E+11", "phone_rounded"),
			("9,66501E+11", "phone_rounded"),
			("9.665012E+08", "phone_rounded"),
		],
	)
	def test_lost_digits(self, cell, code):
		assert phones(cell) == ([], [code])

	@pytest.mark.parametrize(
		"piece", ["ت ", "جوال - ", "0501234567 (tel) ", "+", "5 ", "(", "1 جوال . ", "05 "]
	)
	def test_no_cell_takes_long(self, piece):
		started = time.process_time()
		for times in (20, 100, 200 // len(piece), 10_000):
			phones(piece * times)
			phones("0501234567" + piece * times + "x")
			addresses(piece * times + "@" + piece * times)
		assert time.process_time() - started < 2

	@given(st.text(alphabet="05٠966+-_/ (.)@xجوالE#\n,;tel", max_size=60))
	def test_any_cell_is_read(self, cell):
		for found, problems in (
			cells.clean_phones(cell, "phone", "SA"),
			cells.clean_emails(cell, "email_id"),
		):
			assert all(str(problem) for problem in problems)
			assert len(found) == len(set(found))

	def test_numbers_of_companies_are_no_mobiles(self):
		for cell, number in (("920012345", "+966920012345"), ("8001241234", "+9668001241234")):
			assert clean(الاسم="علي", جوال=cell).values == {"lead_name": "علي", "phone": number}
		assert clean(الاسم="علي", جوال="+14155552671").values["mobile_no"] == "+14155552671"


class TestEmails:
	@pytest.mark.parametrize(
		"cell",
		[
			"a@x.com.",
			"a@x.com,",
			"a@x.com،",
			"a@x.com;",
			"E-mail: a@x.com",
			"البريد الإلكتروني: a@x.com",
			"a@x.com (شخصي)",
			"لا يوجد / a@x.com",
			"<a@x.com>.",
		],
	)
	def test_one_clear_address(self, cell):
		assert addresses(cell) == (["a@x.com"], [])

	@pytest.mark.parametrize("cell", ["خالد a@x.com", "a@x.com - خالد", "a@x.com (Khalid)"])
	def test_text_beside_an_address_is_kept(self, cell):
		assert addresses(cell) == (["a@x.com"], ["email_with_text"])
		assert clean(Name="Ali", Email=cell).left_over == [("Email", cell)]

	@pytest.mark.parametrize(
		"cell",
		[
			"ali b@x.com",
			"ali@example.co m",
			"ali @x.com",
			"ali@example،com",
			".ali@x.com",
			"ali@@x.com",
			"ali@x",
		],
	)
	def test_what_is_no_address_for_certain(self, cell):
		assert addresses(cell) == ([], ["email_invalid"])

	def test_two_with_names(self):
		found = ["a@x.com", "b@x.com"]
		assert addresses("Ali <a@x.com>; Omar <b@x.com>") == (
			found,
			["emails_in_one_cell", "email_with_text"],
		)
		assert addresses("a@x.com b@x.com") == (found, ["emails_in_one_cell"])


class TestNumbers:
	@pytest.mark.parametrize("cell", ["1010123456.0", "1.010123456E+09", "1010123456"])
	def test_registration(self, cell):
		assert cells.clean_number(cell, "cr_number", saudi_ids.validate_cr) == ("1010123456", [])

	def test_vat(self):
		found = cells.clean_number("3.00012345600003E+14", "vat_number", saudi_ids.validate_vat)
		assert found == ("300012345600003", [])
		_none, (problem,) = cells.clean_number("3.00012E+14", "vat_number", saudi_ids.validate_vat)
		assert problem.code == "number_rounded"


class TestNothing:
	@pytest.mark.parametrize(
		"cell", ["-", "--", ".", "?", "؟", "لا يوجد", "لايوجد", "N/A", "N.A.", "none", "NULL", "nan"]
	)
	def test_is_no_problem(self, cell):
		found = clean(الاسم="علي", جوال=cell, بريد=cell, السجل_التجاري=cell)
		assert found.problems == []
		assert found.values == {"lead_name": "علي"}

	@pytest.mark.parametrize("name", ["-", ".", "--", "?", "لا يوجد", "N/A", "null"])
	def test_is_no_name(self, name):
		found = clean(الاسم=name, جوال="0501234567")
		assert "lead_name" not in found.values
		assert [problem.code for problem in found.problems] == ["row_without_name"]

	@pytest.mark.parametrize("text", ["علي", "7", "Nona", "لا", "3M", "x" * 30])
	def test_is_something(self, text):
		assert not is_blank(text)

	@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!"])
	def test_an_error_of_the_spreadsheet(self, error):
		found = clean(الاسم=error, جوال=error)
		assert [(problem.field, problem.code) for problem in found.problems] == [
			("lead_name", "cell_error"),
			("mobile_no", "cell_error"),
			("", "row_without_name"),
		]


class TestNamesInSeveralColumns:
	@pytest.mark.parametrize(
		("row", "name"),
		[
			({"الاسم": "محمد", "اسم العائلة": "القحطاني"}, "محمد القحطاني"),
			({"Name": "Mohammed", "Surname": "Al-Ghamdi"}, "Mohammed Al-Ghamdi"),
			({"الاسم": "محمد القحطاني", "العائلة": "القحطاني"}, "محمد القحطاني"),
			({"الاسم": "محمد القحطانى", "العائلة": "قحطاني"}, "محمد القحطانى"),
			({"الاسم": "محمد", "اسم الأب": "سعد", "العائلة": "الحربي"}, "محمد سعد الحربي"),
			({"الاسم": "القحطاني", "الاسم الأول": "محمد"}, "محمد القحطاني"),
			({"الاسم": "-", "الاسم الأول": "محمد", "العائلة": "القحطاني"}, "محمد القحطاني"),
			({"الاسم": "محمد القحطاني", "العائلة": "-"}, "محمد القحطاني"),
		],
	)
	def test_are_joined(self, row, name):
		found = clean(**row)
		assert found.values == {"lead_name": name}
		assert found.left_over == []

	def test_a_company_among_them(self):
		found = clean(**{"Name": "Nakheel Trading Co.", "First Name": "Khalid", "Last Name": "Dosari"})
		assert found.values == {"lead_name": "Khalid Dosari", "organisation_name": "Nakheel Trading Co."}
		other = clean(**{"Name": "Noor Est.", "First Name": "Khalid", "Company": "Nakheel"})
		assert other.values == {"lead_name": "Khalid", "organisation_name": "Nakheel"}
		assert other.left_over == [("Name", "Noor Est.")]

	def test_another_name_is_not_lost(self):
		found = clean(**{"Name": "Nakheel", "First Name": "Khalid", "Last Name": "Dosari"})
		assert found.values == {"lead_name": "Khalid Dosari"}
		assert found.left_over == [("Name", "Nakheel")]

	@pytest.mark.parametrize(
		("row", "left"),
		[
			({"Name": "Mohamed Alqahtani", "First Name": "Mohammed", "Last Name": "Al-Qahtani"}, "Mohammed"),
			({"Name": "Saad Mohammed", "Surname": "Mohamed"}, "Mohamed"),
		],
	)
	def test_another_spelling_is_not_joined(self, row, left):
		found = clean(**row)
		assert found.values == {"lead_name": row["Name"]}
		assert [text for _heading, text in found.left_over] == [left]

	def test_in_two_scripts(self):
		found = clean(**{"الاسم": "محمد القحطاني", "First Name": "Mohammed", "Last Name": "Al-Qahtani"})
		assert found.values == {"lead_name": "محمد القحطاني", "lead_name_latin": "Mohammed Al-Qahtani"}
