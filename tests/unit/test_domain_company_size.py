"""Company sizes: ranges with their bounds, and what a cell of a file says."""

from __future__ import annotations

import pytest

from dafater_crm.domain import company_size


@pytest.mark.parametrize(
	("number", "size"),
	[
		*((-3, ""), (0, ""), (1, "1-5"), (5, "1-5"), (6, "6-49"), (49, "6-49")),
		*(
			(50, "50-249"),
			(249, "50-249"),
			(250, "250-499"),
			(499, "250-499"),
			(500, "500+"),
			(90_000, "500+"),
		),
	],
)
def test_bounds(number, size):
	assert company_size.range_of(number) == size


@pytest.mark.parametrize(
	("text", "found"),
	[
		("120", (120, "50-249")),
		("١٢٠", (120, "50-249")),
		("1,200", (1200, "500+")),
		("100-200", (0, "50-249")),
		("500+", (0, "500+")),
		("about 120", (0, "50-249")),
		("-5", (0, "1-5")),
		("0", (0, "")),
		("many", (0, "")),
		("", (0, "")),
		("99999999999", (0, "500+")),
	],
)
def test_cells(text, found):
	assert company_size.read(text) == found
