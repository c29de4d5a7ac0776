"""Deliveries: kept as they came, drained afterwards. What was answered with 200 is never lost and never taken twice.

A delivery is one row with a unique fingerprint, committed before the answer. Any number of workers drain: each claims rows with FOR
UPDATE SKIP LOCKED and writes all of them in the claim's own transaction, so a worker that dies leaves them as they were and frees them
at once. What follows a message (lead, assignment) comes after that commit; until it is done the row stays due, a minute later
where the worker died, with growing pauses where a step failed.
"""

from __future__ import annotations

import random
import time
from collections import Counter

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain.channels import EMAIL
from dafater_crm.records.inbox import keys, wake
from dafater_crm.records.inbox.acting import as_system
from dafater_crm.records.inbox.ending import EVENT
from dafater_crm.records.inbox.taking import Taker
from dafater_crm.records.raw_rows import append_rows

DRAIN = "dafater_crm.records.inbox.events.drain"
MOST_SECONDS = 240
CANDIDATES = 200
# in one transaction; their persons are locked as long, a few tenths of a second
TOGETHER = 25


def keep(raw: bytes, account: str, channel: str, enabled: bool) -> None:
	"""Write a delivery down, once however often it comes, and wake the drain after the commit. One statement, no commit.

	The caller has checked its signature against the account's secret. A disabled account's deliveries are kept and left alone.
	"""
	now = now_datetime()
	append_rows(
		EVENT,
		[
			{
				"account": account,
				"channel": channel,
				"status": "Received" if enabled else "Ignored",
				"received_on": now,
				"retry_on": now if enabled else None,
				"attempts": 0,
				"body_hash": keys.fingerprint(raw),
				"body": raw.decode("utf-8"),
			}
		],
		ignore_doubles=True,
	)
	if enabled:
		wake.after_commit(DRAIN, "drain")


def drain(most_seconds: int = MOST_SECONDS, together: int = TOGETHER) -> dict[str, int]:
	"""The job: take what is due until nothing is left. Returns how many rows ended in which state. Safe to run many at once.

	:param together: how many deliveries are taken in one transaction.
	"""
	until = time.monotonic() + most_seconds
	done: Counter[str] = Counter()
	with as_system():
		frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot: the job sees what was committed until now
		taker, before = Taker(), -1
		# what others hold they also finish, or the clock does: nobody waits for it here
		while time.monotonic() < until and before < done.total() and (found := _due()):
			before = done.total()
			for some in _blocks(found, together):
				done += taker.take(some)
				if time.monotonic() >= until:
					break
	if done and time.monotonic() >= until:
		wake.now(DRAIN, "drain")
	return dict(done)


def every_minute() -> None:
	"""Scheduler: wake the drain where something is due, whoever failed to."""
	if _due():
		wake.now(DRAIN, "drain")


def _due() -> list[dict]:
	"""What is due, the longest due first; what failed before only where nothing is new. At most two statements."""
	table = frappe.qb.DocType(EVENT)
	now = now_datetime()
	for status in ("Received", "Failed"):
		found = (
			frappe.qb.from_(table)
			.select(table.name, table.account, table.body)
			.where((table.status == status) & (table.retry_on <= now))
			# those are steps of mails, see `mail_steps`
			.where(table.channel != EMAIL)
			.orderby(table.retry_on)
			.limit(CANDIDATES)
			.run(as_dict=True)
		)
		if found:
			return found
	return []


def _blocks(found: list[dict], together: int) -> list[list[dict]]:
	"""Neighbours stay together, since one person often writes several messages; each worker begins somewhere else."""
	blocks = [found[first : first + together] for first in range(0, len(found), together)]
	random.shuffle(blocks)
	return blocks
