"""How large a file may be. A site or a test may pass its own."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
	"""Limits of one file. Sizes in bytes; ``unpacked`` and ``texts`` are parts of a workbook as they unpack."""

	file_size: int = 60 * MEGABYTE
	columns: int = 300
	rows: int = 1_000_000
	unpacked: int = 1024 * MEGABYTE
	texts: int = 256 * MEGABYTE
	# A workbook packs about ten to one; a bomb a thousand to one. Small files may pack as well as they like.
	packing: int = 250
	packing_counts_from: int = 20 * MEGABYTE
