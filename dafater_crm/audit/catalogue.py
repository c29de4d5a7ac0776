"""The texts of the audit in its two languages. It runs without Frappe, hence without its translations.

The sentences of problems are those of the app: ``domain.errors.MESSAGES`` and their lines in ``translations/ar.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

from dafater_crm.domain.errors import MESSAGES

from .words_ar import ARABIC
from .words_en import ENGLISH

LANGUAGES = ("ar", "en")
_TEXTS = {"ar": ARABIC, "en": ENGLISH}


def text(language: str, key: str, *args: object) -> str:
	"""Return one text of the catalogue with its placeholders {0}, {1} … filled. A KeyError is a programmer's mistake."""
	return _TEXTS[language][key].format(*args)


def counted(language: str, key: str, number: int) -> str:
	"""Return a number with its noun: "1 row", "2 rows"; صف واحد، صفان، 3 صفوف، 11 صفًا. The forms stand in the catalogue, separated by "|"."""
	forms = _TEXTS[language][key].split("|")
	return forms[_FORM[language](number)].format(f"{number:,}")


def listed(language: str, names: Sequence[str]) -> str:
	"""Return names one after the other."""
	return ("، " if language == "ar" else ", ").join(names)


def _arabic_form(number: int) -> int:
	"""The place of a number among the plural forms of Arabic (CLDR): none, one, two, 3 to 10, 11 to 99, the hundreds."""
	if number <= 2:
		return number
	rest = number % 100
	return 3 if 3 <= rest <= 10 else 4 if rest >= 11 else 5


_FORM: dict[str, Callable[[int], int]] = {"ar": _arabic_form, "en": lambda number: int(number != 1)}


def sentence(language: str, code: str, *args: object) -> str:
	"""Return the sentence of a problem or a RuleError."""
	english = MESSAGES[code]
	return (_arabic_sentences()[english] if language == "ar" else english).format(*args)


def general_sentence(language: str, code: str) -> str:
	"""Return a problem's sentence without the values of one row: they become an ellipsis."""
	return sentence(language, code, *("…",) * 4)


@lru_cache(maxsize=1)
def _arabic_sentences() -> dict[str, str]:
	lines = files("dafater_crm").joinpath("translations", "ar.csv").read_text(encoding="utf-8").splitlines()
	wanted = set(MESSAGES.values())
	return {row[0]: row[1] for row in csv.reader(lines) if len(row) > 1 and row[0] in wanted}
