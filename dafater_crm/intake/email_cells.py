"""E-mail addresses in cells that hold several of them, or something else beside one."""

from __future__ import annotations

import re

from dafater_crm.domain import characters, emails
from dafater_crm.domain.arabic import search_key
from dafater_crm.domain.errors import RuleError

from .blanks import is_blank
from .problems import Problem

_BETWEEN = re.compile(r"[;,،؛|:\s/<>()\[\]{}\"«»“”]+")
# A sentence or a list goes on behind an address; no mailbox ends so.
_BEHIND = ".!?؟…*'’-_"
# search_key of what people write beside an address without saying more by it
_LABELS = frozenset(
	search_key(word)
	for word in [
		"email",
		"mail",
		"e-mail",
		"البريد",
		"بريد",
		"الإلكتروني",
		"إلكتروني",
		"ايميل",
		"الايميل",
		"إميل",
		"mailto",
		"personal",
		"work",
		"office",
		"شخصي",
		"العمل",
		"عمل",
		"و",
		"أو",
		"and",
		"or",
	]
)
_LATIN_WORD = re.compile(r"[A-Za-z0-9._%+-]*[A-Za-z0-9]")


def difficult(raw: str, field: str, whole: Problem) -> tuple[list[str], list[Problem]]:
	"""Return the addresses of a cell that is not one plain address, and what is wrong with it; ``whole`` is what the rule said.

	Where the only problem is "emails_in_one_cell", the addresses are all that the cell held.
	"""
	text = characters.strip_invisible(raw).strip()
	if is_blank(text):
		return [], []
	pieces = [piece for piece in _BETWEEN.split(text) if piece]
	written = [piece for piece in pieces if "@" in piece]
	if not written or _is_torn(text):
		return [], [whole]
	found, wrong = _valid(written, field)
	if not found:
		return [], [whole]
	problems = [Problem("emails_in_one_cell", field)] if len(found) > 1 else []
	if _is_telling([piece for piece in pieces if "@" not in piece]):
		wrong.append(Problem("email_with_text", field))
	return found, [*problems, *wrong]


def _valid(pieces: list[str], field: str) -> tuple[list[str], list[Problem]]:
	found: list[str] = []
	problems: list[Problem] = []
	for piece in pieces:
		try:
			found.append(emails.normalise(piece.rstrip(_BEHIND).lstrip("'’*")))
		except RuleError as error:
			problems.append(Problem.of(error, field))
	return list(dict.fromkeys(found)), problems


def _is_torn(text: str) -> bool:
	"""Tell whether a Latin word stands beside an address with a space between: "ali b@example.com" may be one address, or none."""
	words = text.split()
	for place, word in enumerate(words):
		if "@" not in word:
			continue
		# "Ali <b@example.com>," is clear
		before = words[max(0, place - 1) : place] if word[0].isalnum() else []
		beside = before + (words[place + 1 : place + 2] if word[-1].isalnum() else [])
		if any(_LATIN_WORD.fullmatch(one) and search_key(one) not in _LABELS for one in beside):
			return True
	return False


def _is_telling(words: list[str]) -> bool:
	kept = " ".join(word for word in words if search_key(word) not in _LABELS)
	return not is_blank(kept)
