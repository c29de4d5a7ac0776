"""When a field of a lead meets a rule: operators, typed by the kind of value, and conditions that can never be met.

An empty value meets "Is Not Set" alone: what nobody knows is neither like nor unlike anything. A number of 0 is empty
too, since the database stores a blank number as 0. A range such as "50-249" meets a comparison only when every
number in it does, so "more than 100" holds for "250-499" and "500+" and not for "50-249". Where the number itself is known
(`scoring.FieldRule.exact`) it is compared, as a range of one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from .characters import ascii_digits, one_line
from .errors import RuleError

TEXT, CHOICE, LINK, RANGE, NUMBER, DATE, CHECK = "text", "choice", "link", "range", "number", "date", "check"

IS, IS_NOT, ONE_OF, NONE_OF = "Equals", "Does Not Equal", "Is One Of", "Is None Of"
CONTAINS, LACKS = "Contains", "Does Not Contain"
SET, NOT_SET = "Is Set", "Is Not Set"
MORE, AT_LEAST, LESS, AT_MOST, BETWEEN = (
	"Is More Than",
	"Is At Least",
	"Is Less Than",
	"Is At Most",
	"Is Between",
)

OPERATORS = (
	*(IS, IS_NOT, ONE_OF, NONE_OF, CONTAINS, LACKS, SET, NOT_SET),
	*(MORE, AT_LEAST, LESS, AT_MOST, BETWEEN),
)
_EQUALITY = {IS, IS_NOT, ONE_OF, NONE_OF, SET, NOT_SET}
ORDER = {MORE, AT_LEAST, LESS, AT_MOST, BETWEEN}
FITTING: dict[str, frozenset[str]] = {
	TEXT: frozenset(_EQUALITY | {CONTAINS, LACKS}),
	LINK: frozenset(_EQUALITY | {CONTAINS, LACKS}),
	CHOICE: frozenset(_EQUALITY),
	RANGE: frozenset(_EQUALITY | ORDER),
	NUMBER: frozenset(_EQUALITY | ORDER),
	DATE: frozenset(_EQUALITY | ORDER),
	CHECK: frozenset({IS, SET, NOT_SET}),
}
_RANGE = re.compile(r"^(\d+)(?:\s*-\s*(\d+)|\s*(\+))?$")
_YES, _NO = frozenset({"1", "yes", "true", "نعم"}), frozenset({"0", "no", "false", "لا"})


@dataclass(frozen=True)
class Condition:
	"""One operator on one kind of value. Make it with `condition()`, which refuses what can never be met."""

	kind: str
	operator: str
	values: tuple = ()

	def holds(self, raw: object) -> bool:
		"""Whether a field's value meets the condition. A value that cannot be read as its kind meets none."""
		value = _stored(self.kind, raw)
		if value is None or self.operator in (SET, NOT_SET):
			return (value is None) == (self.operator == NOT_SET) and self.operator in (SET, NOT_SET)
		if self.operator in ORDER:
			low, high = _bounds(self.kind, value)
			return low is not None and _ordered(self.operator, low, high, self.values)
		if self.operator in (CONTAINS, LACKS):
			return any(part in value for part in self.values) == (self.operator == CONTAINS)
		return (value in self.values) == (self.operator in (IS, ONE_OF))


def condition(
	kind: str, operator: str, values: Collection[object] = (), options: Collection[str] | None = None
) -> Condition:
	"""Read a condition as a person wrote it.

	:param values: as typed; two for "Is Between", none for "Is Set", else one or, where several are allowed, more.
	:param options: what the field can hold, where that is a fixed list. None: anything.

	Raises RuleError where the operator does not fit the kind, a value is missing, unreadable or not among `options`,
	or no value at all can meet the condition.
	"""
	if operator not in FITTING[kind]:
		raise RuleError("score_operator_unfit")
	given = [text for text in map(one_line, values) if text]
	if operator in (SET, NOT_SET):
		return Condition(kind, operator)
	_check_count(operator, given)
	if operator in ORDER:
		return _ordered_condition(kind, operator, given, options)
	read = tuple(dict.fromkeys(_typed(kind, text) for text in given))
	if kind == CHECK:
		return Condition(kind, SET if read[0] else NOT_SET)
	_check_reachable(kind, operator, given, read, options)
	return Condition(kind, operator, read)


def is_range(options: Collection[str]) -> bool:
	"""Whether the choices of a field are ranges of numbers: 1-5, 6-49, 500+."""
	return len(options) > 1 and all(_RANGE.match(option) for option in options)


def _check_count(operator: str, given: list[str]) -> None:
	if operator == BETWEEN:
		if len(given) != 2:
			raise RuleError("score_between_incomplete")
	elif not given:
		raise RuleError("score_value_missing")
	elif len(given) > 1 and operator not in (ONE_OF, NONE_OF, CONTAINS, LACKS):
		raise RuleError("score_too_many_values")


def _ordered_condition(kind: str, operator: str, given: list[str], options) -> Condition:
	number_kind = NUMBER if kind == RANGE else kind
	values = tuple(_typed(number_kind, text) for text in given)
	if operator == BETWEEN and values[0] > values[1]:
		raise RuleError("score_between_reversed", first=given[0], last=given[1])
	made = Condition(kind, operator, values)
	if kind == RANGE and options and not any(made.holds(option) for option in options):
		raise RuleError("score_no_range_fits", options="، ".join(options))
	return made


def _check_reachable(kind: str, operator: str, given: list[str], read: tuple, options) -> None:
	if kind == NUMBER and operator in (IS, ONE_OF) and not any(read):
		raise RuleError("score_zero_is_unset")
	if options is None or operator in (CONTAINS, LACKS):
		return
	known = {_fold(option) for option in options}
	strange = [text for text, value in zip(given, read, strict=False) if value not in known]
	if strange:
		raise RuleError("score_unknown_choice", value=strange[0], options="، ".join(options))


def _typed(kind: str, text: str):
	"""A value of a rule. Raises RuleError when it cannot be read."""
	if kind == CHECK:
		folded = _fold(ascii_digits(text))
		if folded not in _YES | _NO:
			raise RuleError("score_value_not_yes_no", value=text)
		return folded in _YES
	if kind == NUMBER:
		number = _number(text)
		if number is None:
			raise RuleError("score_value_not_number", value=text)
		return number
	if kind == DATE:
		day = _date(ascii_digits(text))
		if day is None:
			raise RuleError("score_value_not_date", value=text)
		return day
	return _fold(text)


def _stored(kind: str, raw: object):
	"""A value of a lead in comparable form; None when it is empty or unreadable."""
	if kind == CHECK:
		return bool(raw and raw != "0") or None
	if kind == NUMBER:
		return _number(raw) or None
	if kind == DATE:
		return _date(raw)
	return _fold(one_line(raw)) or None


def _bounds(kind: str, value):
	if kind != RANGE:
		return value, value
	found = _RANGE.match(ascii_digits(value))
	if not found:
		return None, None
	low = float(found[1])
	return low, math.inf if found[3] else float(found[2] or low)


def _ordered(operator: str, low, high, values: tuple) -> bool:
	first = values[0]
	if operator == BETWEEN:
		return first <= low and high <= values[1]
	return {MORE: low > first, AT_LEAST: low >= first, LESS: high < first, AT_MOST: high <= first}[operator]


def _number(raw: object) -> float | None:
	text = ascii_digits(str(raw or 0)).replace("٫", ".").replace("٬", "").replace(",", "").strip()
	try:
		number = float(text)
	except ValueError:
		return None
	return number if math.isfinite(number) else None


def _date(raw: object) -> date | None:
	if isinstance(raw, datetime):
		return raw.date()
	if isinstance(raw, date) or not raw:
		return raw or None
	try:
		return date.fromisoformat(str(raw)[:10])
	except ValueError:
		return None


def _fold(text: str) -> str:
	return one_line(text).casefold()
