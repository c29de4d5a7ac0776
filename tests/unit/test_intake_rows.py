"""Rows: what is stored, what is left over, what is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafater_crm.domain import headings, text
from dafater_crm.domain.errors import MESSAGES
from dafater_crm.intake import cells
from dafater_crm.intake.rows import CleanRow, RowCleaner
from dafater_crm.intake.table import Row


def clean(problems=(), **row: str) -> CleanRow:
	"""Clean one row, given as heading=cell."""
	columns = headings.recognise(list(row))
	return RowCleaner(columns).clean(Row(2, list(row.values()), tuple(problems)))


def codes(found: CleanRow) -> list[tuple[str, str]]:
	return [(problem.field, problem.code) for problem in found.problems]


class TestReach:
	@pytest.mark.parametrize(
		("cell", "numbers", "said"),
		[
			("0551234567", ["+966551234567"], []),
			("٠٥٥ ١٢٣ ٤٥٦٧", ["+966551234567"], []),
			("551234567", ["+966551234567"], []),
			("0551234567 / 0112345678", ["+966551234567", "+966112345678"], ["phones_in_one_cell"]),
			("0551234567 - 0559999999", ["+966551234567", "+966559999999"], ["phones_in_one_cell"]),
			("0551234567 و 0559999999", ["+966551234567", "+966559999999"], ["phones_in_one_cell"]),
			("0551234567\n0551234567", ["+966551234567"], []),
			("0551234567 / 123", ["+966551234567"], ["phone_invalid"]),
			("0521234567", [], ["phone_invalid"]),
			("9.66551E+11", [], ["phone_rounded"]),
			("0112345678 ext 5", ["+966112345678"], ["phone_has_extension"]),
			("", [], []),
		],
	)
	def test_phones(self, cell, numbers, said):
		found, problems = cells.clean_phones(cell, "mobile_no", "SA")
		assert found == numbers
		assert [problem.code for problem in problems] == said

	def test_kinds_find_their_place(self):
		found = clean(جوال="0112345678 / 0551234567", هاتف="0559999999", واتساب="0500000001")
		assert found.values["mobile_no"] == "+966551234567"
		assert found.values["phone"] == "+966112345678"
		assert found.values["whatsapp_no"] == "+966500000001"
		assert found.left_over == [("", "+966559999999")]
		assert len(found.phones) == 4

	def test_emails(self):
		found = clean(Email="A@b.com; c@d.com", Name="Ali")
		assert found.values["email_id"] == "a@b.com"
		assert found.emails == ["a@b.com", "c@d.com"]
		assert codes(found) == [("email_id", "emails_in_one_cell")]

	def test_what_is_invalid_is_left_over_not_lost(self):
		found = clean(Name="Ali", Mobile="0521234567", Email="bad@", VAT="123", CR="1234567890")
		assert set(found.values) == {"lead_name"}
		assert {text for _heading, text in found.left_over} == {"0521234567", "bad@", "123", "1234567890"}
		assert {code for _field, code in codes(found)} == {
			"phone_invalid",
			"email_invalid",
			"vat_invalid",
			"cr_invalid",
		}


class TestNumbersThatNobodyHas:
	"""052 and 0579 are assigned to nobody: not stored, but two rows that give the same one are one person's."""

	@pytest.mark.parametrize(
		"cell", ["0579722863", "+966 57-972 2863", "00966579722863", "٠٥٧٩٧٢٢٨٦٣", "579722863"]
	)
	def test_are_compared_and_not_stored(self, cell):
		found = clean(Name="Ahmed Harbi", Mobile=cell)
		assert (found.phones, found.values.get("mobile_no")) == ([], None)
		assert codes(found) == [("mobile_no", "phone_invalid")]
		assert found.record().phones == ("+966579722863",)

	@pytest.mark.parametrize(
		"cell",
		[
			*("0555555555", "0000000000", "1234567890", "0123456789", "123", "05551234", "5.79723E+08"),
			*("حي النخيل 0579722863 شارع 5", "057972286312345", "0579722863 ali@x.example"),
		],
	)
	def test_what_is_hardly_a_number_is_not(self, cell):
		assert clean(Name="Ahmed Harbi", Mobile=cell).unread == []

	def test_one_that_is_assigned_is_compared_once(self):
		found = clean(Name="Ahmed Harbi", Mobile="0551234567", Phone="0579722863")
		assert found.record().phones == ("+966551234567", "+966579722863")


class TestNames:
	@pytest.mark.parametrize(
		("cell", "name", "said"),
		[
			("  محمد   القحطاني ", "محمد القحطاني", []),
			("محمد 😀 القحطاني ⭐️", "محمد القحطاني", ["cell_emoji"]),
			("محمد\u202e القحطاني\u200f", "محمد القحطاني", ["cell_invisible_characters"]),
			("<b>Ali</b>", "Ali", ["text_has_markup"]),
			("=HYPERLINK(1)", "HYPERLINK(1)", ["text_is_formula"]),
			("=+-@cmd|' /C calc'!A0", "cmd|' /C calc'!A0", ["text_is_formula"]),
			("&lt;script&gt;x", "lt;script gt;x", ["text_has_markup"]),
			("م" * 150, "م" * 140, ["text_too_long"]),
			("ﻣﺤﻤﺪ", "محمد", []),
		],
	)
	def test_cleaned(self, cell, name, said):
		found = clean(الاسم=cell)
		assert found.values["lead_name"] == name
		assert [code for _field, code in codes(found)] == said
		assert not said or found.left_over == [("الاسم", cell)]

	def test_parts_are_joined(self):
		found = clean(**{"First Name": "محمد", "Last Name": "القحطاني"})
		assert found.values == {"lead_name": "محمد القحطاني"}

	def test_a_company_in_the_column_of_names(self):
		found = clean(الاسم="شركة النور للتجارة")
		assert found.values == {"organisation_name": "شركة النور للتجارة", "lead_type": "Organisation"}

	def test_nobody(self):
		assert codes(clean(Mobile="0551234567")) == [("", "row_without_name")]

	@given(st.text(max_size=200))
	@settings(deadline=None)
	def test_cleaning_never_fails_and_is_stable(self, cell):
		name, _problems = cells.clean_name(cell, "lead_name")
		assert len(name) <= 140
		assert not text.is_formula(name)
		assert cells.clean_name(name, "lead_name")[0] == name

	@given(st.text(max_size=80), st.text(max_size=60), st.text(max_size=60))
	@settings(deadline=None)
	def test_no_row_fails_and_every_problem_has_its_sentence(self, name, mobile, email):
		found = clean(Name=name, Mobile=mobile, Email=email)
		for problem in found.problems:
			assert problem.code in MESSAGES
			assert str(problem)


class TestOther:
	def test_several_notes_are_joined(self):
		found = clean(**{"Name": "Ali", "Notes": "a\nb", "ملاحظات": "c"})
		assert found.values["notes"] == "Notes: a\nb\nملاحظات: c"

	def test_problems_of_the_file_name_the_field(self):
		assert codes(clean([(1, "cell_error")], Name="Ali", Mobile="")) == [("mobile_no", "cell_error")]

	def test_numbers(self):
		found = clean(Name="Ali", VAT="٣١٠١٢٢٣٩٣٥٠٠٠٠٣", CR="1010 123 455")
		assert found.values["vat_number"] == "310122393500003"
		assert found.values["cr_number"] == "1010123455"

	def test_record(self):
		record = clean(Name="Ali Saleh", Mobile="0551234567", City="Riyadh", Company="Noor").record()
		assert (record.name, record.phones, record.city) == ("Ali Saleh", ("+966551234567",), "Riyadh")
