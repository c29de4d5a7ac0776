"""Which field of a lead each column of a file holds: by its heading, else by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from . import emails, phones, saudi_ids
from .arabic import search_key
from .errors import RuleError
from .heading_words import ARABIC_NAMES, GENERAL, HEADINGS, LATIN_NAMES, LOOSE, SEVERAL

EXACT, SIMILAR, CONTENT, UNKNOWN = "heading", "similar_heading", "content", "unknown"

_LEAST_SIMILARITY = 88
_SHORTEST_SIMILAR = 5
_CONTENT_SHARE = 0.6
_FEWEST_VALUES = 2
_HEADING_ROWS = 10
_SERIAL_SHARE = 0.9
_SERIAL_DIGITS = 8  # numbers that count rows are small; consecutive phones are phones
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# الاسم / Name, Name - الاسم, الاسم (Name), two lines; a space alone is no such thing
_SET_APART = re.compile(r"[/\\|()\n:،,]|\s[-–—]\s")
# Not \W, which would cut at tashkeel.
_BETWEEN_WORDS = re.compile(r"[\s/\\\-–—|().,،:;*_#+&]+")


@dataclass(frozen=True, slots=True)
class Column:
	"""What one column holds. ``field`` is "" where nobody knows; ``confidence`` is 0 to 1."""

	index: int
	heading: str
	field: str
	confidence: float
	how: str


def heading_key(heading: str) -> str:
	"""Return a heading as it is looked up: folded, one space between words, punctuation and a * gone."""
	spaced = _CAMEL.sub(" ", heading)
	# Word by word, since search_key leaves out words such as شركة and Company, which headings are made of.
	words = _BETWEEN_WORDS.sub(" ", spaced).split()
	return " ".join(filter(None, (search_key(word) for word in words)))


_FIELDS = {heading_key(text): field for field, texts in HEADINGS.items() for text in texts}
_LOOSE = frozenset(map(heading_key, LOOSE))
_LATIN_NAMES = frozenset(map(heading_key, LATIN_NAMES))
_ARABIC_NAMES = frozenset(map(heading_key, ARABIC_NAMES))


def recognise(headings: Sequence[str], rows: Iterable[Sequence[str]] = ()) -> list[Column]:
	"""Return one Column for each heading, in order; ``rows`` are some tens of rows of the file as samples.

	Several columns may hold the fields of ``heading_words.SEVERAL`` (phones, e-mails, notes); of any other field the
	surest column, then the first, is it and the rest are notes, so that nothing is lost.
	"""
	samples = list(rows)
	columns = [_by_heading(index, heading) for index, heading in enumerate(headings)]
	columns = [_confirmed(column, samples) for column in columns]
	return _one_column_a_field(columns)


def find_heading_row(rows: Sequence[Sequence[str]]) -> int | None:
	"""Return the place of the heading row among the first ten rows, None if there is none.

	It is the row with most known headings. Failing that the first row of two or more different texts, none of which
	is itself a phone, an e-mail address or a number.
	"""
	head = rows[:_HEADING_ROWS]
	known = [sum(bool(_by_heading(0, cell).field) for cell in set(row)) for row in head]
	if known and max(known) >= 1:
		best = known.index(max(known))
		if not any(_is_value(cell) for cell in head[best]):
			return best
	widest = max((len(set(filter(None, row))) for row in head), default=0)
	for place, row in enumerate(head):
		texts = set(filter(None, row))
		if texts and len(texts) * 2 > widest:
			return None if any(_is_value(text) for text in texts) else place
	return None


def _by_heading(index: int, heading: str) -> Column:
	key = heading_key(heading)
	found = _by_key(key) or _by_halves(key, heading)
	if not found:
		return Column(index, heading, "", 0.0, UNKNOWN)
	return Column(index, heading, *found)


def _by_key(key: str) -> tuple[str, float, str] | None:
	"""Return the field of a folded heading, how sure that is and how it was found."""
	if field := _FIELDS.get(key):
		return field, 1.0, EXACT
	# "Phone 1 - Value", "جوال 2", "E-mail Address 2"
	bare = " ".join(word for word in key.split() if not word.isdigit() and word != "value")
	if bare and (field := _FIELDS.get(bare)):
		return field, 0.95, EXACT
	if len(bare) >= _SHORTEST_SIMILAR:
		nearest = max(_FIELDS, key=lambda known: fuzz.ratio(bare, known))
		likeness = fuzz.ratio(bare, nearest)
		if likeness >= _LEAST_SIMILARITY and len(nearest) >= _SHORTEST_SIMILAR:
			return _FIELDS[nearest], likeness / 110, SIMILAR
	return None


def _by_halves(key: str, heading: str) -> tuple[str, float, str] | None:
	"""Return the field of a heading in two languages: الاسم / Name, Mobile No. رقم الجوال, الاسم (English)."""
	arabic, latin = _halves(key)
	if not latin or not arabic:
		return None
	found = [half for half in (_by_key(arabic), _by_key(latin)) if half]
	if not found:
		return None
	if len(found) == 1:
		# حالة Lead is no name: one half alone says enough where it is set apart
		return _in_letters(found[0], {arabic, latin}) if _SET_APART.search(heading) else None
	fields = {field for field, _sure, _how in found}
	for general in GENERAL:
		if len(fields) > 1:
			fields.discard(general)
	chosen = [half for half in found if half[0] in fields]
	return max(chosen, key=lambda half: half[1]) if len(fields) == 1 else None


def _halves(key: str) -> tuple[str, str]:
	"""The words of a folded heading in other letters, and those in Latin ones."""
	words = key.split()
	arabic = (word for word in words if not word.isascii())
	return " ".join(arabic), " ".join(word for word in words if word.isascii())


def _is_loose(heading: str) -> bool:
	"""Tell whether a heading stands above almost any number: الرقم, also with No. beside it."""
	arabic, latin = _halves(heading_key(heading))
	return arabic in _LOOSE and not (latin and _by_key(latin))


def _in_letters(found: tuple[str, float, str], halves: set[str]) -> tuple[str, float, str]:
	"""The same for one half of a heading; where the other says in which letters the name is, for those."""
	field, sure, how = found
	if halves & _LATIN_NAMES and f"{field}_latin" in HEADINGS:
		return f"{field}_latin", sure, how
	return field, sure if halves & _ARABIC_NAMES else sure * 0.9, how


def _confirmed(column: Column, samples: Sequence[Sequence[str]]) -> Column:
	"""The column by its heading, or by its content where the heading is unknown, or says little and the content says otherwise."""
	if column.field and not _is_loose(column.heading):
		return column
	values = _values(column, samples)
	if not column.field or not values:
		return _by_content(column, values)
	rule = _accepted(saudi_ids.validate_cr if column.field == "cr_number" else phones.to_e164)
	if 2 * sum(map(rule, values)) >= len(values):
		return column
	found = _by_content(Column(column.index, column.heading, "", 0.0, UNKNOWN), values)
	return column if column.field == "cr_number" and not found.field else found


def _values(column: Column, samples: Sequence[Sequence[str]]) -> list[str]:
	# 501234567.0: a program took the column for amounts
	cells = (row[column.index].strip().removesuffix(".0") for row in samples if column.index < len(row))
	return [cell for cell in cells if cell]


def _is_serial(values: Sequence[str]) -> bool:
	"""Tell whether a column counts its rows."""
	numbers = [int(value) for value in values if value.isdecimal() and len(value) < _SERIAL_DIGITS]
	if len(numbers) < _SERIAL_SHARE * len(values):
		return False
	steps = sum(after - before == 1 for before, after in pairwise(numbers))
	return steps >= _SERIAL_SHARE * (len(numbers) - 1)


def _by_content(column: Column, values: Sequence[str]) -> Column:
	if len(values) < _FEWEST_VALUES or _is_serial(values):
		return column
	for field, test in _TESTS:
		share = sum(test(value) for value in values) / len(values)
		if share >= _CONTENT_SHARE:
			return Column(column.index, column.heading, field, round(0.6 * share, 2), CONTENT)
	return column


def _accepted(rule: Callable[[str], str]) -> Callable[[str], bool]:
	def test(value: str) -> bool:
		try:
			return bool(rule(value))
		except RuleError:
			return False

	return test


def _is_mobile(value: str) -> bool:
	try:
		return phones.kind(phones.to_e164(value)) == "mobile"
	except RuleError:
		return False


# From the strictest rule to the loosest: a VAT number is no phone, but a phone of ten digits could be a CR.
_TESTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
	("email_id", _accepted(emails.normalise)),
	("vat_number", _accepted(saudi_ids.validate_vat)),
	("mobile_no", _is_mobile),
	("phone", _accepted(phones.to_e164)),
	("national_id", _accepted(saudi_ids.validate_national_id)),
	("short_address", _accepted(saudi_ids.validate_short_address)),
)


def _is_value(cell: str) -> bool:
	return bool(cell.strip()) and any(test(cell) for _field, test in _TESTS)


def _one_column_a_field(columns: Sequence[Column]) -> list[Column]:
	"""Leave each field that can be said once to its surest column."""
	best: dict[str, Column] = {}
	for column in columns:
		if column.field and (column.field not in best or column.confidence > best[column.field].confidence):
			best[column.field] = column
	return [
		column
		if not column.field or column.field in SEVERAL or best[column.field] is column
		else Column(column.index, column.heading, "notes", column.confidence, column.how)
		for column in columns
	]
