"""The status of an opportunity, derived from its outcome, its documents and whether it was closed."""

from __future__ import annotations

OUTCOMES = ("Open", "Won", "Lost")
DOCUMENT_STATUSES = ("", "Quotation", "Partially Ordered", "Ordered")


def status_of(outcome: str, document_status: str, closed: bool) -> str:
	"""Return "Open", "Quotation", "Partially Ordered", "Won", "Lost" or "Closed".

	``outcome`` is that of the stage, which a person sets: one of OUTCOMES. ``document_status`` is what submitted
	quotations and orders prove: one of DOCUMENT_STATUSES. ``closed`` tells that a person or the auto-close took
	the deal out of the pipeline without an outcome.

	The first that applies: Lost and Won by outcome, then Closed, then the documents, where everything ordered is
	Won even though nobody moved the stage yet; else Open. Raises ValueError for an unknown outcome or document
	status: neither is typed by a user.
	"""
	if outcome not in OUTCOMES:
		raise ValueError(f"unknown outcome {outcome!r}")
	if document_status not in DOCUMENT_STATUSES:
		raise ValueError(f"unknown document status {document_status!r}")
	if outcome != "Open":
		return outcome
	if closed:
		return "Closed"
	if document_status == "Ordered":
		return "Won"
	return document_status or "Open"
