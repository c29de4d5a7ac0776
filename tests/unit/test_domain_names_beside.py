"""What stands before, behind and beside persons' names: titles, degrees, jobs."""

from __future__ import annotations

import pytest

from dafater_crm.domain.frequencies import Frequencies
from dafater_crm.domain.name_similarity import Likeness, likeness
from dafater_crm.domain.names import person_words


def texts(name: str) -> list[str]:
	return [one.text for one in person_words(name)]


class TestTitles:
	@pytest.mark.parametrize(
		"name",
		[
			"أ.د. فهد المطيري",
			"أ. د. فهد المطيري",
			"د.م. فهد المطيري",
			"م.د/ فهد المطيري",
			"سعادة فهد المطيري",
			"سعادة الأستاذ فهد المطيري",
			"معالي الدكتور فهد المطيري",
			"الأمير فهد المطيري",
			"سمو الأمير فهد المطيري",
			"صاحب السمو الملكي الأمير فهد المطيري",
			"الأخ/ فهد المطيري المحترم",
			"الرائد فهد المطيري",
			"النقيب (م) فهد المطيري",
			"الملازم أول فهد المطيري",
			"الملازم ثاني فهد المطيري",
			"العقيد الطيار الركن فهد المطيري",
			"العميد ركن متقاعد فهد المطيري",
			"الفريق أول فهد المطيري",
			"المقدم فهد المطيري",
		],
	)
	def test_arabic_ones_go(self, name):
		assert texts(name) == ["فهد", "المطيري"]

	@pytest.mark.parametrize(
		"name",
		[
			"H.E. Fahad Almutairi",
			"HE Fahad Almutairi",
			"HRH Prince Fahad Almutairi",
			"Lt. Col. Fahad Almutairi",
			"Maj. Gen. Fahad Almutairi",
			"Bro. Fahad Almutairi",
			"Architect Fahad Almutairi",
			"Arch. Fahad Almutairi",
			"Adv. Fahad Almutairi",
			"Fahad Almutairi PhD",
			"Fahad Almutairi Ph.D.",
			"Dr. Fahad Almutairi MBA",
		],
	)
	def test_latin_ones_and_degrees_go(self, name):
		assert texts(name) == ["fahad", "almutairi"]

	@pytest.mark.parametrize(
		("name", "words"),
		[
			("فهد الأمير", ["فهد", "الامير"]),
			("الأمير محمد", ["الامير", "محمد"]),
			("سمو الأمير محمد", ["محمد"]),
			("الرائد محمد", ["الرايد", "محمد"]),
			("محمد علي النقيب", ["محمد", "علي", "النقيب"]),
			("محمد المقدم", ["محمد", "المقدم"]),
			("رائد علي المطيري", ["رايد", "علي", "المطيري"]),
			("معالي محمد المطيري", ["معالي", "محمد", "المطيري"]),
			("فضيلة المطيري", ["فضيله", "المطيري"]),
			("الشيخ محمد", ["محمد"]),
			("محمد الشيخ", ["محمد", "الشيخ"]),
			("م. الطيار عائشة", ["الطيار", "عايشه"]),
			("الشيخ ثاني محمد", ["ثاني", "محمد"]),
			("العقيد الطيار محمد", ["الطيار", "محمد"]),
			("He Jun", ["he", "jun"]),
			("Prince Khan", ["prince", "khan"]),
			("العقيد", ["العقيد"]),
		],
	)
	def test_a_name_that_is_a_title_too_stays(self, name, words):
		assert texts(name) == words


class TestBeside:
	@pytest.mark.parametrize(
		("name", "words"),
		[
			("خالد الدوسري، مدير المبيعات", ["خالد", "الدوسري"]),
			("مدير المبيعات، خالد الدوسري", ["خالد", "الدوسري"]),
			("خالد الدوسري، مهندس مدني", ["خالد", "الدوسري"]),
			("خالد الدوسري (مدير المبيعات)", ["خالد", "الدوسري"]),
			("خالد الدوسري - محاسب", ["خالد", "الدوسري"]),
			("خالد، قسم المشتريات", ["خالد"]),
			("Khalid Al-Dosari, PhD", ["khalid", "aldosari"]),
			("Khalid Al-Dosari, Ph.D.", ["khalid", "aldosari"]),
			("Khalid Al-Dosari, Sales Manager", ["khalid", "aldosari"]),
			("Khalid Al-Dosari, MBA, PMP", ["khalid", "aldosari"]),
		],
	)
	def test_a_job_or_degree_is_no_part_of_a_name(self, name, words):
		assert texts(name) == words

	@pytest.mark.parametrize(
		("name", "words"),
		[
			("القحطاني، محمد", ["محمد", "القحطاني"]),
			("القحطاني، مهندس محمد", ["محمد", "القحطاني"]),
			("Al-Qahtani, Mohammed Ali", ["mohammed", "ali", "alqahtani"]),
			("Al-Qahtani, Dr. Mohammed", ["mohammed", "alqahtani"]),
			("Al-Qahtani, Mohammed, PhD", ["mohammed", "alqahtani"]),
			("القحطاني، محمد (مدير المبيعات)", ["محمد", "القحطاني"]),
			("مدير، محاسب", ["محاسب", "مدير"]),
		],
	)
	def test_a_family_name_before_a_comma_is_turned(self, name, words):
		assert texts(name) == words


class TestTitlesInside:
	@pytest.mark.parametrize(
		("name", "plain"),
		[
			("Al Mutairi Dr. Bushra", "Al Mutairi Bushra"),
			("الزهراني م. أسماء", "الزهراني أسماء"),
			("سندي د. حمد", "سندي حمد"),
			("AlRashidi Eng. Anas", "AlRashidi Anas"),
		],
	)
	def test_two_columns_whose_order_was_changed(self, name, plain):
		assert person_words(name) == person_words(plain)

	@pytest.mark.parametrize("name", ["محمد السيد علي", "Ahmed Sheikh Omar", "خالد الدكتور"])
	def test_what_may_be_a_name_stays(self, name):
		assert len(person_words(name)) == len(name.split())

	@pytest.mark.parametrize(
		("one", "other"), [("العيسى", "Al-Issa"), ("العيسى", "AlEssa"), ("عثمان", "Osman")]
	)
	def test_in_both_scripts(self, one, other):
		(first,), (second,) = person_words(one), person_words(other)
		assert likeness(first, second, Frequencies.prior()) >= Likeness.VARIANT
