"""Conditions on the fields of a record: a field, an operator and values that have the field's type.

Nothing here is ever run as code. A caller checks the field against its own meta, turns what a person typed into typed
values with `typed`, replaces the node of a tree by the node and all below it, and asks `holds` for each record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .characters import one_line
from .errors import RuleError

TEXT, NUMBER, DATE, CHECK, CHOICE = "text", "number", "date", "check", "choice"

EQUALS, DIFFERS, ONE_OF, NONE_OF = "equals", "not equals", "is one of", "is none of"
CONTAINS, SET, NOT_SET = "contains", "is set", "is not set"
AT_LEAST, AT_MOST, MORE, LESS = "at least", "at most", "more than", "less than"

WITHOUT_VALUE = frozenset({SET, NOT_SET})
_SAME = frozenset({EQUALS, DIFFERS, ONE_OF, NONE_OF, SET, NOT_SET})
_ORDER = frozenset({AT_LEAST, AT_MOST, MORE, LESS})
OPERATORS: dict[str, frozenset[str]] = {
	TEXT: _SAME | {CONTAINS},
	NUMBER: _SAME | _ORDER,
	DATE: _SAME | _ORDER,
	CHECK: frozenset({EQUALS, DIFFERS}),
	CHOICE: _SAME,
}

_YES = frozenset({"1", "yes", "true", "نعم"})
_NO = frozenset({"0", "no", "false", "لا"})


@dataclass(frozen=True)
class Condition:
	"""`values` are typed; one for most operators, several for "is one of", none for "is set"."""

	field: str
	kind: str
	operator: str
	values: tuple = ()


def typed(kind: str, text: str) -> object:
	"""Return `text` as a value of `kind`. Raises RuleError that says how to write it."""
	text = one_line(text).strip()
	if kind == NUMBER:
		return _number(text)
	if kind == DATE:
		return _moment(text)
	if kind == CHECK:
		return _check(text)
	return text


def built(field: str, field_label: str, kind: str, operator: str, texts: Sequence[str]) -> Condition:
	"""Make a condition of what a person typed. `field_label` is shown in errors. Raises RuleError."""
	if operator not in OPERATORS[kind]:
		raise RuleError("condition_operator_wrong", field_label=field_label, operator=operator)
	if operator in WITHOUT_VALUE:
		return Condition(field, kind, operator)
	values = tuple(typed(kind, text) for text in texts if one_line(text).strip())
	if not values:
		raise RuleError("condition_needs_value", field_label=field_label)
	if len(values) > 1 and operator not in (ONE_OF, NONE_OF):
		raise RuleError("condition_one_value", field_label=field_label)
	return Condition(field, kind, operator, values)


def refuse_impossible(conditions: Sequence[Condition], labels: Mapping[str, str]) -> None:
	"""Raise RuleError when no record can ever meet all of them. `labels`: field → translated label."""
	field = conflicting_field(conditions)
	if field:
		raise RuleError("conditions_never_match", field_label=labels[field])


def holds(conditions: Iterable[Condition], record: Mapping) -> bool:
	"""Tell whether every condition holds for `record`, a mapping of field → stored value."""
	return all(matches(condition, record.get(condition.field)) for condition in conditions)


def matches(condition: Condition, stored: object) -> bool:
	"""Tell whether one condition holds for a stored value. A blank never equals, exceeds or contains anything."""
	value = comparable(condition.kind, stored)
	operator, wanted = condition.operator, [comparable(condition.kind, one) for one in condition.values]
	if operator == SET:
		return value is not None
	if operator == NOT_SET:
		return value is None
	if operator in (DIFFERS, NONE_OF):
		return value not in wanted
	if value is None:
		return False
	if operator in (EQUALS, ONE_OF):
		return value in wanted
	if operator == CONTAINS:
		return any(one in value for one in wanted)
	return _ordered(operator, value, wanted[0])


def comparable(kind: str, value: object) -> object:
	"""Return a stored or typed value in the form in which two of them are compared; None for a blank."""
	if kind == CHECK:
		return int(bool(value) and str(value) != "0")
	if value is None or value == "":
		return None
	if kind == NUMBER:
		return float(value)
	if kind == DATE:
		return value if isinstance(value, datetime) else _moment(str(value))
	return str(value).strip().casefold() or None


def conflicting_field(conditions: Sequence[Condition]) -> str | None:
	"""Return the first field whose conditions cannot all hold for one value, or None.

	Looks at one field at a time: it finds what a person mixed up in a form, not every contradiction there is.
	"""
	by_field: dict[str, list[Condition]] = defaultdict(list)
	for condition in conditions:
		by_field[condition.field].append(condition)
	return next((field for field, some in by_field.items() if not _possible(some)), None)


def _possible(conditions: list[Condition]) -> bool:
	if any(one.operator == NOT_SET for one in conditions):
		return all(matches(one, None) for one in conditions)
	named = [one for one in conditions if one.operator in (EQUALS, ONE_OF)]
	if named:
		return any(all(matches(one, value) for one in conditions) for value in named[0].values)
	if conditions[0].kind == CHECK:
		return any(all(matches(one, value) for one in conditions) for value in (0, 1))
	return _range_possible(conditions)


def _range_possible(conditions: list[Condition]) -> bool:
	low = [one for one in conditions if one.operator in (AT_LEAST, MORE)]
	high = [one for one in conditions if one.operator in (AT_MOST, LESS)]
	return not any(_apart(floor, ceiling) for floor in low for ceiling in high)


def _apart(floor: Condition, ceiling: Condition) -> bool:
	least = comparable(floor.kind, floor.values[0])
	most = comparable(ceiling.kind, ceiling.values[0])
	open_end = floor.operator == MORE or ceiling.operator == LESS
	return least > most or (least == most and open_end)


def _ordered(operator: str, value, limit) -> bool:
	return {
		AT_LEAST: value >= limit,
		AT_MOST: value <= limit,
		MORE: value > limit,
		LESS: value < limit,
	}[operator]


def _number(text: str) -> float:
	try:
		number = float(text.replace(",", ""))
	except ValueError:
		number = float("nan")
	if number - number != 0:  # neither NaN nor infinite
		raise RuleError("condition_not_number", value=text)
	return number


def _moment(text: str) -> datetime:
	try:
		return datetime.fromisoformat(text.strip())
	except ValueError as error:
		raise RuleError("condition_not_date", value=text) from error


def _check(text: str) -> int:
	if text.casefold() in _YES:
		return 1
	if text.casefold() in _NO:
		return 0
	raise RuleError("condition_not_check", value=text)


def stored_form(value: object) -> str:
	"""Return a typed value as text that can be kept and typed again."""
	if isinstance(value, datetime):
		return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
	if isinstance(value, date):
		return value.isoformat()
	if isinstance(value, float) and value.is_integer():
		return str(int(value))
	return str(value)
