"""The status of a contract, derived each day from its dates and obligations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .dates import as_date

Obligation = tuple[date | None, bool]

_SUBMITTED, _CANCELLED = 1, 2  # docstatus of Frappe; 0 is a draft


def status_of(
	docstatus: int,
	sent_on: date | None,
	signed_on: date | None,
	start_date: date | None,
	end_date: date | None,
	obligations: Sequence[Obligation],
	terminated_on: date | None,
	today: date,
	require_fulfilment: bool,
) -> str:
	"""Return the status on ``today``; the first that applies, from the top:

	1. Cancelled: docstatus 2.
	2. Terminated: submitted and terminated, signed or not. A notice that takes effect later does not count yet.
	3. Sent or Draft: not submitted, or not signed, depending on whether it was sent. A draft can still be changed,
	   so a signature on it does not count; an unsigned contract was never in force, so it cannot expire.
	4. Signed: signed, and its start lies ahead. Without a start date it is in force from the signature.
	5. Fulfilled: fulfilment is required, there are obligations, and all are fulfilled, before or after the end.
	6. Lapsed: fulfilment is required and an obligation that is not fulfilled was due before today. Without a due
	   date of its own it is due on the end date.
	7. Expired: the end date, which is the last day of the contract, has passed.
	8. Active.

	``obligations`` are (due date or None, fulfilled). Dates may be datetimes or None; dates in the future are no
	facts yet. Raises ValueError for an unknown docstatus.
	"""
	if docstatus not in (0, _SUBMITTED, _CANCELLED):
		raise ValueError(f"unknown docstatus {docstatus!r}")
	if docstatus == _CANCELLED:
		return "Cancelled"
	submitted = docstatus == _SUBMITTED
	if submitted and _reached(terminated_on, today):
		return "Terminated"
	if not submitted or not _reached(signed_on, today):
		return "Sent" if _reached(sent_on, today) else "Draft"
	if start_date and not _reached(start_date, today):
		return "Signed"
	settled = _by_obligations(obligations, end_date, today) if require_fulfilment else ""
	return settled or ("Expired" if _passed(end_date, today) else "Active")


def _by_obligations(obligations: Sequence[Obligation], end_date: date | None, today: date) -> str:
	open_dues = [due or end_date for due, fulfilled in obligations if not fulfilled]
	if obligations and not open_dues:
		return "Fulfilled"
	return "Lapsed" if any(_passed(due, today) for due in open_dues) else ""


def _reached(day: date | None, today: date) -> bool:
	return day is not None and as_date(day) <= as_date(today)


def _passed(day: date | None, today: date) -> bool:
	return day is not None and as_date(day) < as_date(today)
