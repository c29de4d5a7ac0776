"""Sends what is queued: one worker an account at a time, several messages at once, each person's in their order.

A batch is marked "Sending" and committed before the first request leaves; each answer is written in a transaction of its own. What
is still "Sending" when no worker can be at it any more is of unknown fate and is never sent again by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import frappe
from frappe.utils import cint, flt, now_datetime
from pypika import CustomFunction
from pypika.functions import Count

from dafater_crm.domain.channels import EMAIL, INSTAGRAM, MESSENGER, WHATSAPP
from dafater_crm.records.inbox import accounts, mail_out, outbox, outgoing, sent, wake
from dafater_crm.records.inbox.acting import as_system

MESSAGE = "Dafater Message"
MOST_SECONDS = 240
CANDIDATES, BATCH = 100, 8
# how far to look for somebody to whom something may be sent
PAGES = 5
# longer than any request of a batch takes
LOST_AFTER = timedelta(minutes=10)
# an earlier message to the same person is waited for unless it comes this much later
OVERTAKE = timedelta(minutes=5)
LOCK_WAIT = 5
# the others use Frappe while they send, which belongs to one thread
THREADED = (WHATSAPP, MESSENGER, INSTAGRAM)


def drain(account: str, most_seconds: int = MOST_SECONDS) -> dict[str, int]:
	"""The job: send what is due of one account. Returns how many messages ended in which state. Safe to start twice."""
	until = time.monotonic() + most_seconds
	done: dict[str, int] = {}
	with as_system(), only_worker(account) as alone:
		while alone and time.monotonic() < until:
			frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot: the job sees what was committed until now
			started = time.monotonic()
			batch = _claim(account)
			if not batch:
				break
			for state in _send(account, batch):
				done[state] = done.get(state, 0) + 1
			_keep_pace(account, len(batch), started)
	if done and time.monotonic() >= until:
		wake.now(outbox.DRAIN, f"outbox-{frappe.scrub(account)}", workers=2, account=account)
	return done


def every_minute() -> None:
	"""Scheduler: start the accounts that have something due, and give up on what a dead worker left."""
	_give_up()
	table = frappe.qb.DocType(MESSAGE)
	due = (table.status == "Queued") & (table.send_after <= now_datetime())
	for account in frappe.qb.from_(table).select(table.account).distinct().where(due).run(pluck=True):
		wake.now(outbox.DRAIN, f"outbox-{frappe.scrub(account)}", workers=2, account=account)


@contextmanager
def only_worker(account: str) -> Iterator[bool]:
	"""True for the one worker of an account. The lock is the connection's: it goes with a worker that dies."""
	key = f"{frappe.conf.db_name}:outbox:{frappe.scrub(account)}"[-64:]
	take, free = CustomFunction("GET_LOCK", ["name", "seconds"]), CustomFunction("RELEASE_LOCK", ["name"])
	alone = frappe.qb.select(take(key, LOCK_WAIT)).run()[0][0] == 1
	try:
		yield alone
	finally:
		if alone:
			frappe.qb.select(free(key)).run()


def _claim(account: str) -> list[dict]:
	"""Mark a batch as being sent, at most one message a person, and commit. The rows as they were before, but for `modified`."""
	health = frappe.db.get_value(accounts.ACCOUNT, account, ["enabled", "health"], as_dict=True)
	if not health or not health.enabled or health.health == "Stopped":
		return []
	names = next(filter(None, (_allowed(account, _candidates(account, page)) for page in range(PAGES))), [])
	frappe.db.commit()  # nosemgrep: manual-commit - who was put off; and the claim reads the newest rows
	if not names:
		return []
	table = frappe.qb.DocType(MESSAGE)
	now = now_datetime()
	batch = (
		frappe.qb.from_(table)
		.force_index("PRIMARY")
		.select(table.star)
		.where(table.name.isin(names))
		.where((table.status == "Queued") & (table.send_after <= now))
		.for_update(skip_locked=True)
		.run(as_dict=True)
	)
	if batch:
		frappe.qb.update(table).set(table.status, "Sending").set(table.attempts, table.attempts + 1).set(
			table.modified, now
		).where(table.name.isin([row.name for row in batch])).run()
	frappe.db.commit()  # nosemgrep: manual-commit - "Sending" is known before anything leaves
	for row in batch:
		row.modified = now  # nothing of it left earlier
	return batch


def _candidates(account: str, page: int) -> list[dict]:
	table = frappe.qb.DocType(MESSAGE)
	return (
		frappe.qb.from_(table)
		.select(table.name, table.identity, table.creation)
		.where((table.account == account) & (table.status == "Queued") & (table.send_after <= now_datetime()))
		.orderby(table.send_after)
		.orderby(table.creation)
		.limit(CANDIDATES)
		.offset(page * CANDIDATES)
		.run(as_dict=True)
	)


def _allowed(account: str, candidates: list[dict]) -> list[str]:
	"""At most a batch of them, one a person: the first in line, where nothing to the person is under way or too much was sent."""
	if not candidates:
		return []
	people = list(dict.fromkeys(row.identity for row in candidates))
	first = _first_in_line(people)
	limits = frappe.get_cached_doc(accounts.ACCOUNT, account)
	full, pause = _over_limit(limits, people)
	names = [
		row.name for row in candidates if first.get(row.identity) == row.name and row.identity not in full
	]
	if full:
		_put_off([row.name for row in candidates if row.identity in full], pause)
	# side by side all leave at once: no more than a second may hold
	return names[: min(BATCH, cint(limits.messages_per_second) or BATCH)]


def _first_in_line(people: list[str]) -> dict[str, str]:
	"""Person -> the message that is next, left out where one is being sent. One statement."""
	table = frappe.qb.DocType(MESSAGE)
	waiting = (
		frappe.qb.from_(table)
		.select(table.identity, table.name, table.status)
		.where(table.identity.isin(people) & table.status.isin(["Queued", "Sending"]))
		.where((table.status == "Sending") | (table.send_after <= now_datetime() + OVERTAKE))
		.where(table.provider_key.isnull())  # what the provider has and holds back keeps nobody waiting
		.orderby(table.creation)
		.run(as_dict=True)
	)
	found: dict[str, str] = {}
	for row in waiting:
		found.setdefault(row.identity, row.name)
	for row in waiting:
		if row.status == "Sending":
			found.pop(row.identity, None)
	return found


def _over_limit(limits, people: list[str]) -> tuple[set[str], float]:
	"""Persons to whom as much was sent as the account `limits` allows in a row, and how many seconds to wait. One statement."""
	pause, burst = flt(limits.recipient_interval), cint(limits.recipient_burst)
	if not pause or not burst:
		return set(), 0
	table = frappe.qb.DocType(MESSAGE)
	since = now_datetime() - timedelta(seconds=pause * burst)
	counts = (
		frappe.qb.from_(table)
		.select(table.identity, Count("*"))
		.where(table.identity.isin(people) & (table.message_on >= since))
		.where((table.direction == "Outgoing") & (table.sent_on >= since) & (table.account == limits.name))
		.groupby(table.identity)
		.run()
	)
	return {identity for identity, number in counts if number >= burst}, pause


def _put_off(names: list[str], seconds: float) -> None:
	table = frappe.qb.DocType(MESSAGE)
	frappe.qb.update(table).set(table.send_after, now_datetime() + timedelta(seconds=seconds)).where(
		table.name.isin(names) & (table.status == "Queued")
	).run()


def _send(account: str, batch: list[dict]) -> list[str]:
	"""Send a batch side by side; threads speak HTTP alone, all of Frappe is done before and after."""
	config = accounts.config(account)
	if config.channel == EMAIL:
		# Frappe's own queue speaks to the mail server: nothing is waited for here
		return [sent.write(row, mail_out.send(row)) for row in batch]
	ready = [outgoing.prepared(config, row) for row in batch]
	if config.channel in THREADED:
		with ThreadPoolExecutor(BATCH) as pool:
			answers = list(pool.map(partial(outgoing.hand_over, config), ready))
	else:
		answers = [outgoing.hand_over(config, one) for one in ready]
	return [
		sent.write(row, answer, getattr(one, "attachment", None), uploaded)
		for row, one, (answer, uploaded) in zip(batch, ready, answers, strict=True)
	]


def _keep_pace(account: str, number: int, started: float) -> None:
	"""No more messages a second than the account may send."""
	limit = cint(frappe.get_cached_value(accounts.ACCOUNT, account, "messages_per_second"))
	if limit:
		time.sleep(max(0.0, number / limit - (time.monotonic() - started)))


def _give_up() -> None:
	"""What has been "Sending" for so long was left by a worker that died: say so, and leave it to a person."""
	table = frappe.qb.DocType(MESSAGE)
	lost = (
		frappe.qb.from_(table)
		.select(table.star)
		.where((table.status == "Sending") & (table.modified < now_datetime() - LOST_AFTER))
		.where(table.provider_key.isnull())
		.limit(CANDIDATES)
		.run(as_dict=True)
	)
	for row in lost:
		sent.write(row, sent.lost())
