"""What a conversation is about, by rules: keywords in Arabic as people type it and in English, and who is writing.

A keyword is a word or a phrase. It is found as whole words only, spelled in any of the ways that `arabic.search_key`
folds together. Arabic writes and, with, for, the and my onto the word itself, so سعر is also found in والسعر, للسعر and سعركم;
it is not found in سعرات, because what follows is no pronoun.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .arabic import folded_words

COMPLAINT, SUPPORT, SALES = "Complaint", "Support", "Sales"
BY_ACCOUNT, BY_RULE, BY_AGENT = "Account", "Rule", "Agent"
CUSTOMER, LEAD, STRANGER = "Existing Customer", "Known Lead", "Stranger"

# Neighbouring keyboards and ears, beyond what a name's key folds: ظمان for ضمان, and the Gulf's گ چ, پ and ڤ.
_DIALECT = str.maketrans({"ظ": "ض", "گ": "ق", "چ": "ك", "پ": "ب", "ڤ": "ف", "ء": None})
# غاااالي and pleeease: three of a letter and more are a raised voice. Two may belong to the word.
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_ARABIC_WORD = re.compile("^[\u0621-\u064a]+$")
# Pronouns. The bare ه is left out: it looks like ة, and عطل (a fault) is not عطلة (a holiday).
_AFTER = ("كم", "كن", "ها", "هم", "نا", "ني", "ي", "ك")
MOST_TEXT = 5_000  # characters of a message that are looked at; a quoted mail can be as long as it likes
_SHORTEST = 3  # letters that remain of a word, or anything could be taken apart


@dataclass(frozen=True)
class Rule:
	"""One rule as it is stored. `keywords`: as `compiled` makes them; none means that every message fits."""

	name: str
	keywords: tuple = ()
	channel: str | None = None
	account: str | None = None
	for_customers: str | None = None
	conversation_class: str | None = None
	priority: str | None = None
	team: str | None = None
	skill: str | None = None


@dataclass(frozen=True)
class Facts:
	"""What rules look at. `person` is one of CUSTOMER, LEAD and STRANGER; `messages` are the texts that were received."""

	channel: str
	account: str
	person: str
	messages: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
	"""What one rule said, and the keyword by which it fitted ("" where it has none)."""

	value: str
	rule: str
	keyword: str = ""


@dataclass(frozen=True)
class Outcome:
	"""Each is taken from the first rule that fits and says something about it."""

	conversation_class: Finding | None = None
	priority: Finding | None = None
	team: Finding | None = None
	skill: Finding | None = None


def compiled(keywords: Iterable[str]) -> tuple:
	"""Return keywords ready for `Rule`: (as typed, spellings of each word). What has no letters is left out."""
	found = []
	for keyword in keywords:
		pattern = tuple(_spellings(word) for word in words(keyword))
		if pattern:
			found.append((keyword.strip(), pattern))
	return tuple(found)


def words(text: str | None) -> list[str]:
	"""Return the words of a message, folded."""
	folded = (_DRAWN_OUT.sub(r"\1", word.translate(_DIALECT)) for word in folded_words(text))
	return [word for word in folded if word]


def evaluate(rules: Sequence[Rule], facts: Facts) -> Outcome:
	"""Apply rules in the order given, the most important first."""
	said: dict[str, Finding] = {}
	texts = [_places(message) for message in facts.messages]
	for rule in rules:
		new = {field: value for field, value in _says(rule).items() if value and field not in said}
		if not new or not _concerns(rule, facts):
			continue
		keyword = _keyword_in(rule, texts)
		if keyword is not None:
			said.update({field: Finding(value, rule.name, keyword) for field, value in new.items()})
	return Outcome(**said)


def class_may_become(present: str | None, source: str | None, new: str) -> bool:
	"""Tell whether a rule may set the class: never over an agent's, over its own only when it turns into a complaint."""
	if source == BY_AGENT or present == new:
		return False
	return not present or source != BY_RULE or new == COMPLAINT


def contains(text: str, keyword: str) -> bool:
	"""Tell whether a message contains a keyword; for the preview of a rule and for tests."""
	places = _places(text)
	return any(_occurs(pattern, places) for _typed, pattern in compiled([keyword]))


def _says(rule: Rule) -> dict[str, str | None]:
	return {
		"conversation_class": rule.conversation_class,
		"priority": rule.priority,
		"team": rule.team,
		"skill": rule.skill,
	}


def _concerns(rule: Rule, facts: Facts) -> bool:
	return (
		rule.channel in (None, "", facts.channel)
		and rule.account in (None, "", facts.account)
		and rule.for_customers in (None, "", facts.person)
	)


def _keyword_in(rule: Rule, texts: list[dict]) -> str | None:
	"""The first keyword that occurs; "" for a rule that has none; None when it does not fit."""
	if not rule.keywords:
		return ""
	for typed, pattern in rule.keywords:
		if any(_occurs(pattern, text) for text in texts):
			return typed
	return None


def _places(message: str) -> dict[str, set[int]]:
	"""form of a word -> where in the message it stands."""
	places = defaultdict(set)
	for place, word in enumerate(words(message[:MOST_TEXT])):
		for form in _forms(word):
			places[form].add(place)
	return places


def _occurs(pattern: tuple[frozenset, ...], places: dict[str, set[int]]) -> bool:
	starts = _standing_at(pattern[0], places)
	for offset, spellings in enumerate(pattern[1:], 1):
		if not starts:
			return False
		starts &= {place - offset for place in _standing_at(spellings, places)}
	return bool(starts)


def _standing_at(spellings: frozenset, places: dict[str, set[int]]) -> set[int]:
	return {place for spelling in spellings for place in places.get(spelling, ())}


def _spellings(word: str) -> frozenset:
	"""A word of a keyword, with and without its article."""
	bare = word[2:] if word.startswith("ال") and _ARABIC_WORD.match(word) else word
	return frozenset((word, bare)) if len(bare) >= _SHORTEST else frozenset((word,))


def _forms(word: str) -> frozenset:
	"""A word of a message and what it is without the particles and pronouns that are written onto it."""
	if not _ARABIC_WORD.match(word):
		return frozenset((word,))
	starts = {word, *_without_particles(word)}
	found = set(starts)
	for start in starts:
		for ending in _AFTER:
			stem = start[: -len(ending)]
			if start.endswith(ending) and len(stem) >= _SHORTEST:
				found.add(stem)
				# فاتورة becomes فاتورتي
				found.update((f"{stem[:-1]}ه",) if stem.endswith("ت") else ())
	return frozenset(found)


def _without_particles(word: str) -> list[str]:
	"""وبالسعر → بالسعر, السعر, سعر: each particle may as well be the word's own first letter."""
	found, rest = [], word
	if rest[0] in "وف" and len(rest) > _SHORTEST:
		rest = rest[1:]
		found.append(rest)
	if rest.startswith("لل") and len(rest) >= _SHORTEST + 2:
		return [*found, rest[1:], rest[2:]]
	if rest[0] in "بلك" and len(rest) > _SHORTEST:
		rest = rest[1:]
		found.append(rest)
	if rest.startswith("ال") and len(rest) >= _SHORTEST + 2:
		found.append(rest[2:])
	return found
