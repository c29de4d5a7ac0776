"""Excel workbooks as rows, read as a stream."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time
from functools import partial
from itertools import repeat
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from dafater_crm.domain.errors import RuleError

from .blanks import SPREADSHEET_ERRORS
from .limits import Limits
from .table import Row, Table, describe
from .xlsx_checks import refuse_bombs, refuse_other_formats

_BROKEN = (
	InvalidFileException,
	zipfile.BadZipFile,
	ParseError,
	KeyError,
	ValueError,
	IndexError,
	TypeError,
	AttributeError,
	OSError,
	EOFError,
)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})\"")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_CHUNK = 1024 * 1024
_OVERLAP = 200
_MOST_MERGED_ROWS = 500_000
# A cell merged over more rows than this is decoration, not a value that all of them share.
_LONGEST_MERGE = 5_000
# What is wrong with a sheet that is no list: a cover, notes, a chart.
_NO_LIST = frozenset(("file_empty", "file_without_headings", "file_without_rows"))
_COLUMNS_OF_LIST = 2
_FIRST_ROWS = 50

Merges = dict[int, list[tuple[int, int, int]]]


def read_xlsx(path: Path, limits: Limits, sheet: str | None = None) -> Table:
	"""Return the Table of one sheet: the named one, else the first visible one that is a list of leads; a cover sheet is passed over.

	Raises "file_not_workbook", "file_encrypted", "file_old_excel", "file_unpacks_too_large", "file_sheet_missing" and what
	``describe`` raises.
	"""
	refuse_other_formats(path)
	try:
		with zipfile.ZipFile(path) as archive:
			refuse_bombs(archive, limits)
		return _read(path, limits, sheet)
	except RuleError:
		raise
	except _BROKEN as error:
		raise RuleError("file_not_workbook") from error


def _read(path: Path, limits: Limits, sheet: str | None) -> Table:
	with _open(path) as book:
		names = [one.title for one in book.worksheets]
		filled = _filled(book)
		wanted = [_named(book, sheet)] if sheet is not None else filled or names[:1]
		parts = {name: _path_inside(book[name]) for name in wanted}
	if not wanted:
		raise RuleError("file_empty")
	table = _first_list([partial(_sheet, path, limits, name, parts[name]) for name in wanted])
	table.sheets, table.other_sheets = names, [name for name in filled if name != table.sheet]
	return table


def _first_list(sheets: Sequence[Callable[[], Table]]) -> Table:
	"""Return the first sheet with two known columns, else the one with most; raise what is wrong with the first if none has a table."""
	found: list[Table] = []
	refused: list[RuleError] = []
	for read in sheets:
		try:
			table = read()
		except RuleError as error:
			if error.code not in _NO_LIST:
				raise
			refused.append(error)
			continue
		if table.recognised() >= _COLUMNS_OF_LIST:
			return table
		found.append(table)
	if not found:
		raise refused[0]
	return max(found, key=Table.recognised)


def _sheet(path: Path, limits: Limits, name: str, inside: str) -> Table:
	with zipfile.ZipFile(path) as archive:
		merges, has_formulas = _scan(archive, inside)

	def read() -> Iterator[Row]:
		try:
			yield from _rows(path, name, merges, has_formulas, limits)
		except RuleError:
			raise
		except _BROKEN as error:
			raise RuleError("file_not_workbook") from error

	return describe(read, limits, format="xlsx", sheet=name)


@contextmanager
def _open(path: Path, values: bool = True) -> Iterator[openpyxl.Workbook]:
	# As a stream: given a path, openpyxl goes by its ending, and a workbook may be called leads.csv.
	with path.open("rb") as stream:
		with warnings.catch_warnings():
			# openpyxl warns of styles and extensions that it leaves out; they hold no data.
			warnings.simplefilter("ignore")
			book = openpyxl.load_workbook(stream, read_only=True, data_only=values, keep_links=False)
		try:
			yield book
		finally:
			book.close()


def _named(book: openpyxl.Workbook, sheet: str) -> str:
	sheets = book.worksheets
	found = next((one.title for one in sheets if one.title.strip() == sheet.strip()), None)
	if found is None:
		raise RuleError("file_sheet_missing", sheet=sheet, sheets=", ".join(one.title for one in sheets))
	return found


def _filled(book: openpyxl.Workbook) -> list[str]:
	"""The names of the sheets that are visible and hold anything; of all sheets where none is visible."""
	sheets = book.worksheets
	visible = [one for one in sheets if one.sheet_state == "visible"] or sheets
	return [
		one.title
		for one in visible
		if any(
			any(value not in (None, "") for value in row)
			for row in one.iter_rows(values_only=True, max_row=_FIRST_ROWS)
		)
	]


def _path_inside(sheet: object) -> str:
	# openpyxl reads sheets as a stream without their merged cells, so these are looked up in the part itself.
	return str(getattr(sheet, "_worksheet_path", "")).lstrip("/")


def _scan(archive: zipfile.ZipFile, inside: str) -> tuple[Merges, bool]:
	"""Return the merged ranges, by row, and whether the sheet holds formulas, without building a tree of it."""
	if inside not in archive.namelist():
		return {}, True
	merges: Merges = {}
	has_formulas, room, tail = False, _MOST_MERGED_ROWS, b""
	with archive.open(inside) as stream:
		while chunk := stream.read(_CHUNK):
			text = tail + chunk
			has_formulas = has_formulas or bool(_FORMULA.search(text))
			end = 0
			for found in _MERGE.finditer(text):
				end = found.end()
				room -= _add_merge(merges, found[1].decode("ascii"), room)
			tail = text[max(end, len(text) - _OVERLAP) :]
	return merges, has_formulas


def _add_merge(merges: Merges, reference: str, room: int) -> int:
	"""Note one merged range in each of its rows; return how many rows that are, 0 for one that is left out."""
	first, top, last, bottom = range_boundaries(reference)
	height = bottom - top + 1
	if height > min(room, _LONGEST_MERGE):
		return 0
	for row in range(top, bottom + 1):
		merges.setdefault(row, []).append((top, first - 1, last - 1))
	return height


def _rows(path: Path, name: str, merges: Merges, has_formulas: bool, limits: Limits) -> Iterator[Row]:
	kept: dict[tuple[int, int], str] = {}
	with ExitStack() as opened:
		sheet = opened.enter_context(_open(path))[name]
		formulas = opened.enter_context(_open(path, values=False)) if has_formulas else None
		# Some programs write wrong dimensions; without them every row is read as wide as it is.
		sheet.reset_dimensions()
		both = zip(sheet.iter_rows(values_only=True), _written(formulas, name), strict=False)
		for number, (values, written) in enumerate(both, start=1):
			if number > limits.rows:
				raise RuleError("file_too_long", limit=limits.rows)
			cells, problems = _cells(values, written)
			if number in merges:
				_fill(cells, number, merges[number], kept)
			yield Row(number, cells, tuple(problems))


def _written(formulas: openpyxl.Workbook | None, name: str) -> Iterator[Sequence[object]]:
	if formulas is None:
		return repeat(())
	sheet = formulas[name]
	sheet.reset_dimensions()
	return sheet.iter_rows(values_only=True)


def _cells(values: Sequence[object], written: Sequence[object]) -> tuple[list[str], list[tuple[int, str]]]:
	"""Return the texts of one row; a formula gives its cached value, or a problem where the file has none."""
	cells, problems = [], []
	for place, value in enumerate(values):
		text = as_text(value)
		if text in SPREADSHEET_ERRORS:
			problems.append((place, "cell_error"))
			text = ""
		elif value is None and place < len(written) and written[place] is not None:
			problems.append((place, "cell_formula_unknown"))
		cells.append(text)
	return cells, problems


def _fill(
	cells: list[str], number: int, ranges: list[tuple[int, int, int]], kept: dict[tuple[int, int], str]
) -> None:
	"""Give every cell of a merged range the value of its first one."""
	for top, first, last in ranges:
		cells.extend([""] * (last + 1 - len(cells)))
		if number == top:
			kept[top, first] = cells[first]
		value = kept.get((top, first), "")
		for place in range(first, last + 1):
			cells[place] = cells[place] or value


def as_text(value: object) -> str:
	"""Return a cell's value as people would type it: 551234567.0 is 551234567, a date is 2026-03-01."""
	if value is None:
		return ""
	if isinstance(value, bool):
		return "TRUE" if value else "FALSE"
	if isinstance(value, float):
		return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
	if isinstance(value, datetime):
		return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
	if isinstance(value, date | time):
		return value.isoformat()
	text = str(value).strip()
	# openpyxl leaves Excel's escape for characters that XML cannot hold.
	text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
	return text[1:] if len(text) > 1 and text[0] == "'" and (text[1].isdigit() or text[1] in "+=") else text
