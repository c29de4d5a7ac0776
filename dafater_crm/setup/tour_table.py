"""Plain text tables whose columns stay in place when cells are Arabic, in terminals with and without bidi."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

# After a cell: the separator takes the direction of the line, not of two Arabic cells around it.
LEFT_TO_RIGHT_MARK = "\u200e"


def table(head: Sequence[str], rows: Sequence[Sequence], footer: Sequence | None = None) -> str:
	"""Lines of aligned columns. Numbers stand right with two decimals, texts left; nothing is cut."""
	body = [[cell_text(cell) for cell in row] for row in rows]
	foot = [[cell_text(cell) for cell in footer]] if footer else []
	widths = [max(width(row[index]) for row in [list(head), *body, *foot]) for index in range(len(head))]
	right = [any(isinstance(row[index], int | float) for row in rows) for index in range(len(head))]
	rule = "-+-".join("-" * size for size in widths)
	lines = [_line(head, widths, right), rule, *(_line(row, widths, right) for row in body)]
	if foot:
		lines += [rule, _line(foot[0], widths, right)]
	return "\n".join(lines)


def cell_text(cell) -> str:
	"""Amounts with thousands separators, nothing for None and for an amount of 0."""
	if isinstance(cell, int | float):
		return f"{cell:,.2f}" if cell else ""
	return str(cell or "")


def width(text: str) -> int:
	"""Columns that a terminal gives to `text`: marks and direction controls take none, wide letters two."""
	return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
	if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
		return 0
	return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
	padded = [_pad(cell, size, to_right) for cell, size, to_right in zip(cells, widths, right, strict=True)]
	return " | ".join(padded).rstrip()


def _pad(cell: str, size: int, to_right: bool) -> str:
	space = " " * (size - width(cell))
	if to_right:
		return space + cell
	return cell + (LEFT_TO_RIGHT_MARK if not cell.isascii() else "") + space
