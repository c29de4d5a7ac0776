from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.amounts import UPPER_BOUND, finite_amount, percent, to_base, weighted
from dafater_crm.domain.errors import RuleError


def code_of(function, *args) -> tuple[str, tuple]:
	with pytest.raises(RuleError) as caught:
		function(*args)
	return caught.value.code, caught.value.args_for_message


@pytest.mark.parametrize(
	("value", "number"),
	[
		(None, 0.0),
		("", 0.0),
		("  ", 0.0),
		(0, 0.0),
		(1250, 1250.0),
		(1250.5, 1250.5),
		(Decimal("1250.50"), 1250.5),
		("1250.50", 1250.5),
		(" 1,250.50 ", 1250.5),
		("1,234,567", 1234567.0),
		("1 250", 1250.0),
		("١٢٥٠٫٥", 1250.5),
		("١٬٢٥٠", 1250.0),
		("۱۲۵۰", 1250.0),
		("\u200f1250", 1250.0),
		(".5", 0.5),
		("5.", 5.0),
		("1e3", 1000.0),
		("+7", 7.0),
		(999_999_999_999, 999_999_999_999.0),
	],
)
def test_amounts(value, number):
	answer = finite_amount(value, "Amount")
	assert answer == number
	assert type(answer) is float


@pytest.mark.parametrize(
	"value",
	[
		"abc",
		"12abc",
		"nan",
		"inf",
		"-Infinity",
		"1_000",
		"1,5",
		"12,50",
		"1.234,56",
		"1.2.3",
		"--5",
		"e5",
		".",
		"0x10",
		"1e999",
		"²",
		float("nan"),
		float("inf"),
		float("-inf"),
		Decimal("NaN"),
		Decimal("sNaN"),
		10**400,
		True,
		[],
		{},
		b"5",
	],
)
def test_what_is_no_number(value):
	assert code_of(finite_amount, value, "Amount") == ("amount_not_number", ("Amount",))
	assert code_of(percent, value, "Probability") == ("amount_not_number", ("Probability",))


def test_minimum():
	assert code_of(finite_amount, -0.01, "المبلغ") == ("amount_negative", ("المبلغ",))
	assert code_of(finite_amount, 4, "Seats", 5) == ("amount_below_minimum", ("Seats", 5))
	assert finite_amount(5, "Seats", 5) == 5
	assert finite_amount("-7", "Change", None) == -7
	assert finite_amount("-7", "Change", -10) == -7


@pytest.mark.parametrize("value", [UPPER_BOUND, "1e300", -UPPER_BOUND])
def test_what_the_column_cannot_hold(value):
	assert UPPER_BOUND == 1_000_000_000_000
	assert code_of(finite_amount, value, "Amount", None) == ("amount_too_large", ("Amount", UPPER_BOUND))


def test_minus_zero_is_zero():
	assert str(finite_amount(-0.0, "Amount")) == str(weighted(-0.0, 50)) == "0.0"


@pytest.mark.parametrize(("value", "number"), [(0, 0), (100, 100), ("37.5", 37.5), (None, 0), ("٥٠", 50)])
def test_percent(value, number):
	assert percent(value, "Probability") == number


@pytest.mark.parametrize("value", [-0.1, 100.1, "101", 1e300])
def test_percent_out_of_range(value):
	assert code_of(percent, value, "Probability") == ("percent_out_of_range", ("Probability",))


@pytest.mark.parametrize(
	("amount", "probability", "answer"),
	[
		(1000, 25, 250),
		(0, 50, 0),
		(100, 0, 0),
		(99.99, 100, 99.99),
		(0.5, 25, 0.13),
		(1.005, 100, 1.01),
		(0.3, 10, 0.03),
	],
)
def test_weighted_rounds_half_up_in_decimal(amount, probability, answer):
	assert weighted(amount, probability) == answer


@pytest.mark.parametrize(
	("amount", "rate", "answer"),
	[(100, 3.75, 375), (0.1, 3, 0.3), (33.33, 3.7505, 125), (2.675, 1, 2.68), (-1, 3.75, -3.75)],
)
def test_to_base(amount, rate, answer):
	assert to_base(amount, rate) == answer


@pytest.mark.parametrize("rate", [0, -1, None, "", "abc", float("nan"), float("inf")])
def test_a_rate_is_positive(rate):
	assert code_of(to_base, 100, rate)[0] == "rate_not_positive"


amounts = st.decimals(0, 10**10, places=2).map(float)


@given(amounts, st.integers(0, 100))
def test_a_weighted_amount_lies_between_zero_and_the_amount(amount, probability):
	answer = weighted(amount, probability)
	assert 0 <= answer <= amount
	assert abs(Decimal(str(answer)) - Decimal(str(amount)) * probability / 100) <= Decimal("0.005")


@given(amounts)
def test_full_probability_and_rate_one_change_nothing(amount):
	assert weighted(amount, 100) == to_base(amount, 1) == finite_amount(str(amount), "A") == amount


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_the_answer_is_finite_and_in_range_or_a_rule_error(value):
	try:
		number = finite_amount(value, "A")
	except RuleError:
		return
	assert 0 <= number < UPPER_BOUND
