"""Amounts and percentages: finite numbers only, and decimal arithmetic on them."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from .characters import compact
from .errors import RuleError

# A Currency field of Frappe is decimal(21,9): twelve digits before the point.
UPPER_BOUND = 10**12

# Digits with or without thousands separators, in the right places: "1,5" could be one and a half.
_NUMERAL = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_ARABIC_SEPARATORS = str.maketrans({"٫": ".", "٬": ","})


def finite_amount(value: object, field_label: str, minimum: float | None = 0) -> float:
	"""Return the amount as a finite float; None and a blank are 0, as Frappe reads them.

	Takes numbers and numerals such as "1,250.50" or "١٢٥٠٫٥". ``minimum`` is inclusive, None for no bound.
	``field_label`` is translated by the caller. Raises RuleError "amount_not_number" (also for NaN, infinity and
	booleans), "amount_negative" (below a minimum of 0), "amount_below_minimum", "amount_too_large" (10^12 or
	more, in either direction, which the column could not store).
	"""
	number = _number(value)
	if number is None:
		raise RuleError("amount_not_number", field_label=field_label)
	if abs(number) >= UPPER_BOUND:
		raise RuleError("amount_too_large", field_label=field_label, upper_bound=UPPER_BOUND)
	if minimum is not None and number < minimum:
		if minimum == 0:
			raise RuleError("amount_negative", field_label=field_label)
		raise RuleError("amount_below_minimum", field_label=field_label, minimum=minimum)
	return number


def percent(value: object, label: str) -> float:
	"""Return a percentage from 0 to 100, blank as 0. Raises "amount_not_number" or "percent_out_of_range"."""
	number = _number(value)
	if number is None:
		raise RuleError("amount_not_number", field_label=label)
	if not 0 <= number <= 100:
		raise RuleError("percent_out_of_range", label=label)
	return number


def weighted(amount: float, probability: float) -> float:
	"""Return amount × probability / 100, rounded half up to 2 places; probability is 0 to 100.

	Both come from ``finite_amount`` and ``percent``.
	"""
	return _round_half_up(_decimal(amount) * _decimal(probability) / 100)


def to_base(amount: float, rate: float) -> float:
	"""Return amount × rate, rounded half up to 2 places: the halalas of the company currency.

	``rate`` is company currency per unit. Raises RuleError "rate_not_positive" for a rate that is not a finite
	number above 0: a missing rate must not turn an amount into nothing.
	"""
	number = _number(rate)
	if number is None or number <= 0:
		raise RuleError("rate_not_positive", value=rate)
	return _round_half_up(_decimal(amount) * _decimal(number))


def _number(value: object) -> float | None:
	"""Return a finite float, 0 for a blank, None for what is no number."""
	if value is None:
		return 0.0
	if isinstance(value, str):
		value = compact(value).translate(_ARABIC_SEPARATORS)
		if not value:
			return 0.0
		if not _NUMERAL.fullmatch(value):
			return None
		value = value.replace(",", "")
	elif isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
		return None
	try:
		number = float(value)
	except (ValueError, OverflowError):
		return None
	# Adding 0.0 turns -0.0 into 0.0, which would otherwise be shown as "-0.00".
	return number + 0.0 if math.isfinite(number) else None


def _decimal(value: float) -> Decimal:
	# Through str, so that 1.005 is what the user typed and not 1.00499999999999989…
	return Decimal(str(value))


def _round_half_up(value: Decimal) -> float:
	# Half up, not Frappe's default of half to even: 0.125 is 0.13 on a Saudi invoice.
	return float(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)) + 0.0
