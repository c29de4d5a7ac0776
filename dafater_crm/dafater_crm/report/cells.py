"""What the reports have in common on the way to the reader: safe cells, aligned columns, the word on hidden rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from frappe import _
from frappe.utils.jinja_globals import is_rtl

from dafater_crm.domain.text import is_formula
from dafater_crm.records.labels import _ as marked

# what a formula begins with, white space and full-width twins included
FORMULA_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20 \t\r\n")

LEADS_CUT = marked(
	"The newest {0} of {1} leads are shown; the figures count all. Choose a shorter period to see the rest."
)
OPPORTUNITIES_CUT = marked(
	"The newest {0} of {1} opportunities are shown; the figures count all. Choose a shorter period to see the rest."
)
ENGAGED_CUT = marked(
	"The {0} leads with the most interactions of {1} are shown; the figures count all. Raise Most Rows or choose a filter "
	"to see the rest."
)


def cut_message(definition: str, sentence: str, shown: int, total: int) -> str:
	"""The report's definition, and `sentence` (one of those above) where not all rows are shown."""
	return definition if total <= shown else f"{definition} {_(sentence).format(shown, total)}"


def presented(execute: Callable) -> Callable:
	"""Decorator of a report's `execute`: words where the reader begins, no cell that a spreadsheet would evaluate.

	The side is said outright, since the desk's table puts words on the left in Arabic too. Names are checked when they
	are saved; those of other apps, and rows from before the rule, get an apostrophe here.
	"""

	@wraps(execute)
	def wrapper(filters: dict | None = None) -> tuple:
		columns, rows, *rest = execute(filters)
		words = [column["fieldname"] for column in columns if column["fieldtype"] == "Data"]
		for row in rows:
			for name in words:
				value = row.get(name)
				# asked here and not in a function: a report of two thousand rows has twenty thousand words
				if value.__class__ is str and value[:1] in FORMULA_SIGNS:
					row[name] = _safe(value)
		side = "right" if is_rtl() else "left"
		aligned = [
			{"align": side, **column} if column["fieldname"] in words else column for column in columns
		]
		return (aligned, rows, *rest)

	return wrapper


def _safe(value: str) -> str:
	"""A phone number keeps its plus: it is looked up and dialled from the cell."""
	if value[1:].isdecimal():
		return value
	return f"'{value}" if is_formula(value) else value
