"""Average, median and nearest-rank percentile of whole samples."""

from __future__ import annotations

from collections.abc import Sequence


def mean(sample: Sequence[float]) -> float | None:
	"""Arithmetic mean; None of nothing."""
	return sum(sample) / len(sample) if sample else None


def median(ordered: Sequence[float]) -> float | None:
	"""Middle value of an ascending sample, the mean of the two middle ones where their number is even."""
	if not ordered:
		return None
	middle = len(ordered) // 2
	return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def nearest_rank(ordered: Sequence[float], percent: int) -> float | None:
	"""The smallest value that at least `percent` of an ascending sample do not exceed: the ⌈n·p/100⌉-th."""
	if not ordered:
		return None
	return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]
