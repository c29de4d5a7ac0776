"""From pairs that match to groups of records that are one, without chains."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)

# Two groups whose members contradict one another are not joined; so many members of each are asked.
_ASKED = 8
MAX_SIZE = 200


def clusters(
	pairs: Iterable[tuple[Node, Node, float]],
	contradicts: Callable[[Node, Node], bool],
	max_size: int = MAX_SIZE,
) -> list[list[Node]]:
	"""Return groups of two or more nodes, sorted; nodes must be comparable.

	The surest pairs are joined first, and two groups only if ``contradicts`` (symmetric: these two are certainly not
	one) holds for no pair across them: a father and a son who each match a row with the family's name alone stay
	apart, and an office phone does not glue forty people. Of large groups the first eight members are asked. The order
	of ``pairs`` does not matter.
	"""
	group: dict[Node, list[Node]] = {}
	ordered = sorted(
		((min(one, other), max(one, other), score) for one, other, score in pairs if one != other),
		key=lambda pair: (-pair[2], pair[0], pair[1]),
	)
	for one, other, _score in ordered:
		first, second = group.setdefault(one, [one]), group.setdefault(other, [other])
		if first is second or len(first) + len(second) > max_size:
			continue
		if _consistent(first, second, (one, other), contradicts):
			merged = sorted(first + second)
			for node in merged:
				group[node] = merged
	unique = {id(members): members for members in group.values() if len(members) > 1}
	return sorted(unique.values())


def _consistent(
	first: list[Node],
	second: list[Node],
	joined: tuple[Node, Node],
	contradicts: Callable[[Node, Node], bool],
) -> bool:
	return not any(
		contradicts(one, other)
		for one in first[:_ASKED]
		for other in second[:_ASKED]
		if {one, other} != set(joined)
	)
