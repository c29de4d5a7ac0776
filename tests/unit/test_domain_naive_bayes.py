"""The learnt chance against figures computed by hand, and its measures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain import naive_bayes
from dafater_crm.domain.naive_bayes import Factor, Model

# 30 won, 70 lost. Website: 20 won, 20 lost. Referral: 10 won, 50 lost. Mail known: 25 of 30 won, 35 of 70 lost.
COUNTS = {
	"source": {"website": (20, 20), "referral": (10, 50)},
	"has_email": {"yes": (25, 35), "no": (5, 35)},
}


def test_chance_by_hand():
	won = 0.3 * (20.1 / 30.2) * (25.1 / 30.2)
	lost = 0.7 * (20.1 / 70.2) * (35.1 / 70.2)
	expected = round(100 * won / (won + lost), 2)
	assert expected == 62.35
	assert Model(30, 70, COUNTS).chance({"source": "website", "has_email": "yes"}) == expected


def test_without_any_field_the_chance_is_the_average():
	assert Model(30, 70, COUNTS).chance({}) == 30.0
	assert Model(30, 70, COUNTS).chance({"source": "never seen", "unknown": "x"}) == 30.0


def test_an_unset_field_is_a_value():
	model = Model(10, 10, {"campaign": {"": (2, 8), "spring": (8, 2)}})
	assert model.chance({"campaign": ""}) == round(100 * 2.1 / (2.1 + 8.1), 2) == 20.59


def test_rare_values_of_a_field_with_many_say_nothing():
	counts = {"city": {"riyadh": (40, 10), "farasan": (9, 0)}}
	assert Model(49, 10, counts).chance({"city": "farasan"}) > Model(49, 10, {}).chance({})
	model = Model(49, 10, counts, many_valued=("city",))
	assert model.chance({"city": "farasan"}) == model.chance({}) == 83.05
	assert model.chance({"city": "riyadh"}) != model.chance({})  # 50 uses


def test_a_value_that_was_never_won_is_unlikely_and_not_impossible():
	model = Model(500, 500, {"source": {"a": (0, 500), "b": (500, 0)}})
	assert model.chance({"source": "a"}) == 0.02  # 0.1 / (0.1 + 500.1)
	many = {f"f{number}": {"a": (0, 500), "b": (500, 0)} for number in range(200)}
	assert Model(500, 500, many).chance(dict.fromkeys(many, "a")) == 0.01
	assert Model(500, 500, many).chance(dict.fromkeys(many, "b")) == 99.99


@pytest.mark.parametrize(("won", "lost"), [(0, 10), (10, 0), (0, 0)])
def test_a_model_without_both_outcomes_says_nothing(won, lost):
	with pytest.raises(ValueError, match="won and lost"):
		Model(won, lost, {}).chance({})


def test_factors_name_what_counts_most():
	up, down = Model(30, 70, COUNTS).factors({"source": "website", "has_email": "no"})
	assert up == [Factor("source", "website", round((20.1 / 30.2) / (20.1 / 70.2), 2))]
	assert up[0].ratio == 2.32
	assert down == [Factor("has_email", "no", round((5.1 / 30.2) / (35.1 / 70.2), 2))]
	assert down[0].ratio == 0.34
	assert Model(50, 50, {"x": {"a": (25, 25), "b": (25, 25)}}).factors({"x": "a"}) == ([], [])


numbers = st.integers(0, 10_000)


@given(
	st.integers(1, 10_000),
	st.integers(1, 10_000),
	st.dictionaries(st.text(max_size=3), st.dictionaries(st.text(max_size=3), st.tuples(numbers, numbers))),
)
def test_the_chance_is_always_inside(won, lost, counts):
	values = {field: next(iter(found)) for field, found in counts.items() if found}
	assert 0 < Model(won, lost, counts).chance(values) < 100


def test_auc_by_hand():
	assert naive_bayes.auc([(90, True), (80, True), (20, False), (10, False)]) == 1.0
	assert naive_bayes.auc([(10, True), (90, False)]) == 0.0
	assert naive_bayes.auc([(50, True), (50, False)]) == 0.5
	# pairs: 70>60, 70>40, 50<60, 50>40
	assert naive_bayes.auc([(70, True), (60, False), (50, True), (40, False)]) == 0.75
	assert naive_bayes.auc([(70, True)]) is None
	assert naive_bayes.auc([]) is None


def test_log_loss_by_hand():
	found = naive_bayes.log_loss([(80, True), (30, False)])
	assert found == pytest.approx((-math.log(0.8) - math.log(0.7)) / 2)
	assert naive_bayes.log_loss([]) is None
