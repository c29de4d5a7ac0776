"""RuleError, its messages, and every place in the domain and the intake that raises it."""

from __future__ import annotations

import ast
import copy
import pickle
import string
from pathlib import Path

import pytest

from dafater_crm.domain.errors import MESSAGES, SHOWN_CHARACTERS, RuleError

PACKAGE = Path(__file__).parents[2] / "dafater_crm"
MODULES = [*PACKAGE.glob("domain/*.py"), *PACKAGE.glob("intake/*.py")]


def raised_in_domain() -> list[tuple[str, int]]:
	"""Return (code, number of parameters) of every RuleError built with a literal code."""
	found = []
	for path in MODULES:
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RuleError":
				code = node.args[0]
				if isinstance(code, ast.Constant):
					found.append((code.value, len(node.keywords)))
	return found


def literals_in_domain() -> set[str]:
	found = set()
	for path in MODULES:
		if path.name != "errors.py":
			tree = ast.parse(path.read_text(encoding="utf-8"))
			found |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
	return found


def placeholders(message: str) -> set[str]:
	return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


@pytest.mark.parametrize(("code", "count"), raised_in_domain())
def test_raised_code_has_a_message_with_as_many_placeholders(code, count):
	assert placeholders(MESSAGES[code]) == {str(number) for number in range(count)}


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_is_used(code):
	assert code in literals_in_domain()


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_message_says_what_to_do(message):
	sentences = [sentence for sentence in message.split(". ") if sentence]
	assert len(sentences) >= 2
	assert sentences[-1].split()[0] in {"Enter", "Write", "Choose", "Remove", "Shorten", "Open", "Split"}
	assert message.endswith(".")


def test_code_params_and_text():
	error = RuleError("text_too_long", length=200, max_length=140)
	assert error.code == "text_too_long"
	assert error.params == {"length": 200, "max_length": 140}
	assert error.args_for_message == (200, 140)
	assert str(error) == "This text has 200 characters. Shorten it to 140 characters or fewer."


def test_is_a_value_error_that_survives_pickle_and_copy():
	error = RuleError("phone_invalid", value="12")
	for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
		assert isinstance(again, ValueError)
		assert (again.code, again.params, str(again)) == (error.code, error.params, str(error))


def test_long_and_directional_values_are_tamed_in_the_message_only():
	value = "\u202e" + "9" * 500
	error = RuleError("phone_invalid", value=value)
	(shown,) = error.args_for_message
	assert shown == "9" * (SHOWN_CHARACTERS - 1) + "…"
	assert error.params["value"] == value
	assert RuleError("phone_invalid", value="9" * 60).args_for_message == ("9" * 60,)
	assert RuleError("phone_invalid", value="9" * 61).args_for_message == ("9" * 59 + "…",)
