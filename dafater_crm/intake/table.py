"""What a file looks like to the rest: a heading row and a stream of rows of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from dafater_crm.domain import headings
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.headings import Column

from .limits import Limits

_SAMPLES = 200


@dataclass(frozen=True, slots=True)
class Row:
	"""One row: its number as the spreadsheet shows it, its cells as texts, and problems as (column, code)."""

	number: int
	cells: list[str]
	problems: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Table:
	"""One sheet. ``rows()`` reads the file anew each time it is called, in bounded memory."""

	headings: list[str]
	columns: list[Column]
	heading_row: int
	format: str
	encoding: str = ""
	delimiter: str = ""
	sheet: str = ""
	sheets: list[str] = field(default_factory=list)
	# the other sheets that are visible and hold anything
	other_sheets: list[str] = field(default_factory=list)
	_read: Callable[[], Iterator[Row]] = field(default=iter, repr=False)

	def recognised(self) -> int:
		"""How many fields of a lead the columns hold."""
		return len({column.field for column in self.columns if column.field})

	def rows(self) -> Iterator[Row]:
		"""Yield the rows below the headings that are not blank, each as wide as the headings at least."""
		width = len(self.headings)
		for row in self._read():
			if row.number > self.heading_row and any(row.cells):
				row.cells.extend([""] * (width - len(row.cells)))
				yield row


def describe(read: Callable[[], Iterator[Row]], limits: Limits, **facts: object) -> Table:
	"""Return the Table of a reader; raise "file_empty", "file_without_headings", "file_without_rows" or
	"file_too_wide"."""
	head = list(islice((row for row in read() if any(row.cells)), _SAMPLES))
	if not head:
		raise RuleError("file_empty")
	place = headings.find_heading_row([row.cells for row in head])
	if place is None:
		raise RuleError("file_without_headings")
	below = [row.cells for row in head[place + 1 :]]
	if not below:
		raise RuleError("file_without_rows")
	# Cells beyond the last heading belong to a column too; it is known by its content only.
	width = max(len(_trimmed(cells)) for cells in (head[place].cells, *below))
	if width > limits.columns:
		raise RuleError("file_too_wide", columns=width, limit=limits.columns)
	titles = (head[place].cells + [""] * width)[:width]
	columns = headings.recognise(titles, below)
	return Table(titles, columns, head[place].number, _read=read, **facts)


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
	end = len(cells)
	while end and not cells[end - 1]:
		end -= 1
	return cells[:end]
