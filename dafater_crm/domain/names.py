"""Persons' names as words that can be compared: titles off, pieces joined, both scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import name_words, phonetics, transliteration
from .arabic import COMPANY_WORDS, folded_words, search_key
from .titles import POSTS, folded, is_job, is_titled, without_honours, without_titles

_RELATIONS = folded(name_words.RELATIONS)
_BEGINNINGS = folded(name_words.COMPANY_BEGINNINGS)
_BEFORE_ARTICLE = folded(name_words.COMPANY_BEFORE_ARTICLE)
_PARTS = folded(name_words.COMPANY_PARTS)
_KUNYA = frozenset(("ابو", "ام", "ابي", "ابا", "abu", "abo", "aboo", "abou", "um", "umm", "om"))
_COMMA = re.compile(r"[,،;]")
# What stands beside a name: "خالد الدوسري (مدير المبيعات)".
_ASIDE = re.compile(r"\s[-–—|/]+\s|[()\[\]]")
_BESIDE = re.compile(r"[,،;(\[]")
_NOT_WORD = re.compile(r"[\W_]+")
_MAY_BE_SON = re.compile(r"[اإأ]بن|بنت|ibn|bint", re.IGNORECASE)
# Written in one word at the end of a name: Binladin. بنجابي is no son of anybody.
_JOINED_BIN = re.compile(r"^(?:bin)+(?=\w{4})(?![yj]amin)")
# عطا الله and عطاء الله, هبة الله and Hibatullah, Salah Eldin and Salahuddin.
_ENDINGS = (
	("الله", re.compile("اء?(?=الله$)"), ""),
	("الله", re.compile("ه(?=الله$)"), "ت"),
	("aullah", re.compile(r"(?<=\w{2})aullah$"), "allah"),
	("n", re.compile(r"(?<=\w{3})[aeu][ld]?d(?:ee|ie|i)n$"), "eddin"),
	("ne", re.compile(r"(?<=\w{3})[aeu][ld]?d(?:ee|ie|i)ne$"), "eddin"),
)
_OF_RELIGION = re.compile(r"[aeu][ld]d(?:i|ee|ie)ne?")
_OF_GOD = frozenset(("الله", "الدين", "allah", "ullah"))
_DIN = re.compile(r"d(?:i|ee|ie)ne?")

_FULL_NAME = 2
# A relation is written so often in a row; twice, ولد could still be a garbled وليد.
_TIMES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Word:
	"""One word of a name. The text says all; the rest is worked out from it once.

	``sound`` is what all spellings in both scripts share (the text where no consonant is left), ``spelling`` the key under
	which written forms are counted.
	"""

	text: str
	shape: transliteration.Shape
	sound: str
	spelling: str
	has_article: bool

	def __eq__(self, other: object) -> bool:
		return self is other or (isinstance(other, Word) and self.text == other.text)

	def __hash__(self) -> int:
		return hash(self.text)


@lru_cache(maxsize=200_000)
def word(text: str) -> Word:
	"""Return the word for one folded text."""
	shape = transliteration.shape(text)
	latin = text.isascii()
	spelling = phonetics.spoken([text])[0].removeprefix("al") if latin else shape.stem
	return Word(
		text,
		shape,
		shape.consonants or text,
		spelling or text,
		shape.stem != text and text.startswith(("ال", "al", "el")),
	)


def person_words(name: str | None) -> tuple[Word, ...]:
	"""Return the words of a person's name, given name first; () for a blank.

	"القحطاني، محمد" is turned round; a job or degree beside a name goes ("…، مدير المبيعات", "…, PhD"), and so do leading titles
	(د. م. Eng. Mr.). ابن and bin go inside a name only: ابن خالد is another person than خالد. عبد and ابو join what
	follows, الله and الدين what goes before. A name in one script; use ``person_names`` for a cell that may hold both.
	"""
	ordered = _given_first(name or "")
	words = without_honours(without_titles(search_key(ordered).split()))
	joined = _join_kunya(_join_god(phonetics.joined(_relation(ordered, words))))
	if len(joined) > 1:
		joined[-1] = _JOINED_BIN.sub("", joined[-1], count=1)
	return tuple(word(text) for text in joined)


def person_names(*names: str | None) -> tuple[tuple[Word, ...], ...]:
	"""Return the different spellings of one person's name; "محمد القحطاني Mohammed Al-Qahtani" has two."""
	found: list[tuple[Word, ...]] = []
	for name in names:
		words = person_words(name)
		arabic = tuple(one for one in words if not one.text.isascii())
		latin = tuple(one for one in words if one.text.isascii())
		both = min(len(arabic), len(latin)) >= _FULL_NAME
		for spelled in (arabic, latin) if both else (words,):
			if spelled and spelled not in found:
				found.append(spelled)
	return tuple(found)


def looks_like_company(name: str | None) -> bool:
	"""Tell whether a name says by itself that it is a company's: شركة, مكتب, LLC anywhere, مطعم or Ministry at the beginning,
	Trading or Hospital behind another word. A manager of a hospital is none."""
	words = _all_words(name)
	if not COMPANY_WORDS.isdisjoint(words):
		return True
	# Behind a comma or in brackets stands what a person does.
	words = _all_words(_BESIDE.split(name or "")[0])
	if len(words) < _FULL_NAME:
		return False
	first, *others = words
	if not first.isascii():
		return first in _BEGINNINGS or (first in _BEFORE_ARTICLE and others[0].startswith("ال"))
	return (first in _BEGINNINGS or not _PARTS.isdisjoint(others)) and POSTS.isdisjoint(words)


def _all_words(name: str | None) -> list[str]:
	return _NOT_WORD.sub(" ", search_key_all(name)).split()


def search_key_all(name: str | None) -> str:
	"""The words of ``search_key`` with the company words kept."""
	return " ".join(search_key(piece) for piece in (name or "").split())


def _given_first(name: str) -> str:
	"""A name without the jobs and degrees beside it; "family, given" turned round."""
	if not _COMMA.search(name) and not _ASIDE.search(name):
		return name
	pieces = [_without_asides(piece) for piece in _COMMA.split(name) if piece.strip(" .-")]
	called = [piece for piece in pieces if not is_job(piece)] or pieces
	if len(called) == _FULL_NAME:
		family, given = called
		# القحطاني، مهندس محمد; but خالد الدوسري، مهندس مدني.
		if len(search_key(family).split()) > 1 and is_titled(given):
			return family
		called = [given, family]
	return " ".join(called)


def _without_asides(piece: str) -> str:
	parts = _ASIDE.split(piece)
	return " ".join([part for part in parts if not is_job(part)] or parts)


def _relation(name: str, words: list[str]) -> list[str]:
	"""A leading ابن, which `search_key` drops, or والد as a word that is like no name; والد itself is one slip from خالد."""
	if words and words[0] in _RELATIONS:
		return [words[0] * _TIMES, *words[1:]] if len(words) > 1 else words
	if _MAY_BE_SON.search(name):
		said = without_titles(folded_words(name))
		if len(said) > 1 and said[0] in _RELATIONS:
			return [said[0] * _TIMES, *words]
	return words


def _join_god(words: Sequence[str]) -> list[str]:
	"""Join الله and الدين to the word before, and spell both in one way: ضيف الله is ضيفالله, Salah Eldin is Salahuddin."""
	joined: list[str] = []
	for text in words:
		if len(joined) > 1 and joined[-1] in ("ud", "ed") and _DIN.fullmatch(text):
			text = joined.pop() + text
		if joined and (text in _OF_GOD or _OF_RELIGION.fullmatch(text)):
			text = joined.pop() + text
		joined.append(text)
	return [_with_usual_ending(text) for text in joined]


def _with_usual_ending(text: str) -> str:
	for ending, pattern, usual in _ENDINGS:
		if text.endswith(ending):
			text = pattern.sub(usual, text)
	return name_words.SAME_NAMES.get(text, text)


def _join_kunya(words: Sequence[str]) -> list[str]:
	joined, head = [], ""
	for text, following in zip(words, [*words[1:], ""], strict=False):
		if text in _KUNYA and following and not head:
			head = text
		else:
			joined.append(head + text)
			head = ""
	return joined
