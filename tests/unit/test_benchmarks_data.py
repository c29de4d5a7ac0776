"""The generated data of the benchmark: repeatable, in exact numbers, and without contradictions."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time

import pytest

from benchmarks import block, outcome, sizes, words
from benchmarks.rows import Document

LAST_DAY = date(2026, 6, 30)
BLOCKS = [block.make(number, sizes.SEED, LAST_DAY) for number in range(20)]


def rows(kind: str) -> list:
	return [row for made in BLOCKS for row in getattr(made, kind)]


def document(kind: str, docstatus: int, status: str, per_billed: float = 0) -> Document:
	empty = dict.fromkeys(Document.__slots__)
	return Document(
		**{**empty, "kind": kind, "docstatus": docstatus, "status": status, "per_billed": per_billed}
	)


def test_the_same_seed_gives_the_same_rows_and_another_one_does_not():
	again = block.make(7, sizes.SEED, LAST_DAY)
	assert again.rows() == BLOCKS[7].rows()
	assert block.make(7, sizes.SEED + 1, LAST_DAY).rows() != again.rows()


def test_a_block_does_not_depend_on_those_before_it():
	alone = block.make(19, sizes.SEED, LAST_DAY)
	assert alone.rows() == BLOCKS[19].rows()


def test_every_block_has_what_the_size_promises():
	for made in BLOCKS:
		kinds = Counter(found.kind for found in made.documents)
		found = {
			"leads": len(made.leads),
			"opportunities": len(made.opportunities),
			"messages": len(made.messages),
			"activities": len(made.activities),
			"prospects": len(made.prospects),
			"issues": len(made.issues),
			"quotations": kinds["Quotation"],
			"orders": kinds["Sales Order"],
			"invoices": kinds["Sales Invoice"],
		}
		assert found == sizes.PER_BLOCK


def test_sizes_have_the_promised_numbers():
	assert sizes.volume("m")["leads"] == 100_000
	assert sizes.volume("m")["opportunities"] == 50_000
	assert sizes.volume("m")["messages"] == 150_000
	assert sizes.volume("m")["quotations"] == 10_000
	assert sizes.volume("l")["leads"] == 1_000_000
	with pytest.raises(ValueError, match="SIZE is one of"):
		sizes.blocks("xl")


def test_names_are_given_once():
	for kind, field in (
		("leads", "ours"),
		("leads", "theirs"),
		("leads", "email"),
		("leads", "mobile"),
		("opportunities", "ours"),
		("prospects", "theirs"),
		("customers", "name"),
		("documents", "name"),
		("messages", "number"),
		("activities", "number"),
		("assignments", "number"),
		("lost_reasons", "number"),
		("prospect_leads", "number"),
	):
		values = [getattr(row, field) for row in rows(kind)]
		assert len(values) == len(set(values)), f"{kind}.{field}"


def test_nothing_happens_in_the_future_or_before_its_cause():
	end = datetime.combine(LAST_DAY, time.max)
	for made in BLOCKS:
		leads = {lead.number: lead for lead in made.leads}
		deals = {deal.ours: deal for deal in made.opportunities}
		for deal in made.opportunities:
			assert leads[deal.lead_number].made <= deal.made <= deal.modified <= end
			assert deal.expected_closing is None or deal.expected_closing >= deal.made.date()
		for message in made.messages:
			topic = deals.get(message.on_ours)
			assert message.moment <= end
			assert topic is None or message.moment >= topic.made
		assert all(found.made <= end for found in made.documents)


def test_owners_and_campaigns_are_skewed_and_some_are_missing():
	owners = Counter(lead.owner for lead in rows("leads"))
	assert owners[words.SELLERS[0]] > 10 * owners[words.SELLERS[-1]] > 0
	assert 0 < owners[None] < 0.06 * len(rows("leads"))
	campaigns = Counter(lead.campaign for lead in rows("leads"))
	assert campaigns[words.CAMPAIGNS[0]] > 10 * campaigns[words.CAMPAIGNS[-1]]
	assert 0.2 < campaigns[None] / len(rows("leads")) < 0.3


def test_the_cases_that_tell_the_reports_apart_are_there():
	statuses = Counter((found.kind, found.docstatus, found.status) for found in rows("documents"))
	for case in (
		("Quotation", 0, "Draft"),
		("Quotation", 2, "Cancelled"),
		("Quotation", 1, "Partially Ordered"),
		("Quotation", 1, "Lost"),
		("Quotation", 1, "Expired"),
		("Sales Order", 0, "Draft"),
		("Sales Order", 2, "Cancelled"),
		("Sales Order", 1, "Closed"),
		("Sales Invoice", 0, "Draft"),
	):
		assert statuses[case] > 0, case
	deals = rows("opportunities")
	assert {deal.party_kind for deal in deals} == {"Lead", "Prospect", "Customer"}
	assert {"", None} < {deal.assigned for deal in deals}
	assert any(deal.assigned and deal.assigned.count("@") == 2 for deal in deals)
	assert any(deal.lost_on and deal.modified.date() > deal.lost_on for deal in deals)
	assert {lead.addresses for lead in rows("leads")} == {0, 1, 2}


def test_documents_add_up_to_their_lines():
	lines = Counter()
	for line in rows("lines"):
		lines[line.parent] += line.quantity * line.price
	assert all(found.total == lines[found.name] > 0 for found in rows("documents"))


@pytest.mark.parametrize(
	("documents", "ours", "theirs"),
	[
		([], "", "Open"),
		([("Quotation", 0, "Draft")], "", "Open"),
		([("Quotation", 1, "Open")], "Quotation", "Quotation"),
		([("Quotation", 1, "Lost")], "", "Lost"),
		([("Quotation", 1, "Expired")], "", "Quotation"),
		([("Quotation", 1, "Ordered"), ("Sales Order", 1, "To Bill")], "Ordered", "Converted"),
		(
			[("Quotation", 1, "Partially Ordered"), ("Sales Order", 1, "To Bill")],
			"Partially Ordered",
			"Quotation",
		),
		([("Quotation", 1, "Partially Ordered"), ("Sales Order", 1, "Closed")], "Quotation", "Quotation"),
		([("Quotation", 1, "Open"), ("Sales Order", 2, "Cancelled")], "Quotation", "Quotation"),
	],
)
def test_statuses_follow_documents_in_both(documents, ours, theirs):
	found = [document(*values) for values in documents]
	assert (outcome.proven(found), outcome.their_status(found)) == (ours, theirs)
