"""Takes deliveries: some at once, in one transaction that reads and writes each row once; one alone where something was wrong.

The fast way has no savepoints. Whatever goes wrong in it takes all of it back, and each delivery is taken alone, each of its parts in a
savepoint, so that one that fails takes neither the others of its delivery nor its neighbours with it.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import frappe

from dafater_crm import channels as adapters
from dafater_crm.domain import channels
from dafater_crm.records.inbox import accounts, ending, identities, rows, statuses, steps, writer
from dafater_crm.records.inbox.batch import Batch
from dafater_crm.records.inbox.ending import Outcome
from dafater_crm.records.inbox.parts import NotYet, Part
from dafater_crm.records.nurture import stop

# immediate attempts after a deadlock
ATTEMPTS = 5
MESSAGES_AND_REST = (True, False)


@dataclass
class _Delivery:
	"""One delivery on its way. `events`: by account, those of an account with another secret left out."""

	row: dict
	events: list[tuple[dict, list[channels.ChannelEvent]]]
	parts: list[Part] = field(default_factory=list)
	outcome: Outcome = field(default_factory=Outcome)


class Taker:
	"""One worker's run: what it need not ask again."""

	def __init__(self) -> None:
		# conversations, as they were, for which nobody was found a moment ago; every five minutes all are tried again
		self._nobody: set[tuple] = set()

	def take(self, found: list[dict]) -> Counter[str]:
		"""Take deliveries (name, account, body), whatever happens; commits. Returns how many ended in which state.

		Those that another worker has or had are not among them.
		"""
		for _attempt in range(2):
			try:
				return self._take(found, carefully=False)
			except Exception as error:
				frappe.db.rollback()
				if not _is_worth_another_try(error):
					break
		return sum((self._alone(row) for row in found), Counter())

	def _alone(self, row: dict) -> Counter[str]:
		for attempt in range(ATTEMPTS):
			try:
				return self._take([row], carefully=True)
			except Exception as error:
				frappe.db.rollback()
				if not _is_worth_another_try(error) or attempt == ATTEMPTS - 1:
					return Counter(filter(None, [ending.failed(row.name, error)]))
				time.sleep(random.uniform(0, 0.05) * attempt)
		return Counter()

	def _take(self, found: list[dict], carefully: bool) -> Counter[str]:
		known = {row.name: account for row in found if (account := accounts.row(row.account))}
		orphans = [row.name for row in found if row.name not in known]
		states = Counter(filter(None, [ending.ignored(name, "the account is gone") for name in orphans]))
		deliveries = [_Delivery(row, _signed_for(row, known[row.name])) for row in found if row.name in known]
		if not deliveries:
			return states
		people = _People(deliveries)
		frappe.db.commit()  # nosemgrep: manual-commit - locks come first in a transaction, see `identities`
		claimed = ending.claim([one.row.name for one in deliveries])
		deliveries = [one for one in deliveries if one.row.name in claimed]
		if not deliveries:
			frappe.db.rollback()
			return states
		for one in deliveries:
			one.row = claimed[one.row.name]
		people.lock(deliveries)
		batch = Batch()
		(_write_carefully if carefully else _write)(deliveries, batch, people.conversations)
		return states + self._settle(deliveries, batch)

	def _settle(self, deliveries: list[_Delivery], batch: Batch) -> Counter[str]:
		"""Commit what was written with its state, do what follows from it, and tell open pages."""
		classified = steps.before_commit(batch)
		inbound = {name for one in deliveries for name in one.outcome.inbound()}
		nurtured = bool(inbound) and stop.somebody_is_nurtured()
		left = {name: self._left(batch, name, classified, nurtured) for name in sorted(inbound)}
		left = {name: wanted for name, wanted in left.items() if wanted}
		batch.flush()
		identities.drop_unused(batch.unneeded)
		for account in {part.account.name for one in deliveries for part in one.parts}:
			accounts.note_received(account)
		waiting = [one for one in deliveries if left.keys() & one.outcome.inbound()]
		ended = [one for one in deliveries if one not in waiting]
		# due again unless the steps below end: a worker that dies in them is followed by another one
		ending.lease([one.row.name for one in waiting])
		states = ending.finish([(one.row, one.outcome) for one in ended])
		frappe.db.commit()  # nosemgrep: manual-commit - the deliveries' messages, together with their state
		if told := [report for one in deliveries for report in one.outcome.parked]:
			statuses.recheck(told)
			frappe.db.commit()  # nosemgrep: manual-commit - statuses whose message became known meanwhile
		failed = self._follow(left, batch)
		if waiting:
			for one in waiting:
				one.outcome.errors += [
					error for name in sorted(one.outcome.inbound()) for error in failed.get(name, ())
				]
			states += ending.finish([(one.row, one.outcome) for one in waiting])
			frappe.db.commit()  # nosemgrep: manual-commit - the deliveries are done
		if batch.withdrawn:
			ending.blank(batch.withdrawn)
			frappe.db.commit()  # nosemgrep: manual-commit - what a person took back is gone from the deliveries
		steps.tell(change for one in deliveries for change in one.outcome.changed())
		return states

	def _left(self, batch: Batch, name: str, classified: bool, nurtured: bool) -> tuple[steps.Step, ...]:
		one = batch.received.get(name)
		if not one or not classified:
			# a message that was there already: whoever wrote it may have died before it was looked at
			return steps.ALL
		return steps.left(one, _state(one.row) in self._nobody, nurtured)

	def _follow(self, left: dict[str, tuple[steps.Step, ...]], batch: Batch) -> dict[str, list[str]]:
		"""Do what is left. Returns by conversation what failed."""
		failed = {}
		for name, wanted in left.items():
			failed[name] = steps.after_inbound(name, wanted)
			one = batch.received.get(name)
			if one and not one.row.assigned_to and not failed[name]:
				self._nobody.add(_state(one.row))
		return failed


def _state(row: dict) -> tuple:
	"""What decides who may get a conversation."""
	return row.name, row.assigned_to, row.team, row.conversation_class, row.skill, row.lead, row.customer


def _is_worth_another_try(error: Exception) -> bool:
	return isinstance(error, identities.Moved) or rows.is_passing(error)


def _signed_for(row: dict, account: dict) -> list[tuple[dict, list[channels.ChannelEvent]]]:
	"""The delivery's events by account."""
	found: dict[str, tuple[dict, list]] = {}
	signed = _Signed(account)
	for event in adapters.parse(json.loads(row.body)):
		for target in signed.accounts_of(event):
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


class _People:
	"""The persons of some deliveries: found or made first, locked after the commit."""

	def __init__(self, deliveries: list[_Delivery]) -> None:
		events: dict[str, tuple[dict, list]] = {}
		for account, several in (pair for one in deliveries for pair in one.events):
			events.setdefault(account.name, (account, []))[1].extend(several)
		self._accounts = {name: events[name][0] for name in sorted(events)}
		self._found = {name: writer.names_of_people(*events[name]) for name in sorted(events)}
		# the open conversation of each, as it was then
		self.conversations = {
			person: conversation
			for found in self._found.values()
			for person, conversation in found.conversations.items()
		}

	def lock(self, deliveries: Iterable[_Delivery]) -> None:
		"""Lock them all, and complete the deliveries' parts with them."""
		locked = identities.lock(name for found in self._found.values() for name in found.all_names())
		people = {
			name: writer.settled(self._accounts[name], found, locked) for name, found in self._found.items()
		}
		for one in deliveries:
			one.parts = [
				Part(account, event, people[account.name], one.row.name)
				for account, events in one.events
				for event in events
			]


def _write(deliveries: list[_Delivery], batch: Batch, expected: dict[str, str]) -> None:
	"""Messages first, then what speaks of messages, as the locks of conversations come before those of messages."""
	parts = [part for one in deliveries for part in one.parts]
	writer.read_ahead(parts, batch, expected)
	for messages in MESSAGES_AND_REST:
		if not messages:
			writer.lock_reported(parts, batch)
		for one in deliveries:
			for part in (part for part in one.parts if part.is_message() == messages):
				try:
					one.outcome.add(part, writer.write(part, batch))
				except NotYet as error:
					one.outcome.waiting.append(str(error))


def _write_carefully(deliveries: list[_Delivery], batch: Batch, expected: dict[str, str]) -> None:
	"""Each part in a savepoint, and written at once: one that fails is tried again with its delivery."""
	for one in deliveries:
		for part in sorted(one.parts, key=lambda part: not part.is_message()):
			frappe.db.savepoint("dafater_inbox_event")
			try:
				written = writer.write(part, batch)
				batch.flush()
			except Exception as error:
				if rows.is_passing(error):
					raise
				frappe.db.rollback(save_point="dafater_inbox_event")
				batch.discard()
				one.outcome.failed(part, error)
				continue
			one.outcome.add(part, written)
