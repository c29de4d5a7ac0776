"""Just enough of JavaScript's syntax to tell strings, comments and code apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

STRING = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"
# A comment may hold an apostrophe and a string may hold "//": one pattern reads both, so neither hides the other.
TOKEN = re.compile(rf"(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>{STRING})", re.S)


def strings(text: str) -> Iterator[tuple[int, str]]:
	"""Offset and value of every string literal outside comments."""
	for match in TOKEN.finditer(text):
		if match.lastgroup == "string":
			yield match.start(), unquote(match.group())


def without_comments(text: str) -> str:
	"""The same text, comments blanked out: offsets and line numbers stay."""
	return TOKEN.sub(lambda m: blank(m.group()) if m.lastgroup == "comment" else m.group(), text)


def code_only(text: str) -> str:
	"""The same text with comments and strings blanked out."""
	return TOKEN.sub(lambda m: blank(m.group()), text)


def blank(text: str) -> str:
	return re.sub(r"[^\n]", " ", text)


def unquote(literal: str) -> str:
	"""Value of a string literal; escapes other than these stand for their own character."""
	return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", _escape, literal[1:-1], flags=re.S)


def _escape(match: re.Match) -> str:
	code = match.group(1)
	if len(code) == 5:
		return chr(int(code[1:], 16))
	return {"n": "\n", "t": "\t", "r": "\r", "\n": ""}.get(code, code)
