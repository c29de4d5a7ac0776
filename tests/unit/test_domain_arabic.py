from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dafater_crm.domain.arabic import KEY_LENGTH, clean_name, is_arabic, latin_key, search_key
from dafater_crm.domain.errors import RuleError

ARABIC_TEXT = "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآٱىةؤئء ـًٌَُِّْ٠٥۵"
texts = st.one_of(st.text(), st.text(alphabet=ARABIC_TEXT + "aAbBlL.-'é "))


class TestCleanName:
	@pytest.mark.parametrize(
		("typed", "stored"),
		[
			(None, ""),
			("  محمد \u202e  الحربي\n", "محمد الحربي"),
			("ﻣﺤﻤﺪ", "محمد"),
			("عبدﷲ", "عبدالله"),
			("مُحَمَّد", "مُحَمَّد"),
			("أحمد ىة", "أحمد ىة"),
			("Jose\u0301", "José"),
			("هـ ١٤٤٦", "هـ ١٤٤٦"),
		],
	)
	def test_cleaned(self, typed, stored):
		assert clean_name(typed) == stored

	@pytest.mark.parametrize(
		("typed", "code"),
		[("<b>علي</b>", "text_has_markup"), ("=1+1", "text_is_formula"), ("م" * 141, "text_too_long")],
	)
	def test_refused_as_any_other_text(self, typed, code):
		with pytest.raises(RuleError) as caught:
			clean_name(typed)
		assert caught.value.code == code

	@given(texts)
	def test_stable_and_of_the_same_key(self, typed):
		try:
			name = clean_name(typed)
		except RuleError:
			return
		assert clean_name(name) == name
		assert search_key(name) == search_key(typed)


class TestSearchKey:
	@pytest.mark.parametrize(
		("text", "key"),
		[
			("أحمد إبراهيم آل ٱمن", "احمد ابراهيم الامن"),
			("ليلى", "ليلي"),
			("فاطمة", "فاطمه"),
			("مؤمن رئيس", "مومن رييس"),
			("مُحَمَّدٌ", "محمد"),
			("مـحـمـد", "محمد"),
			("الرحمٰن", "الرحمن"),
			("ﻣﺤﻤﺪ", "محمد"),
			("فرع ٣ ۴", "فرع 3 4"),
			("شركة الرِّيَاض المحدودة", "الرياض"),
			("مؤسسة النور للتجارة", "النور للتجاره"),
			("مكتب المحامي خالد", "المحامي خالد"),
			("شركة النور (ش.ذ.م.م)", "النور"),
			("شركة", "شركه"),
			("Company Ltd", "company ltd"),
			("عبد الله", "عبدالله"),
			("عبد الرحمن بن عبد العزيز", "عبدالرحمن عبدالعزيز"),
			("عبد بن الله", "عبدالله"),
			("عبد ربه", "عبد ربه"),
			("علي بن محمد ابن سعيد", "علي محمد سعيد"),
			("نورة بنت محمد", "نوره محمد"),
			("Ali bin Saeed ibn Omar", "ali saeed omar"),
			("کریم یوسف", "كريم يوسف"),
			("JOSÉ Ñandú", "jose nandu"),
			("Straße Łódź Bjørn", "strasse lodz bjorn"),
			("Al-Harbi Co. Ltd", "alharbi"),
			("Al Harbi L.L.C.", "alharbi"),
			("Alharbi", "alharbi"),
			("Sa'ad Qur’an", "saad quran"),
			("Mr.Ahmed", "mr ahmed"),
			("A.B.C. Trading Est.", "abc trading"),
			("Riyadh/Jeddah & Co", "riyadh jeddah"),
			("snake_case", "snake case"),
			("Ｆｕｌｌ", "full"),
			("!!!", ""),
			("", ""),
			(None, ""),
		],
	)
	def test_vector(self, text, key):
		assert search_key(text) == key

	@given(texts)
	def test_idempotent(self, text):
		key = search_key(text)
		assume(len(key) < KEY_LENGTH)
		assert search_key(key) == key

	@given(texts)
	def test_case_tashkeel_and_spacing_never_matter(self, text):
		assert search_key(f"  {text}\u200f\n") == search_key(text)
		assert search_key(text.replace("م", "مَّـ")) == search_key(text)

	@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ,-"))
	def test_upper_case_latin(self, text):
		assert search_key(text.upper()) == search_key(text)

	@given(texts)
	def test_shape(self, text):
		key = search_key(text)
		assert all(char == " " or char.isalnum() for char in key)
		assert "  " not in key
		assert key == key.strip()
		assert not set(key) & set("أإآٱىةؤئـ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")

	def test_fits_its_column(self):
		assert KEY_LENGTH == 140
		assert len(search_key("ﷺ" * 140)) <= KEY_LENGTH
		assert search_key("م" * 139 + " علي") == "م" * 139
		assert latin_key("b1" * 69 + "b Ali") == "b1" * 69 + "b"


class TestLatinKey:
	@pytest.mark.parametrize(
		"spellings",
		[
			("Mohammed", "Muhammad", "Mohamed", "Mohammad", "Mohd."),
			("Abdullah", "Abdulla", "Abdallah", "Abd Allah"),
			("Khaled", "Khalid", "Khaleed"),
			("Yousef", "Yusuf", "Youssef", "Yosef"),
			("Al-Harbi", "Alharbi", "Al Harbi", "El-Harbi", "Al Harby"),
			("Abdulrahman", "Abdul Rahman", "Abd Al-Rahman", "Abdur-Rahman", "Abdurrahman", "Abdelrahman"),
			("Abdulaziz", "Abdul Aziz", "Abdel-Aziz", "Abd Al-Aziz"),
			("Abdullatif", "Abdul Latif", "Abd Al-Latif"),
			("Al-Dosari", "Aldawsari", "Al Dossary"),
			("Al-Otaibi", "Alotaibi", "Al Utaybi"),
			("Al-Shehri", "Ash-Shehri", "Alshehri"),
			("Al-Qahtani", "Alkahtani"),
			("Al-Yousef", "Alyusuf"),
			("Faisal", "Faysal", "Feisal"),
			("Hussein", "Husain", "Hossein"),
			("Fatimah", "Fatima"),
			("Omar", "Umar"),
			("Ibrahim", "Ebraheem"),
			("Riyadh", "Riyad", "Riad"),
			("Ramadan", "Ramadhan"),
			("Tawfiq", "Toufic"),
			("Saeed", "Said"),
			("Elham", "Ilham"),
			("Ali bin Omar", "Aly Umar"),
			("Mohammed Al-Harbi Trading Co.", "MUHAMMAD ALHARBI TRADING"),
		],
	)
	def test_spellings_agree(self, spellings):
		assert len({latin_key(spelling) for spelling in spellings}) == 1

	@pytest.mark.parametrize(
		("one", "other"),
		[
			("Hassan", "Hussein"),
			("Saad", "Saeed"),
			("Khaled", "Walid"),
			("Mohammed", "Mahmoud"),
			("Abdullah", "Abdulrahman"),
			("Abdo", "Abdullah"),
			("Ali", "Omar"),
			("Al-Harbi", "Al-Otaibi"),
			("Yousef", "Saif"),
		],
	)
	def test_different_names_stay_apart(self, one, other):
		assert latin_key(one) != latin_key(other)

	@pytest.mark.parametrize(
		("text", "key"),
		[
			("Mohammed", "mohmd"),
			("Khalid Al-Harbi", "xald alharb"),
			("Shareef", "carf"),
			("محمد", ""),
			("شركة Nadec", "nadk"),
			("", ""),
			(None, ""),
			("abd", "abd"),
			("Branch 12", "branc 12"),
		],
	)
	def test_vector(self, text, key):
		assert latin_key(text) == key

	@given(texts)
	def test_shape(self, text):
		key = latin_key(text)
		assert key.isascii()
		assert key == key.lower()
		assert len(key) <= KEY_LENGTH

	@given(st.from_regex(r"[a-z]{1,12}( [a-z]{1,12})?", fullmatch=True))
	def test_a_latin_name_always_has_a_key_which_case_does_not_change(self, name):
		assert latin_key(name) == latin_key(name.title())
		assert latin_key(name)

	@given(
		st.sampled_from(["harbi", "ghamdi", "zahrani", "rashid", "omari"]),
		st.sampled_from(["al", "el", "Al"]),
	)
	def test_the_article_is_joined_in_any_writing(self, family, article):
		keys = {latin_key(f"{article}{between}{family}") for between in ("", " ", "-", " - ", "'")}
		assert len(keys) == 1


@pytest.mark.parametrize(
	("text", "answer"),
	[
		("محمد", True),
		("شركة ABC", True),
		("ABC للتجارة", True),
		("Mohammed", False),
		("Mohammed م", False),
		("اب ab", True),
		("اب abc", False),
		("123 !", False),
		("١٢٣", False),
		("", False),
		(None, False),
		("ﻣﺤﻤﺪ", True),
		("گپ", True),
	],
)
def test_is_arabic(text, answer):
	assert is_arabic(text) is answer
