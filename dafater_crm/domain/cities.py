"""Which city a cell names: one key for الرياض, Riyadh and "Ar Riyadh - Olaya", another one for every other city.

Consonants alone cannot say it (أبها and الباحة have the same), so cities are listed in `city_names.py`. Of a place that is not
listed the key is the sound of all its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from . import city_names, phonetics
from .arabic import folded_words
from .names import word

_MOST_WORDS = 4
_SHORTEST_STEM = 2
_LONG_SPELLING = 6
_FEWEST_CONSONANTS = 2  # العليا is no misspelt العلا
_PARTS = re.compile(r"[,،;؛/\\|()\n]|\s[-–—]+\s?|\s?[-–—]+\s")
# The article once `phonetics.joined` has made alriyadh of Ar-Riyadh; Arriyadh is still as it was typed.
_ARTICLE = re.compile(r"^(?:ال|[ae]l|a(?=(sh|th|dh|[rsntdz])\1)(?:sh|th|dh|[rsntdz]))")
# What kind of place it is; المدينة with its article is a city.
_KINDS = frozenset(
	(
		"مدينه",
		"محافظه",
		"منطقه",
		"اماره",
		"city",
		"madinat",
		"governorate",
		"province",
		"region",
		"of",
	)
)
# Before and behind the name of a city these say that something else is called after it: طريق المدينة is in Jeddah.
_NAMED_AFTER_CITIES = frozenset(
	(
		"حي",
		"طريق",
		"شارع",
		"ش",
		"دوار",
		"مخطط",
		"سلطنه",
		"district",
		"dist",
		"road",
		"rd",
		"street",
		"st",
	)
)
_WAYS = frozenset(
	(
		"road",
		"rd",
		"street",
		"st",
		"district",
		"dist",
		"highway",
	)
)
# المدينة الصناعية is in many cities.
_THE_CITY = "المدينه"
_IN_MANY_CITIES = frozenset(
	("الصناعيه", "الاقتصاديه", "الجامعيه", "الطبيه", "الرياضيه", "السكنيه", "الرقميه")
)
_NO_CITY = frozenset(("سعوديه", "مملكهعربيهسعوديه", "saudi", "saudiarabia", "ksa", "kingdomofsaudiarabia"))


def _stem(text: str) -> str:
	stem = _ARTICLE.sub("", text)
	return stem if len(stem) >= _SHORTEST_STEM else text


def _words(text: str) -> list[str]:
	return phonetics.joined(folded_words(text))


def _spelled(words: Sequence[str]) -> str:
	return "".join(_stem(one) for one in words)


def _read(lines: str) -> Iterator[tuple[str, str]]:
	"""Yield (spelling, city) of each spelling, also of one that was typed without a space: حفرالباطن."""
	for line in lines.split("\n"):
		spellings = [_words(spelling) for spelling in line.split(",") if spelling.strip()]
		for words in spellings:
			city = _spelled(spellings[0])
			yield _spelled(words), city
			yield _stem("".join(words)), city


def _sound(spelling: str) -> tuple[bool, str]:
	"""The consonants of a spelling and its script; Abha and Baha have the same."""
	return spelling.isascii(), word(spelling).shape.consonants


_REGIONS = dict(_read(city_names.REGIONS))
_CITIES = dict(_read(city_names.ABROAD + city_names.SAUDI))
_BY_SOUND: dict[tuple[bool, str], list[str]] = {}
for _spelling in _CITIES:
	_BY_SOUND.setdefault(_sound(_spelling), []).append(_spelling)


@lru_cache(maxsize=50_000)
def key(text: str | None) -> str:
	"""Return what الرياض, Riyadh and Ar Riyadh share and no other city has; "" for a blank or a country alone.

	A kind of place (مدينة, محافظة, City) and what stands beside the city (its district, its country) do not matter.
	"""
	parts = [words for part in _PARTS.split(text or "") if (words := _words(part))]
	found = _listed(parts, _CITIES) or _listed(parts, _REGIONS) or _mistyped(parts)
	return found or _unlisted(parts)


def _listed(parts: Sequence[Sequence[str]], spellings: dict[str, str]) -> str:
	"""The first listed place of a cell: of two at one word the longer one, and no road that is called after a city."""
	for words in parts:
		for start in range(len(words)):
			if start and words[start - 1] in _NAMED_AFTER_CITIES:
				continue
			for end in range(min(len(words), start + _MOST_WORDS), start, -1):
				if _names_something_else(words[end - 1], words[end] if end < len(words) else ""):
					continue
				if city := spellings.get(_spelled(words[start:end])):
					return city
	return ""


def _names_something_else(last: str, following: str) -> bool:
	"""Tell whether what follows makes another place of it: Madinah Road, مدينة الرياض, المدينة الصناعية."""
	if last == _THE_CITY:
		return following in _IN_MANY_CITIES
	return following in _WAYS or (bool(following) and last in _KINDS)


def _mistyped(parts: Sequence[Sequence[str]]) -> str:
	"""The one listed city that has the consonants of a part and nearly its letters: Riyaadh, الرياظ."""
	for words in parts:
		spelled = _spelled(_without_kinds(words))
		allowed = 2 if spelled.isascii() and len(spelled) >= _LONG_SPELLING else 1
		sound = _sound(spelled)
		alike = _BY_SOUND.get(sound, ()) if len(sound[1]) >= _FEWEST_CONSONANTS else ()
		near = [(OSA.distance(spelled, known), _CITIES[known]) for known in alike]
		least = min(near, default=(allowed + 1, ""))
		if least[0] <= allowed and all(city == least[1] for distance, city in near if distance == least[0]):
			return least[1]
	return ""


def _unlisted(parts: Sequence[Sequence[str]]) -> str:
	for words in parts:
		telling = _without_kinds(words)
		if _spelled(telling) not in _NO_CITY:
			return "~" + " ".join(_heard(_stem(one)) for one in telling)
	return ""


def _heard(stem: str) -> str:
	"""The sound of a word, and whether it begins with a vowel."""
	one = word(stem)
	return ("'" if one.shape.vowels[0] else "") + one.sound


def _without_kinds(words: Sequence[str]) -> Sequence[str]:
	return [one for one in words if one not in _KINDS] or words
