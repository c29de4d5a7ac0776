"""The chance that a lead is won, learnt from how leads like it ended: naive Bayes on counts.

For each outcome c, won or lost:

    S_c = N_c / N * product over the fields f of (n(f, v, c) + 0.1) / (N(f, c) + 0.1 * K(f))

N_c: leads with that outcome; n(f, v, c): those of them whose field f has the lead's value v; N(f, c): their sum over all
values of f, of which there are K(f). Chance = S_won / (S_won + S_lost). The 0.1 keeps a value that was never won from being
impossible. A field that is not set has the value "", which counts like any other. A value that was never seen says
nothing, nor does a rare value of a field with many values (`RARE`). The sums run in logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

START = 0.1
RARE = 50
LEAST, MOST = 0.01, 99.99
FACTOR = math.log(1.1)


@dataclass(frozen=True)
class Factor:
	"""How much more often leads that were won have this value: `ratio` 2 is twice, 0.5 half as often."""

	field: str
	value: str
	ratio: float


class Model:
	"""Counts of one team, or of all. `counts`: {field: {value: (won, lost)}}; `many_valued`: fields with rare values."""

	def __init__(
		self,
		won: int,
		lost: int,
		counts: Mapping[str, Mapping[str, tuple[int, int]]],
		many_valued: Collection[str] = (),
	) -> None:
		self.won, self.lost = won, lost
		self.counts, self.many_valued = counts, frozenset(many_valued)
		self.sums = {
			field: (
				sum(won for won, _lost in values.values()) + START * len(values),
				sum(lost for _won, lost in values.values()) + START * len(values),
			)
			for field, values in counts.items()
		}

	def chance(self, values: Mapping[str, str]) -> float:
		"""Chance to win in percent, inside (0, 100). A field that is missing in `values` says nothing.

		Raises ValueError for a model without won or without lost leads: nothing can be learnt from it.
		"""
		if not self.won or not self.lost:
			raise ValueError("a model needs won and lost leads")
		odds = math.log(self.won / self.lost) + sum(self._evidence(values).values())
		# e^700 is the largest that a float holds
		chance = 100 / (1 + math.exp(min(700.0, -odds)))
		return min(MOST, max(LEAST, round(chance, 2)))

	def factors(self, values: Mapping[str, str], shown: int = 3) -> tuple[list[Factor], list[Factor]]:
		"""What raises and what lowers the chance most, strongest first; below a tenth more or less nothing is said."""
		evidence = sorted(self._evidence(values).items(), key=lambda item: item[1])
		made = [
			(Factor(field, values[field], round(math.exp(weight), 2)), weight) for field, weight in evidence
		]
		up = [factor for factor, weight in reversed(made) if weight > FACTOR]
		down = [factor for factor, weight in made if weight < -FACTOR]
		return up[:shown], down[:shown]

	def _evidence(self, values: Mapping[str, str]) -> dict[str, float]:
		"""{field: log of how much more often the won ones have this value}."""
		found = {}
		for field, value in values.items():
			seen = self.counts.get(field, {}).get(value)
			if seen is None or (field in self.many_valued and value and sum(seen) < RARE):
				continue
			won, lost = seen
			all_won, all_lost = self.sums[field]
			found[field] = math.log((won + START) / all_won) - math.log((lost + START) / all_lost)
		return found


def auc(results: Iterable[tuple[float, bool]]) -> float | None:
	"""Area under the ROC curve: how often a won lead had the higher chance than a lost one, ties count half.

	`results`: (chance, won). 0.5 is what guessing gives. None without won or without lost ones.
	"""
	ranked = sorted(results, key=lambda result: result[0])
	won = sum(1 for _chance, is_won in ranked if is_won)
	lost = len(ranked) - won
	if not won or not lost:
		return None
	ranks, start = 0.0, 0
	while start < len(ranked):
		end = start
		while end < len(ranked) and ranked[end][0] == ranked[start][0]:
			end += 1
		# ranks start + 1 … end, shared by those with the same chance
		ranks += (start + 1 + end) / 2 * sum(1 for _chance, is_won in ranked[start:end] if is_won)
		start = end
	return (ranks - won * (won + 1) / 2) / (won * lost)


def log_loss(results: Iterable[tuple[float, bool]]) -> float | None:
	"""Mean of -ln(probability given to what happened), chances in percent; smaller is better. None without results."""
	losses = [-math.log((chance if is_won else 100 - chance) / 100) for chance, is_won in results]
	return sum(losses) / len(losses) if losses else None
