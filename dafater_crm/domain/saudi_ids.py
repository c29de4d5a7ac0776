"""Saudi identifiers and the parts of the national address (facts: saudi.md 4.2 and 4.3).

Each validator takes what was typed (Arabic-Indic and Persian digits, spaces and bidi controls are fine), returns
the normalised ASCII string or "" for a blank, and raises RuleError with a code of its own.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .characters import compact
from .errors import RuleError

_TEN_DIGITS = 10


def validate_vat(raw: str | None) -> str:
	"""Return a VAT registration number: 15 digits, the first and the last 3. Raises "vat_invalid".

	No checksum: ZATCA publishes none, and its own sample 399999999900003 fails Luhn.
	"""
	value = _matching(raw, r"3[0-9]{13}3", "vat_invalid")
	if _is_placeholder(value):
		raise RuleError("vat_invalid", value=raw)
	return value


def validate_cr(raw: str | None) -> str:
	"""Return a commercial registration number: 10 digits, not beginning with 0. Raises "cr_invalid".

	Takes both the registers of a city (1010…, 4030…) and the unified number that begins with 7, which replaces
	them over five years from 3 April 2025. Refuses one repeated digit and sequences such as 1234567890, as
	ZATCA's rule BR-KSA-F-13 does.
	"""
	value = _matching(raw, r"[1-9][0-9]{9}", "cr_invalid")
	if _is_placeholder(value):
		raise RuleError("cr_invalid", value=raw)
	return value


def validate_national_id(raw: str | None) -> str:
	"""Return a national ID (begins with 1) or Iqama (2): 10 digits with a Luhn check digit.

	Raises "national_id_invalid" without the number: an identity number should not end up in an error log.
	"""
	value = compact(raw)
	if not value:
		return ""
	well_formed = re.fullmatch(r"[12][0-9]{9}", value)
	# 2222222222 satisfies Luhn, so repeats are refused by name.
	if not well_formed or _is_placeholder(value) or not luhn_valid(value):
		raise RuleError("national_id_invalid")
	return value


def validate_postal_code(raw: str | None) -> str:
	"""Return a postal code: 5 digits, not all zero. Raises "postal_code_invalid"."""
	return _matching(raw, r"(?!00000)[0-9]{5}", "postal_code_invalid")


def validate_building_number(raw: str | None) -> str:
	"""Return the building number of a national address: 4 digits. Raises "building_number_invalid"."""
	return _matching(raw, r"(?!0000)[0-9]{4}", "building_number_invalid")


def validate_secondary_number(raw: str | None) -> str:
	"""Return the secondary number of a national address: 4 digits. Raises "secondary_number_invalid"."""
	return _matching(raw, r"(?!0000)[0-9]{4}", "secondary_number_invalid")


def validate_short_address(raw: str | None) -> str:
	"""Return a short address in upper case: 4 Latin letters and 4 digits, e.g. "RRRD2929".

	Raises "short_address_invalid".
	"""
	return _matching(raw, r"[A-Za-z]{4}[0-9]{4}", "short_address_invalid").upper()


def luhn_valid(digits: str) -> bool:
	"""Tell whether a string of ASCII digits ends in its Luhn check digit (ISO/IEC 7812-1, annex B)."""
	total = 0
	for place, char in enumerate(reversed(digits)):
		value = int(char) * (1 + place % 2)
		total += value - 9 if value > 9 else value
	return total % 10 == 0


def _matching(raw: str | None, pattern: str, code: str) -> str:
	value = compact(raw)
	if value and not re.fullmatch(pattern, value):
		raise RuleError(code, value=raw)
	return value


def _is_placeholder(value: str) -> bool:
	"""Tell whether each digit differs from the one before it by the same 0, +1 or -1 (9 and 0 are neighbours)."""
	steps = {(int(after) - int(before)) % 10 for before, after in pairwise(value)}
	return len(value) >= _TEN_DIGITS and steps in ({0}, {1}, {9})
