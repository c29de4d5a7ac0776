"""One key for a city in both scripts, and another one for every other city."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import city_names
from dafater_crm.domain.organisations import city_key

LISTED = [
	line.split(", ")
	for lines in (city_names.SAUDI, city_names.REGIONS, city_names.ABROAD)
	for line in lines.strip().split("\n")
]

SPELLINGS = """
الرياض, Riyadh, Ar Riyadh, Ar-Riyadh, Al-Riyadh, Arriyadh, Riyad, Riyaadh, رياض, الرياظ, مدينة الرياض, منطقة الرياض, Riyadh City, City of Riyadh
جدة, جده, Jeddah, Jiddah, Jedda, مدينة جدة, محافظة جدة
مكة, مكة المكرمة, منطقة مكة المكرمة, Makkah, Mecca, Makkah Al-Mukarramah
المدينة, المدينة المنورة, مدينة المنورة, Madinah, Medina, Al Madinah Al Munawwarah
الدمام, Dammam, Ad Dammam, Ad-Dammam, Addammam, Damam
الخبر, Khobar, Al-Khobar, Al Khubar
الأحساء, الاحساء, Al Ahsa, Al-Hasa
الهفوف, Hofuf, Al Hufuf
القصيم, Qassim, منطقة القصيم
بريدة, Buraidah, Buraydah
أبها, ابها, Abha
الباحة, Baha, Al Baha, Al Bahah
حائل, حايل, Hail, Ha'il
حلي, Haly
تبوك, Tabuk
تربة, Turbah
طريب, Tarib
رنية, Ranyah
رين, الرين, Rayn
جازان, جيزان, Jazan, Jizan, Gizan
نجران, Najran
عرعر, Arar
سكاكا, Sakaka, Sakakah
ينبع, Yanbu
الجبيل, Jubail, Al Jubail
الخرج, Kharj, Al-Kharj
الظهران, Dhahran
ظهران الجنوب, Dhahran Al Janub
القطيف, Qatif
حفر الباطن, حفرالباطن, Hafr Al Batin, Hafar Al-Batin
خميس مشيط, Khamis Mushait, Khamis Mushayt
الطائف, الطايف, محافظة الطائف, Taif, At Taif, Attaif
رأس تنورة, Ras Tanura
رأس الخير, Ras Al-Khair
وادي الدواسر, Wadi Ad-Dawasir
وادي بن هشبل, Wadi Bin Hashbal
الدرعية, Diriyah, Ad Diriyah
الرس, Rass, Ar Rass
مدينة الملك عبدالله الاقتصادية, King Abdullah Economic City
مدينة الملك سلمان
أبو ظبي, أبوظبي, Abu Dhabi
عمان, Amman
القاهرة, Cairo
"""
CITIES = [line.split(", ") for line in SPELLINGS.strip().split("\n")]


@pytest.mark.parametrize("spellings", CITIES, ids=lambda spellings: spellings[-1])
def test_the_spellings_of_a_city_share_a_key(spellings):
	assert len({city_key(spelling) for spelling in spellings}) == 1
	assert city_key(spellings[0])


def test_no_two_cities_share_one():
	assert len({city_key(spellings[0]) for spellings in CITIES}) == len(CITIES)


def test_every_listed_spelling_finds_its_own_city():
	keys = [{city_key(spelling) for spelling in spellings} for spellings in LISTED]
	assert [spellings for spellings, found in zip(LISTED, keys, strict=True) if len(found) > 1] == []
	assert len(set.union(*keys)) == len(LISTED)


@pytest.mark.parametrize(
	("cell", "city"),
	[
		("الرياض - حي النخيل", "الرياض"),
		("حي النخيل، الرياض", "الرياض"),
		("حي المدينة - الرياض", "الرياض"),
		("Riyadh, Saudi Arabia", "الرياض"),
		("Saudi Arabia / Riyadh", "الرياض"),
		("Riyadh KSA", "الرياض"),
		("Riyadh (Olaya)", "الرياض"),
		("القصيم - بريدة", "بريدة"),
		("خميس مشيط - عسير", "خميس مشيط"),
		("طريق المدينة، جدة", "جدة"),
		("المدينة الصناعية الثانية - الرياض", "الرياض"),
		("Madinah Road, Jeddah", "جدة"),
		("المنطقة الشرقية - الخبر", "الخبر"),
	],
)
def test_a_district_or_country_beside_it_does_not_matter(cell, city):
	assert city_key(cell) == city_key(city)


def test_what_many_cities_have_is_none_of_them():
	keys = {city_key(cell) for cell in ("المدينة الصناعية", "العليا", "المدينة", "العلا")}
	assert len(keys) == 4


def test_an_unlisted_place_is_compared_by_all_its_words():
	assert city_key("وادي النخلتين") == city_key("Wadi Al-Nakhlatain") != city_key("وادي السمرات")
	assert city_key("قرية النخلتين") not in {city_key("وادي النخلتين"), city_key("قرية السمرات")}


@pytest.mark.parametrize("blank", [None, "", " - ", "السعودية", "Saudi Arabia", "KSA"])
def test_a_blank_or_a_country_alone_is_no_city(blank):
	assert city_key(blank) == ""


@given(st.text(alphabet="ابتحدرسعمهويةلن -,/'adhjlrsty", max_size=30))
def test_any_text_has_a_stable_key(text):
	assert city_key(text) == city_key(f" {text} ")
