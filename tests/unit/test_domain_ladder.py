from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafater_crm.domain.ladder import highest, rank, settle

LADDER = ("New", "Open", "Contacted", "Qualified", "Opportunity", "Quotation", "Converted")
HELD = frozenset({"Disqualified", "Do Not Contact"})

rungs = st.sampled_from(LADDER)
facts = st.sampled_from(("", *LADDER))
statuses = st.sampled_from((*LADDER, *sorted(HELD)))
# a step is either what documents now prove, or what a person chooses
steps = st.lists(st.one_of(st.tuples(st.just("fact"), facts), st.tuples(st.just("person"), statuses)))


class Record:
	"""The three values, kept as the contract in ladder.py tells the Frappe side to keep them."""

	def __init__(self, status: str = "New", fact: str = "") -> None:
		self.status = self.base = status
		self.fact = fact

	def prove(self, fact: str) -> None:
		self.status = settle(LADDER, HELD, self.status, self.base, self.fact, fact)
		self.fact = fact

	def choose(self, status: str) -> None:
		self.status = self.base = status

	def play(self, played) -> Record:
		for who, value in played:
			(self.prove if who == "fact" else self.choose)(value)
		return self


@pytest.mark.parametrize(
	("status", "base", "fact", "new_fact", "answer"),
	[
		("New", "New", "", "Opportunity", "Opportunity"),
		("Opportunity", "New", "Opportunity", "Quotation", "Quotation"),
		("Quotation", "New", "Quotation", "Opportunity", "Opportunity"),
		("Quotation", "New", "Quotation", "", "New"),
		# a person stands above what falls
		("Quotation", "Qualified", "Quotation", "", "Qualified"),
		("Quotation", "Quotation", "Quotation", "Opportunity", "Quotation"),
		("Qualified", "Qualified", "Open", "", "Qualified"),
		# a person is above what rises
		("Qualified", "Qualified", "", "Open", "Qualified"),
		# a person lowered it below the fact: kept while facts repeat or fall, overtaken when they rise
		("Open", "Open", "Quotation", "Quotation", "Open"),
		("Open", "Open", "Quotation", "Opportunity", "Open"),
		("Open", "Open", "Quotation", "", "Open"),
		("Open", "Open", "Quotation", "Converted", "Converted"),
		# held
		("Disqualified", "Disqualified", "", "Converted", "Disqualified"),
		("Do Not Contact", "Do Not Contact", "Converted", "", "Do Not Contact"),
		# a status that the site added for itself is a person's choice as well
		("Nurturing", "Nurturing", "", "Quotation", "Nurturing"),
		# a new document has no status yet, and a fact may fall with no floor below it
		("", "", "", "Opportunity", "Opportunity"),
		("Quotation", "", "Quotation", "", "New"),
		("Quotation", "Disqualified", "Quotation", "Opportunity", "Opportunity"),
		("Quotation", "Disqualified", "Quotation", "", "New"),
		# a fact that was a rung before the ladder changed counts as none
		("Open", "Open", "Old Rung", "Qualified", "Qualified"),
		("Open", "Open", "Old Rung", "", "Open"),
	],
)
def test_each_case(status, base, fact, new_fact, answer):
	assert settle(LADDER, HELD, status, base, fact, new_fact) == answer


def test_a_fact_that_is_no_rung_is_a_bug():
	with pytest.raises(ValueError, match="'Lost' is not a rung"):
		settle(LADDER, HELD, "New", "New", "", "Lost")


@given(steps, facts)
def test_idempotent(played, fact):
	record = Record().play(played)
	record.prove(fact)
	once = record.status
	record.prove(fact)
	assert record.status == once


@given(steps, statuses, facts)
def test_a_repeated_fact_never_undoes_a_choice(played, choice, fact):
	record = Record().play([*played, ("fact", fact), ("person", choice), ("fact", fact)])
	assert record.status == choice


@given(steps, st.sampled_from(sorted(HELD)), st.lists(facts))
def test_facts_never_change_a_held_status(played, held, later):
	record = Record().play([*played, ("person", held), *(("fact", fact) for fact in later)])
	assert record.status == held


@given(st.lists(st.tuples(st.just("fact"), facts)), st.sampled_from(LADDER))
def test_facts_never_put_a_record_into_a_held_status(played, start):
	assert Record(start).play(played).status in LADDER


@given(rungs, st.lists(facts), st.lists(facts), facts)
def test_without_a_person_only_the_last_fact_counts(base, one_way, another_way, last):
	one, another = Record(base), Record(base)
	one.play([("fact", fact) for fact in (*one_way, last)])
	another.play([("fact", fact) for fact in (*another_way, last)])
	assert one.status == another.status == highest(LADDER, (base, last))


@given(steps)
def test_never_below_what_a_person_set(played):
	record = Record().play(played)
	assert record.status == record.base or rank(LADDER, record.status) > rank(LADDER, record.base)


@given(steps, facts)
def test_a_rising_fact_never_lowers_and_a_falling_one_never_raises(played, fact):
	record = Record().play(played)
	before, old_fact = rank(LADDER, record.status), record.fact
	record.prove(fact)
	after = rank(LADDER, record.status)
	assert after >= before if rank(LADDER, fact) >= rank(LADDER, old_fact) else after <= before


@given(steps, facts)
def test_a_rising_fact_is_reached_unless_held(played, fact):
	record = Record().play(played)
	risen = rank(LADDER, fact) > rank(LADDER, record.fact)
	record.prove(fact)
	if risen and record.status not in HELD:
		assert rank(LADDER, record.status) >= rank(LADDER, fact)


@given(rungs, facts, facts)
def test_documents_come_and_go_without_a_trace(base, fact, passing):
	record = Record(base).play([("fact", fact), ("fact", passing), ("fact", fact)])
	assert record.status == Record(base).play([("fact", fact)]).status


def test_highest_and_rank():
	assert highest(LADDER, ("Open", "Quotation", "Qualified")) == "Quotation"
	assert highest(LADDER, ("Disqualified", "", "Open")) == "Open"
	assert highest(LADDER, ()) == highest(LADDER, ("Disqualified",)) == ""
	assert [rank(LADDER, status) for status in ("New", "Converted", "", "Disqualified")] == [0, 6, -1, -1]
