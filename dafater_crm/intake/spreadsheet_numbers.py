"""Numbers as programs write them that took a phone or a registration for an amount: 501234567.0, 5.01234567E+08."""

from __future__ import annotations

import re

_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
# Short numbers such as 12.0 are no phone, registration or postal code.
_WITH_DECIMALS = re.compile(r"(\+?[0-9]{4,})[.,]0{1,2}")


def is_rounded(text: str) -> bool:
	"""Tell whether digits are lost: 9.66501E+11 has six of twelve."""
	found = _SCIENTIFIC.fullmatch(text)
	return bool(found) and not _all_digits(found)


def unfolded(text: str) -> str:
	"""Return the number in plain digits where all of them are there; any other text as it is."""
	if found := _WITH_DECIMALS.fullmatch(text):
		return found[1]
	found = _SCIENTIFIC.fullmatch(text)
	return (_all_digits(found) or text) if found else text


def _all_digits(found: re.Match[str]) -> str:
	"""The digits of a number in scientific notation, "" where some are not written or some stand behind the point."""
	digits, whole = found[1] + (found[2] or ""), int(found[3]) + 1
	return digits[:whole] if len(digits) >= whole and not digits[whole:].strip("0") else ""
