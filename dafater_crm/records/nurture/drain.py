"""Runs the steps that are due: late after a stop of the scheduler, but never twice.

A batch is one transaction. Its enrolments are claimed with FOR UPDATE SKIP LOCKED as the first statement, so two workers
never hold the same one, and what the batch reads afterwards is what was committed before the claim. The ledger rows
come next, then the messages, then each enrolment's next step; then the commit. An enrolment runs one step a claim, and
the next step counts from when this one really ran, so a week without a scheduler ends in one message, not in five.
WhatsApp messages are planned with the batch and sent after its commit, see `whatsapp`.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from dafater_crm.records.nurture import batch, watch, whatsapp
from dafater_crm.records.nurture.subjects import ENROLMENT, SEQUENCE

BATCH = 25
CANDIDATES = 200
# the scheduler starts the job every five minutes; what is left waits for the next one
MOST_SECONDS = 200
RETRY_AFTER = timedelta(hours=1)


def run(most_seconds: int = MOST_SECONDS) -> dict[str, int]:
	"""The job. Returns how many ledger rows ended in which state. Commits per batch; safe to run twice at once."""
	until = time.monotonic() + most_seconds
	# what a worker that died has left, or what had to wait, before anything new
	done = Counter(whatsapp.send_planned(until))
	frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot: the job sees what was committed until now
	for sequence in _waiting_sequences():
		if not _may_run(sequence):
			continue
		while (names := _candidates(sequence)) and time.monotonic() < until:
			outcome = _one_batch(sequence, names)
			if outcome is None:
				break
			counts, planned = outcome
			done.update(counts)
			if planned:
				done.update(whatsapp.send_planned(until, planned))
	return dict(done)


def _waiting_sequences() -> list[str]:
	"""Enabled sequences with due enrolments. One statement."""
	table, sequence = frappe.qb.DocType(ENROLMENT), frappe.qb.DocType(SEQUENCE)
	return (
		frappe.qb.from_(table)
		.join(sequence)
		.on((sequence.name == table.sequence) & (sequence.enabled == 1))
		.select(table.sequence)
		.distinct()
		.where((table.status == "Active") & (table.next_run_on <= now_datetime()))
		.run(pluck=True)
	)


def _may_run(sequence: str) -> bool:
	"""Not while an exit condition cannot be asked; the sequence says so, and its enrolments wait for a person."""
	try:
		return "exit_conditions" not in watch.look_at(sequence)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=f"Nurture sequence {sequence} could not be looked at")
		frappe.db.commit()  # nosemgrep: manual-commit - the log stays, and the other sequences have their turn
		return False


def _candidates(sequence: str) -> list[str]:
	"""Due enrolments, the longest due first; more than a batch, so that a second worker finds others. One statement."""
	table = frappe.qb.DocType(ENROLMENT)
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.sequence == sequence) & (table.status == "Active"))
		.where(table.next_run_on <= now_datetime())
		.orderby(table.next_run_on)
		.limit(CANDIDATES)
		.run(pluck=True)
	)


def _one_batch(sequence: str, names: list[str]) -> tuple[dict[str, int], list[str]] | None:
	"""Claim and run one batch, see `batch.work`; None when another worker has all of them, or when the batch failed."""
	claimed: list[dict] = []
	try:
		frappe.db.commit()  # nosemgrep: manual-commit - ends the snapshot, so that the claim reads the newest rows
		claimed = claim(names)
		outcome = batch.work(frappe.get_cached_doc(SEQUENCE, sequence), claimed) if claimed else None
		frappe.db.commit()  # nosemgrep: manual-commit - ledger, messages and next steps of the batch, together
		return outcome
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		frappe.db.rollback()
		return {}, []  # nothing was sent; the batch is claimed again
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=f"Nurture sequence {sequence}: a batch was not sent")
		_put_off([row.name for row in claimed])
		return None


def claim(names: list[str]) -> list[dict]:
	"""Lock at most BATCH of these enrolments that are still due and that no other worker holds.

	By primary key: a scan of another index would lock rows that are not claimed.
	"""
	table = frappe.qb.DocType(ENROLMENT)
	return (
		frappe.qb.from_(table)
		.force_index("PRIMARY")
		.select(table.star)
		.where(table.name.isin(names))
		.where((table.status == "Active") & (table.next_run_on <= now_datetime()))
		.limit(BATCH)
		.for_update(skip_locked=True)
		.run(as_dict=True)
	)


def _put_off(names: list[str]) -> None:
	"""A batch that broke is tried again later, so that it does not keep others from being sent."""
	if names:
		table = frappe.qb.DocType(ENROLMENT)
		frappe.qb.update(table).set(table.next_run_on, now_datetime() + RETRY_AFTER).where(
			table.name.isin(names) & (table.status == "Active")
		).run()
	frappe.db.commit()  # nosemgrep: manual-commit - a job's own bookkeeping
