"""What one transaction reads and writes of the inbox: a row is read once, changed in memory, and written once at the end.

`update` and `insert` are those of `rows`, so whoever writes need not know which of the two was given. What is kept here is not in the
database before `flush`: who reads these tables by statements of its own flushes first, and lets the batch forget what it has read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from dafater_crm.records.inbox import rows
from dafater_crm.records.raw_rows import append_rows, new_name

CONVERSATION, MESSAGE = "Dafater Conversation", "Dafater Message"


@dataclass
class Received:
	"""A conversation in which a person outside wrote: its row, the account, the person, (moment, text) of each message."""

	row: dict
	account: dict
	person: dict
	texts: list[tuple] = field(default_factory=list)


class Batch:
	"""The caller holds the locks of the persons, see `identities`."""

	def __init__(self) -> None:
		self.received: dict[str, Received] = {}
		# the delivery that is written, those whose text a person took back, and who is told of by these alone
		self.delivery: str | None = None
		self.withdrawn: set[str] = set()
		self.unneeded: set[str] = set()
		self._moment = now_datetime()
		self._numbers = 0
		self._new: dict[tuple[str, bool], dict[str, dict]] = {}
		self._changed: dict[tuple[str, str], dict] = {}
		self.forget()

	def insert(self, doctype: str, ignore_doubles: bool = False, **values) -> str:
		"""A new row, written by `flush`; returns its name. `ignore_doubles`: left out where a unique key is taken."""
		self._numbers += 1
		# rows of one batch keep their order
		row = {"name": new_name(), "creation": self._moment + timedelta(microseconds=self._numbers), **values}
		self._new.setdefault((doctype, ignore_doubles), {})[row["name"]] = row
		return row["name"]

	def update(self, doctype: str, name: str, **values) -> None:
		"""Columns of a row, set by `flush`; several changes of one row are one."""
		if self.is_new(doctype, name):
			self._new[doctype, False][name].update(values)
		else:
			self._changed.setdefault((doctype, name), {}).update(values)

	def is_new(self, doctype: str, name: str) -> bool:
		"""Is the row not in the database yet?"""
		return name in self._new.get((doctype, False), ())

	def flush(self) -> None:
		"""Write it all: one statement for the new rows of a table, one for each changed row, in the order of locks."""
		new, changed = self._new, self._changed
		self._new, self._changed = {}, {}
		for (doctype, ignore_doubles), found in new.items():
			append_rows(doctype, found.values(), self._moment, ignore_doubles)
		for (doctype, name), values in sorted(changed.items()):
			rows.update(doctype, name, **values)

	def discard(self) -> None:
		"""The transaction went back: nothing of what was kept here is written."""
		self._new, self._changed, self.received = {}, {}, {}
		self.forget()

	def forget(self) -> None:
		"""Read again what others, or plain statements of one's own, may have changed."""
		self._messages: dict[str, dict | None] = {}
		self._locked: dict[str, dict | None] = {}
		self._open: dict[str, dict | None] = {}

	# messages by provider key
	def look_up(self, provider_keys: Collection[str]) -> None:
		"""Find out which of these messages are there. One statement, none where all are known."""
		wanted = sorted(set(provider_keys) - self._messages.keys())
		if not wanted:
			return
		table = frappe.qb.DocType(MESSAGE)
		found = (
			frappe.qb.from_(table)
			.select(table.provider_key, table.name, table.conversation, table.deleted_on)
			.where(table.provider_key.isin(wanted))
			.run(as_dict=True)
		)
		self._messages |= {**dict.fromkeys(wanted), **{row.provider_key: row for row in found}}

	def message(self, provider_key: str) -> dict | None:
		"""Name and conversation of a message, and whether its text is gone (`deleted_on`); None where it is not there."""
		self.look_up([provider_key])
		return self._messages[provider_key]

	def has_message(self, provider_key: str, name: str, conversation: str) -> None:
		"""A message was inserted."""
		self._messages[provider_key] = frappe._dict(name=name, conversation=conversation, deleted_on=None)

	def lock_messages(self, provider_keys: Collection[str]) -> None:
		"""Lock these messages, where they are there. Two statements at most."""
		self.look_up(provider_keys)
		names = {key: self._messages[key].name for key in provider_keys if self._messages[key]}
		locked = _locked(MESSAGE, names.values())
		self._locked |= {key: locked.get(names.get(key)) for key in provider_keys}

	def locked_message(self, provider_key: str) -> dict | None:
		"""The row of a message, locked and with what this batch changed; None where it is not there."""
		if provider_key not in self._locked:
			self.lock_messages([provider_key])
		return self._locked[provider_key]

	# conversations by person
	def lock_conversations(self, persons: Iterable[str], expected: Mapping[str, str] | None = None) -> None:
		"""Lock the open conversations of these locked persons.

		:param expected: conversation by person, as found before the locks; it saves asking for those that are still so.

		One statement, two more for those who have none or another one.
		"""
		wanted, expected = [one for one in persons if one not in self._open], expected or {}
		self._lock_open([one for one in wanted if one in expected], expected)
		wanted = [one for one in wanted if one not in self._open]
		if not wanted:
			return
		table = frappe.qb.DocType(CONVERSATION)
		query = frappe.qb.from_(table).select(table.open_key, table.name)
		found = dict(query.where(table.open_key.isin(wanted)).run())
		self._lock_open(list(found), found)
		self._open |= {one: None for one in wanted if one not in self._open}

	def _lock_open(self, persons: list[str], names: Mapping[str, str]) -> None:
		locked = _locked(CONVERSATION, [names[one] for one in persons])
		for one in persons:
			row = locked.get(names[one])
			# somebody resolved it between the two statements: then it is not open any more
			if row and row.open_key == one:
				self._open[one] = row

	def open_conversation(self, person: str) -> dict | None:
		"""The locked row of the person's open conversation, with what this batch changed."""
		self.lock_conversations([person])
		return self._open[person]

	def opened(self, row: dict) -> dict:
		"""This conversation, new or taken up again, is the person's open one from now on."""
		self._open[row.identity] = row
		return row


def _locked(doctype: str, names: Iterable[str]) -> dict[str, dict]:
	"""Rows by name, locked in the order of names and as last committed. One statement, none for no names."""
	wanted = sorted(set(names))
	if not wanted:
		return {}
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).force_index("PRIMARY").select(table.star)
	found = query.where(table.name.isin(wanted)).orderby(table.name).for_update().run(as_dict=True)
	return {row.name: row for row in found}
