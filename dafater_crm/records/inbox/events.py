"""Deliveries: kept as they came, drained afterwards. What was answered with 200 is never lost and never taken twice.

A delivery is one row with a unique fingerprint, committed before the answer. Any number of workers drain: each claims one row with FOR
UPDATE SKIP LOCKED and writes all of it in the claim's own transaction, so a worker that dies leaves the row as it was and frees it
at once. What follows a message (class, assignment) comes after that commit; until it is done the row stays due, a minute later.
"""

from __future__ import annotations

import json
import random
import time
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from dafater_crm import channels as adapters
from dafater_crm.domain import channels
from dafater_crm.records.inbox import accounts, identities, keys, rows, statuses, steps, wake, writer
from dafater_crm.records.inbox.acting import as_system
from dafater_crm.records.raw_rows import append_rows

EVENT = "Dafater Channel Event"
DRAIN = "dafater_crm.records.inbox.events.drain"
MOST_SECONDS = 240
CANDIDATES = 100
# the steps after a message are done again when they have not ended within this time
STEPS_LEASE = timedelta(minutes=1)
# seconds until the next attempt
BACKOFF = (5, 30, 120, 600, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
# what came before its message may wait for it this often
MOST_WAITS = 6
# immediate attempts after a deadlock
_ATTEMPTS = 5


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


def drain(most_seconds: int = MOST_SECONDS) -> dict[str, int]:
	"""The job: take what is due until nothing is left. Returns how many rows ended in which state. Safe to run many at once."""
	until = time.monotonic() + most_seconds
	done: dict[str, int] = {}
	with as_system():
		frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot: the job sees what was committed until now
		while time.monotonic() < until and (names := _due()):
			for name in names:
				if state := take(name):
					done[state] = done.get(state, 0) + 1
				if time.monotonic() >= until:
					break
	if any(done.values()) and time.monotonic() >= until:
		wake.now(DRAIN, "drain")
	return done


def every_minute() -> None:
	"""Scheduler: wake the drain where something is due, whoever failed to."""
	if _due():
		wake.now(DRAIN, "drain")


def _due() -> list[str]:
	"""Rows that are due, the longest due first; in an order of its own for each worker. At most two statements."""
	table = frappe.qb.DocType(EVENT)
	now = now_datetime()
	found: list[str] = []
	for status in ("Received", "Failed"):
		found += (
			frappe.qb.from_(table)
			.select(table.name)
			.where((table.status == status) & (table.retry_on <= now))
			.orderby(table.retry_on)
			.limit(CANDIDATES)
			.run(pluck=True)
		)
		if found:
			break
	random.shuffle(found)
	return found


def take(name: str) -> str | None:
	"""Take one delivery, whatever happens; commits. Returns its state, None when another worker has or had it."""
	for attempt in range(_ATTEMPTS):
		try:
			return _take(name)
		except Exception as error:
			frappe.db.rollback()
			if isinstance(error, identities.Moved) or (rows.is_passing(error) and attempt < _ATTEMPTS - 1):
				time.sleep(random.uniform(0, 0.05) * attempt)
				continue
			return _failed(name, error)
	return None


def _take(name: str) -> str | None:
	row = frappe.db.get_value(EVENT, name, ["account", "channel", "body"], as_dict=True)
	account = accounts.row(row.account) if row else None
	if not account:
		return _claim_and_finish(name, "Ignored", "the account is gone")
	batches = _batches(row, account)
	names = {account.name: writer.names_of_people(account, events) for account, events in batches}
	frappe.db.commit()  # nosemgrep: manual-commit - locks come first in a transaction, see `identities`
	claimed = claim(name)
	if not claimed:
		frappe.db.rollback()
		return None
	outcome = _Outcome()
	locked = identities.lock(one for found in names.values() for several in found.values() for one in several)
	people = {
		account.name: writer.settled(account, names[account.name], locked) for account, _events in batches
	}
	for account, events in batches:
		_write(account, events, people[account.name], outcome)
		accounts.note_received(account.name)
	return _settle(claimed, outcome)


class _Outcome:
	"""What became of the parts of one delivery."""

	def __init__(self) -> None:
		self.touched: list[writer.Written] = []
		self.waiting: list[str] = []
		self.errors: list[str] = []
		self.unparsed: list[str] = []
		self.statuses: list[tuple[dict, channels.StatusUpdate]] = []


def _batches(row: dict, account: dict) -> list[tuple[dict, list[channels.ChannelEvent]]]:
	"""The delivery's events by account. Those of an account with another secret are left out: the signature is not its own."""
	found: dict[str, tuple[dict, list]] = {}
	signed_with_it = _Signed(account)
	for event in adapters.parse(json.loads(row.body)):
		for target in signed_with_it.accounts_of(event):
			found.setdefault(target.name, (target, []))[1].append(event)
	return [found[name] for name in sorted(found)]


class _Signed:
	"""The accounts that a delivery may speak for: the one with whose secret it is signed, and others of the same app."""

	def __init__(self, account: dict) -> None:
		self._account = account
		self._allowed: list[dict] | None = None

	def accounts_of(self, event: channels.ChannelEvent) -> list[dict]:
		wanted = event.account_id or getattr(event, "business_id", None)
		if not wanted or wanted == self._account.external_id:
			return [self._account]
		if self._allowed is None:
			self._allowed = self._same_secret()
		return accounts.named(self._allowed, [wanted])

	def _same_secret(self) -> list[dict]:
		secret = accounts.app_secret(self._account.name)
		known = [row for row in accounts.of_channel(self._account.channel) if row.enabled]
		return [row for row in known if accounts.app_secret(row.name) == secret]


def claim(name: str) -> dict | None:
	"""Lock a delivery that is still due and that no other worker holds. By primary key, so that nothing else is locked."""
	table = frappe.qb.DocType(EVENT)
	found = (
		frappe.qb.from_(table)
		.force_index("PRIMARY")
		.select(table.name, table.attempts, table.account)
		.where(table.name == name)
		.where(table.status.isin(["Received", "Failed"]) & (table.retry_on <= now_datetime()))
		.for_update(skip_locked=True)
		.run(as_dict=True)
	)
	return found[0] if found else None


def _write(account: dict, events: list, people: dict, outcome: _Outcome) -> None:
	"""Each part in a savepoint: one that fails does not take the others with it, and is tried again with the row."""
	for event in events:
		frappe.db.savepoint("dafater_inbox_event")
		try:
			written = writer.receive(account, event, people)
		except writer.NotYet as error:
			frappe.db.rollback(save_point="dafater_inbox_event")
			outcome.waiting.append(str(error))
			continue
		except Exception as error:
			if rows.is_passing(error):
				raise
			frappe.db.rollback(save_point="dafater_inbox_event")
			outcome.errors.append(f"{type(event).__name__}: {type(error).__name__}: {error}")
			continue
		outcome.touched.append(written)
		if isinstance(event, channels.Unparsed):
			outcome.unparsed.append(event.reason)
		if isinstance(event, channels.StatusUpdate) and written.message is None:
			outcome.statuses.append((account, event))


def _settle(claimed: dict, outcome: _Outcome) -> str:
	"""Commit what was written, do what follows from it, and note how the delivery ended."""
	inbound = list(dict.fromkeys((w.conversation, w.message) for w in outcome.touched if w.inbound))
	changed = list(dict.fromkeys((w.conversation, w.message) for w in outcome.touched if w.conversation))
	if not inbound:
		state = _finish(claimed, outcome)
	else:
		# due again unless the steps below end: a worker that dies in them is followed by another one
		rows.update(EVENT, claimed.name, retry_on=now_datetime() + STEPS_LEASE)
	frappe.db.commit()  # nosemgrep: manual-commit - the delivery's messages, together with its state
	if outcome.statuses:
		statuses.recheck(outcome.statuses)
		frappe.db.commit()  # nosemgrep: manual-commit - statuses whose message became known meanwhile
	if inbound:
		steps.after_inbound(dict.fromkeys(conversation for conversation, _message in inbound))
		state = _finish(claimed, outcome)
		frappe.db.commit()  # nosemgrep: manual-commit - the delivery is done
	if changed:
		steps.tell(changed)
	return state


def _finish(claimed: dict, outcome: _Outcome) -> str:
	attempts = claimed.attempts + 1
	values = {"attempts": attempts, "processed_on": now_datetime(), "retry_on": None, "error": None}
	if outcome.errors:
		values |= _failure(attempts, "; ".join(outcome.errors))
	elif outcome.waiting and attempts <= MOST_WAITS:
		values |= {
			"status": "Received",
			"retry_on": _next(attempts),
			"error": "waits for " + "; ".join(outcome.waiting),
		}
	elif outcome.waiting:
		values |= {"status": "Ignored", "error": "not known: " + "; ".join(outcome.waiting)}
	else:
		ignored = not outcome.touched or len(outcome.unparsed) == len(outcome.touched)
		values |= {
			"status": "Ignored" if ignored else "Done",
			"error": "; ".join(outcome.unparsed) or None,
		}
	values["error"] = rows.text(values["error"], 500) or None
	rows.update(EVENT, claimed.name, **values)
	return values["status"]


def _failure(attempts: int, error: str) -> dict:
	"""Tried again later, until nothing is left to hope for; then it stays, with its body, for a person to look at."""
	return {"status": "Failed", "error": error, "retry_on": _next(attempts)}


def _next(attempts: int):
	return now_datetime() + timedelta(seconds=BACKOFF[attempts - 1]) if attempts <= len(BACKOFF) else None


def _failed(name: str, error: Exception) -> str | None:
	"""Nothing of the delivery was written: note why, and when it is tried again."""
	frappe.log_error(title=f"Dafater inbox: delivery {name}", message=frappe.get_traceback())
	claimed = claim(name)
	if claimed:
		attempts = claimed.attempts + 1
		reason = rows.text(f"{type(error).__name__}: {error}", 500)
		rows.update(EVENT, name, attempts=attempts, processed_on=now_datetime(), **_failure(attempts, reason))
	frappe.db.commit()  # nosemgrep: manual-commit - a job's own bookkeeping
	return "Failed" if claimed else None


def _claim_and_finish(name: str, status: str, reason: str) -> str | None:
	claimed = claim(name)
	if claimed:
		rows.update(EVENT, name, status=status, error=reason, retry_on=None, processed_on=now_datetime())
	frappe.db.commit()  # nosemgrep: manual-commit - a job's own bookkeeping
	return status if claimed else None
