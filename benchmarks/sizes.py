"""How much of everything a size has. Blocks of a hundred leads, so that the numbers are exact and s is a part of m."""

from __future__ import annotations

SEED = 20260101
BLOCK = 100
LEADS = {"s": 10_000, "m": 100_000, "l": 1_000_000}
# of each hundred leads
PER_BLOCK = {
	"leads": 100,
	"opportunities": 50,
	"messages": 150,
	"activities": 100,
	"prospects": 4,
	"issues": 2,
	"quotations": 10,
	"orders": 7,
	"invoices": 3,
}


def blocks(size: str) -> int:
	"""Number of blocks of a size. Raises ValueError for an unknown one."""
	if size not in LEADS:
		raise ValueError(f"SIZE is one of {', '.join(LEADS)}, not {size!r}")
	return LEADS[size] // BLOCK


def volume(size: str) -> dict[str, int]:
	"""Kind of row -> number, for each of the two CRMs; documents and issues are shared."""
	return {kind: count * blocks(size) for kind, count in PER_BLOCK.items()}
