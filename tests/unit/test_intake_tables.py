"""Files as they come: encodings, separators, workbooks, and those that must be refused."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from dafater_crm.domain.errors import RuleError
from dafater_crm.intake.encodings import find_encoding
from dafater_crm.intake.limits import Limits
from dafater_crm.intake.tables import open_table
from dafater_crm.intake.xlsx_checks import OLE2

ARABIC = "الاسم,الجوال,المدينة\nمحمد القحطاني,0551234567,الرياض\nنورة العتيبي,0509876543,جدة\n"


def write(folder: Path, content: bytes | str, name: str = "leads.csv") -> Path:
	path = folder / name
	path.write_bytes(content if isinstance(content, bytes) else content.encode())
	return path


def rows_of(path: Path, **options) -> list[list[str]]:
	return [row.cells for row in open_table(path, **options).rows()]


def refused(path: Path, **options) -> RuleError:
	with pytest.raises(RuleError) as caught:
		list(open_table(path, **options).rows())
	assert str(caught.value)
	return caught.value


class TestEncodings:
	@pytest.mark.parametrize(
		("encoding", "found"),
		[
			("utf-8", "utf-8"),
			("utf-8-sig", "utf-8-sig"),
			("utf-16", "utf-16"),
			("utf-16-le", "utf-16-le"),
			("utf-16-be", "utf-16-be"),
			("cp1256", "cp1256"),
		],
	)
	def test_arabic(self, tmp_path, encoding, found):
		table = open_table(write(tmp_path, ARABIC.encode(encoding)))
		assert table.encoding == found
		assert table.headings == ["الاسم", "الجوال", "المدينة"]
		assert [row.cells for row in table.rows()][1] == ["نورة العتيبي", "0509876543", "جدة"]

	def test_utf_16_big_endian_with_a_mark(self, tmp_path):
		path = write(tmp_path, b"\xfe\xff" + ARABIC.encode("utf-16-be"))
		assert open_table(path).headings[0] == "الاسم"

	def test_western_text_is_not_taken_for_arabic(self, tmp_path):
		path = write(tmp_path, "Name,Mobile\nJosé Müller,0551234567\nZoë,1\n".encode("cp1252"))
		assert rows_of(path)[0][0] == "José Müller"

	def test_one_broken_byte_does_not_change_the_encoding(self, tmp_path):
		text = ARABIC.encode() + "محمد,0551234567,جدة\n".encode() * 300 + b"\xff,,\n"
		with write(tmp_path, text).open("rb") as stream:
			assert find_encoding(stream) == "utf-8"

	def test_a_letter_cut_by_the_reading_of_pieces(self, tmp_path):
		"""The second megabyte begins in the middle of a letter."""
		text = b"Name,Mobile\n" + b"x" + "ع".encode() * 700_000
		with write(tmp_path, text).open("rb") as stream:
			assert find_encoding(stream) == "utf-8"


class TestSeparators:
	@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
	def test_found(self, tmp_path, separator):
		text = ARABIC.replace(",", separator)
		table = open_table(write(tmp_path, text))
		assert table.delimiter == separator
		assert len(table.headings) == 3

	def test_commas_inside_a_file_of_semicolons(self, tmp_path):
		text = 'Name;Address;City\n"Ali";Olaya, St. 5, Riyadh;Riyadh\nSaad;King Rd, 7;Jeddah\n'
		assert rows_of(write(tmp_path, text))[0] == ["Ali", "Olaya, St. 5, Riyadh", "Riyadh"]

	@pytest.mark.parametrize("separator", [";", "\t"])
	def test_the_hint_of_excel(self, tmp_path, separator):
		text = f"sep={separator}\nName{separator}City\nAli{separator}Riyadh\n"
		table = open_table(write(tmp_path, text))
		assert table.headings == ["Name", "City"]
		assert [row.cells for row in table.rows()] == [["Ali", "Riyadh"]]

	def test_one_column(self, tmp_path):
		assert rows_of(write(tmp_path, "الجوال\n0551234567\n0559999999\n")) == [
			["0551234567"],
			["0559999999"],
		]

	def test_quotes_line_breaks_and_apostrophes(self, tmp_path):
		text = 'Name,Mobile,Notes\n"Ali ""Abu Saad"" Omar",\'0551234567,"line 1\nline 2"\n\n'
		table = open_table(write(tmp_path, text))
		(row,) = table.rows()
		assert row.number == 2
		assert row.cells == ['Ali "Abu Saad" Omar', "0551234567", "line 1\nline 2"]

	def test_title_rows_above_the_headings(self, tmp_path):
		table = open_table(write(tmp_path, "قائمة العملاء,,\n,,\nالاسم,الجوال,المدينة\nعلي,0551234567,جدة\n"))
		assert table.heading_row == 3
		assert [row.number for row in table.rows()] == [4]

	def test_rows_can_be_read_twice(self, tmp_path):
		table = open_table(write(tmp_path, ARABIC))
		assert [row.cells for row in table.rows()] == [row.cells for row in table.rows()]

	def test_short_and_long_rows(self, tmp_path):
		assert rows_of(write(tmp_path, "Name,Mobile,City\nAli\nSaad,1,2,extra\n")) == [
			["Ali", "", "", ""],
			["Saad", "1", "2", "extra"],
		]


class TestWorkbooks:
	def book(self, folder: Path, fill) -> Path:
		book = openpyxl.Workbook()
		fill(book)
		path = folder / "leads.xlsx"
		book.save(path)
		return path

	def test_numbers_dates_and_texts(self, tmp_path):
		def fill(book):
			book.active.append(["الاسم", "الجوال", "VAT", "تاريخ", "وقت", "نسبة", "نعم"])
			book.active.append(
				[
					"علي",
					551234567.0,
					310122393500003,
					date(2026, 3, 1),
					datetime(2026, 3, 1, 9, 30),
					0.5,
					True,
				]
			)

		assert rows_of(self.book(tmp_path, fill)) == [
			["علي", "551234567", "310122393500003", "2026-03-01", "2026-03-01 09:30", "0.5", "TRUE"]
		]

	def test_formulas_without_a_result_are_a_problem(self, tmp_path):
		def fill(book):
			book.active.append(["Name", "Mobile"])
			book.active.append(["Ali", "=1+1"])
			book.active.append(["#N/A", "0551234567"])

		first, second = open_table(self.book(tmp_path, fill)).rows()
		assert (first.cells, first.problems) == (["Ali", ""], ((1, "cell_formula_unknown"),))
		assert (second.cells, second.problems) == (["", "0551234567"], ((0, "cell_error"),))

	def test_cached_results_are_taken(self, tmp_path):
		def fill(book):
			book.active.append(["Name", "Mobile"])
			book.active.append(["Ali", "=1+1"])

		path = self.book(tmp_path, fill)
		replaced = tmp_path / "cached.xlsx"
		with zipfile.ZipFile(path) as old, zipfile.ZipFile(replaced, "w") as new:
			for member in old.namelist():
				content = old.read(member)
				if member.endswith("sheet1.xml"):
					assert (
						b"<f>1+1</f><v />" in content or b"<f>1+1</f><v></v>" in content or b"<v/>" in content
					)
					for empty in (b"<v />", b"<v></v>", b"<v/>"):
						content = content.replace(b"<f>1+1</f>" + empty, b"<f>1+1</f><v>551234567</v>")
				new.writestr(member, content)
		(row,) = open_table(replaced).rows()
		assert (row.cells, row.problems) == (["Ali", "551234567"], ())

	def test_merged_cells_are_filled(self, tmp_path):
		def fill(book):
			sheet = book.active
			sheet.append(["قائمة العملاء", None, None])
			sheet.merge_cells("A1:C1")
			sheet.append(["الشركة", "الاسم", "الجوال"])
			for name in ("علي", "سعد", "فهد"):
				sheet.append(["شركة النور" if name == "علي" else None, name, "0551234567"])
			sheet.merge_cells("A3:A5")

		table = open_table(self.book(tmp_path, fill))
		assert table.heading_row == 2
		assert [row.cells[:2] for row in table.rows()] == [
			["شركة النور", name] for name in ("علي", "سعد", "فهد")
		]

	def test_the_first_sheet_that_holds_anything(self, tmp_path):
		def fill(book):
			for title, name in (("العملاء", "علي"), ("Old", "سعد")):
				sheet = book.create_sheet(title)
				sheet.append(["الاسم", "الجوال"])
				sheet.append([name, "0551234567"])

		path = self.book(tmp_path, fill)
		table = open_table(path)
		assert (table.sheet, table.sheets) == ("العملاء", ["Sheet", "العملاء", "Old"])
		assert rows_of(path, sheet="Old")[0][0] == "سعد"
		error = refused(path, sheet="غير موجودة")
		assert error.code == "file_sheet_missing"
		assert "العملاء" in str(error)

	def test_a_workbook_that_is_called_csv(self, tmp_path):
		def fill(book):
			book.active.append(["Name", "Mobile"])
			book.active.append(["Ali", "1"])

		path = self.book(tmp_path, fill)
		assert open_table(path.rename(tmp_path / "leads.csv")).format == "xlsx"


class TestRefused:
	@pytest.mark.parametrize(
		("name", "content", "code"),
		[
			("a.csv", b"", "file_empty"),
			("a.csv", b"\n\n ,\n", "file_empty"),
			("a.csv", b"Name,Mobile\n", "file_without_rows"),
			("a.csv", "علي,0551234567\nسعد,0551234568\n".encode(), "file_without_headings"),
			("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x01\x00\x00\x02", "file_not_text"),
			("a.xlsx", b"Name,Mobile\nAli,1\n", "file_not_workbook"),
			("a.xlsx", b"PK\x03\x04 not a zip at all", "file_not_workbook"),
			("a.xls", OLE2 + b"\x00" * 600, "file_old_excel"),
			("a.xlsx", OLE2 + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
			("a.csv", b'Name,Mobile\n"Ali,1\n' + b"x,2\n" * 50_000, "file_quote_open"),
			(
				"a.csv",
				(",".join(f"c{n}" for n in range(301)) + "\n" + ",".join("1" * 301) + "\n").encode(),
				"file_too_wide",
			),
		],
	)
	def test_by_content(self, tmp_path, name, content, code):
		assert refused(write(tmp_path, content, name)).code == code

	def test_three_hundred_columns_are_read(self, tmp_path):
		text = ",".join(f"c{number}" for number in range(300)) + "\n" + ",".join("1" * 300) + "\n"
		assert len(rows_of(write(tmp_path, text))[0]) == 300

	def test_too_large_and_too_long(self, tmp_path):
		path = write(tmp_path, ARABIC)
		assert refused(path, limits=Limits(file_size=100)).code == "file_too_large"
		assert refused(path, limits=Limits(rows=2)).code == "file_too_long"

	def zipped(self, folder: Path, members: dict[str, bytes]) -> Path:
		path = folder / "a.xlsx"
		with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
			for name, content in members.items():
				archive.writestr(name, content)
		return path

	def test_a_zip_without_a_workbook(self, tmp_path):
		assert refused(self.zipped(tmp_path, {"readme.txt": b"hello"})).code == "file_not_workbook"

	def test_a_bomb_is_not_unpacked(self, tmp_path):
		path = self.zipped(
			tmp_path, {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 30_000_000}
		)
		assert path.stat().st_size < 100_000
		assert refused(path).code == "file_unpacks_too_large"

	def test_a_document_type_is_refused(self, tmp_path):
		bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><workbook>&a;</workbook>'
		assert refused(self.zipped(tmp_path, {"xl/workbook.xml": bomb})).code == "file_not_workbook"

	def test_a_truncated_workbook(self, tmp_path):
		book = openpyxl.Workbook()
		book.active.append(["Name", "Mobile"])
		path = tmp_path / "whole.xlsx"
		book.save(path)
		assert refused(write(tmp_path, path.read_bytes()[:-400], "cut.xlsx")).code == "file_not_workbook"
