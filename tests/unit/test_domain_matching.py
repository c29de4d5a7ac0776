"""Duplicates: single pairs, keys, groups, and a whole set at once."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafater_crm.audit.words_en import ENGLISH
from dafater_crm.domain import blocking, duplicates, matching
from dafater_crm.domain.clustering import clusters
from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.matching import DIFFERENT, DUPLICATE, POSSIBLE, Match, score
from dafater_crm.domain.profiles import Record, profile

USUAL = Frequencies.prior()
MOBILE, OTHER = "+966551234567", "+966509876543"
FIXED = "+966112345678"


def match(one: dict, other: dict) -> Match:
	first, second = profile(Record(**one)), profile(Record(**other))
	found = score(first, second, USUAL)
	assert found == score(second, first, USUAL)
	return found


class TestPairs:
	@pytest.mark.parametrize(
		("one", "other"),
		[
			("محمد القحطاني", "القحطاني محمد"),
			("محمد القحطاني", "Mohammed Al-Qahtani"),
			("أحمد عبد الله العتيبي", "احمد عبدالله العتيبى"),
			("فاطمة الشهري", "فاطمه الشهرى"),
			("خالد محمد الدوسري", "م. خالد الدوسري"),
			("مشعل المطيري", "مشعل المطري"),
			("Yousef Alharbi", "يوسف الحربي"),
			("خالد العتيبي", ""),
		],
	)
	def test_same_mobile_and_a_name_that_agrees(self, one, other):
		found = match({"name": one, "phones": (MOBILE,)}, {"name": other, "phones": (MOBILE,)})
		assert found.decision == DUPLICATE
		assert "same_mobile" in found.reasons

	@pytest.mark.parametrize(
		("one", "other"),
		[
			("محمد بن علي القحطاني", "علي بن محمد القحطاني"),
			("علي القحطاني", "محمد علي القحطاني"),
			("نورة العتيبي", "سارة العتيبي"),
			("محمد علي", "علي محمد"),
			("Mohammed Ali Alharbi", "علي محمد الحربي"),
		],
	)
	def test_family_on_one_mobile_stays_apart(self, one, other):
		found = match({"name": one, "phones": (MOBILE,)}, {"name": other, "phones": (MOBILE,)})
		assert found.decision == DIFFERENT
		assert "given_name_differs" in found.reasons

	def test_a_common_name_with_another_phone_and_city_is_another_person(self):
		one = {"name": "محمد القحطاني", "phones": (MOBILE,), "city": "الرياض"}
		other = {"name": "محمد القحطاني", "phones": (OTHER,), "city": "جدة"}
		assert match(one, other).decision == DIFFERENT

	def test_colleagues_on_one_switchboard_stay_apart(self):
		office = {"phones": (FIXED,), "organisation": "شركة النور", "city": "جدة"}
		assert (
			match({"name": "خالد الحربي", **office}, {"name": "فهد العتيبي", **office}).decision == DIFFERENT
		)

	def test_name_and_employer_without_any_contact(self):
		one = {"name": "محمد سعد القحطاني", "organisation": "شركة طويق للتجارة", "city": "الرياض"}
		other = {"name": "Mohammed Saad Alqahtani", "organisation": "Tuwaiq Trading Co.", "city": "Riyadh"}
		assert match(one, other).decision == DUPLICATE

	def test_different_national_ids_outweigh_everything(self):
		one = {"name": "محمد القحطاني", "phones": (MOBILE,), "national_id": "1058529940"}
		assert match(one, {**one, "national_id": "1001244019"}).decision == DIFFERENT

	def test_same_national_id_with_another_spelling(self):
		one = {"name": "محمد القحطاني", "national_id": "1058529940"}
		other = {"name": "Mohd Qahtani", "national_id": "1058529940", "phones": (OTHER,)}
		assert match(one, other).decision == DUPLICATE

	def test_the_same_branch(self):
		one = {"organisation": "شركة النور للتجارة", "city": "جدة", "phones": (FIXED,)}
		other = {"organisation": "Al-Noor Trading Co.", "city": "Jeddah", "phones": (FIXED,)}
		assert match(one, other).decision == DUPLICATE

	def test_branches_of_one_company_are_not_one(self):
		one = {
			"organisation": "شركة النور للتجارة",
			"city": "جدة",
			"cr_number": "1010123456",
			"phones": (FIXED,),
		}
		found = match(one, {**one, "city": "الرياض"})
		assert found.decision != DUPLICATE
		assert "branch_differs" in found.reasons

	def test_two_activities_are_two_companies(self):
		one = {"organisation": "شركة النور للتجارة", "city": "جدة"}
		other = {"organisation": "شركة النور للمقاولات", "city": "جدة"}
		assert match(one, other).decision == DIFFERENT

	def test_a_company_and_its_person(self):
		one = {"organisation": "شركة النور", "phones": (MOBILE,)}
		other = {"name": "خالد الحربي", "organisation": "شركة النور", "phones": (MOBILE,)}
		found = match(one, other)
		assert (found.decision, found.reasons) == (POSSIBLE, ("company_and_person",))

	def test_a_number_that_forty_hold_says_less(self):
		many = Frequencies.prior()
		many.holders = {MOBILE: 40}
		one, other = (profile(Record(name=name, phones=(MOBILE,))) for name in ("خالد العتيبي", ""))
		assert score(one, other, many).score < score(one, other, USUAL).score / 2

	def test_another_digit_in_an_address_is_another_person(self):
		one = {"name": "محمد العنزي", "emails": ("m.alanazi91@example.com",)}
		other = {"name": "محمد العنزي", "emails": ("m.alanazi92@example.com",)}
		assert "similar_email" not in match(one, other).reasons
		assert "similar_email" in match(one, {**other, "emails": ("m.alanzi91@example.com",)}).reasons


people = st.builds(
	Record,
	name=st.sampled_from(
		("محمد القحطاني", "القحطاني محمد", "علي محمد القحطاني", "Mohammed Qahtani", "نورة", "M. Ali", "")
	),
	organisation=st.sampled_from(("", "شركة النور للتجارة", "Noor Trading", "النور للمقاولات", "Co")),
	phones=st.sets(st.sampled_from((MOBILE, OTHER, FIXED, "+966551234568"))).map(
		lambda found: tuple(sorted(found))
	),
	emails=st.sampled_from(((), ("a@b.com",), ("info@b.com",), ("ab@b.com", "a@b.com"))),
	cr_number=st.sampled_from(("", "1010123456", "4030123456")),
	vat_number=st.sampled_from(("", "300000000000003")),
	national_id=st.sampled_from(("", "1058529940", "1001244019")),
	city=st.sampled_from(("", "الرياض", "Riyadh", "جدة")),
)


class TestProperties:
	@given(people, people)
	@settings(max_examples=300, deadline=None)
	def test_symmetric_bounded_and_explained(self, one, other):
		first, second = profile(one), profile(other)
		found = score(first, second, USUAL)
		assert found == score(second, first, USUAL)
		assert 0 <= found.score <= 1
		assert all(f"reason_{code}" in ENGLISH for code in found.reasons)

	@given(people, people)
	@settings(max_examples=300, deadline=None)
	def test_what_is_not_worth_a_look_is_different(self, one, other):
		first, second = profile(one), profile(other)
		most = min(max(map(USUAL.name_bits, each.names), default=0.0) for each in (first, second))
		found = score(first, second, USUAL)
		expected = None if found.decision == DIFFERENT else found
		assert matching.worth_a_look(first, second, most, USUAL) == expected

	@given(people)
	@settings(deadline=None)
	def test_keys_fit_their_column(self, one):
		keys = blocking.keys(profile(one))
		assert all(0 < len(key) <= blocking.KEY_LENGTH and ":" in key for key in keys)
		assert len(set(keys)) == len(keys)

	@given(st.lists(people, max_size=12))
	@settings(max_examples=60, deadline=None)
	def test_groups_do_not_overlap_and_hold_two_or_more(self, records):
		profiles = [profile(record) for record in records]
		found = duplicates.find(profiles)
		members = [place for group in found.groups for place in group]
		assert len(set(members)) == len(members)
		assert all(len(group) > 1 for group in found.groups)


class TestKeys:
	@pytest.mark.parametrize(
		("one", "other", "kind"),
		[
			({"name": "محمد القحطاني"}, {"name": "Alqahtani Mohammed"}, "name"),
			({"name": "محمد علي القحطاني"}, {"name": "Mohammed Alqahtani"}, "ends"),
			({"name": "محمد القحطاني", "city": "جدة"}, {"name": "محمد القطحاني", "city": "Jeddah"}, "part"),
			({"phones": (MOBILE,)}, {"name": "x", "phones": (MOBILE,)}, "phone"),
			({"emails": ("a@b.com",)}, {"name": "x", "emails": ("a@b.com",)}, "email"),
			({"organisation": "شركة النور للتجارة"}, {"organisation": "Noor Trading"}, "org"),
			({"cr_number": "1010123456"}, {"name": "x", "cr_number": "1010123456"}, "cr"),
		],
	)
	def test_share_a_key(self, one, other, kind):
		shared = set(blocking.keys(profile(Record(**one)))) & set(blocking.keys(profile(Record(**other))))
		assert kind in {key.partition(":")[0] for key in shared}

	def test_strangers_share_none(self):
		one = Record(name="محمد القحطاني", phones=(MOBILE,), city="الرياض")
		other = Record(name="خالد العتيبي", phones=(OTHER,), city="الرياض")
		assert not set(blocking.keys(profile(one))) & set(blocking.keys(profile(other)))


class TestClusters:
	def test_a_chain_through_a_family_name_is_not_one_group(self):
		pairs = [("father", "family", 0.8), ("family", "son", 0.7)]
		contradicts = lambda one, other: {one, other} == {"father", "son"}  # noqa: E731
		assert clusters(pairs, contradicts) == [["family", "father"]]

	def test_without_contradiction_all_join(self):
		assert clusters([(1, 2, 0.9), (2, 3, 0.9), (5, 6, 0.5)], lambda one, other: False) == [
			[1, 2, 3],
			[5, 6],
		]

	def test_largest_size(self):
		pairs = [(1, other, 0.9) for other in range(2, 50)]
		assert max(map(len, clusters(pairs, lambda one, other: False, max_size=10))) == 10

	@given(
		st.lists(
			st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from((0.5, 0.7, 0.9))), max_size=25
		),
		st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6),
		st.randoms(use_true_random=False),
	)
	@settings(deadline=None)
	def test_the_order_does_not_matter(self, pairs, against, rng):
		def contradicts(one, other):
			return (one, other) in against or (other, one) in against

		# One score a pair, as a caller has it.
		pairs = [(*ends, value) for ends, value in {tuple(sorted(p[:2])): p[2] for p in pairs}.items()]
		shuffled = [
			(other, one, value) if rng.random() < 0.5 else (one, other, value) for one, other, value in pairs
		]
		rng.shuffle(shuffled)
		assert clusters(pairs, contradicts) == clusters(shuffled, contradicts)


class TestWholeSets:
	def test_forty_on_one_office_phone(self):
		given_names = [
			"خالد",
			"فهد",
			"سعود",
			"نورة",
			"سارة",
			"ماجد",
			"بندر",
			"تركي",
			"علي",
			"حسن",
			"يوسف",
			"عمر",
			"صالح",
			"ناصر",
			"وليد",
			"هند",
			"ريم",
			"مها",
			"طلال",
			"بدر",
		]
		families = ("القحطاني", "العتيبي")
		records = [
			Record(name=f"{first} {last}", phones=(FIXED,), organisation="شركة النور", city="جدة")
			for first, last in itertools.product(given_names, families)
		]
		assert len(records) == 40
		assert duplicates.find([profile(record) for record in records]).groups == []

	def test_finds_what_was_copied_in_a_block_that_must_be_divided(self):
		"""Four hundred people of one name: only the two that share a phone are one."""
		rng = random.Random(7)
		numbers = rng.sample(range(10**6), 400)
		records = [
			Record(name="محمد القحطاني", phones=(f"+96655{number:07d}",), city="الرياض") for number in numbers
		]
		records.append(Record(name="Mohammed Alqahtani", phones=records[17].phones, city="Riyadh"))
		found = duplicates.find([profile(record) for record in records])
		assert found.groups == [[17, 400]]

	def test_progress_is_told(self):
		told: list[int] = []
		duplicates.find([profile(Record(name="محمد القحطاني", phones=(MOBILE,)))] * 3, told.append)
		assert told == [0]
