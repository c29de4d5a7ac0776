"""Companies' names as words that can be compared across scripts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from . import cities
from .activity_words import ACTIVITIES
from .arabic import search_key
from .frequencies import Frequencies
from .name_similarity import Likeness, likeness
from .names import Word, word

_SAME_SHARE = 0.7
MOST_BITS = 12.0
_DIFFERS = 1.5
_ACTIVITY_BITS = 2.0

_HEADS = ("", "لل", "وال", "ال", "ل", "و")
_LONG_ACTIVITY = 5
_LONG_STEM = 4
# Kinds that are long enough to be recognised with a typing error.
_LONG_KINDS = ("شركه", "موسسه", "company", "establishment", "limited")
_CODES = {text: code for code, texts in ACTIVITIES.items() for text in texts.split()}


def organisation_words(name: str | None) -> tuple[Word, ...]:
	"""Return the words of a company's name without its kind (شركة, LLC, also mistyped); () for a blank."""
	texts = search_key(name).split()
	telling = [text for text in texts if not _mistyped_kind(text)]
	return tuple(word(text) for text in telling or texts)


@lru_cache(maxsize=100_000)
def _mistyped_kind(text: str) -> bool:
	return len(text) > 2 and any(OSA.distance(text, kind, score_cutoff=1) <= 1 for kind in _LONG_KINDS)


def activity(one: Word) -> str:
	"""Return the code of a word that says what a company does ("trade" for للتجارة and Trading), else ""."""
	return _activity(one.text)


@lru_cache(maxsize=100_000)
def _activity(text: str) -> str:
	for head in _HEADS:
		if text.startswith(head) and (code := _CODES.get(text[len(head) :])):
			return code
	if len(text) < _LONG_ACTIVITY:
		return ""
	# One slip of the finger in a long word: للخدات.
	for head in _HEADS:
		stem = text[len(head) :]
		if text.startswith(head) and len(stem) >= _LONG_STEM:
			near = (known for known in _CODES if _slip(stem, known))
			if found := next(near, ""):
				return _CODES[found]
	return ""


def _slip(stem: str, known: str) -> bool:
	"""One letter too many, too few or wrong, in words of which one has five letters or more."""
	if min(len(stem), len(known)) < _LONG_STEM or max(len(stem), len(known)) == _LONG_STEM:
		return False
	return OSA.distance(stem, known, score_cutoff=1) <= 1


def city_key(city: str | None) -> str:
	"""Return what الرياض, Riyadh and Ar Riyadh share, and no other city; "" for a blank. See `cities`."""
	return cities.key(city)


def telling_words(words: Sequence[Word]) -> list[Word]:
	"""The words that say which company it is; all of them if each is only an activity."""
	return [one for one in words if not activity(one)] or list(words)


def compare(one: Sequence[Word], other: Sequence[Word], frequencies: Frequencies) -> tuple[float, str]:
	"""Return evidence in bits and "same_organisation" or "organisation_differs".

	The telling words must agree (typing errors and the other script allowed) by most of their weight; two different
	activities make two companies, one left out does not.
	"""
	if one == other:
		return _capped(sum(_bits(word, frequencies) for word in one)), "same_organisation"
	first, second = telling_words(one), telling_words(other)
	agreed, left, rest = 0.0, [], list(second)
	for mine in first:
		found = next((word for word in rest if likeness(mine, word, frequencies) >= Likeness.NEAR), None)
		if found:
			rest.remove(found)
			agreed += min(_bits(mine, frequencies), _bits(found, frequencies))
		else:
			left.append(mine)
	missing = max(sum(_bits(word, frequencies) for word in words) for words in (left, rest))
	if agreed < _SAME_SHARE * (agreed + missing) or _activities_differ(one, other):
		return -_DIFFERS, "organisation_differs"
	return _capped(agreed), "same_organisation"


def _activities_differ(one: Sequence[Word], other: Sequence[Word]) -> bool:
	first = {activity(word) for word in one} - {"", "and"}
	second = {activity(word) for word in other} - {"", "and"}
	return bool(first - second and second - first)


def _bits(one: Word, frequencies: Frequencies) -> float:
	return _ACTIVITY_BITS if activity(one) else frequencies.organisation_bits(one.sound)


def _capped(bits: float) -> float:
	return min(MOST_BITS, bits)
