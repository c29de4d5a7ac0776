"""Comparing the names of two persons: spelling, script, order, and what a Saudi name is made of.

A name is given name, then father's and grandfather's, then family. So علي محمد القحطاني is not محمد علي القحطاني
(his father, perhaps), while القحطاني محمد is محمد القحطاني with the family first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from .frequencies import Frequencies
from .names import Word
from .transliteration import same_sound

Words = Sequence[Word]

_TYPO_COST = 3.0  # bits that an agreement loses when it needs a typing error
_GIVEN_DIFFERS = 20.0
_FATHER_DIFFERS = 9.0
_FAMILY_DIFFERS = 14.0
_GARBLED_SHARE = 0.5  # of what a difference costs where one word may be the other, garbled
_GARBLED_LIKENESS = 0.5
_LONG_WORD = 8
_SHORT_WORD = 3
_SERVANT = ("عبد", "abd")
_ARTICLE_AND_STEM = 4  # the slip may be in the article


class Likeness(IntEnum):
	"""How two words agree; NEAR is a typing error or another name: frequencies say which."""

	DIFFERENT = 0
	INITIAL = 1
	NEAR = 2
	VARIANT = 3
	SAME = 4


@dataclass(frozen=True, slots=True)
class NameMatch:
	"""Evidence in bits (negative: against), and reasons as codes.

	``contradicts``: a given name, a father or a family differs, and it is no word that somebody garbled.
	"""

	bits: float
	reasons: tuple[str, ...]
	contradicts: bool = False

	@property
	def agrees(self) -> bool:
		return self.bits > 0 and not any(reason.endswith("_differs") for reason in self.reasons)


def compare(one: Words, other: Words, frequencies: Frequencies) -> NameMatch:
	"""Return the better of comparing two names as they stand and with a family name that was written first."""
	best = _in_order(one, other, frequencies)
	if best.agrees or len(one) == 1 or len(other) == 1:
		return best
	for first, second in ((_turned(one, other, frequencies), other), (one, _turned(other, one, frequencies))):
		if first and second:
			turned = _in_order(first, second, frequencies)
			if turned.agrees:
				return replace(turned, reasons=("name_swapped", *_without(turned.reasons, "same_name")))
	return replace(best, contradicts=False) if _turned_and_garbled(one, other, frequencies) else best


def _turned_and_garbled(one: Words, other: Words, frequencies: Frequencies) -> bool:
	"""هند العرفج is hardly contradicted by اععرفج هند: crosswise one word agrees, and the other was garbled."""
	pairs = ((one[0], other[-1]), (one[-1], other[0]))
	agree = [likeness(*pair, frequencies) is not Likeness.DIFFERENT for pair in pairs]
	garbled = [_garbled_share(*pair, frequencies) < 1.0 for pair in pairs]
	return (agree[0] and garbled[1]) or (agree[1] and garbled[0])


def likeness(one: Word, other: Word, frequencies: Frequencies) -> Likeness:
	"""How two words of names agree, near misses settled: NEAR is a typing error, DIFFERENT another name."""
	if one is other or one.text == other.text:
		return Likeness.SAME
	found = _likeness(one, other)
	if found is Likeness.VARIANT and frequencies.known_apart(one, other):
		return Likeness.DIFFERENT
	if found is Likeness.VARIANT and not (one.shape.arabic and other.shape.arabic):
		return Likeness.DIFFERENT if _brother_and_sister(one, other, frequencies) else found
	sisters = _feminine(one, other)
	# نبيلة on نبيل's phone is his sister or his wife, and hardly ever a ة too many.
	if sisters and frequencies.is_name(min(one, other, key=lambda word: len(word.text))):
		return Likeness.DIFFERENT
	doubtful = found is Likeness.NEAR or (found is Likeness.VARIANT and sisters)
	return Likeness.DIFFERENT if doubtful and frequencies.two_names(one, other) else found


def _feminine(one: Word, other: Word) -> bool:
	"""Tell whether two Arabic words differ in a last ة alone: somebody left it out, or ماجد has a sister ماجدة."""
	first, second = sorted((one.text, other.text), key=len)
	return second == f"{first}ه" and not one.text.isascii()


def _brother_and_sister(one: Word, other: Word, frequencies: Frequencies) -> bool:
	"""Tell whether a Latin word is the other's sister (Majed and Majeda, ماجد and Majeda): one ends in a consonant and the other in
	-a or ة, and both are names."""
	first, second = _is_feminine(one), _is_feminine(other)
	# Sami says nothing by its last letter, but beside Samia it does.
	if (
		first == second
		or (first is None and not _ends_in_i(one))
		or (second is None and not _ends_in_i(other))
	):
		return False
	if {first, second} == {None, False}:
		return False
	return frequencies.brother_and_sister(*((other, one) if first else (one, other)))


def _is_feminine(word: Word) -> bool | None:
	"""Whether a word ends as names of women do; None where the last letter does not say (Mona, علي, Ali)."""
	last = word.text[-1]
	if word.shape.arabic:
		return True if last == "ه" else None if last in "اويى" else False
	if word.text.endswith(("a", "ah")):
		return True
	return None if last in "eiouwy" else False


def _ends_in_i(word: Word) -> bool:
	return word.text.endswith(("ي", "i", "y"))


@lru_cache(maxsize=500_000)
def _likeness(one: Word, other: Word) -> Likeness:
	if one.spelling == other.spelling or same_sound(one.shape, other.shape):
		return Likeness.VARIANT
	if min(len(one.text), len(other.text)) == 1:
		return Likeness.INITIAL if one.sound[:1] == other.sound[:1] else Likeness.DIFFERENT
	if one.shape.arabic == other.shape.arabic:
		near = _near(one.shape.stem, other.shape.stem, _SHORT_WORD) or _near(
			one.text, other.text, _ARTICLE_AND_STEM
		)
		# Gahtani and Qahtani; Latin vowels are a matter of taste (Mouhamed).
		near = near or (not one.shape.arabic and _near_sound(one, other))
	else:
		near = _near_sound(one, other)
	return Likeness.NEAR if near else Likeness.DIFFERENT


def _near(one: str, other: str, shortest: int) -> bool:
	"""One slip of the finger; two in a long word. A slip is a letter left out, added, changed or a pair exchanged."""
	short = min(len(one), len(other))
	if short < shortest:
		return False
	# عبدالرحمن and عبدالرحيم have the longer part in common: what tells them apart is short.
	servants = one.startswith(_SERVANT) and other.startswith(_SERVANT)
	allowed = 2 if short >= _LONG_WORD and not servants else 1
	return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _near_sound(one: Word, other: Word) -> bool:
	first, second = one.shape.consonants, other.shape.consonants
	if not first or not second:
		return False
	return first == second or _near(first, second, _SHORT_WORD)


def _in_order(one: Words, other: Words, frequencies: Frequencies) -> NameMatch:
	if one == other:
		return NameMatch(sum(frequencies.bits(word) for word in one), ("same_name",))
	given = likeness(one[0], other[0], frequencies)
	if given is Likeness.DIFFERENT:
		return _given_differs(one, other, frequencies)
	pairs, left, right = _aligned(one[1:], other[1:], frequencies)
	pairs.insert(0, (one[0], other[0], given))
	bits = sum(_agreement(*pair, frequencies) for pair in pairs)
	reasons = [_worst(pairs)]
	share = 0.0
	if left and right:
		# Both have a last name and they differ; otherwise only names in between do.
		family = left[-1] is one[-1] and right[-1] is other[-1]
		share = _garbled_share(left[-1], right[-1], frequencies)
		bits -= share * (_FAMILY_DIFFERS if family else _FATHER_DIFFERS)
		reasons.append("family_name_differs" if family else "father_name_differs")
	elif left or right:
		reasons.append("name_shorter")
		bits -= 0.5
	return NameMatch(bits, tuple(reasons), share == 1.0)


def _given_differs(one: Words, other: Words, frequencies: Frequencies) -> NameMatch:
	"""Another given name is another person; a family name standing alone says nothing about it.

	Alone at the end of the other name, محمد is the father (علي محمد), and a word that nobody knows may be either.
	"""
	alone = one if len(one) == 1 else other if len(other) == 1 else None
	whole = other if alone is one else one
	if alone and len(whole) > 1 and likeness(alone[0], whole[-1], frequencies) >= Likeness.NEAR:
		if frequencies.is_family(alone[0]) or frequencies.is_family(whole[-1]):
			return NameMatch(frequencies.bits(alone[0]) / 2, ("family_name_only",))
		if not frequencies.is_usual(alone[0]):
			return NameMatch(-_GIVEN_DIFFERS * _GARBLED_SHARE, ("family_name_only", "given_name_differs"))
	share = _garbled_share(one[0], other[0], frequencies)
	if likeness(one[-1], other[-1], frequencies) >= Likeness.NEAR:
		return NameMatch(-_GIVEN_DIFFERS * share, ("given_name_differs", "same_family"), share == 1.0)
	return NameMatch(-_GIVEN_DIFFERS, ("given_name_differs",), True)


def _garbled_share(one: Word, other: Word, frequencies: Frequencies) -> float:
	"""A brother has another name; معل is no name, and may have been مشعل. A difference then costs half."""
	if frequencies.is_usual(one) and frequencies.is_usual(other):
		return 1.0
	same_script = one.shape.arabic == other.shape.arabic
	first, second = (one.text, other.text) if same_script else (one.sound, other.sound)
	return _GARBLED_SHARE if OSA.normalized_similarity(first, second) >= _GARBLED_LIKENESS else 1.0


def _aligned(one: Words, other: Words, frequencies: Frequencies) -> tuple[list, list[Word], list[Word]]:
	"""Pair the words of two names in their order, from the end; return the pairs and what is left of each."""
	pairs, left, right = [], [], list(other)
	end = len(right)
	for word in reversed(one):
		for place in range(end - 1, -1, -1):
			found = likeness(word, right[place], frequencies)
			if found is not Likeness.DIFFERENT:
				pairs.insert(0, (word, right[place], found))
				right[place] = None
				end = place
				break
		else:
			left.insert(0, word)
	return pairs, left, [word for word in right if word is not None]


def _agreement(one: Word, other: Word, found: Likeness, frequencies: Frequencies) -> float:
	bits = min(frequencies.bits(one), frequencies.bits(other))
	if found is Likeness.NEAR:
		return max(0.5, bits - _TYPO_COST)
	return 0.5 if found is Likeness.INITIAL else bits


def _worst(pairs: Sequence[tuple[Word, Word, Likeness]]) -> str:
	worst = min(found for _one, _other, found in pairs)
	codes = {
		Likeness.SAME: "same_name",
		Likeness.VARIANT: "name_variant",
		Likeness.NEAR: "name_typo",
		Likeness.INITIAL: "name_initial",
	}
	return codes[worst]


def _turned(words: Words, beside: Words, frequencies: Frequencies) -> Words | None:
	"""Return the name with its first word last, if that is a family name and the last one is not.

	Whether "Shehri" is one may be known from the other name alone, where it is الشهري at the end.
	"""
	if frequencies.is_family(words[-1]):
		return None
	family = frequencies.is_family(words[0]) or (
		frequencies.is_family(beside[-1]) and likeness(words[0], beside[-1], frequencies) >= Likeness.NEAR
	)
	return (*words[1:], words[0]) if family else None


def _without(reasons: Sequence[str], code: str) -> tuple[str, ...]:
	return tuple(reason for reason in reasons if reason != code)
