"""How many people a company employs: an exact number where it is known, and the ranges of the Saudi authority for small companies.

Monsha'at counts 1 to 5 as micro, 6 to 49 as small, 50 to 249 as medium.
"""

from __future__ import annotations

import re

from .characters import ascii_digits

RANGES = ((5, "1-5"), (49, "6-49"), (249, "50-249"), (499, "250-499"))
LARGEST = "500+"
MOST = 10_000_000  # nobody employs as many: a typing error, or another number


def range_of(number: int) -> str:
	"""The range of a number of employees; "" below one."""
	if number < 1:
		return ""
	return next((name for most, name in RANGES if number <= most), LARGEST)


def read(text: str) -> tuple[int, str]:
	"""What a cell says: (exact number or 0, range or "").

	"1,200" is exact; "100-200", "500+" and "about 120" are ranges, by their first number.
	"""
	plain = ascii_digits(text).replace(",", "").replace("٬", "").strip()
	found = re.findall(r"\d+", plain)
	if not found:
		return 0, ""
	number = int(found[0])
	return number if plain.isdigit() and 0 < number < MOST else 0, range_of(number)
