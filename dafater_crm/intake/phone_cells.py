"""Phones in cells that hold more than one number, or write it otherwise than the domain's rule takes it.

Files only: in a form a person is asked, here nobody is. What is not understood for certain stays invalid, and its cell is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial

from dafater_crm.domain import characters, phones
from dafater_crm.domain.errors import RuleError

from .blanks import is_blank
from .problems import Problem
from .spreadsheet_numbers import is_rounded, unfolded

# Between two phones of one cell. A plain dash is part of a phone; one between spaces is not.
_BETWEEN = re.compile(r"[/\\;,،؛|\n&]|\s[-–—]\s|\s+(?:و|أو|او|and|or)\s*(?=[+\d])|(?<=\d)\s{2,}(?=[+0])")
_DIGITS_OF_TWO = 17  # no number has so many digits; two of them in one cell do
_DIGITS_OF_ONE = range(8, 11)
# 0555555555, 0500000000 and 1234567890 were typed to get past a field.
_FEWEST_DIGITS = 3
_COUNTED_UP = frozenset(("12345678", "123456789", "1234567890", "987654321", "98765432"))
_COUNTRY = re.compile(r"^(?:00)?966")
_MOST_RUNS = 16  # groups of digits in one cell; more are a table
_LONGEST = 200
_ONLY_SIGNS = re.compile(r"[\d\s+_().\-]+", re.ASCII)
_RUN = re.compile(r"\d+", re.ASCII)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")
_LINK = re.compile(
	r"(?:https?://)?(?:www\.)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=)(?:\+|%2B)?(\d{8,15})(?:[/?&#]+(.*))?",
	re.IGNORECASE | re.ASCII,
)
_LABELS = (
	r"(?:ال)?(?:جوال|هاتف|تلفون|تليفون|موبايل|محمول|نقال|واتساب|واتس\s?[اأ]ب|واتس|رقم|تواصل|اتصال|ثابت|مكتب|منزل|عمل)"
	r"|mobile|mob|cell|telephone|phone|tel|whats\s?app|wa|gsm|landline|office|home|work|contact|number|no|num"
)
# Between two labels one class of signs only: two that overlap would be tried in every division of the signs.
_BEFORE = re.compile(rf"[\s(\[]*(?:\b(?:{_LABELS}|[جته])\b[\s.:=()\[\]\-]*)+(?=[+(\d])", re.IGNORECASE)
_BEHIND = re.compile(rf"(?<=\d)(?:[\s.:()\[\]\-]+(?:{_LABELS})\b)+[\s.)\]]*$", re.IGNORECASE)
_FAX = re.compile(r"\b(?:(?:ال)?فاكس|fax)\b", re.IGNORECASE)
_UNTELLING = re.compile(rf"\b(?:{_LABELS}|[جته]|و|أو|او|and|or)\b", re.IGNORECASE)
# In a text only what is written out is taken for a phone: with its 0, + or country code, and nothing grown to it.
_IN_TEXT = re.compile(r"(?<![\w@.+/])(?:\+|00|0(?=[1-9])|966)[\d \-()]{7,22}\d(?![\w@/]|\.\w)")
_EXTENSION = re.compile(
	rf"(?<=\d)[\s,;.(\-]*(?:{phones.EXTENSION_WORDS})[\s.:=)]*\d{{1,6}}[\s)]*$", re.IGNORECASE | re.ASCII
)
# Numbers of the region with a digit too many begin with 0, 1, 5 or 8.
_OF_ANOTHER_COUNTRY = re.compile(r"[234679]\d{10,14}|880\d{8,12}", re.ASCII)

Rule = Callable[[str], str]


def difficult(raw: str, field: str, region: str, whole: Problem) -> tuple[list[str], list[Problem]]:
	"""Return the E.164 numbers of a cell that is no plain number, and what is wrong with it; ``whole`` is what the rule said.

	Where the only problem is "phones_in_one_cell", the numbers are all that the cell held.
	"""
	text = _DASHES.sub("-", _readable(raw))
	if is_blank(text):
		return [], []
	if is_rounded(text):
		return [], [Problem("phone_rounded", field, (characters.one_line(raw),))]
	if len(text) > _LONGEST:
		return [], [whole]
	number = partial(_number, region=region)
	text = unfolded(text)
	found, codes = _read(text, number)
	wrong: list[str] = []
	if not found:
		found, codes, wrong = _pieces(text, number)
	if not found:
		return [], [whole]
	found = list(dict.fromkeys(found))
	problems = [Problem("phones_in_one_cell", field)] if len(found) > 1 else []
	problems += [Problem("phone_invalid", field, (characters.one_line(piece),)) for piece in wrong]
	problems += [Problem(code, field, (characters.one_line(raw),)) for code in codes]
	return found, problems


def unassigned(raw: str) -> str:
	"""Return a number that no plan holds in one form: +966579722863 for 0579722863 and 00966 57 972 2863, "" for other texts.

	Two records that give the same wrong number (a digit mistyped once, or an old one) are one person as much as two that give the same
	right one. It is compared and never stored, so the country does not matter.
	"""
	text = _DASHES.sub("-", _readable(raw))
	if not _ONLY_SIGNS.fullmatch(text):
		return ""
	digits = _COUNTRY.sub("", "".join(_RUN.findall(text))).lstrip("0")
	is_number = len(digits) in _DIGITS_OF_ONE and len(set(digits)) > _FEWEST_DIGITS
	return f"+966{digits}" if is_number and digits not in _COUNTED_UP else ""


def _readable(raw: str) -> str:
	return unicodedata.normalize("NFKC", characters.ascii_digits(characters.strip_invisible(raw))).strip()


def _number(text: str, region: str) -> str:
	"""Return one number as E.164, "" if it is none.

	A spreadsheet takes the + from +971 50 123 4567: what is no number of the region is tried with it, unless it may be one with a digit
	too many.
	"""
	try:
		return phones.to_e164(re.sub(r"^\+{2,}", "+", text), region)
	except RuleError:
		digits = re.sub(r"[\s\-]", "", text)
	if not _OF_ANOTHER_COUNTRY.fullmatch(digits):
		return ""
	try:
		return phones.to_e164(f"+{digits}", region)
	except RuleError:
		return ""


def _read(text: str, number: Rule) -> tuple[list[str], list[str]]:
	"""Return the numbers of a text, and the codes of what stood beside them; nothing where it is not clear."""
	bare = _BEHIND.sub("", _BEFORE.sub("", text, count=1))
	for one in dict.fromkeys((text, bare)):
		if found := number(one):
			return [found], []
	if runs := _runs(bare, number):
		return runs, []
	if link := _LINK.fullmatch(text):
		found = number(f"+{link[1]}") or number(link[1])
		return [found] if found else [], ["phone_with_text"] if link[2] else []
	if (extension := _EXTENSION.search(bare)) and (found := number(bare[: extension.start()])):
		return [found], ["phone_has_extension"]
	return _in_text(text, number)


def _pieces(text: str, number: Rule) -> tuple[list[str], list[str], list[str]]:
	"""Read what stands between separators: the numbers, the codes of what stood beside them, and the pieces that are wrong."""
	found: list[str] = []
	codes: list[str] = []
	wrong: list[str] = []
	for piece in _BETWEEN.split(text):
		if is_blank(piece):
			continue
		numbers, more = _read(piece.strip(), number)
		found += numbers
		codes += more
		if not numbers and any(map(str.isdigit, piece)):
			wrong.append(piece)
		elif not numbers and _is_telling(piece):
			codes.append("phone_with_text")
	return found, list(dict.fromkeys(codes)), wrong


def _runs(text: str, number: Rule) -> list[str]:
	"""Return two or more numbers with nothing but a space, dash, + or _ between them: 0501234567-0551234567."""
	runs = _RUN.findall(text)
	if not _ONLY_SIGNS.fullmatch(text) or len(runs) > _MOST_RUNS or sum(map(len, runs)) < _DIGITS_OF_TWO:
		return []
	return _grouped(runs, number)


def _grouped(runs: list[str], number: Rule) -> list[str]:
	"""Return the runs of digits as numbers in their order, [] if some of them are left."""
	for end in range(1, len(runs) + 1):
		found = number("".join(runs[:end]))
		if found and end == len(runs):
			return [found]
		if found and (rest := _grouped(runs[end:], number)):
			return [found, *rest]
	return []


def _in_text(text: str, number: Rule) -> tuple[list[str], list[str]]:
	"""Return the numbers written out in a text that holds no other digits: an address with its numbers is left alone."""
	found: list[str] = []
	for written in _IN_TEXT.findall(text):
		numbers = [one] if (one := number(written)) else _runs(written, number)
		if not numbers:
			return [], []
		found += numbers
	rest = _IN_TEXT.sub(" ", text)
	if any(map(str.isdigit, rest)) or _FAX.search(rest):
		return [], []
	return found, ["phone_with_text"] if _is_telling(rest) else []


def _is_telling(text: str) -> bool:
	return not is_blank(_UNTELLING.sub(" ", text))
