"""Latin spellings of Arabic names: one key for Mohammed, Muhammad and Mohamed (facts: saudi.md 4.9)."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Two letters that write one Arabic sound, and single letters used for the same one. kh and sh keep codes of their
# own ("x" and "c" are free once c and x are respelled); everything stays lower case, because the database
# compares without case. th, dh, gh fall together with t, d, g: Ramadan is also Ramadhan, Riyad Riyadh.
_SOUNDS = (("x", "ks"), ("kh", "x"), ("ck", "k"), ("sh", "#"), ("ch", "#"), ("c", "k"), ("#", "c"))
_SOUNDS += (("th", "t"), ("dh", "d"), ("gh", "g"), ("ph", "f"), ("dj", "j"), ("q", "k"), ("v", "f"))

_DOUBLED = re.compile(r"([b-df-hj-np-tvwxz])\1+")
_ABD = re.compile(r"abd(?:[aeou]l|[aeou][rsntdz]h?)?")
_ABD_HEAD = re.compile(r"abd[aeou]*l?")
# The sun letters take over the l of the article: As-Saud, Ash-Shehri, Ar-Rajhi.
_SUN_ARTICLE = re.compile(r"a(sh|th|dh|[rsntdz])")
# An article that is part of the word: only where a consonant and three letters more follow; Elham has none.
_ARTICLE = re.compile(r"^[ae]l(?=[^aeiou]\w{3})")
_GLIDE = re.compile(r"aw(?![aeiouy])")
_VOWELS = re.compile(r"[aeiou][aeiouy]*|(?<=.)y[aeiouy]*")
_SPOKEN_SHORT = {"mohd": "mohamed", "muhd": "mohamed"}


def spoken(words: Sequence[str]) -> list[str]:
	"""Return a phonetic key for each word of a name; ``words`` are lower-case ASCII, as ``arabic.search_key`` leaves
	them. There are fewer keys than words where a name was written in pieces.

	1. Abd al-Rahman, Abdul Rahman, Abdur-Rahman and Abdelrahman are one word with one beginning; As-Saud is
	   read as al-Saud and el- as al-; Mohd is read as Mohamed;
	2. kh, sh (also ch), th, dh, gh are one sound each, q and c are k, v is f; doubled consonants are single;
	   a last -ah is -a (Fatimah);
	3. of the vowels only the first of a word counts, as one of a, i (also e, ai, ay), o (also u, ou, aw), so
	   that Hassan stays apart from Hussein and Saad from Saeed; all later ones go.
	"""
	return [_word_key(word) for word in joined(words)]


def joined(words: Sequence[str]) -> list[str]:
	"""Join abd, abdul, as, ash … with the word they belong to; words in other letters pass as they are."""
	joined, head = [], ""
	for word, following in zip(words, [*words[1:], ""], strict=False):
		sun = _SUN_ARTICLE.fullmatch(word)
		if following and sun and following.startswith(sun[1]):
			head += "al"
		elif following and _ABD.fullmatch(word):
			head += word
		else:
			joined.append(head + word)
			head = ""
	return joined


def _word_key(word: str) -> str:
	article, stem = respelt(word)
	return article + _skeleton(stem)


def respelt(word: str) -> tuple[str, str]:
	"""Return ("al" or "", the rest of a joined word), with one letter a sound (x is kh, c is sh), vowels kept."""
	word = _SPOKEN_SHORT.get(word, word)
	for spelling, sound in _SOUNDS:
		word = word.replace(spelling, sound)
	word = _DOUBLED.sub(r"\1", word)
	abd = _ABD_HEAD.match(word)
	# Abdo and Abdu are names of their own: nothing follows.
	if abd and abd.end() < len(word):
		word = "abdl" + word[abd.end() :]
	word = _GLIDE.sub("o", word)
	article = _ARTICLE.match(word)
	return ("al", word[article.end() :]) if article else ("", word)


def _skeleton(stem: str) -> str:
	"""Return the consonants of a word with the class of its first vowel."""
	stem = re.sub(r"(?<=.)ah$", "a", stem)
	first = _VOWELS.search(stem)
	if not first:
		return stem
	return stem[: first.start()] + _vowel_class(first[0]) + _VOWELS.sub("", stem[first.end() :])


def _vowel_class(run: str) -> str:
	if set(run) & set("ou"):
		return "o"
	return "i" if set(run) & set("eiy") else "a"
