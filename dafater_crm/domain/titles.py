"""Titles before persons' names, degrees and honours behind them, and what somebody is beside them."""

from __future__ import annotations

from collections.abc import Sequence

from . import name_words
from .arabic import folded_words


def folded(texts: str) -> frozenset[str]:
	"""The words of a list of `name_words`, as `search_key` spells them; صاحب_السمو is two."""
	return frozenset(" ".join(folded_words(text)) for text in texts.split())


_TITLES = folded(name_words.TITLES)
_TITLES_OR_NAMES = folded(name_words.TITLES_OR_NAMES)
_ANYWHERE = folded(name_words.TITLES_ANYWHERE)
_BEFORE_TITLES = folded(name_words.BEFORE_TITLES)
_RANKS = folded(name_words.RANKS)
_AFTER_RANKS = folded(name_words.AFTER_RANKS)
_FIRST_OF_TITLES = _TITLES | _TITLES_OR_NAMES | {phrase.split()[0] for phrase in _BEFORE_TITLES}
_HONOURS = folded(name_words.HONOURS)
POSTS = folded(name_words.JOBS)
_JOBS = POSTS | folded(name_words.FIELDS)
_LONGEST_PHRASE = 3
_SHORTEST_NAME = 2


def without_titles(words: Sequence[str]) -> list[str]:
	"""A name without its titles; something always remains, two words where the title may be a name as well."""
	words, before = list(words), ""
	while len(words) > 1 and (words[0] in _FIRST_OF_TITLES or before in _RANKS):
		size = _words_of_title(words, before)
		if not size:
			break
		title = " ".join(words[:size])
		before = before if title in _AFTER_RANKS else title
		del words[:size]
	return _without_inner_titles(words)


def _without_inner_titles(words: Sequence[str]) -> list[str]:
	return [
		text for place, text in enumerate(words) if not (0 < place < len(words) - 1 and text in _ANYWHERE)
	]


def _words_of_title(words: Sequence[str], before: str) -> int:
	"""How many first words of a name are one title, the longest there is; 0 if the first is none."""
	for size in range(min(_LONGEST_PHRASE, len(words) - 1), 0, -1):
		if _is_title(" ".join(words[:size]), words[size:], before):
			return size
	return 0


def _is_title(text: str, left: Sequence[str], before: str) -> bool:
	if text in _BEFORE_TITLES:
		return " " in text or left[0] in _TITLES or left[0] in _TITLES_OR_NAMES
	if text in _TITLES:
		return True
	# After سمو nothing but a title follows.
	sure = len(left) >= _SHORTEST_NAME or before in _BEFORE_TITLES
	return sure and (text in _TITLES_OR_NAMES or (text in _AFTER_RANKS and before in _RANKS))


def without_honours(words: Sequence[str]) -> list[str]:
	"""A name of two words or more without what stands behind it: المحترم, PhD, Ph.D."""
	words = list(words)
	while len(words) > _SHORTEST_NAME:
		if words[-1] in _HONOURS:
			del words[-1]
		elif len(words) > _SHORTEST_NAME + 1 and "".join(words[-2:]) in _HONOURS:
			del words[-2:]
		else:
			break
	return words


def is_job(piece: str) -> bool:
	"""Tell a piece that says what somebody is, not who: مدير المبيعات, CEO, PhD."""
	words = folded_words(piece)
	return not _JOBS.isdisjoint(words) or "".join(words) in _HONOURS


def is_titled(piece: str) -> bool:
	"""Tell a piece that begins with a title which is no single letter."""
	words = folded_words(piece)
	return bool(words) and len(words[0]) > 1 and words[0] in _TITLES
