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
			("John", "Jon"),
			("Muath", "Muadh"),
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

	def test_at_gmail_a_dot_is_none(self):
		one = {**self.ONE, "emails": ("hatem.q@gmail.com",)}
		found = match(one, {**one, "phones": (OTHER,), "emails": ("hatemq+work@googlemail.com",)})
		assert (found.decision, "same_email" in found.reasons) == (DUPLICATE, True)

	def test_another_separator_is_another_address(self):
		one = {**self.ONE, "emails": ("hatem.q@mail.example",)}
		found = match(one, {**one, "phones": (OTHER,), "emails": ("hatem_q@mail.example",)})
		assert (found.decision == DUPLICATE, "email_differs" in found.reasons) == (False, True)

	def test_a_private_address_beside_one_at_work_is_no_other_person(self):
		one = {**self.ONE, "name": "دخيل الباحوث", "phones": ()}
		assert match(one, {**one, "emails": ("dakheel80@gmail.com",)}).decision == DUPLICATE
		assert match(one, {**one, "emails": ("d.b@palm.example",)}).decision != DUPLICATE
		both = {**one, "phones": (MOBILE,)}
		assert (
			match(both, {**both, "phones": (OTHER,), "emails": ("dakheel80@gmail.com",)}).decision
			!= DUPLICATE
		)

	def test_mistyped_and_nothing_against_it(self):
		for near in (
			{"phones": (), "emails": ("mm.q@palm.example",)},
			{"phones": ("+966551234568",), "emails": ()},
			{"phones": ("+966551234568",), "emails": ("mm.q@palm.example",)},
			{"emails": ("other@mail.example",)},
		):
			assert match(self.ONE, {**self.ONE, **near}).decision == DUPLICATE, near


def counted(names: dict[str, int], records: int = 50_000) -> Frequencies:
	"""A large site on which so many people have these names."""
	found = Frequencies()
	for name, times in names.items():
		found.add_name(person_words(name), times)
	found.settle(records)
	return found


class TestLatinWordsInALargeFile:
	def test_a_family_with_an_article_is_one_though_its_given_name_is_frequent(self):
		many = counted({"Fahad Alharbi": 1000, "فهد الحربي": 1000, "Hani Al-Fahad": 40})
		one = {"name": "Hani Al-Fahad", "emails": ("hani.f@mail.example",)}
		found = match(one, {**one, "name": "Al-Fahad Hani"}, many)
		assert (found.decision, "name_swapped" in found.reasons) == (DUPLICATE, True)

	def test_so_is_one_that_sounds_like_a_given_name(self):
		many = counted({"Ahmed Salem": 1000, "Ali Ahmedi": 20, "Ali Salem": 500})
		found = on_one_mobile("Ali Ahmedi", "Ahmedi Ali", many)
		assert (found.decision, "name_swapped" in found.reasons) == (DUPLICATE, True)

	@pytest.mark.parametrize(("right", "typed"), [("Abdullah", "Abdlulah"), ("Husain", "Husai")])
	def test_a_slip_is_no_name_because_it_sounds_like_one(self, right, typed):
		many = counted(
			{f"{right} Alghamdi": 400, f"{typed} Alghamdi": 1, "حسن الغامدي": 400, "Hussein Ali": 400}
		)
		assert on_one_mobile(f"{right} Alghamdi", f"{typed} Alghamdi", many).decision == DUPLICATE

	def test_brother_and_sister_whom_nobody_else_is_called_like(self):
		many = counted({"Amira Alshehri": 1, "Amir Alshehri": 1})
		assert on_one_mobile("Amir Alshehri", "Amira Alshehri", many).decision != DUPLICATE


class TestWhatAgreesBeside:
	def test_a_garbled_name_beside_its_own_address(self):
		one = {"name": "Muath Jamal Alkhaldi", "emails": ("m.khaldi@mail.example",)}
		assert match(one, {**one, "name": "Muath Jamal Alkxxldi"}).decision == DUPLICATE
		assert match(one, {**one, "name": "Nawaf Jamal Alkhaldi"}).decision != DUPLICATE

	def test_an_employer_that_few_name_says_more(self):
		many = counted({"محمد الشمري": 150, "محمد الحربي": 1500, "فهد الشمري": 700})
		one = {"name": "محمد الشمري", "cr_number": "4032965302"}
		pair = ({**one, "phones": (MOBILE,)}, {**one, "phones": ("+966126543210",)})
		many.holders = {"4032965302": 2}
		few = match(*pair, many)
		many.holders = {"4032965302": 400}
		assert few.score > match(*pair, many).score
		assert few.decision == DUPLICATE


@pytest.mark.parametrize("part", NAMES)
def test_each_name_is_one_word_and_listed_once(part):
	names = NAMES[part].split()
	assert len(names) > 40
	assert [name for name in names if len(person_words(name)) != 1] == []
	assert sorted(names) == sorted(set(names))
