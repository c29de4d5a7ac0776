"""Arabic names: cleaning them for storage and folding them for search (facts: saudi.md 4.9)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .characters import ascii_digits, strip_invisible
from .phonetics import spoken
from .text import plain

KEY_LENGTH = 140  # what a Data field of Frappe holds

# Letters that are typed for one another, as Lucene's ArabicNormalizer folds them, then what it leaves out:
# the hamza carriers, and the yeh, kaf and heh of Persian and Urdu keyboards, which look the same.
_SAME_LETTER = str.maketrans("أإآٱىةؤئیکہھە", "اااايهوييكههه")
# Latin letters whose stroke or tie Unicode does not treat as an accent.
_SAME_LATIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_TATWEEL = "\u0640"
# Sa'ad and Qur’an are one word. The last two are the half rings of scholarly transliteration.
_APOSTROPHES = re.compile("['`´\u2018\u2019\u02bc\u02be\u02bf]")
# L.L.C. is one word; "Mr.Ahmed" is two.
_ABBREVIATION_DOT = re.compile(r"(?<!\w)(\w)\.(?=\w(?!\w))")
_NOT_WORD = re.compile(r"[\W_]+")
# Presentation forms, pasted from a PDF, and the one-character spelling of Allah.
_PRESENTATION_FORM = re.compile("[\ufb50-\ufbff\ufdf2\ufe70-\ufefc]+")

# They say what kind of company it is, not which one; spelled as the folding above leaves them.
_ARABIC_KINDS = frozenset(
	("شركه", "الشركه", "موسسه", "الموسسه", "مكتب", "المكتب", "محدوده", "المحدوده", "ذمم", "شمم", "شذمم")
)
_LATIN_KINDS = frozenset(
	(
		"co",
		"company",
		"corp",
		"est",
		"establishment",
		"inc",
		"limited",
		"llc",
		"llp",
		"ltd",
		"plc",
		"sarl",
		"wll",
	)
)
COMPANY_WORDS = _ARABIC_KINDS | _LATIN_KINDS
# "son of" and "daughter of": written by some, left out by others.
_PARTICLES = frozenset(("ابن", "بن", "بنت", "bin", "ibn", "bint"))
_ARTICLES = frozenset(("ال", "al", "el"))


def clean_name(raw: str | None, max_length: int = 140) -> str:
	"""Return a person's or company's name for storage: ``text.plain`` with Arabic letters in their normal form.

	Letters in presentation forms (ﻣﺤﻤﺪ pasted from a PDF) become ordinary ones (محمد); spelling, tashkeel and
	tatweel are the person's own and stay. Raises what ``plain`` raises.
	"""
	text = "" if raw is None else str(raw)
	ordinary = _PRESENTATION_FORM.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
	return plain(ordinary, max_length)


@lru_cache(maxsize=20_000)
def search_key(text: str | None) -> str:
	"""Return the key under which a name is searched and compared; never show it. At most 140 characters.

	In this order: compatibility forms, case, tashkeel, Latin accents and tatweel go; أإآٱ become ا, ى and ئ ي,
	ة ه, ؤ و; digits become 0-9; punctuation becomes a space, except that Sa'ad and L.L.C. are one word; a lone
	article (ال, al, el) joins the next word, so that Al-Harbi, Al Harbi and Alharbi agree; company words and
	ابن/بن/bin/ibn are dropped, unless nothing would remain; عبد joins a word that begins with ال.
	"""
	words = folded_words(text)
	telling = [word for word in words if word not in COMPANY_WORDS and word not in _PARTICLES]
	return " ".join(_join_abd(telling or words))[:KEY_LENGTH].rstrip()


def folded_words(text: str | None) -> list[str]:
	"""Return every word of a text as `search_key` spells it, none dropped and of any length."""
	return _join_article(_NOT_WORD.sub(" ", _fold(text or "")).split())


def latin_key(text: str | None) -> str:
	"""Return a phonetic key of the Latin words of a name, "" when it has none. At most 140 characters.

	``search_key`` first, so company words and bin/ibn are gone and Al-Harbi is one word; then ``phonetics.spoken``,
	which makes Mohammed and Muhammad, Abdullah and Abdulla, Khaled and Khalid, Yousef and Yusuf agree. Agreement
	is a hint (Hamad and Hamed agree too): offer a possible duplicate, never merge on it.
	"""
	words = [word for word in search_key(text).split() if word.isascii()]
	return " ".join(spoken(words))[:KEY_LENGTH].rstrip()


def latin_source_key(text: str | None) -> str:
	"""Return `latin_key` of a name in Latin letters; "" for an Arabic one."""
	return "" if is_arabic(text) else latin_key(text)


def is_arabic(text: str | None) -> bool:
	"""Tell whether at least half of the letters are Arabic; False when there are no letters."""
	letters = [char for char in text or "" if char.isalpha()]
	arabic = sum(unicodedata.name(char, "").startswith("ARABIC") for char in letters)
	return bool(letters) and arabic * 2 >= len(letters)


def _fold(text: str) -> str:
	"""Fold letters that people type for one another; keep word boundaries."""
	text = unicodedata.normalize("NFKD", strip_invisible(text)).casefold()
	# Twice: a few characters casefold to something that decomposes again.
	decomposed = unicodedata.normalize("NFKD", text)
	letters = "".join(char for char in decomposed if not unicodedata.category(char).startswith("M"))
	text = unicodedata.normalize("NFC", letters).replace(_TATWEEL, "")
	text = ascii_digits(text.translate(_SAME_LETTER).translate(_SAME_LATIN))
	return _ABBREVIATION_DOT.sub(r"\1", _APOSTROPHES.sub("", text))


def _join_article(words: list[str]) -> list[str]:
	joined, article = [], ""
	for word in words:
		article += word
		if word not in _ARTICLES:
			joined.append(article)
			article = ""
	return [*joined, article] if article else joined


def _join_abd(words: list[str]) -> list[str]:
	joined: list[str] = []
	for word in words:
		if joined and joined[-1] == "عبد" and word.startswith("ال"):
			joined[-1] += word
		else:
			joined.append(word)
	return joined
