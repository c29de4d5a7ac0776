"""Characters that break equality without being seen, and digits of other scripts."""

from __future__ import annotations

import re
import unicodedata

# Arabic-Indic (U+0660) and Extended Arabic-Indic, "Persian" (U+06F0) digits; both are typed in Saudi Arabia.
_DIGITS = {base + value: str(value) for base in (0x0660, 0x06F0) for value in range(10)}

# Nothing here has ink: controls other than white space, soft hyphen, bidi marks, embeddings, overrides and
# isolates, zero-width space, word joiner, byte order mark, interlinear marks, Hangul fillers, tag characters.
# Lone surrogates are here because JSON can carry them and UTF-8, hence the database, cannot.
_INVISIBLE = re.compile(
	r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e"
	r"\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)

# Zero-width (non-)joiner: Persian spelling and composed emoji need them inside a text, never at its ends.
_JOINERS = "\u200c\u200d"


def ascii_digits(text: str) -> str:
	"""Return the text with Arabic-Indic and Persian digits as 0-9; everything else is kept."""
	return text.translate(_DIGITS)


def strip_invisible(text: str) -> str:
	"""Return the text without controls, bidi controls and zero-width characters; white space is kept."""
	return _INVISIBLE.sub("", text).replace("\u200c", "").replace("\u200d", "")


def compact(raw: object) -> str:
	"""Return an identifier as typed without any white space or invisible character, digits in ASCII.

	None is "". A number is accepted too, because a spreadsheet import delivers 551234567 as one.
	"""
	if raw is None:
		return ""
	return "".join(ascii_digits(strip_invisible(str(raw))).split())


def one_line(raw: object) -> str:
	"""Return the text as one NFC line: no invisible characters, each run of white space one space, None as ""."""
	if raw is None:
		return ""
	# Strip before composing: a zero-width character between a letter and its mark would keep them apart.
	text = unicodedata.normalize("NFC", _INVISIBLE.sub("", str(raw)))
	return " ".join(text.split()).strip(_JOINERS + " ")
