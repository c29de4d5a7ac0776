"""Cleaning single cells: each takes what was written and returns what can be stored, with what was wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from dafater_crm.domain import arabic, characters, emails, phones, text
from dafater_crm.domain.errors import RuleError

from .problems import Problem

NAME_LENGTH = 140  # what a Data field of Frappe holds

_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\t\r "
_TAG = re.compile(r"<[^<>]*>?")
_EMOJI_CATEGORIES = ("So", "Sk", "Cs", "Co", "Cn")
_VARIATION = "\ufe0e\ufe0f\u20e3"
# Between two phones or addresses of one cell. A plain dash is part of a phone; one between spaces is not.
_BETWEEN = re.compile(
	r"[/\\;,،؛|\n&]|\s[-–—]\s|\s+(?:و|أو|او|and|or)\s*(?=[+\d٠-٩۰-۹])|(?<=\d)\s{2,}(?=[+0٠])"
)
_BETWEEN_EMAILS = re.compile(r"[;,،؛|\s/]+")
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_DIGITS_OF_TWO = 17  # no number has so many digits; two of them in one cell do


def clean_line(raw: str, field: str, length: int = NAME_LENGTH) -> tuple[str, list[Problem]]:
	"""Return one line of at most ``length`` characters: no invisible characters, emoji, HTML or formula.

	Nothing is refused: what ``domain.text.plain`` would refuse is taken out, and said.
	"""
	problems: list[Problem] = []
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
	"""Return a person's or company's name as ``domain.arabic.clean_name`` stores it, with what was wrong."""
	line, problems = clean_line(raw, field)
	try:
		return arabic.clean_name(line), problems
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
		whole = Problem.of(error, field)
	if _ROUNDED.fullmatch(raw.strip()):
		return [], [Problem("phone_rounded", field, (characters.one_line(raw),))]
	pieces = [piece.strip() for piece in _BETWEEN.split(raw) if piece and piece.strip()]
	if len(pieces) < 2 or whole.code == "phone_has_extension":
		return [], [whole]
	return _each(
		pieces, lambda piece: phones.to_e164(piece, region), Problem("phones_in_one_cell", field), field
	)


def clean_emails(raw: str, field: str) -> tuple[list[str], list[Problem]]:
	"""Return the addresses of one cell in their order, and what was wrong with the rest."""
	if not raw.strip():
		return [], []
	try:
		return [emails.normalise(raw)], []
	except RuleError as error:
		whole = Problem.of(error, field)
	pieces = [piece for piece in _BETWEEN_EMAILS.split(raw.strip()) if "@" in piece]
	if len(pieces) < 2:
		return [], [whole]
	return _each(pieces, emails.normalise, Problem("emails_in_one_cell", field), field)


def clean_number(raw: str, field: str, rule: Callable[[str], str]) -> tuple[str, list[Problem]]:
	"""Return a CR, VAT, national id or part of an address by its rule; "" with the problem where it is wrong."""
	try:
		return rule(raw), []
	except RuleError as error:
		if _ROUNDED.fullmatch(raw.strip()):
			return "", [Problem("number_rounded", field, (characters.one_line(raw),))]
		return "", [Problem.of(error, field)]


def _each(
	pieces: list[str], rule: Callable[[str], str], split: Problem, field: str
) -> tuple[list[str], list[Problem]]:
	found, problems = [], []
	for piece in pieces:
		try:
			value = rule(piece)
		except RuleError as error:
			problems.append(Problem.of(error, field))
			continue
		if value and value not in found:
			found.append(value)
	return found, [split, *problems] if len(found) > 1 else problems


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
