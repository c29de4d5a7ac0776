"""CSV and other separated texts as rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from dafater_crm.domain.errors import RuleError

from .encodings import find_encoding
from .limits import Limits
from .table import Row, Table, describe

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 60
_SAMPLE_CHARACTERS = 200_000
# A line that no file holds: not a character of Unicode.
_END = "\ufdd0"
# So many lines with exactly the separators of a row are rows; an address of three lines may have them by chance.
_LINES_OF_ROWS = 5


def read_csv(path: Path, limits: Limits) -> Table:
	"""Return the Table of a text file; raises what ``find_encoding`` and ``describe`` raise."""
	with path.open("rb") as stream:
		encoding = find_encoding(stream)
	delimiter = _find_delimiter(path, encoding)

	def read() -> Iterator[Row]:
		with path.open(encoding=encoding, errors="replace", newline="") as text:
			yield from _rows(text, delimiter, limits)

	return describe(read, limits, format="csv", encoding=encoding, delimiter=delimiter)


def _rows(text: io.TextIOBase, delimiter: str, limits: Limits) -> Iterator[Row]:
	lines = _Lines(text)
	widths: Counter[int] = Counter()
	number = 0
	try:
		for cells in csv.reader(lines, delimiter=delimiter):
			if cells == [_END]:
				return
			number += 1
			record = lines.taken()
			if number == 1 and _is_excel_hint(cells, delimiter):
				number = 0
				continue
			if len(record) == 1:
				widths[len(cells) or 1] += 1
			elif record[-1] == _END or _swallowed_rows(record, cells, delimiter, widths):
				raise RuleError("file_quote_open", row=number)
			if number > limits.rows:
				raise RuleError("file_too_long", limit=limits.rows)
			yield Row(number, [_plain(cell) for cell in cells])
	except csv.Error as error:
		# The one thing the reader refuses: a field of 128 KB, i.e. a quote that was never closed.
		raise RuleError("file_quote_open", row=number + 1) from error


class _Lines:
	"""The lines of a text for the reader, then one that says it is the end: a quote that is still open swallows that one."""

	def __init__(self, text: io.TextIOBase) -> None:
		self.lines = chain((line.replace("\x00", "") for line in text), (_END,))
		self.record: list[str] = []

	def __iter__(self) -> _Lines:
		return self

	def __next__(self) -> str:
		line = next(self.lines)
		self.record.append(line)
		return line

	def taken(self) -> list[str]:
		"""Return the lines that the reader took since it was asked last: those of one row."""
		record, self.record = self.record, []
		return record


def _swallowed_rows(record: list[str], cells: list[str], delimiter: str, widths: Counter[int]) -> bool:
	"""Tell whether a row of several lines is several rows between a quote that was not closed and the next one in the file.

	Each of its lines is then as wide as a row of the file. Text with line breaks inside a quoted cell hardly ever is; so it is believed
	where the closing quote stands in front of a letter, as no program writes it, or where it holds for many lines.
	"""
	if not widths:
		return False
	separators = max(widths.items(), key=lambda item: (item[1], item[0]))[0] - 1
	if any(line.count(delimiter) < separators for line in record):
		return False
	return _closed_within_text(record, delimiter) or (
		separators > 1
		and len(record) >= _LINES_OF_ROWS
		and all(line.count(delimiter) == separators for line in record)
	)


def _closed_within_text(record: list[str], delimiter: str) -> bool:
	try:
		list(csv.reader(record, delimiter=delimiter, strict=True))
	except csv.Error:
		return True
	return False


def _is_excel_hint(cells: list[str], delimiter: str) -> bool:
	"""Excel reads a first line "sep=;" as an instruction; the delimiter itself cuts it in two."""
	return delimiter.join(cells).strip().strip('"').lower() in (f"sep={delimiter}", "sep=")


def _plain(cell: str) -> str:
	"""Return the cell without the apostrophe that keeps a number from losing its zeros, and without outer space."""
	text = cell.strip()
	if len(text) > 1 and text[0] == "'" and (text[1].isdigit() or text[1] in "+-=@("):
		return text[1:]
	return text


def _find_delimiter(path: Path, encoding: str) -> str:
	"""Return the separator that cuts the first lines into most cells with the fewest lines of another width."""
	with path.open(encoding=encoding, errors="replace", newline="") as text:
		sample = text.read(_SAMPLE_CHARACTERS)
	hint = sample[:6].lower()
	if hint.startswith("sep=") and len(hint) > len("sep=") and hint[4] in _DELIMITERS:
		return hint[4]
	return max(
		_DELIMITERS, key=lambda delimiter: (_regularity(sample, delimiter), -_DELIMITERS.index(delimiter))
	)


def _regularity(sample: str, delimiter: str) -> float:
	"""Share of lines that have the usual number of cells, times how many cells that is; 0 where nothing is cut."""
	try:
		rows = list(islice(csv.reader(io.StringIO(sample), delimiter=delimiter), _SAMPLE_LINES))
	except csv.Error:
		return 0.0
	widths = Counter(len(row) for row in rows if row)
	if not widths:
		return 0.0
	width, lines = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
	return (width - 1) * lines / sum(widths.values())
