"""How telling a word of a name is: محمد says little, a rare family name much."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .given_names import LATIN, MEN, WOMEN
from .names import Word, person_words
from .transliteration import same_sound

# Used until real counts are there: about what a site of a middle-sized company holds.
DEFAULT_RECORDS = 20_000
_MOST_BITS = 11.0
_LEAST_BITS = 0.5
# Beside a common name, a spelling is a name of its own when it is not rarer than this share of the other.
_OWN_NAME_SHARE = 0.004
_OWN_NAME_COUNT = 4
_FEWEST_RECORDS = 1024
_NO_READINGS: frozenset[str] = frozenset()

# Names that are heard everywhere in Saudi Arabia, with a rough share in percent. They matter only where the
# counts cannot: in a file of fifty rows محمد would look rare, and حسن a typing error of حسين.
_COMMON_FAMILIES = """القحطاني 3 العتيبي 3 الحربي 3 الغامدي 3 الزهراني 3 الشهري 2.5 الدوسري 2.5 المطيري 2.5 الشمري 2.5 العنزي 2.5
السبيعي 1 القرني 1 العسيري 1 المالكي 1 الجهني 1 البلوي .8 الرشيدي .8 اليامي .6 العمري .6 السلمي .6 الخالدي .5 الأحمدي .5"""
_COMMON_GIVEN = """محمد 9 عبدالله 6 أحمد 4 عبدالرحمن 4 عبدالعزيز 4 خالد 3 فهد 3 سلطان 2 سعود 2 علي 3 سعد 2 فيصل 2
تركي 1.5 ناصر 2 سلمان 1.5 إبراهيم 2 يوسف 1.5 عمر 1.5 صالح 1.5 سعيد 1.5 ماجد 1.2 بندر 1.2 نايف 1.2 حسن 1.2 حسين 1
مشعل 1 نواف 1 عبدالمجيد .7 وليد 1 طلال .7 سامي .7 ياسر .8 بدر .8 منصور .8 حمد .8 حامد .4 محمود .5 مساعد .4 راشد .5
سالم .8 سليم .2 سليمان .8 جابر .4 عادل .7 هاني .5 زياد .5 ريان .5 عبدالملك .5 حمود .4 مبارك .4 عمرو .3 عامر .3 طارق .6
نورة 1.5 سارة 1.5 فاطمة 1.5 منى .8 هند .7 ريم .8 مها .6 أمل .7 نوف .6 عبير .5 ليلى .4 مريم .8 عائشة .7 حصة .4 لطيفة .4
هدى .5 أسماء .4 خديجة .3 نوال .3 وفاء .4 جواهر .4 العنود .3 شهد .4 لمى .3 رنا .3 دانة .3 نور .2 هيفاء .3 بدرية .2"""
# Less usual, but each is one slip of the finger from another name, which brothers and sisters have.
_NEIGHBOURS = """هادي .3 فارس .5 فراس .2 وسام .2 وسيم .2 ريما .2 ماجدة .2 رائد .3 سامر .1 سمير .2 سميرة .2 جمال .2 جميل .1 جميلة .1
أمين .3 أمينة .2 كمال .1 كامل .1 حازم .2 حاتم .2 رامي .3 راني .1 رانيا .2 عمار .3 أمير .1 أميرة .3 كريم .1 كريمة .1 نادر .2 نادرة .1 سعيدة .1
سلمى .3 سلوى .2 شريف .1 شريفة .2 بسام .2 باسم .2 معاذ .3 مراد .1 مرام .2 نادية .2 نايفة .1 وليدة .1 عادلة .1 فهدة .2 سلطانة .1"""


@dataclass(slots=True)
class Frequencies:
	"""Counts over all records of a site or file.

	``words`` counts words of persons' names, ``given`` and ``families`` those that stand first and last,
	``organisation_words`` and ``cities`` what their names say by sound, ``spellings`` every written form, and ``holders`` the
	records that share one phone or e-mail address. All of them may be partial: what was never counted is taken for rare.
	"""

	records: int = DEFAULT_RECORDS
	words: Counter[Word] = field(default_factory=Counter)
	spellings: Counter[str] = field(default_factory=Counter)
	given: Counter[str] = field(default_factory=Counter)
	families: Counter[str] = field(default_factory=Counter)
	organisation_words: Counter[str] = field(default_factory=Counter)
	cities: Counter[str] = field(default_factory=Counter)
	holders: Mapping[str, int] = field(default_factory=dict)
	_bits: dict[Word, float] = field(default_factory=dict, repr=False)
	_organisation_bits: dict[str, float] = field(default_factory=dict, repr=False)
	_city_bits: dict[str, float] = field(default_factory=dict, repr=False)
	_is_family: dict[Word, bool] = field(default_factory=dict, repr=False)
	_read: dict[Word, frozenset[str]] = field(default_factory=dict, repr=False)
	_by_sound: dict[str, list[Word]] = field(default_factory=dict, repr=False)
	_prior_bits: float = field(default=0.0, repr=False)

	def __post_init__(self) -> None:
		self._prior_bits = math.log2(max(self.records, _FEWEST_RECORDS))

	@classmethod
	def prior(cls) -> Frequencies:
		"""What is known before any record is read: the common names of a site of the default size."""
		found = cls()
		found._add_prior(1.0)
		return found

	def add_name(self, words: Sequence[Word], times: int = 1) -> None:
		"""Count one person's name, given name first; the caller keeps ``records``."""
		for one in words:
			self.words[one] += times
			self.spellings[one.spelling] += times
		if words:
			self.given[_place_key(words[0])] += times
		if len(words) > 1:
			self.families[_place_key(words[-1])] += times

	def settle(self, records: int) -> None:
		"""Say that so many records were counted; the fewer they are, the more the common names are added to them."""
		self.records = records
		if records < DEFAULT_RECORDS:
			self._add_prior(max(records, _FEWEST_RECORDS) / DEFAULT_RECORDS)
		self.__post_init__()
		self._bits.clear()
		self._organisation_bits.clear()
		self._city_bits.clear()
		self._is_family.clear()
		self._read.clear()
		self._by_sound.clear()

	def prior_bits(self) -> float:
		"""How unlikely it is that two records taken at random are one: one pair among as many as there are records."""
		return self._prior_bits

	def bits(self, word: Word) -> float:
		"""How much agreement on this word says, from 0.5 (everybody has it) to 11."""
		found = self._bits.get(word)
		if found is None:
			found = self._bits[word] = _information(self._holders_of(word), self.records)
		return found

	def name_bits(self, words: Sequence[Word]) -> float:
		"""The most that agreement on a whole name can say."""
		return sum(self.bits(word) for word in words)

	def organisation_bits(self, sound: str) -> float:
		"""How much agreement on this word of companies' names says."""
		found = self._organisation_bits.get(sound)
		if found is None:
			found = self._organisation_bits[sound] = _information(
				self.organisation_words[sound], self.records
			)
		return found

	def city_bits(self, city: str) -> float:
		"""How much living in one city says, from 1 to 4: where nobody else is, neighbours know each other."""
		found = self._city_bits.get(city)
		if found is None:
			found = min(4.0, max(1.0, _information(self.cities[city], self.records)))
			self._city_bits[city] = found
		return found

	def two_names(self, one: Word, other: Word) -> bool:
		"""Tell whether both spellings are so usual that one is no typing error of the other (حسن and حسين).

		Latin spellings of the same Arabic names (Mishal, Meshal) are one name, however usual each is, and so are a Latin
		spelling and the Arabic name that it stands for.
		"""
		if self._one_reading(one, other):
			return False
		first, second = self._usual(one), self._usual(other)
		least = max(_OWN_NAME_COUNT, _OWN_NAME_SHARE * max(first, second))
		# Which Arabic name a Latin spelling means is a guess: across the scripts only counting tells.
		listed = one.shape.arabic == other.shape.arabic
		return all(
			count >= least or (listed and self._is_listed(word))
			for word, count in ((one, first), (other, second))
		)

	def known_apart(self, one: Word, other: Word) -> bool:
		"""Tell whether two words of one script that sound alike are two known names: عايض and عايد, Jamal and Jameel."""
		if one.shape.arabic != other.shape.arabic:
			return False
		if one.shape.arabic:
			return one.spelling != other.spelling and self._is_listed(one) and self._is_listed(other)
		first, second = (self._readings(each) | self._listed_readings(each) for each in (one, other))
		return bool(first and second) and first.isdisjoint(second)

	def _counts_little(self) -> bool:
		"""In so few records a name may occur once; in more, one that nobody has is rather a slip of the finger."""
		return self.records <= DEFAULT_RECORDS

	def _is_listed(self, word: Word) -> bool:
		return self._counts_little() and _is_listed(word)

	def _listed_readings(self, word: Word) -> frozenset[str]:
		return _listed_readings(word) if self._counts_little() else _NO_READINGS

	def brother_and_sister(self, brother: Word, sister: Word) -> bool:
		"""Tell whether the two, one of them in Latin letters, spell an Arabic name and the same with ة, and both are usual."""
		men, women = (
			{one.spelling} if one.shape.arabic else self._readings(one) | _listed_readings(one)
			for one in (brother, sister)
		)
		return any(self._are_two(man, f"{man}ه") for man in men if f"{man}ه" in women)

	def _are_two(self, man: str, woman: str) -> bool:
		first, second = self.spellings[man], self.spellings[woman]
		least = max(_OWN_NAME_COUNT, _OWN_NAME_SHARE * max(first, second))
		listed = _listed()[0]
		return (first >= least or man in listed) and (second >= least or woman in listed)

	def _one_reading(self, one: Word, other: Word) -> bool:
		if one.shape.arabic and other.shape.arabic:
			return False
		if one.shape.arabic != other.shape.arabic:
			arabic, latin = (one, other) if one.shape.arabic else (other, one)
			return arabic.spelling in self._readings(latin) | self._listed_readings(latin)
		first, second = self._readings(one), self._readings(other)
		if not first and not second:
			first, second = self._listed_readings(one), self._listed_readings(other)
		return bool(first) and first == second

	def is_usual(self, word: Word) -> bool:
		"""Tell whether a spelling is known as a name, so that it is hardly a slip of somebody's finger."""
		return self._usual(word) >= _OWN_NAME_COUNT or self._is_listed(word)

	def is_name(self, word: Word) -> bool:
		"""Tell whether a spelling is usual or known without counting, however many records were counted."""
		return self.is_usual(word) or _is_listed(word)

	def _usual(self, word: Word) -> int:
		"""Count a spelling; a Latin one also as the Arabic names that it spells, since those are what a small site knows.

		In many records a Latin word that hardly anybody writes like this is no name, though it sounds like one: Abdlulah, Husai.
		"""
		if not word.shape.arabic and not self._counts_little() and self._is_rare(word):
			return self.words[word]
		found = self.spellings[word.spelling]
		return found + sum(self.spellings[key] for key in self._readings(word))

	def _is_rare(self, word: Word) -> bool:
		# What was never counted as a person's may be a company's, where only sounds are.
		seen = self.words[word] or self.organisation_words[word.sound]
		return seen < _OWN_NAME_COUNT

	def _readings(self, word: Word) -> frozenset[str]:
		"""The Arabic spellings that a Latin word, or another of the same phonetic key, may stand for; none for an Arabic one."""
		if word.shape.arabic:
			return _NO_READINGS
		found = self._read.get(word)
		if found is None:
			near = list(self._spellings_of(word))
			latin = [known for known in near if known.spelling == word.spelling]
			near += [known for each in latin for known in self._spellings_of(each)]
			found = self._read[word] = frozenset(known.spelling for known in near if known.shape.arabic)
		return found

	def is_family(self, word: Word) -> bool:
		"""Tell whether a word stands last in names rather than first; an article alone says so too."""
		found = self._is_family.get(word)
		if found is None:
			given, last = self._places(word)
			few = given + last < _OWN_NAME_COUNT
			found = word.has_article if few else last > 2 * given
			self._is_family[word] = found
		return found

	def _places(self, word: Word) -> tuple[int, int]:
		"""Count how often a word stands first and last.

		A Latin word that is too rare to be counted by itself counts as all that it may spell: Qahtani as القحطاني. One with an
		article does not, or Al-Fahad would count as فهد.
		"""
		key = _place_key(word)
		given, last = self.given[key], self.families[key]
		if word.shape.arabic or word.has_article or given + last >= _OWN_NAME_COUNT:
			return given, last
		keys = {key, *(_place_key(known) for known in self._spellings_of(word))}
		return sum(self.given[key] for key in keys), sum(self.families[key] for key in keys)

	def _spellings_of(self, word: Word) -> Iterator[Word]:
		"""Yield the counted words that are the same name, in both scripts."""
		if not self._by_sound:
			for known in self.words:
				self._by_sound.setdefault(known.sound, []).append(known)
		for known in self._by_sound.get(word.sound, ()):
			if known.spelling == word.spelling or same_sound(known.shape, word.shape):
				yield known

	def _holders_of(self, word: Word) -> int:
		"""Count a name in all its spellings and both scripts: Mohammed is as frequent as محمد."""
		return sum(self.words[known] for known in self._spellings_of(word))

	def _add_prior(self, weight: float) -> None:
		given = f"{_COMMON_GIVEN} {_NEIGHBOURS}"
		for names, count_each in ((given, self.given), (_COMMON_FAMILIES, self.families)):
			pieces = names.split()
			for name, percent in zip(pieces[::2], pieces[1::2], strict=True):
				(word,) = person_words(name)
				times = max(_OWN_NAME_COUNT, round(float(percent) * weight * DEFAULT_RECORDS / 100))
				self.words[word] += times
				self.spellings[word.spelling] += times
				count_each[_place_key(word)] += times


def _place_key(word: Word) -> str:
	"""الحسن is a family, حسن a given name: the article counts. A Latin word is counted as it is written: Ali and Ahmedi, which sounds like Ahmed."""
	if not word.shape.arabic:
		return word.text
	return f"{'ال' if word.has_article else ''}{word.spelling}"


def _information(count: int, records: int) -> float:
	bits = math.log2(max(records, _FEWEST_RECORDS) / (count + 1))
	return min(_MOST_BITS, max(_LEAST_BITS, bits))


def count_all(keys: Iterable[str]) -> Counter[str]:
	"""Counts of keys that occur more than once; the others would only cost memory."""
	counted = Counter(keys)
	return Counter({key: seen for key, seen in counted.items() if seen > 1})


@lru_cache(maxsize=1)
def _listed() -> tuple[frozenset[str], dict[str, list[Word]]]:
	"""The spellings of the names that are known without counting, and their words by sound."""
	common = f"{_COMMON_GIVEN} {_NEIGHBOURS}".split()[::2]
	words = [
		word
		for name in (*common, *MEN.split(), *WOMEN.split(), *LATIN.split())
		for word in person_words(name)
	]
	by_sound: dict[str, list[Word]] = {}
	for word in words:
		by_sound.setdefault(word.sound, []).append(word)
	return frozenset(word.spelling for word in words), by_sound


@lru_cache(maxsize=50_000)
def _is_listed(word: Word) -> bool:
	# An article makes a family of a given name: الربيع, السلوى.
	return not word.has_article and (word.spelling in _listed()[0] or bool(_listed_readings(word)))


@lru_cache(maxsize=50_000)
def _listed_readings(word: Word) -> frozenset[str]:
	"""The listed Arabic names that a Latin word spells; none for an Arabic one."""
	if word.shape.arabic:
		return _NO_READINGS
	near = _listed()[1].get(word.sound, ())
	return frozenset(
		known.spelling for known in near if known.shape.arabic and same_sound(known.shape, word.shape)
	)
