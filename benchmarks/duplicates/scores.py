"""What is asked of duplicate detection, and how pairs that were found are counted against those that were planted. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

TARGET = 0.97  # of precision and of recall
TARGET_SECONDS = 120

Pair = tuple[int, int]


def pairs_of(groups: Iterable[Sequence[int]]) -> set[Pair]:
	"""All pairs within groups of rows, the smaller number first."""
	return {pair for group in groups for pair in combinations(sorted(group), 2)}


def true_groups(truth: Sequence[int]) -> list[list[int]]:
	"""Rows of one entity, where there are several; `truth` names the entity of each row."""
	members: dict[int, list[int]] = defaultdict(list)
	for place, entity in enumerate(truth):
		members[entity].append(place)
	return [group for group in members.values() if len(group) > 1]


def connected(pairs: Iterable[Pair]) -> list[list[int]]:
	"""The groups that are left when every pair is merged."""
	group: dict[int, list[int]] = {}
	for one, other in pairs:
		first, second = group.setdefault(one, [one]), group.setdefault(other, [other])
		if first is not second:
			first += second
			group.update(dict.fromkeys(second, first))
	return list({id(members): members for members in group.values()}.values())


def precision_and_recall(found: set[Pair], expected: set[Pair]) -> tuple[float, float]:
	"""The share of found pairs that are true, and of true pairs that are found; 0 for none."""
	right = len(expected & found)
	return right / max(1, len(found)), right / max(1, len(expected))
