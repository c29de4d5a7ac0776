"""Tokens of public forms: only ours, only of this form, neither too young nor too old."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import form_tokens

KEY, NONCE, NOW = b"k" * 32, "0123456789abcdef" * 2, 1_800_000_000


@pytest.mark.parametrize(
	("age", "state"),
	[(0, "too_fast"), (2, "too_fast"), (3, "ok"), (6 * 3600, "ok"), (6 * 3600 + 1, "expired")],
)
def test_age(age, state):
	made = form_tokens.issue(KEY, "contact", NOW, NONCE)
	assert form_tokens.check(KEY, "contact", made, NOW + age) == form_tokens.Verdict(state, NONCE)


def test_a_token_from_the_future_is_too_fast():
	made = form_tokens.issue(KEY, "contact", NOW + 500, NONCE)
	assert form_tokens.check(KEY, "contact", made, NOW).state == "too_fast"


@pytest.mark.parametrize(("key", "form"), [(b"x" * 32, "contact"), (KEY, "contac"), (KEY, "contact\n1")])
def test_another_key_or_form_is_forged(key, form):
	made = form_tokens.issue(KEY, "contact", NOW, NONCE)
	assert form_tokens.check(key, form, made, NOW + 60) == form_tokens.Verdict("forged")


@given(st.integers(min_value=0, max_value=109), st.characters(codec="ascii"))
def test_a_changed_token_is_forged(place, character):
	made = form_tokens.issue(KEY, "contact", NOW, NONCE)
	changed = made[:place] + character + made[place + 1 :]
	if changed != made:
		assert form_tokens.check(KEY, "contact", changed, NOW + 60).state == "forged"


@given(st.none() | st.text(max_size=200))
def test_anything_else_is_forged_and_never_an_error(text):
	assert form_tokens.check(KEY, "contact", text, NOW).state == "forged"


@pytest.mark.parametrize("nonce", ["", "x" * 32, "0" * 31, "A" * 32])
def test_a_weak_nonce_is_a_mistake_of_the_programmer(nonce):
	with pytest.raises(ValueError):
		form_tokens.issue(KEY, "contact", NOW, nonce)
