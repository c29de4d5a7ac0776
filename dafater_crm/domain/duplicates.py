"""Finding the duplicates in a whole set of records at once: keys, blocks, comparisons, groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from . import blocking, clustering, contact_evidence, matching
from .frequencies import Frequencies, count_all
from .matching import DUPLICATE, Match
from .profiles import Profile

# A block of n records costs n²/2 comparisons; larger ones are divided by a second key, and what is still too large
# then is sorted by name and each record compared with its neighbours only.
LARGEST_BLOCK = 120
_NEIGHBOURS = 30

Name = TypeVar("Name", str, int)
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Found:
	"""Pairs by their places in the input (first < second), and groups of places that are one record each."""

	pairs: dict[tuple[int, int], Match]
	groups: list[list[int]]


def find(profiles: Sequence[Profile], progress: Progress | None = None) -> Found:
	"""Return duplicates and possible duplicates among the profiles; ``progress`` is told how many are done."""
	frequencies = count(profiles)
	pairs: dict[tuple[int, int], Match] = {}
	most = [_name_bits(one, frequencies) for one in profiles]
	for place, candidates in _candidates(profiles):
		mine = profiles[place]
		for other in candidates:
			if match := matching.worth_a_look(
				mine, profiles[other], min(most[place], most[other]), frequencies
			):
				pairs[place, other] = match
		if progress and place % 500 == 0:
			progress(place)
	_hold_back_ambiguous(profiles, pairs)
	return Found(pairs, _groups(profiles, pairs, frequencies))


def likely(
	one: Profile,
	others: Iterable[tuple[Name, Profile]],
	frequencies: Frequencies,
	known: dict[Name, float] | None = None,
) -> list[tuple[Name, Match]]:
	"""Return which of the named (or numbered) profiles may be the same as `one`, the best first, by name among equals.

	``known`` keeps the most that each one's names can say, for callers who come back to the same profiles.
	"""
	known = {} if known is None else known
	most = _name_bits(one, frequencies)
	found: dict[Name, Match] = {}
	placed: dict[Name, Profile] = {}
	for name, other in others:
		bits = known.get(name)
		if bits is None:
			bits = known[name] = _name_bits(other, frequencies)
		if match := matching.worth_a_look(one, other, min(most, bits), frequencies):
			found[name] = match
			if _only_placed(match):
				placed[name] = other
	if _several_people(placed.values()):
		found |= {name: matching.held_back(found[name]) for name in placed}
	return sorted(found.items(), key=lambda pair: (-pair[1].score, pair[0]))


def _only_placed(match: Match) -> bool:
	return match.decision == DUPLICATE and not match.identified


def _several_people(profiles: Iterable[Profile]) -> bool:
	"""Tell whether two of these are reached otherwise: who may be either of them cannot be said to be one."""
	return any(contact_evidence.reached_otherwise(*pair) for pair in combinations(profiles, 2))


def _hold_back_ambiguous(profiles: Sequence[Profile], pairs: dict[tuple[int, int], Match]) -> None:
	"""A row with a name and an employer alone may be either of two namesakes there: a person has to say which."""
	placed: dict[int, list[int]] = defaultdict(list)
	for (one, other), match in pairs.items():
		if _only_placed(match):
			placed[one].append(other)
			placed[other].append(one)
	for one, others in placed.items():
		if _several_people(profiles[other] for other in others):
			for other in others:
				pair = min(one, other), max(one, other)
				pairs[pair] = matching.held_back(pairs[pair])


def _name_bits(one: Profile, frequencies: Frequencies) -> float:
	return max(map(frequencies.name_bits, one.names), default=0.0)


def shareable(one: Profile) -> Iterator[str]:
	"""What several records may give: phones, addresses, the employer's numbers."""
	yield from (*one.mobiles, *one.fixed, *one.emails)
	yield from filter(None, (one.cr_number, one.vat_number))


def count(profiles: Sequence[Profile]) -> Frequencies:
	"""Count words, cities and shared contacts of a whole set."""
	found = Frequencies()
	for one in profiles:
		for words in one.names:
			found.add_name(words)
		for words in one.organisations[:1]:
			found.organisation_words.update({word.sound for word in words})
			found.spellings.update({word.spelling for word in words})
	found.cities.update(one.city for one in profiles if one.city)
	found.holders = count_all(shared for one in profiles for shared in shareable(one))
	found.settle(len(profiles))
	return found


def _groups(
	profiles: Sequence[Profile], pairs: dict[tuple[int, int], Match], frequencies: Frequencies
) -> list[list[int]]:
	def contradicts(one: int, other: int) -> bool:
		known = pairs.get((min(one, other), max(one, other)))
		match = known or matching.score(profiles[one], profiles[other], frequencies)
		return match.contradicted

	sure = ((*pair, match.score) for pair, match in pairs.items() if match.decision == DUPLICATE)
	return clustering.clusters(sure, contradicts)


def _candidates(profiles: Sequence[Profile]) -> Iterator[tuple[int, list[int]]]:
	"""Yield each place with the later places that share a block with it, in order."""
	blocks = _blocks(profiles)
	mine: dict[int, list[Sequence[int]]] = defaultdict(list)
	for block in blocks:
		for place in block:
			mine[place].append(block)
	for place in sorted(mine):
		yield place, sorted({other for block in mine[place] for other in block if other > place})


def _blocks(profiles: Sequence[Profile]) -> Iterator[Sequence[int]]:
	filed: dict[str, list[int]] = defaultdict(list)
	for place, one in enumerate(profiles):
		for key in blocking.keys(one):
			filed[key].append(place)
	for block in filed.values():
		if len(block) > LARGEST_BLOCK:
			yield from _divided(block, profiles)
		elif len(block) > 1:
			yield block


def _divided(block: Sequence[int], profiles: Sequence[Profile]) -> Iterator[Sequence[int]]:
	parts: dict[str, list[int]] = defaultdict(list)
	for place in block:
		for key in blocking.refinements(profiles[place]):
			parts[key].append(place)
	for part in parts.values():
		if len(part) > LARGEST_BLOCK:
			yield from _neighbourhoods(part, profiles)
		elif len(part) > 1:
			yield part


def _neighbourhoods(part: Sequence[int], profiles: Sequence[Profile]) -> Iterator[Sequence[int]]:
	ordered = sorted(
		part, key=lambda place: ([word.text for words in profiles[place].names for word in words], place)
	)
	for start in range(0, len(ordered), _NEIGHBOURS // 2):
		yield ordered[start : start + _NEIGHBOURS]
