"""The sound of one word of a name, in letters that Arabic and Latin spellings share (facts: saudi.md 4.9).

محمد and Mohammed have the consonants m-h-m-d. Arabic writes long vowels only and Latin spellings disagree about
all of them, so consonants decide and vowels can only object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from . import phonetics

# One letter a sound, as phonetics.respelt leaves Latin words: x is kh, c is sh; th, dh and gh are t, d and g.
# Letters that Latin spellings write alike (ت ط, د ض ذ ظ, ح ه, س ص, ق ك) are one.
_CONSONANTS = dict(zip("بپتطثجچحهخدضذظرزژسصشغگفڤقكلمن", "bbtttjchhxddddrzzsscggffkklmn", strict=True))
_LONG = {"ا": "a", "و": "o", "ي": "i"}
# Ain and hamza are heard as any vowel, or not at all.
_ANY = "?"
_VOWEL_LETTERS = {"a": "a", "e": "e", "i": "i", "o": "o", "u": "o", "w": "o", "y": "i"}
_ARTICLE = "ال"
# Alaeddin is علاء الدين and no article.
_ARTICLE_BEFORE_VOWEL = re.compile(r"^[ae]l(?!a+e?d[ie]+n$)(?=a\w{2}|[eiou]\w{3}|[ei]sa$)")
_OF_RELIGION = "الدين"
_SHORTEST_STEM = 3
_NO_ARTICLE = frozenset(("الياس", "الهام", "الطاف"))
# th is ث, which counts as t, or ذ (Moath, معاذ); g is غ, or ق as it is spoken (Gahtani), or an Egyptian ج (Gamal).
_READ_OTHERWISE = ((re.compile("th"), "d"), (re.compile("g(?!h)"), "q"), (re.compile("g(?!h)"), "j"))
# Pairs of Latin vowels that are written for a long vowel or a diphthong, and the Arabic letter it needs.
_LONG_I = ("ee", "ai", "ei", "ie", "ii")
_LONG_O = ("oo", "ao")


@dataclass(frozen=True, slots=True)
class Shape:
	"""Consonants of a word and the vowels before, between and behind them: ``len(vowels) == len(consonants) + 1``.

	``arabic`` tells which letters it was written in: Arabic vowels are the long ones, Latin ones are all of them.
	"""

	consonants: str
	vowels: tuple[str, ...]
	arabic: bool
	stem: str
	# The consonants when a letter stands for another sound, see _READ_OTHERWISE.
	otherwise: tuple[str, ...] = ()


@lru_cache(maxsize=200_000)
def shape(word: str) -> Shape:
	"""Return the shape of one word as ``arabic.search_key`` and ``phonetics.joined`` leave it, article dropped.

	A final h (ة, ه, -ah) is left out, and one of two Latin consonants; Arabic doubles in sound, not in writing, so that
	the two letters of مملكة are two sounds. A word without any consonant (آية, "Aya") has "".
	"""
	if word.isascii():
		stem = phonetics.respelt(word)[1]
		# Alotaibi, Alanazi: phonetics.respelt leaves these whole, since Alaa and Alia have no article.
		stem = _ARTICLE_BEFORE_VOWEL.sub("", stem)
		found = _build(stem, {}, _VOWEL_LETTERS, arabic=False)
		readings = {reading.sub(other, word) for reading, other in _READ_OTHERWISE} - {word}
		return replace(found, otherwise=tuple(sorted(shape(reading).consonants for reading in readings)))
	stem = _without_article(word)
	if stem.startswith("عبدالل") or stem.endswith("الله"):
		# Latin spellings of عبدالله, عبداللطيف and ضيفالله write one l.
		return _build("ل".join(stem.rsplit("لل", 1)), _CONSONANTS, _LONG, arabic=True, stem=stem)
	if stem.endswith(_OF_RELIGION) and stem != _OF_RELIGION:
		# Salahuddin: the article of صلاح الدين is not heard.
		heard = stem.removesuffix(_OF_RELIGION) + "دين"
		return _build(heard, _CONSONANTS, _LONG, arabic=True, stem=stem)
	return _build(stem, _CONSONANTS, _LONG, arabic=True)


def same_sound(one: Shape, other: Shape) -> bool:
	"""Tell whether two words can be spellings of one name: the same consonants, and no vowel objects."""
	if not one.consonants or not _same_consonants(one, other):
		return False
	if one.arabic == other.arabic:
		return one.vowels == other.vowels
	written, heard = (one, other) if one.arabic else (other, one)
	# Omar begins with a letter that is heard as a vowel, Hamad does not; Ahmad is أحمد and never حمد.
	if bool(written.vowels[0]) != bool(heard.vowels[0]):
		return False
	last = len(written.vowels) - 1
	# Final vowels are written in too many ways: Mona, Muna, منى; Ali, Aly, علي.
	return all(_vowels_agree(written.vowels[gap], heard.vowels[gap]) for gap in range(last))


def _same_consonants(one: Shape, other: Shape) -> bool:
	if one.consonants == other.consonants:
		return True
	return not {one.consonants, *one.otherwise}.isdisjoint((other.consonants, *other.otherwise))


def _vowels_agree(written: str, heard: str) -> bool:
	if "i" in written and "i" not in heard and "ee" not in heard:
		# رائد is Raed and عيسى Essa, but سليم is not Salem.
		return "e" in heard and len(written) > 1
	if "o" in written and "o" not in heard:
		return False
	# عامر is Amer and not Omar; only at the beginning a bare alif is any vowel (Ibrahim, Osama).
	if "a" in written[len(_ANY) :] and "a" not in heard:
		return False
	long_i = any(pair in heard for pair in _LONG_I)
	long_o = any(pair in heard for pair in _LONG_O)
	return not (long_i and "i" not in written) and not (long_o and "o" not in written)


def _without_article(word: str) -> str:
	stem = word.removeprefix(_ARTICLE)
	return stem if len(stem) >= _SHORTEST_STEM and word not in _NO_ARTICLE else word


def _build(
	letters: str, consonants: dict[str, str], vowels: dict[str, str], arabic: bool, stem: str = ""
) -> Shape:
	found: list[str] = []
	gaps = [""]
	for place, letter in enumerate(letters):
		sound = _sound(letter, place, consonants, vowels, arabic)
		if not sound:
			gaps[-1] += vowels.get(letter, _ANY if arabic else "")
		elif arabic or not (found and found[-1] == sound and not gaps[-1]):
			found.append(sound)
			gaps.append("")
	if len(found) > 1 and found[-1] == "h" and not gaps[-1]:
		found.pop()
		gaps.pop()
	return Shape("".join(found), tuple(gaps), arabic, stem or letters)


def _sound(letter: str, place: int, consonants: dict[str, str], vowels: dict[str, str], arabic: bool) -> str:
	"""Return the consonant that a letter stands for, "" for a vowel; w and y are consonants at the beginning only."""
	if place == 0 and letter in "wyوي":
		return "w" if letter in "wو" else "y"
	if arabic:
		return consonants.get(letter, letter if letter.isdigit() or letter.isascii() else "")
	return "" if letter in vowels else ("b" if letter == "p" else letter)
