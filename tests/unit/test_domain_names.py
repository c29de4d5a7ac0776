"""Words of names: both scripts, titles, order, spellings and typing errors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.name_similarity import Likeness, compare, likeness
from dafater_crm.domain.names import looks_like_company, person_names, person_words, word
from dafater_crm.domain.organisations import activity, organisation_words
from dafater_crm.domain.transliteration import same_sound, shape

USUAL = Frequencies.prior()
names = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويأإةىؤئءabcdefghijklmnopqrstuvwxyz-،., بن", max_size=40)


def texts(name: str) -> list[str]:
	return [one.text for one in person_words(name)]


class TestWords:
	@pytest.mark.parametrize(
		("name", "words"),
		[
			("محمد بن عبد الله القحطاني", ["محمد", "عبدالله", "القحطاني"]),
			("د. سارة العتيبي", ["ساره", "العتيبي"]),
			("المهندس أ. خالد آل سعود", ["خالد", "السعود"]),
			("Eng. Abdul Rahman Al Shehri", ["abdulrahman", "alshehri"]),
			("القحطاني، محمد", ["محمد", "القحطاني"]),
			("Al-Qahtani, Mohammed bin Ali", ["mohammed", "ali", "alqahtani"]),
			("أبو بكر صالح", ["ابوبكر", "صالح"]),
			("الدكتور", ["الدكتور"]),
			("", []),
			(None, []),
			(" ، ", []),
		],
	)
	def test_of_a_person(self, name, words):
		assert texts(name) == words

	def test_a_cell_in_both_scripts_is_two_spellings(self):
		arabic, latin = person_names("محمد القحطاني Mohammed Al-Qahtani")
		assert [one.text for one in arabic] == ["محمد", "القحطاني"]
		assert [one.text for one in latin] == ["mohammed", "alqahtani"]

	def test_the_same_name_twice_is_one_spelling(self):
		assert len(person_names("Ali Saleh", "ALI  SALEH")) == 1

	@given(names)
	@settings(deadline=None)
	def test_words_of_words_are_the_same(self, name):
		again = " ".join(texts(name))
		assert texts(again) == texts(" ".join(texts(again)))

	@pytest.mark.parametrize(
		("name", "company"),
		[
			("شركة النور", True),
			("مؤسسة الفجر للتجارة", True),
			("Noor Trading Est.", True),
			("Al Noor L.L.C", True),
			("مطعم البيت الشامي", True),
			("مصنع الجزيرة للبلاستيك", True),
			("مجموعة النخيل القابضة", True),
			("مستشفى الحياة", True),
			("وزارة الصحة", True),
			("هيئة الزكاة", True),
			("صيدلية النهدي", True),
			("نادي الهلال", True),
			("البنك الأهلي", True),
			("Al Nakheel Trading Group", True),
			("Al Nakheel Trading", True),
			("Sham Restaurant", True),
			("Nahdi Pharmacy", True),
			("Ministry of Health", True),
			("خالد النجار", False),
			("الحداد محمد", False),
			("المدرس علي", False),
			("نادي محمد", False),
			("محمد المصنع", False),
			("مجموعة", False),
			("Group", False),
			("Trading", False),
			("John Price", False),
			("Mark Banks", False),
			("Khalid Al-Dosari, Medical Director", False),
			("Khalid Al-Dosari (University)", False),
			("Hospital Manager Khalid", False),
			("خالد الدوسري، مطعم الشام", False),
			("محمد القحطاني", False),
			("Corey Smith", False),
			("", False),
		],
	)
	def test_looks_like_company(self, name, company):
		assert looks_like_company(name) is company


class TestJoined:
	@pytest.mark.parametrize(
		"spellings",
		[
			"ضيف الله, ضيفالله, Daifallah, Dhaifallah, Dhaif Allah, Daifullah",
			"جار الله, جارالله, Jarallah",
			"عطا الله, عطاالله, عطاء الله, Atallah, Attallah, Ataullah",
			"عوض الله, Awadallah",
			"فتح الله, Fathallah",
			"خلف الله, Khalafallah",
			"سعد الله, Saadallah",
			"نصر الله, Nasrallah",
			"رزق الله, Rizqallah",
			"فضل الله, Fadlallah",
			"هبة الله, Hibatullah",
			"عبد الله, عبدالله, Abdullah, Abd Allah",
			"صلاح الدين, صلاحالدين, Salahuddin, Salah Eldin, Salah Al-Din, Salah ad-Din, Salah ud Din, Salaheddine",
			"نور الدين, Nouruddin, Noureddine",
			"سيف الدين, Saifuddin, Saif Eldeen",
			"محي الدين, محيي الدين, Mohyeddin, Muhyiddin",
			"علاء الدين, Alauddin, Alaa Eldin",
			"عز الدين, Ezzeddin, Izz Al-Din",
			"معاذ, Moaz, Muath, Muadh",
			"محمد, Md, Mohd, Mohammed",
		],
	)
	def test_names_in_two_words_are_one(self, spellings):
		names = [person_words(f"{spelling} Harbi") for spelling in spellings.split(", ")]
		for words in names:
			assert [one.text for one in words[1:]] == ["harbi"]
			assert same_sound(names[0][0].shape, words[0].shape), words

	@pytest.mark.parametrize(
		("name", "words"),
		[
			("فهد بن سعيد", ["فهد", "سعيد"]),
			("Fahad Binsaeed", ["fahad", "saeed"]),
			("Yousef Binyamin", ["yousef", "binyamin"]),
			("محمد بنجابي", ["محمد", "بنجابي"]),
			("Abullah Saad", ["abullah", "saad"]),
			("Khalid Aladeeb", ["khalid", "aladeeb"]),
		],
	)
	def test_the_end_of_a_name(self, name, words):
		assert texts(name) == words

	def test_an_article_before_a_vowel_is_still_one(self):
		assert word("aladib").sound == word("الاديب").sound != word("aladin").sound


class TestSound:
	@pytest.mark.parametrize(
		("arabic", "latin"),
		[
			("محمد", "Mohammed Muhammad Mohamed Mohd"),
			("القحطاني", "Alqahtani Qahtani Al-Gahtani"),
			("عبدالله", "Abdullah Abdulla Abdallah"),
			("عبدالرحمن", "Abdulrahman Abdelrahman Abdurrahman"),
			("عبداللطيف", "Abdullatif"),
			("العتيبي", "Alotaibi Otaibi"),
			("العنزي", "Alanazi"),
			("العلي", "Alali"),
			("المملكة", "Almamlaka"),
			("يوسف", "Yousef Yusuf"),
			("خالد", "Khalid Khaled"),
			("رائد", "Raed Raid"),
			("معاذ", "Muath Moadh"),
			("عيسى", "Essa Eisa Issa"),
			("فاطمة", "Fatimah Fatma"),
			("وليد", "Waleed Walid"),
			("شهد", "Shahad"),
		],
	)
	def test_agrees_across_scripts(self, arabic, latin):
		for spelled in latin.split():
			one, other = person_words(arabic)[0], person_words(spelled)[0]
			assert same_sound(one.shape, other.shape), spelled
			assert same_sound(other.shape, one.shape), spelled

	@pytest.mark.parametrize(
		("arabic", "latin"),
		[
			("سعد", "Saeed"),
			("سعد", "Saud"),
			("سعيد", "Saad"),
			("حسن", "Hussain"),
			("حسين", "Hasan"),
			("سالم", "Saleem"),
			("طلال", "Dalal"),
			("فهد", "Fayed"),
		],
	)
	def test_tells_names_apart(self, arabic, latin):
		assert not same_sound(person_words(arabic)[0].shape, person_words(latin)[0].shape)

	@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويء", min_size=1, max_size=12))
	@settings(deadline=None)
	def test_one_gap_more_than_consonants(self, text):
		found = shape(text)
		assert len(found.vowels) == len(found.consonants) + 1


class TestLikeness:
	@pytest.mark.parametrize(
		("one", "other", "expected"),
		[
			("محمد", "محمد", Likeness.SAME),
			("محمد", "mohammed", Likeness.VARIANT),
			("mohammed", "muhammad", Likeness.VARIANT),
			("القحطاني", "قحطاني", Likeness.VARIANT),
			("القحطاني", "القحطني", Likeness.NEAR),
			("القحطاني", "القطحاني", Likeness.NEAR),
			("m", "mohammed", Likeness.INITIAL),
			("حسن", "حسين", Likeness.DIFFERENT),
			("محمد", "حمد", Likeness.DIFFERENT),
			("سلمان", "سليمان", Likeness.DIFFERENT),
			("خالد", "فهد", Likeness.DIFFERENT),
		],
	)
	def test_of_words(self, one, other, expected):
		assert likeness(word(one), word(other), USUAL) is expected
		assert likeness(word(other), word(one), USUAL) is expected


class TestNames:
	@pytest.mark.parametrize(
		("one", "other"),
		[
			("محمد القحطاني", "القحطاني محمد"),
			("محمد القحطاني", "Mohammed Al-Qahtani"),
			("خالد القحطاني", "Qahtani Khalid"),
			("أحمد العتيبي", "احمد العتيبى"),
			("فاطمة عبد الله الشهري", "فاطمه عبدالله الشهرى"),
			("خالد محمد العتيبي", "خالد العتيبي"),
			("خالد محمد العتيبي", "خالد بن محمد العتيبى"),
			("مشعل الزهراني", "مشعل الزهرني"),
			("M. Alharbi", "Majed Alharbi"),
		],
	)
	def test_agree(self, one, other):
		match = compare(person_words(one), person_words(other), USUAL)
		assert match.agrees, match
		assert match == compare(person_words(other), person_words(one), USUAL)

	@pytest.mark.parametrize(
		("one", "other", "reason"),
		[
			("محمد بن علي القحطاني", "علي بن محمد القحطاني", "given_name_differs"),
			("محمد علي", "علي محمد", "given_name_differs"),
			("علي القحطاني", "محمد علي القحطاني", "given_name_differs"),
			("Mohammed Ali Alharbi", "Ali Mohammed Alharbi", "given_name_differs"),
			("محمد سعد القحطاني", "محمد خالد القحطاني", "father_name_differs"),
			("محمد القحطاني", "محمد العتيبي", "family_name_differs"),
		],
	)
	def test_differ(self, one, other, reason):
		match = compare(person_words(one), person_words(other), USUAL)
		assert reason in match.reasons
		assert not match.agrees

	def test_a_family_name_alone_is_weak(self):
		match = compare(person_words("القحطاني"), person_words("محمد القحطاني"), USUAL)
		assert match.reasons == ("family_name_only",)

	def test_a_rare_name_says_more(self):
		usual = compare(person_words("محمد القحطاني"), person_words("محمد القحطاني"), USUAL)
		rare = compare(person_words("ضاري الضبعان"), person_words("ضاري الضبعان"), USUAL)
		assert rare.bits > usual.bits + 5


class TestOrganisations:
	@pytest.mark.parametrize(
		("text", "code"),
		[
			("للتجارة", "trade"),
			("Trading", "trade"),
			("للخدات", "service"),
			("المقاولات", "contract"),
			("النور", ""),
		],
	)
	def test_activity(self, text, code):
		assert activity(organisation_words(text)[0]) == code

	def test_the_kind_goes_also_when_mistyped(self):
		assert organisation_words("شكرة الصقر") == organisation_words("شركة الصقر")


class TestRelations:
	@pytest.mark.parametrize(
		"relation", ["ابن", "إبن", "بنت", "ابنة", "ولد", "والد", "والدة", "زوجة", "أخو", "د. ابن"]
	)
	@pytest.mark.parametrize("name", ["خالد الدوسري", "علي الدوسري", "وليد الحربي"])
	def test_before_a_name_they_say_another_person(self, relation, name):
		match = compare(person_words(f"{relation} {name}"), person_words(name), USUAL)
		assert "given_name_differs" in match.reasons
		assert match.contradicts

	def test_inside_a_name_ibn_is_written_or_not(self):
		assert texts("محمد ابن خالد") == texts("محمد خالد")
		assert texts("Noura bint Khalid") == ["noura", "khalid"]

	def test_the_same_relation_in_both_scripts_is_one_person(self):
		assert compare(person_words("بنت خالد الدوسري"), person_words("Bint Khalid Aldosari"), USUAL).agrees

	def test_a_word_alone_is_a_name(self):
		assert texts("ابن") == ["ابن"]
		assert texts("بن سعيد") == ["سعيد"]
