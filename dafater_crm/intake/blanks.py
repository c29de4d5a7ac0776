"""Cells that say in words that they are empty, and those in which a spreadsheet says that it failed."""

from __future__ import annotations

from dafater_crm.domain import characters

SPREADSHEET_ERRORS = frozenset(
	("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
_LONGEST = 15
# Compared in small letters without points and spaces.
_WORDS = frozenset(
	(
		*("n/a", "na", "#n/a", "none", "null", "nil", "nan", "<na>", "notavailable", "notapplicable", "undefined"),
		*("لايوجد", "لاتوجد", "لميوجد", "غيرموجود", "غيرمتوفر", "غيرمتوفرة", "غيرمتاح", "غيرمعروف", "بدون", "فارغ"),
	)
)  # fmt: skip


def is_blank(text: str) -> bool:
	"""Tell whether a cell holds no letter and no digit, or a word for nothing: "-", "N/A", "none", "لا يوجد"."""
	if len(text) > _LONGEST:
		return not any(map(str.isalnum, text))
	bare = "".join(characters.strip_invisible(text).lower().replace(".", "").split())
	return bare in _WORDS or not any(map(str.isalnum, bare))
