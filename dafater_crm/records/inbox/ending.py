"""The row of a delivery: claimed by one worker, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain import channels
from dafater_crm.records.inbox import accounts, rows
from dafater_crm.records.inbox.parts import NotYet, Part, Written
from dafater_crm.records.raw_rows import update_rows

EVENT = "Dafater Channel Event"
# the steps after a message are done again when they have not ended within this time
STEPS_LEASE = timedelta(minutes=1)
# seconds until the next attempt
BACKOFF = (5, 30, 120, 600, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
# what came before its message may wait for it this often
MOST_WAITS = 6


class Outcome:
	"""What became of the parts of one delivery. `parked`: reports of messages that are not known."""

	def __init__(self) -> None:
		self.touched: list[Written] = []
		self.waiting: list[str] = []
		self.errors: list[str] = []
		self.unparsed: list[str] = []
		self.parked: list[tuple[dict, channels.StatusUpdate]] = []

	def add(self, part: Part, written: Written) -> None:
		self.touched.append(written)
		if isinstance(part.event, channels.Unparsed):
			self.unparsed.append(part.event.reason)
		if isinstance(part.event, channels.StatusUpdate) and written.message is None:
			self.parked.append((part.account, part.event))

	def failed(self, part: Part, error: Exception) -> None:
		if isinstance(error, NotYet):
			self.waiting.append(str(error))
		else:
			self.errors.append(f"{type(part.event).__name__}: {type(error).__name__}: {error}")

	def inbound(self) -> set[str]:
		"""Conversations in which a person outside wrote."""
		return {one.conversation for one in self.touched if one.inbound}

	def changed(self) -> list[tuple[str, str | None]]:
		"""(conversation, message) of all that open pages should read again."""
		return list(
			dict.fromkeys((one.conversation, one.message) for one in self.touched if one.conversation)
		)


def claim(names: Collection[str]) -> dict[str, dict]:
	"""Lock those deliveries that are still due and that no other worker holds. By primary key, so that nothing else is locked."""
	table = frappe.qb.DocType(EVENT)
	found = (
		frappe.qb.from_(table)
		.force_index("PRIMARY")
		.select(table.name, table.attempts, table.account)
		.where(table.name.isin(sorted(names)))
		.where(table.status.isin(["Received", "Failed"]) & (table.retry_on <= now_datetime()))
		.for_update(skip_locked=True)
		.run(as_dict=True)
	)
	return {row.name: row for row in found}


def lease(names: Collection[str]) -> None:
	"""These are due again in a minute, unless `finish` comes before. One statement, none for no names."""
	update_rows(EVENT, names, {"retry_on": now_datetime() + STEPS_LEASE})


def finish(found: Iterable[tuple[dict, Outcome]]) -> Counter[str]:
	"""Write how claimed deliveries ended; mostly one statement. Returns how many ended in which state."""
	states: Counter[str] = Counter()
	alike: dict[tuple, list[str]] = {}
	now = now_datetime()
	for claimed, outcome in found:
		values = _end(claimed.attempts + 1, outcome, now)
		states[values["status"]] += 1
		_tell_if_given_up(claimed, values)
		alike.setdefault(tuple(values.items()), []).append(claimed.name)
	for values, names in alike.items():
		update_rows(EVENT, names, dict(values))
	return states


def failed(name: str, error: Exception) -> str | None:
	"""Nothing of the delivery was written: note why, and when it is tried again. Commits. None when another worker has it."""
	frappe.log_error(title=f"Dafater inbox: delivery {name}", message=frappe.get_traceback())
	claimed = claim([name]).get(name)
	if claimed:
		now, attempts = now_datetime(), claimed.attempts + 1
		reason = rows.text(f"{type(error).__name__}: {error}", 500)
		values = _failure(attempts, reason, now)
		rows.update(EVENT, name, attempts=attempts, processed_on=now, **values)
		_tell_if_given_up(claimed, values)
	frappe.db.commit()  # nosemgrep: manual-commit - a job's own bookkeeping
	return "Failed" if claimed else None


def ignored(name: str, reason: str) -> str | None:
	"""There is nothing to do for a delivery. Commits. None when another worker has it."""
	claimed = claim([name])
	if claimed:
		rows.update(EVENT, name, status="Ignored", error=reason, retry_on=None, processed_on=now_datetime())
	frappe.db.commit()  # nosemgrep: manual-commit - a job's own bookkeeping
	return "Ignored" if claimed else None


def make_due(name: str) -> bool:
	"""A failed delivery is due now, as if it had never been tried. False where it is none. One statement, no commit."""
	table = frappe.qb.DocType(EVENT)
	query = frappe.qb.update(table).set(table.retry_on, now_datetime()).set(table.attempts, 0)
	query.where((table.name == name) & (table.status == "Failed")).run()
	return frappe.db._cursor.rowcount > 0


def _tell_if_given_up(claimed: dict, values: dict) -> None:
	"""Nobody looks at deliveries every day: whoever can put it right hears of one that is not tried any more."""
	if values["status"] == "Failed" and values["retry_on"] is None:
		accounts.tell_given_up(claimed.account, EVENT, claimed.name)


def blank(names: Collection[str]) -> None:
	"""Forget what these deliveries said, where they are done; what is not done yet is still needed. One statement."""
	table = frappe.qb.DocType(EVENT)
	query = frappe.qb.update(table).set(table.body, "{}").set(table.modified, now_datetime())
	query.where(table.name.isin(sorted(names)) & table.retry_on.isnull()).run()


def _end(attempts: int, outcome: Outcome, now: datetime) -> dict:
	values = {"attempts": attempts, "processed_on": now, "retry_on": None, "error": None}
	if outcome.errors:
		values |= _failure(attempts, "; ".join(outcome.errors), now)
	elif outcome.waiting and attempts <= MOST_WAITS:
		waits = "waits for " + "; ".join(outcome.waiting)
		values |= {"status": "Received", "retry_on": _next(attempts, now), "error": waits}
	elif outcome.waiting:
		values |= {"status": "Ignored", "error": "not known: " + "; ".join(outcome.waiting)}
	else:
		nothing = not outcome.touched or len(outcome.unparsed) == len(outcome.touched)
		values |= {"status": "Ignored" if nothing else "Done", "error": "; ".join(outcome.unparsed)}
	values["error"] = rows.text(values["error"], 500) or None
	return values


def _failure(attempts: int, error: str, now: datetime) -> dict:
	"""Tried again later, until nothing is left to hope for; then it stays, with its body, for a person to look at."""
	return {"status": "Failed", "error": error, "retry_on": _next(attempts, now)}


def _next(attempts: int, now: datetime) -> datetime | None:
	return now + timedelta(seconds=BACKOFF[attempts - 1]) if attempts <= len(BACKOFF) else None
