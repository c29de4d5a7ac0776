"""Finished files are changed in the one thing that is asked."""

import io
import zipfile

import openpyxl
import pytest

from dafater_crm.domain.spreadsheets import right_to_left, with_mark


@pytest.mark.parametrize("write_only", [True, False])
def test_every_sheet_is_turned_once_and_the_cells_stay(write_only):
	book = openpyxl.Workbook(write_only=write_only)
	for name in ("أول", "ثان"):
		sheet = book.create_sheet(name)
		sheet.append(["اسم", 1, "<sheetView"])
	file = io.BytesIO()
	book.save(file)
	turned = right_to_left(right_to_left(file.getvalue()))
	found = openpyxl.load_workbook(io.BytesIO(turned))
	for name in ("أول", "ثان"):
		assert found[name].sheet_view.rightToLeft
		assert [cell.value for cell in found[name][1]] == ["اسم", 1, "<sheetView"]
	with zipfile.ZipFile(io.BytesIO(turned)) as parts:
		sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
	assert all(sheet.count(b"rightToLeft") == 1 for sheet in sheets)


@pytest.mark.parametrize(
	("text", "expected"),
	[
		(b"", b""),
		(b"plain,1", b"plain,1"),
		("اسم".encode(), b"\xef\xbb\xbf" + "اسم".encode()),
		("\ufeffاسم".encode(), "\ufeffاسم".encode()),
	],
)
def test_the_mark_stands_once_and_only_where_it_is_needed(text, expected):
	assert with_mark(text) == expected
