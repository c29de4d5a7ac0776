"""Companies: what they do tells two of one name apart, and is no name by itself."""

from __future__ import annotations

import pytest

from dafater_crm.domain import organisations
from dafater_crm.domain.activity_words import ACTIVITIES
from dafater_crm.domain.arabic import search_key
from dafater_crm.domain.frequencies import Frequencies


def compared(one: str, other: str) -> str:
	words = [organisations.organisation_words(name) for name in (one, other)]
	bits, code = organisations.compare(*words, Frequencies.prior())
	assert (bits > 0) == (code == "same_organisation")
	return code


@pytest.mark.parametrize(
	("one", "other"),
	[
		("الشفاء الوطنية للأمن والحراسة", "Al Shifa National Security Services"),
		("المرجان الحديثة للأجهزة الطبية", "Al Murjan Modern Medical Equipment"),
		("الرؤية الدولية للأثاث", "Al Roya International Furniture"),
		("الوفاء الوطنية للتعليم", "Al Wafa National Education"),
		("النخيل للسفر والسياحة", "Al Nakheel Travel & Tourism Co."),
		("مؤسسة الصفا لقطع غيار السيارات", "Al Safa Spare Parts Est."),
	],
)
def test_one_company_in_two_scripts(one, other):
	assert compared(one, other) == "same_organisation"


@pytest.mark.parametrize(
	("one", "other"),
	[
		("Al Mizan Golden Travel & Tourism", "Al Yaqout Golden Travel & Tourism"),
		("الجزيرة المتحدة للسفر والسياحة", "الغامدي المتحدة للسفر والسياحة"),
		("الإبداع المتحدة لقطع الغيار", "القحطاني المتحدة لقطع الغيار"),
		("الزامل السعودية للأدوية", "الزامل العربية للأدوية"),
		("الأمل الحديثة", "الأمل الوطنية"),
		("النخيل للسفر", "النخيل للمياه"),
	],
)
def test_two_companies(one, other):
	assert compared(one, other) == "organisation_differs"


def test_each_word_has_one_meaning_and_is_folded():
	words = [word for texts in ACTIVITIES.values() for word in texts.split()]
	assert sorted(words) == sorted(set(words))
	assert [
		word for word in words if " ".join(search_key(word).split()) != word and word not in ("ال", "لل")
	] == []
