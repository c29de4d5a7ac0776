"""The cleaned file: the original columns and, beside them, what the audit found."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from dafater_crm.domain.text import is_formula
from dafater_crm.intake.table import Table

from .analysis import Analysis

ADDED = ("row", "entity", "mobile_e164", "phone_e164", "email_clean", "problems")

# A phone or a plain number may begin with + or -: there is nothing in it to run.
_HARMLESS = re.compile(r"[+\-]?[\d\s().٠-٩۰-۹/\-]*")


def write_cleaned(path: Path, table: Table, analysis: Analysis, progress: Callable[[int], None]) -> None:
	"""Write the rows of the table as UTF-8 with a byte order mark, which Excel needs to read Arabic.

	Original cells stay as they were, but for one thing: a cell that a spreadsheet would run as a formula gets an apostrophe
	in front, since this file is made to be opened in one. Reading it again takes the apostrophe away.
	"""
	entities = analysis.entities()
	with path.open("w", encoding="utf-8-sig", newline="") as stream:
		writer = csv.writer(stream)
		writer.writerow([*map(safe, table.headings), *_added_headings(table.headings)])
		for place, row in enumerate(table.rows()):
			result = analysis.rows[place]
			added = (
				result.number,
				entities[place],
				result.mobile,
				result.phone,
				result.email,
				"; ".join(result.problems),
			)
			width = len(table.headings)
			writer.writerow([*map(safe, row.cells[:width]), *added])
			if place % 500 == 0:
				progress(place)


def safe(cell: str) -> str:
	"""Return a cell that no spreadsheet runs."""
	return cell if _HARMLESS.fullmatch(cell) or not is_formula(cell) else f"'{cell}"


def _added_headings(headings: list[str]) -> list[str]:
	"""The added headings, with dafater_ in front where the file has a column of that name already, and a number behind from the third time on."""
	taken = {heading.strip().lower() for heading in headings}
	return [next(free for free in _spellings(name) if free not in taken) for name in ADDED]


def _spellings(name: str) -> Iterator[str]:
	yield name
	yield f"dafater_{name}"
	for number in count(2):
		yield f"dafater_{name}_{number}"
