from __future__ import annotations

from itertools import product

import pytest

from dafater_crm.domain.opportunity_status import DOCUMENT_STATUSES, OUTCOMES, status_of


@pytest.mark.parametrize(
	("outcome", "document_status", "closed", "answer"),
	[
		("Open", "", False, "Open"),
		("Open", "Quotation", False, "Quotation"),
		("Open", "Partially Ordered", False, "Partially Ordered"),
		("Open", "Ordered", False, "Won"),
		("Open", "", True, "Closed"),
		("Open", "Quotation", True, "Closed"),
		("Open", "Ordered", True, "Closed"),
		("Won", "", False, "Won"),
		("Won", "Quotation", True, "Won"),
		("Lost", "", False, "Lost"),
		("Lost", "Ordered", True, "Lost"),
	],
)
def test_each_case(outcome, document_status, closed, answer):
	assert status_of(outcome, document_status, closed) == answer


@pytest.mark.parametrize(
	("outcome", "document_status", "closed"), list(product(OUTCOMES, DOCUMENT_STATUSES, (0, 1)))
)
def test_an_outcome_is_final_and_ordered_never_shows_as_a_status(outcome, document_status, closed):
	answer = status_of(outcome, document_status, closed)
	assert answer in {"Open", "Quotation", "Partially Ordered", "Won", "Lost", "Closed"}
	assert (answer == "Lost") == (outcome == "Lost")
	assert outcome == "Open" or answer == outcome


@pytest.mark.parametrize(
	("outcome", "document_status", "message"),
	[
		("open", "", "unknown outcome 'open'"),
		("", "", "unknown outcome ''"),
		("Open", "Draft", "unknown document status 'Draft'"),
	],
)
def test_unknown_values_are_bugs(outcome, document_status, message):
	with pytest.raises(ValueError, match=message):
		status_of(outcome, document_status, False)
