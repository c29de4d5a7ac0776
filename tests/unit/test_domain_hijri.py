from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.hijri import MONTHS_AR, MONTHS_EN, format_hijri, from_hijri, to_hijri

FIRST, LAST = date(1924, 8, 1), date(2077, 11, 16)

vectors = pytest.mark.parametrize(
	("hijri", "gregorian"),
	[
		((1446, 9, 1), date(2025, 3, 1)),
		((1447, 9, 1), date(2026, 2, 18)),
		((1447, 10, 1), date(2026, 3, 20)),
		((1447, 12, 10), date(2026, 5, 27)),
		((1448, 9, 1), date(2027, 2, 8)),
		((1451, 9, 1), date(2030, 1, 5)),
		((1343, 1, 1), FIRST),
		((1500, 12, 30), LAST),
	],
)


@vectors
def test_vectors_both_ways(hijri, gregorian):
	assert to_hijri(gregorian) == hijri
	assert from_hijri(*hijri) == gregorian


def test_a_datetime_is_its_day_and_the_answer_is_a_plain_date():
	assert to_hijri(datetime(2025, 3, 1, 23, 59)) == (1446, 9, 1)
	assert type(from_hijri(1446, 9, 1)) is date


@pytest.mark.parametrize(
	"day", [None, FIRST - timedelta(days=1), LAST + timedelta(days=1), date.min, date.max]
)
def test_outside_the_table(day):
	assert to_hijri(day) is None
	assert format_hijri(day) == format_hijri(day, "en") == ""


@pytest.mark.parametrize(
	"hijri",
	[(1342, 12, 1), (1501, 1, 1), (1446, 0, 1), (1446, 13, 1), (1446, 9, 0), (1446, 9, 30), (1446, 9, 31)],
)
def test_a_hijri_date_that_does_not_exist(hijri):
	with pytest.raises(RuleError) as caught:
		from_hijri(*hijri)
	assert caught.value.code == "hijri_date_invalid"
	assert caught.value.args_for_message == hijri


@pytest.mark.parametrize(
	("day", "lang", "shown"),
	[
		(date(2025, 3, 1), "ar", "1 رمضان 1446 هـ"),
		(date(2025, 3, 1), "ar-SA", "1 رمضان 1446 هـ"),
		(date(2025, 3, 1), "en", "1 Ramadan 1446 AH"),
		(date(2026, 5, 27), "ar", "10 ذو الحجة 1447 هـ"),
		(date(2026, 5, 27), "en", "10 Dhu al-Hijjah 1447 AH"),
		(FIRST, "ar", "1 محرم 1343 هـ"),
	],
)
def test_format(day, lang, shown):
	assert format_hijri(day, lang) == shown


def test_arabic_is_the_default_and_names_are_complete():
	assert format_hijri(date(2026, 3, 20)) == "1 شوال 1447 هـ"
	assert len(set(MONTHS_AR)) == len(set(MONTHS_EN)) == 12


@given(st.dates(FIRST, LAST))
def test_round_trip(day):
	year, month, number = to_hijri(day)
	assert from_hijri(year, month, number) == day


@given(st.dates(FIRST, LAST - timedelta(days=1)))
def test_the_next_day_is_the_next_day(day):
	year, month, number = to_hijri(day)
	following = to_hijri(day + timedelta(days=1))
	next_month = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
	assert following in {(year, month, number + 1), next_month}
	assert 1 <= number <= 30
