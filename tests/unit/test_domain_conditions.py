"""Conditions on fields: typed values, what holds for which stored value, what can never hold together."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import conditions as c
from dafater_crm.domain.errors import RuleError


def made(kind: str, operator: str, *texts: str, field: str = "f") -> c.Condition:
	return c.built(field, "Field", kind, operator, texts)


@pytest.mark.parametrize(
	("kind", "operator", "texts", "stored", "expected"),
	[
		(c.CHOICE, "equals", ["Website"], "Website", True),
		(c.CHOICE, "equals", ["website"], "Website", True),
		(c.CHOICE, "equals", ["Website"], None, False),
		(c.CHOICE, "not equals", ["Website"], None, True),
		(c.CHOICE, "not equals", ["Website"], "Website", False),
		(c.CHOICE, "is one of", ["A", "B"], "B", True),
		(c.CHOICE, "is none of", ["A", "B"], "B", False),
		(c.CHOICE, "is set", [], "", False),
		(c.CHOICE, "is not set", [], "", True),
		(c.TEXT, "contains", ["مقاول"], "شركة مقاولات", True),
		(c.TEXT, "contains", ["مقاول"], None, False),
		(c.NUMBER, "at least", ["50"], 50, True),
		(c.NUMBER, "more than", ["50"], 50, False),
		(c.NUMBER, "at most", ["1,000.5"], "1000.5", True),
		(c.NUMBER, "less than", ["0"], -1, True),
		(c.NUMBER, "equals", ["0"], 0, True),
		(c.NUMBER, "at least", ["٥٠"], 60, True),
		(c.DATE, "more than", ["2026-01-31"], "2026-02-01", True),
		(c.DATE, "at most", ["2026-01-31"], date(2026, 1, 31), True),
		(c.DATE, "equals", ["2026-01-31"], datetime(2026, 1, 31, 9), False),
		(c.CHECK, "equals", ["نعم"], 1, True),
		(c.CHECK, "equals", ["0"], None, True),
		(c.CHECK, "not equals", ["1"], "1", False),
	],
)
def test_holds(kind, operator, texts, stored, expected):
	assert c.holds([made(kind, operator, *texts)], {"f": stored}) is expected


def test_every_condition_must_hold_and_none_hold_always():
	both = [made(c.CHOICE, "equals", "A", field="a"), made(c.NUMBER, "at least", "5", field="b")]
	assert c.holds(both, {"a": "A", "b": 5})
	assert not c.holds(both, {"a": "A", "b": 4})
	assert c.holds([], {})


@pytest.mark.parametrize(
	("kind", "operator", "texts", "code"),
	[
		(c.NUMBER, "equals", ["many"], "condition_not_number"),
		(c.NUMBER, "equals", ["nan"], "condition_not_number"),
		(c.NUMBER, "equals", ["inf"], "condition_not_number"),
		(c.DATE, "equals", ["31/01/2026"], "condition_not_date"),
		(c.CHECK, "equals", ["perhaps"], "condition_not_check"),
		(c.TEXT, "equals", [], "condition_needs_value"),
		(c.TEXT, "equals", ["  "], "condition_needs_value"),
		(c.CHOICE, "equals", ["A", "B"], "condition_one_value"),
		(c.CHOICE, "contains", ["A"], "condition_operator_wrong"),
		(c.CHECK, "at least", ["1"], "condition_operator_wrong"),
		(c.TEXT, "more than", ["A"], "condition_operator_wrong"),
	],
)
def test_refused(kind, operator, texts, code):
	with pytest.raises(RuleError) as caught:
		made(kind, operator, *texts)
	assert caught.value.code == code


@pytest.mark.parametrize(
	("some", "possible"),
	[
		([("choice", "equals", ["A"]), ("choice", "equals", ["B"])], False),
		([("choice", "equals", ["A"]), ("choice", "not equals", ["A"])], False),
		([("choice", "is one of", ["A", "B"]), ("choice", "is none of", ["A"])], True),
		([("choice", "is one of", ["A", "B"]), ("choice", "is none of", ["A", "B", "C"])], False),
		([("choice", "is set", []), ("choice", "is not set", [])], False),
		([("choice", "is not set", []), ("choice", "not equals", ["A"])], True),
		([("choice", "is not set", []), ("choice", "equals", ["A"])], False),
		([("number", "at least", ["5"]), ("number", "at most", ["5"])], True),
		([("number", "at least", ["5"]), ("number", "less than", ["5"])], False),
		([("number", "more than", ["9"]), ("number", "at most", ["3"])], False),
		([("number", "equals", ["4"]), ("number", "at least", ["5"])], False),
		([("check", "equals", ["1"]), ("check", "not equals", ["1"])], False),
		([("check", "not equals", ["0"]), ("check", "not equals", ["1"])], False),
		([("text", "contains", ["ab"]), ("text", "equals", ["xyz"])], False),
	],
)
def test_conditions_that_exclude_each_other(some, possible):
	built = [made(kind, operator, *texts) for kind, operator, texts in some]
	assert c.conflicting_field(built) == (None if possible else "f")
	if not possible:
		with pytest.raises(RuleError) as caught:
			c.refuse_impossible(built, {"f": "Score"})
		assert caught.value.args_for_message == ("Score",)


def test_other_fields_do_not_conflict():
	assert (
		c.conflicting_field(
			[made("choice", "equals", "A", field="a"), made("choice", "equals", "B", field="b")]
		)
		is None
	)


@given(
	st.lists(
		st.tuples(
			st.sampled_from(["equals", "not equals", "at least", "at most", "more than", "less than"]),
			st.integers(-5, 5),
		),
		min_size=1,
		max_size=4,
	),
	st.integers(-6, 6),
)
def test_what_some_number_meets_is_never_called_impossible(some, value):
	built = [made(c.NUMBER, operator, str(limit)) for operator, limit in some]
	if c.holds(built, {"f": value}):
		assert c.conflicting_field(built) is None


@pytest.mark.parametrize(
	("kind", "text"),
	[(c.NUMBER, "5"), (c.NUMBER, "5.5"), (c.DATE, "2026-01-31"), (c.TEXT, "شركة"), (c.CHECK, "1")],
)
def test_a_stored_value_types_to_the_same_again(kind, text):
	assert c.stored_form(c.typed(kind, text)) == text
