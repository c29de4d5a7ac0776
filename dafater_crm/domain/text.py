"""One-line texts such as names and titles: nothing invisible, no HTML, no spreadsheet formula."""

from __future__ import annotations

import html
import re

from .characters import one_line
from .errors import RuleError

# HTML 5 opens a tag at "<" followed by a letter, "/", "!" or "?", closed or not; "A < B" and "<3" are text.
_MARKUP = re.compile(r"<[A-Za-z/!?]")

# The characters that make a spreadsheet evaluate a cell (OWASP "CSV Injection"), with their full-width twins.
_EQUALS = "=\uff1d"
_SIGNS = "+-\uff0b\uff0d"
_AT = "@\uff20"
# Behind a sign: a number, a bracket, a quoted sheet name, another formula, or arithmetic on a cell such as A1.
_OPERAND = re.compile(r"[\d(\[{'\"=@]|\$?[A-Za-z]{1,3}\$?\d+\s*(?:$|[-+*/^&])")
# Anywhere behind the first character: a function call, a DDE link such as cmd|'/C calc', another sheet.
_CALL = re.compile(r"[A-Za-z0-9_.]\s*\(|\||\w'?!\$?[A-Za-z]")


def plain(raw: str | None, max_length: int = 140) -> str:
	"""Return the text as one NFC line, at most ``max_length`` characters (code points, as MariaDB counts).

	Control characters, bidi overrides and zero-width characters are removed and runs of white space become one
	space; None and a blank are "". Raises RuleError:

	- "text_has_markup" for anything that a browser would open as a tag, also when written with entities;
	- "text_is_formula" for ``=`` followed by anything, for ``+`` or ``-`` followed by a number, bracket, quote or
	  arithmetic on a cell, and for ``+``, ``-`` or ``@`` with a function call, ``|`` or a sheet's ``!`` behind it.
	  So "-", "@home", "@360 Agency" and "- خصم" pass; "+966551234567", which is not a name, does not;
	- "text_too_long".

	An export still has to quote its cells: this guards names, not notes or data from before the rule.
	"""
	text = one_line(raw)
	if _MARKUP.search(text) or _MARKUP.search(html.unescape(text)):
		raise RuleError("text_has_markup", value=text)
	if is_formula(text):
		raise RuleError("text_is_formula", value=text)
	if len(text) > max_length:
		raise RuleError("text_too_long", length=len(text), max_length=max_length)
	return text


def is_formula(text: str) -> bool:
	"""Tell whether a spreadsheet would evaluate this text as a cell; the rule is described at ``plain``."""
	text = text.lstrip()
	first, rest = text[:1], text[1:]
	if not rest.strip():
		return False
	if first in _EQUALS:
		return True
	if first in _SIGNS:
		operand = rest.lstrip(f" {_SIGNS}")
		return bool(_OPERAND.match(operand) or _CALL.search(rest))
	return first in _AT and bool(_CALL.search(rest))
