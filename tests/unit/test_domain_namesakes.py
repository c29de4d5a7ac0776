"""People who are easily taken for one: namesakes in one company, families on one mobile."""

from __future__ import annotations

import pytest

from dafater_crm.domain import duplicates
from dafater_crm.domain.duplicates import likely
from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.matching import DIFFERENT, DUPLICATE, POSSIBLE, Match, score
from dafater_crm.domain.profiles import Record, profile

MOBILE, OTHER = "+966551234567", "+966509876543"
OFFICE = "+966112345678"
FIRM = {"organisation": "شركة النور", "city": "الرياض"}
STAFF = ("خالد العتيبي", "سارة الدوسري", "Omar Farouk", "نورة الشهري", "فهد المطيري")
STAFF += ("هند الغامدي", "ياسر الحربي", "مها الزهراني", "Rami Haddad", "طلال العنزي")


def counted(records: int) -> Frequencies:
	"""Names as a site of so many leads has counted them."""
	found = duplicates.count(
		[profile(Record(name=STAFF[place % len(STAFF)])) for place in range(min(records, 10))]
	)
	found.settle(records)
	return found


SIZES = (pytest.param(Frequencies.prior(), id="before the first night"),)
SIZES += tuple(pytest.param(counted(size), id=str(size)) for size in (12, 2_000, 20_000, 50_000))


def match(one: dict, other: dict, frequencies: Frequencies | None = None) -> Match:
	frequencies = frequencies or Frequencies.prior()
	first, second = profile(Record(**one)), profile(Record(**other))
	found = score(first, second, frequencies)
	assert found == score(second, first, frequencies)
	return found


def on_one_mobile(one: str, other: str) -> Match:
	return match({"name": one, "phones": (MOBILE,)}, {"name": other, "phones": (MOBILE,)})


class TestNamesakesInOneCompany:
	@pytest.mark.parametrize("frequencies", SIZES)
	@pytest.mark.parametrize("name", ["محمد القحطاني", "بندر السبيعي", "Ahmed Hassan", "دخيل الباحوث"])
	def test_other_mobiles_and_addresses_are_other_people(self, name, frequencies):
		one = {"name": name, "phones": (MOBILE,), "emails": ("a@firm.example",), **FIRM}
		other = {"name": name, "phones": (OTHER,), "emails": ("b.c@mail.example",), **FIRM}
		found = match(one, other, frequencies)
		assert found.decision != DUPLICATE
		assert found.score < 0.5 and not found.identified

	@pytest.mark.parametrize("frequencies", SIZES)
	def test_a_mobile_or_an_address_each_is_enough(self, frequencies):
		for kind, mine, theirs in (
			("phones", MOBILE, OTHER),
			("emails", "bandar@firm.example", "b.subaie@firm.example"),
		):
			one, other = ({"name": "بندر السبيعي", **FIRM, kind: (value,)} for value in (mine, theirs))
			assert match(one, other, frequencies).decision != DUPLICATE

	def test_the_switchboard_and_the_office_address_identify_nobody(self):
		office = {"name": "بندر السبيعي", "emails": ("info@firm.example",), **FIRM}
		one, other = ({**office, "phones": (OFFICE, mobile)} for mobile in (MOBILE, OTHER))
		found = match(one, other)
		assert (found.decision, found.identified) == (POSSIBLE, False)
		assert {"same_phone", "same_office_email", "mobile_differs"} <= set(found.reasons)

	def test_what_one_person_alone_has_still_identifies(self):
		one = {"name": "محمد القحطاني", "phones": (MOBILE,), "emails": ("m.q@firm.example",), **FIRM}
		for same in (
			{"phones": (OTHER,)},
			{"emails": ("q.m@mail.example",)},
			{"phones": ("+966551234568",), "emails": ()},
		):
			found = match(one, {**one, **same})
			assert (found.decision, found.identified) == (DUPLICATE, True), same
		known = {**one, "national_id": "1058529940"}
		moved = {**known, "phones": (OTHER,), "emails": ("q.m@mail.example",)}
		assert match(known, moved).decision == DUPLICATE

	def test_without_a_contact_it_is_the_same_row_again(self):
		one = {"name": "محمد سعد القحطاني", "phones": (MOBILE,), **FIRM}
		found = match(one, {**one, "phones": ()})
		assert (found.decision, found.identified) == (DUPLICATE, False)

	def test_who_may_be_either_of_two_is_neither(self):
		name = {"name": "بندر السبيعي", **FIRM}
		one, two, bare = (profile(Record(**name, phones=p)) for p in ((MOBILE,), (OTHER,), ()))
		assert duplicates.find([one, two, bare]).groups == []
		assert duplicates.find([one, bare]).groups == [[0, 1]]
		found = likely(bare, [("A", one), ("B", two)], Frequencies.prior())
		assert [(lead, each.decision) for lead, each in found] == [("A", POSSIBLE), ("B", POSSIBLE)]
		[(_, alone)] = likely(bare, [("A", one)], Frequencies.prior())
		assert alone.decision == DUPLICATE

	def test_companies_have_many_mobiles(self):
		one = {"organisation": "شركة النور للتجارة", "city": "جدة", "cr_number": "4030123456"}
		found = match({**one, "phones": (MOBILE,)}, {**one, "phones": (OTHER,)})
		assert (found.decision, found.identified) == (DUPLICATE, True)


class TestFamilyOnOneMobile:
	@pytest.mark.parametrize(
		("one", "other"),
		[
			("Hassan", "Hussein"),
			("Saad", "Saud"),
			("Saleh", "Salem"),
			("Mohammed", "Mahmoud"),
			("Hamad", "Ahmad"),
			("Omar", "Amer"),
			("Nayef", "Nawaf"),
			("Salman", "Sultan"),
		],
	)
	def test_brothers_in_latin_letters(self, one, other):
		for second in (f"{other} Alharbi", f"{other} Ali Alharbi"):
			found = on_one_mobile(f"{one} Alharbi", second)
			assert found.decision != DUPLICATE
			assert "given_name_differs" in found.reasons

	@pytest.mark.parametrize(
		("one", "other"),
		[
			("Khalid", "Khaled"),
			("Yousef", "Yusuf"),
			("Mohammed", "Mohamed"),
			("Mishal", "Mashal"),
			("Ahmed", "Ahmad"),
			("Omar", "Umar"),
			("Faisal", "Feisal"),
			("Slaman", "Salman"),
			("Khlaed", "Khaled"),
			("Suultan", "سلطان"),
			("Ibrahim", "إبراهيم"),
			("Osama", "أسامة"),
			("Essam", "عصام"),
			("Aisha", "عائشة"),
		],
	)
	def test_spellings_of_one_name(self, one, other):
		assert on_one_mobile(f"{one} Alharbi", f"{other} الحربي").decision == DUPLICATE
		if other.isascii():
			assert on_one_mobile(f"{one} Alharbi", f"{other} Alharbi").decision == DUPLICATE

	@pytest.mark.parametrize(
		("one", "other"), [("Hamad", "أحمد"), ("Omar", "عامر"), ("Hassan", "حسين"), ("Saad", "سعود")]
	)
	def test_brothers_in_two_scripts(self, one, other):
		assert on_one_mobile(f"{one} Alharbi", f"{other} الحربي").decision != DUPLICATE

	@pytest.mark.parametrize(
		("one", "other"),
		[
			("ماجد", "ماجدة"),
			("Majed", "Majeda"),
			("Majid", "Majidah"),
			("Amin", "Amina"),
			("Said", "Saida"),
			("ماجد", "Majeda"),
			("ماجدة", "Majed"),
			("نور", "نورة"),
			("هادي", "هاني"),
			("فارس", "فراس"),
			("وسام", "وسيم"),
			("ريم", "ريما"),
			("سمير", "سميرة"),
		],
	)
	def test_brothers_and_sisters(self, one, other):
		assert on_one_mobile(f"{one} الحربي", f"{other} الحربي").decision == DIFFERENT

	@pytest.mark.parametrize(("one", "other"), [("Majed", "Majeda"), ("Amin", "Aminah"), ("Said", "Saida")])
	def test_brothers_and_sisters_in_latin_letters(self, one, other):
		assert on_one_mobile(f"{one} Alharbi", f"{other} Alharbi").decision == DIFFERENT

	@pytest.mark.parametrize(
		("one", "other"), [("Sara", "Sarah"), ("Fatima", "Fatmah"), ("Noura", "نورة"), ("Hamza", "حمزة")]
	)
	def test_one_woman_or_man_in_two_spellings(self, one, other):
		assert on_one_mobile(f"{one} Alharbi", f"{other} Alharbi").decision == DUPLICATE

	@pytest.mark.parametrize(("one", "other"), [("أسامة", "أسام"), ("فاطمة", "فاطم"), ("حمزة", "حمز")])
	def test_a_feminine_ending_that_was_left_out(self, one, other):
		assert on_one_mobile(f"{one} الحربي", f"{other} الحربي").decision == DUPLICATE

	@pytest.mark.parametrize(("father", "son"), [("محمد", "علي محمد"), ("خالد", "محمد خالد")])
	def test_a_father_by_his_given_name_alone(self, father, son):
		found = on_one_mobile(father, son)
		assert found.decision == DIFFERENT
		assert "family_name_only" not in found.reasons

	@pytest.mark.parametrize(
		("alone", "whole"),
		[("القحطاني", "محمد القحطاني"), ("Qahtani", "Mohammed Qahtani"), ("Shehri", "Ali Alshehri")],
	)
	def test_a_family_name_alone_says_nothing_of_the_given_one(self, alone, whole):
		found = on_one_mobile(alone, whole)
		assert (found.decision, "family_name_only" in found.reasons) == (DUPLICATE, True)

	def test_a_word_that_nobody_knows_may_be_father_or_family(self):
		assert on_one_mobile("باوزير", "خالد باوزير").decision == POSSIBLE

	def test_cousins_with_other_fathers(self):
		found = on_one_mobile("محمد فهد القحطاني", "محمد سعد القحطاني")
		assert (found.decision, found.contradicted) == (POSSIBLE, True)
		assert found.score < 0.5 and "father_name_differs" in found.reasons
		one = {"name": "محمد فهد القحطاني", "phones": (MOBILE,), "national_id": "1058529940"}
		assert match(one, {**one, "name": "محمد سعد القحطاني"}).decision == DUPLICATE
		one = {"name": "محمد فهد القحطاني", "phones": (MOBILE,), "emails": ("m.q@mail.example",)}
		assert match(one, {**one, "name": "محمد سعد القحطاني"}).decision == DUPLICATE

	def test_a_third_row_does_not_join_the_cousins(self):
		names = ("محمد فهد القحطاني", "محمد القحطاني", "محمد سعد القحطاني")
		found = duplicates.find([profile(Record(name=name, phones=(MOBILE,))) for name in names])
		assert [len(group) for group in found.groups] == [2]

	def test_two_bad_copies_of_one_row_do_not_part_its_group(self):
		names = ("هند العرفج", "هند العبفج", "اععرفج هند")
		found = duplicates.find([profile(Record(name=name, phones=(MOBILE,))) for name in names])
		assert found.groups == [[0, 1, 2]]
