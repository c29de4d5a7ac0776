from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import saudi_ids
from dafater_crm.domain.errors import RuleError

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

# validator: code, a valid value
VALIDATORS = {
	saudi_ids.validate_vat: ("vat_invalid", "399999999900003"),
	saudi_ids.validate_cr: ("cr_invalid", "1010123456"),
	saudi_ids.validate_national_id: ("national_id_invalid", "1058529940"),
	saudi_ids.validate_postal_code: ("postal_code_invalid", "12345"),
	saudi_ids.validate_building_number: ("building_number_invalid", "2929"),
	saudi_ids.validate_secondary_number: ("secondary_number_invalid", "8118"),
	saudi_ids.validate_short_address: ("short_address_invalid", "RRRD2929"),
}
every_validator = pytest.mark.parametrize(
	("validate", "code", "valid"), [(validate, *rest) for validate, rest in VALIDATORS.items()]
)


def assert_refused(validate, value):
	with pytest.raises(RuleError) as caught:
		validate(value)
	assert caught.value.code == VALIDATORS[validate][0]


@every_validator
def test_the_ways_of_typing_a_valid_value(validate, code, valid):
	assert validate(valid) == valid
	assert validate(valid.translate(ARABIC)) == valid
	assert validate(valid.translate(PERSIAN)) == valid
	assert validate(f" \u200f{valid[:3]} {valid[3:]}\n") == valid


@every_validator
def test_blank(validate, code, valid):
	assert [validate(blank) for blank in (None, "", "  ", "\u200e")] == [""] * 4


@every_validator
def test_too_short_too_long_and_foreign_characters(validate, code, valid):
	for value in (
		valid[:-1],
		valid + "1",
		valid[:-1] + "x",
		valid[:-1] + "²",
		"-" + valid[1:],
		"<b>",
		valid * 999,
	):
		assert_refused(validate, value)


@every_validator
@given(typed=st.text())
def test_the_answer_is_stable_or_a_rule_error(validate, code, valid, typed):
	try:
		stored = validate(typed)
	except RuleError as error:
		assert error.code == code
		return
	assert stored.isascii()
	assert validate(stored) == stored


@pytest.mark.parametrize("value", ["399999999900003", "300270769200003", "310122393500003"])
def test_vat_accepted(value):
	assert saudi_ids.validate_vat(value) == value


@pytest.mark.parametrize(
	"value", ["299999999900003", "399999999900004", "333333333333333", "SA30000000000003"]
)
def test_vat_refused(value):
	assert_refused(saudi_ids.validate_vat, value)


@pytest.mark.parametrize(
	"value", ["1010123456", "4030012345", "2050987654", "7001234567", "7000000012", "1010101010"]
)
def test_cr_accepted_old_and_unified(value):
	assert saudi_ids.validate_cr(value) == value


@pytest.mark.parametrize(
	"value",
	["1234567890", "9876543210", "2345678901", "3210987654", "0123456789", "7777777777", "0000000000"],
)
def test_cr_refuses_placeholders(value):
	assert_refused(saudi_ids.validate_cr, value)


@pytest.mark.parametrize("value", ["1058529940", "1001244019", "1101798278", "2000000006"])
def test_national_id_and_iqama_accepted(value):
	assert saudi_ids.validate_national_id(value) == value


@pytest.mark.parametrize("value", ["1058529941", "3058529940", "0058529940", "2222222222", "1111111111"])
def test_national_id_refused(value):
	assert_refused(saudi_ids.validate_national_id, value)


@pytest.mark.parametrize("valid", ["1058529940", "1001244019", "1101798278"])
@given(place=st.integers(0, 9), change=st.integers(1, 9))
def test_luhn_catches_any_changed_digit(valid, place, change):
	digit = (int(valid[place]) + change) % 10
	assert not saudi_ids.luhn_valid(f"{valid[:place]}{digit}{valid[place + 1 :]}")


def test_a_refused_national_id_is_not_quoted():
	with pytest.raises(RuleError) as caught:
		saudi_ids.validate_national_id("1058529941")
	assert caught.value.params == {}
	assert "1058529941" not in str(caught.value)


def test_short_address_is_upper_case():
	assert saudi_ids.validate_short_address("rrrd 2929") == "RRRD2929"
	for value in ("RRR12929", "RRRDD292", "2929RRRD", "رررد2929"):
		assert_refused(saudi_ids.validate_short_address, value)


def test_all_zero_is_no_address():
	assert_refused(saudi_ids.validate_postal_code, "00000")
	assert_refused(saudi_ids.validate_building_number, "0000")
	assert saudi_ids.validate_building_number("0007") == "0007"
