"""Names that nobody has counted: brothers and sisters on one mobile, in a file of a few rows."""

from __future__ import annotations

import pytest

from dafater_crm.domain.frequencies import DEFAULT_RECORDS, Frequencies
from dafater_crm.domain.given_names import LATIN, MEN, WOMEN
from dafater_crm.domain.matching import DUPLICATE, Match, score
from dafater_crm.domain.names import person_words
from dafater_crm.domain.profiles import Record, profile

MOBILE, OTHER = "+966551234567", "+966509876543"
NAMES = {"MEN": MEN, "WOMEN": WOMEN, "LATIN": LATIN}


def match(one: dict, other: dict, frequencies: Frequencies | None = None) -> Match:
	frequencies = frequencies or Frequencies.prior()
	first, second = profile(Record(**one)), profile(Record(**other))
	found = score(first, second, frequencies)
	assert found == score(second, first, frequencies)
	return found


def on_one_mobile(one: str, other: str, frequencies: Frequencies | None = None) -> Match:
	return match({"name": one, "phones": (MOBILE,)}, {"name": other, "phones": (MOBILE,)}, frequencies)


def large_file() -> Frequencies:
	found = Frequencies()
	found.settle(DEFAULT_RECORDS + 1)
	return found


class TestPeopleOnOneMobile:
	@pytest.mark.parametrize(
		("one", "other"),
		[
			("عبدالرحمن", "عبدالرحيم"),
			("عبدالكريم", "عبدالرحيم"),
			("عبدالله", "عبدالإله"),
			("زيد", "يزيد"),
			("ثامر", "عامر"),
			("إياد", "زياد"),
			("ندى", "هدى"),
			("لينا", "دينا"),
			("رزان", "روان"),
			("صالح", "صلاح"),
			("متعب", "مصعب"),
			("عايض", "عايد"),
			("سامي", "سامية"),
			("نبيل", "نبيلة"),
			("مازن", "مازنة"),
		],
	)
	def test_in_arabic(self, one, other):
		assert on_one_mobile(f"{one} العتيبي", f"{other} العتيبي").decision != DUPLICATE

	@pytest.mark.parametrize(
		("one", "other"),
		[
			("Sami", "Samia"),
			("Hadi", "Hadiah"),
			("Abdulrahman", "Abdulrahim"),
			("Fawaz", "Fayez"),
			("Jamal", "Jameel"),
			("Salem", "Saleem"),
			("Rajesh", "Rakesh"),
			("Suresh", "Ramesh"),
		],
	)
	def test_in_latin_letters(self, one, other):
		assert on_one_mobile(f"{one} Alotaibi", f"{other} Alotaibi").decision != DUPLICATE

	@pytest.mark.parametrize(
		("one", "other"),
		[
			("عبدالرحمن", "عبدالرحمان"),
			("عبدالرحمن", "عبداالرحمن"),
			("عبدالله", "عبدلله"),
			("Abdulrahman", "Abdurrahman"),
			("Abdulrahman", "Abdalrahmaan"),
			("Jameel", "Jamil"),
			("Hatim", "Hatem"),
			("Sami", "Samy"),
			("Mona", "Muna"),
		],
	)
	def test_spellings_of_one_name(self, one, other):
		family = "Alotaibi" if one.isascii() else "العتيبي"
		assert on_one_mobile(f"{one} {family}", f"{other} {family}").decision == DUPLICATE

	def test_a_family_that_is_a_given_name_may_be_mistyped(self):
		assert on_one_mobile("بندر الربي", "بندر الحربي").decision == DUPLICATE

	def test_in_a_large_file_counting_decides(self):
		"""Of 20,001 people nobody else is called ثامر: then somebody mistyped عامر."""
		names = ("ثامر العتيبي", "عامر العتيبي")
		assert on_one_mobile(*names).decision != DUPLICATE
		assert on_one_mobile(*names, large_file()).decision == DUPLICATE


class TestContactsThatNearlyAgree:
	ONE = {
		"name": "محمد القحطاني",
		"organisation": "شركة النخيل",
		"phones": (MOBILE,),
		"emails": ("m.q@palm.example",),
	}

	def test_the_second_of_a_name_gets_the_next_address(self):
		found = match(self.ONE, {**self.ONE, "phones": (OTHER,), "emails": ("mm.q@palm.example",)})
		assert found.decision != DUPLICATE
		assert not found.identified

	def test_and_a_row_of_numbers_is_bought_together(self):
		found = match(self.ONE, {**self.ONE, "phones": ("+966551234568",), "emails": ("moh@palm.example",)})
		assert found.decision != DUPLICATE

	def test_mistyped_and_nothing_against_it(self):
		for near in (
			{"phones": (), "emails": ("mm.q@palm.example",)},
			{"phones": ("+966551234568",), "emails": ()},
			{"phones": ("+966551234568",), "emails": ("mm.q@palm.example",)},
			{"emails": ("other@mail.example",)},
		):
			assert match(self.ONE, {**self.ONE, **near}).decision == DUPLICATE, near


@pytest.mark.parametrize("part", NAMES)
def test_each_name_is_one_word_and_listed_once(part):
	names = NAMES[part].split()
	assert len(names) > 50
	assert [name for name in names if len(person_words(name)) != 1] == []
	assert sorted(names) == sorted(set(names))
