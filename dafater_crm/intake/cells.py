"""Cleaning single cells: each takes what was written and returns what can be stored, with what was wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from dafater_crm.domain import arabic, characters, emails, phones, text
from dafater_crm.domain.errors import RuleError

from . import email_cells, phone_cells
from .blanks import is_blank
from .problems import Problem
from .spreadsheet_numbers import is_rounded, unfolded

NAME_LENGTH = 140  # what a Data field of Frappe holds

_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\t\r "
_TAG = re.compile(r"<[^<>]*>?")
_EMOJI_CATEGORIES = ("So", "Sk", "Cs", "Co", "Cn")
_LOST_LETTER = "\ufffd"  # stands for bytes of the file that are no letter
_VARIATION = "\ufe0e\ufe0f\u20e3"


def clean_line(raw: str, field: str, length: int = NAME_LENGTH) -> tuple[str, list[Problem]]:
	"""Return one line of at most ``length`` characters: no invisible characters, emoji, HTML or formula.

	Nothing is refused: what ``domain.text.plain`` would refuse is taken out, and said.
	"""
	problems: list[Problem] = []
	if _LOST_LETTER in raw:
		problems.append(Problem("cell_letters_lost", field))
		raw = raw.replace(_LOST_LETTER, "")
	line = characters.one_line(raw)
	if _has_bidi(raw):
		problems.append(Problem("cell_invisible_characters", field))
	if (without := _without_emoji(line)) != line:
		problems.append(Problem("cell_emoji", field))
		line = without
	line = _settled(line, field, problems)
	if len(line) > length:
		problems.append(Problem("text_too_long", field, (len(line), length)))
		line = line[:length].rstrip()
	return line, problems


def clean_name(raw: str, field: str) -> tuple[str, list[Problem]]:
	"""Return a person's or company's name as ``domain.arabic.clean_name`` stores it, with what was wrong; "" for "-" and "لا يوجد"."""
	line, problems = clean_line(raw, field)
	try:
		name = arabic.clean_name(line)
		return "" if is_blank(name) else name, problems
	except RuleError as error:
		# Presentation forms can grow beyond the limit as they become letters.
		return "", [*problems, Problem.of(error, field)]


def clean_phones(raw: str, field: str, region: str) -> tuple[list[str], list[Problem]]:
	"""Return the E.164 numbers of one cell in their order, and what was wrong with the rest."""
	if not raw.strip():
		return [], []
	try:
		return [phones.to_e164(raw, region)], []
	except RuleError as error:
		return phone_cells.difficult(raw, field, region, Problem.of(error, field))


def unassigned_phone(raw: str) -> str:
	"""Return what a refused cell has in common with the same number written otherwise, "" if it is hardly a number; never stored."""
	return phone_cells.unassigned(raw)


def clean_emails(raw: str, field: str) -> tuple[list[str], list[Problem]]:
	"""Return the addresses of one cell in their order, and what was wrong with the rest."""
	if not raw.strip():
		return [], []
	try:
		return [emails.normalise(raw)], []
	except RuleError as error:
		return email_cells.difficult(raw, field, Problem.of(error, field))


def clean_number(raw: str, field: str, rule: Callable[[str], str]) -> tuple[str, list[Problem]]:
	"""Return a CR, VAT, national id or part of an address by its rule; "" with the problem where it is wrong."""
	try:
		return rule(raw), []
	except RuleError as error:
		problem = Problem.of(error, field)
	typed = characters.compact(raw)
	if is_blank(typed):
		return "", []
	if is_rounded(typed):
		return "", [Problem("number_rounded", field, (characters.one_line(raw),))]
	try:
		return rule(unfolded(typed)), []
	except RuleError:
		return "", [problem]


def _settled(line: str, field: str, problems: list[Problem]) -> str:
	"""Take HTML and the beginning of a formula out until nothing of them is left."""
	try:
		return text.plain(line, max_length=len(line) or 1)
	except RuleError as error:
		problems.append(Problem(error.code, field, error.args_for_message))
	while True:
		cleaned = _TAG.sub(" ", line).replace("<", " ")
		if text.is_formula(cleaned):
			cleaned = cleaned.lstrip(_SIGNS)
		cleaned = characters.one_line(cleaned)
		try:
			return text.plain(cleaned, max_length=len(cleaned) or 1)
		except RuleError:
			if cleaned == line:
				# Markup spelled with entities: &lt;b&gt;
				cleaned = cleaned.replace("&", " ")
			line = cleaned


def _has_bidi(raw: str) -> bool:
	return characters.strip_invisible(raw) != raw.replace("\u200c", "").replace("\u200d", "")


def _without_emoji(line: str) -> str:
	if line.isascii():
		return line
	kept = (char for char in line if not _is_emoji(char))
	return characters.one_line("".join(kept))


def _is_emoji(char: str) -> bool:
	if char in _VARIATION:
		return True
	# Sk holds the skin colours; those below it are the accents ^ and ` of a keyboard. ® and © stay.
	return ord(char) >= 0x2190 and unicodedata.category(char) in _EMOJI_CATEGORIES
