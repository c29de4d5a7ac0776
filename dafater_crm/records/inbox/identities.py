"""Who writes: one row a person and channel, found by the provider's id or by the number, merged when both turn out to be one.

A person's row is the lock under which everything about that person is written. `ensure` makes missing rows and is committed before
`lock` is called as the first statement of the next transaction, in the order of names: so nobody waits in a circle, and what is
read after the lock is what others committed before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.query_builder.functions import Coalesce

from dafater_crm.domain.channels import Sender
from dafater_crm.records.inbox import keys, rows
from dafater_crm.records.raw_rows import append_rows, new_name

IDENTITY = "Dafater Contact Identity"
MERGED = "merged_into"


class Moved(Exception):
	"""A person was merged into another one, or made elsewhere, between `ensure` and `lock`: begin again."""


@dataclass
class Found:
	"""The rows of persons, before they are locked. `names`: by sender, two where id and number are still known apart.

	`conversations`: the open conversation by person, as it was when this was read.
	"""

	names: dict[Sender, list[str]]
	conversations: dict[str, str]

	def all_names(self) -> set[str]:
		return {name for several in self.names.values() for name in several}


def ensure(channel: str, account: str, senders: Iterable[Sender], known_only: Iterable[Sender] = ()) -> Found:
	"""Find the rows of persons; makes a missing one.

	`known_only`: persons who are looked up and not made. Persons without id and number are left out. One statement, one more when
	somebody is new. The caller commits; a person whom somebody else makes at the same moment is missed by `lock`.
	"""
	unmade = set(known_only)
	senders = [*senders, *unmade]
	wanted = {sender: keys.of_person(channel, account, sender) for sender in senders}
	wanted = {sender: pair for sender, pair in wanted.items() if any(pair)}
	known, conversations = _known(wanted.values())
	missing = []
	for sender, pair in wanted.items():
		if sender not in unmade and not known.keys() & set(pair):
			missing.append(_new_row(channel, account, sender, *pair))
			# the same person once more, perhaps by the number alone
			known |= {key: missing[-1]["name"] for key in pair if key}
	# in one order for all workers, since unique keys are locked as well
	missing.sort(key=lambda row: row["user_key"] or row["phone_key"])
	if missing:
		append_rows(IDENTITY, missing, ignore_doubles=True)
	names = {
		sender: list(dict.fromkeys(known[key] for key in pair if key in known))
		for sender, pair in wanted.items()
	}
	return Found({sender: several for sender, several in names.items() if several}, conversations)


def lock(names: Iterable[str]) -> dict[str, dict]:
	"""Lock these persons in the order of their names and return their rows. Raises `Moved`."""
	table = frappe.qb.DocType(IDENTITY)
	wanted = sorted(set(names))
	if not wanted:
		return {}
	found = (
		frappe.qb.from_(table)
		.force_index("PRIMARY")
		.select(table.star)
		.where(table.name.isin(wanted))
		.orderby(table.name)
		.for_update()
		.run(as_dict=True)
	)
	if any(row.merged_into for row in found) or len(found) != len(wanted):
		raise Moved
	return {row.name: row for row in found}


def learn(person: dict, channel: str, account: str, sender: Sender) -> None:
	"""Write down what a message newly tells about a locked person: id, number, name. No statement when nothing is new."""
	user_key, phone_key = keys.of_person(channel, account, sender)
	new = {"account": account} if account != person.account else {}
	if sender.username and sender.username != person.username:
		new["username"] = rows.text(sender.username, 140)
	if sender.name and not person.display_name:
		new["display_name"] = rows.text(sender.name, 140)
	if phone_key and phone_key != person.phone_key and not _taken("phone_key", phone_key):
		new |= {"phone": sender.phone, "phone_key": phone_key}
	if user_key and user_key != person.user_key and not _taken("user_key", user_key):
		if person.user_key and not person.user_key.startswith(f"{channel}:{account}:"):
			_add_signpost(person, channel, account, sender, user_key)
		else:
			new |= {"user_id": sender.user_id, "user_key": user_key}
	if new:
		rows.update(IDENTITY, person.name, **new)
		person.update(new)


def drop_unused(names: Collection[str]) -> None:
	"""Delete those of these locked persons who never wrote nor were written to: an old delivery made them anew.

	No statement for no names.
	"""
	table, message = frappe.qb.DocType(IDENTITY), frappe.qb.DocType("Dafater Message")
	conversation = frappe.qb.DocType("Dafater Conversation")
	for name in sorted(names):
		uses = [
			frappe.qb.from_(used).select(used.name).where(used.identity == name).limit(1).run()
			for used in (message, conversation)
		]
		signposts = frappe.qb.from_(table).select(table.name).where(table.merged_into == name).limit(1).run()
		if not any(uses) and not signposts:
			frappe.qb.from_(table).delete().where(table.name == name).run()


def note_marketing(person: dict, allowed: bool, changed_on: datetime) -> None:
	"""A locked person allowed marketing messages, or stopped them. Told in any order: the newest wish counts."""
	known_on = person.marketing_changed_on
	if known_on and known_on > changed_on:
		return
	new = {"no_marketing": int(not allowed), "marketing_changed_on": changed_on}
	rows.update(IDENTITY, person.name, **new)
	person.update(new)


def _taken(field: str, key: str) -> bool:
	"""Does a signpost hold this key already? Then it leads here, and stays there."""
	return bool(frappe.db.get_value(IDENTITY, {field: key}))


def _add_signpost(person: dict, channel: str, account: str, sender: Sender, user_key: str) -> None:
	"""Another account of ours knows the same person by another id: a row that leads to the person's own."""
	rows.insert(
		IDENTITY,
		channel=channel,
		account=account,
		user_id=sender.user_id,
		user_key=user_key,
		display_name=person.display_name,
		merged_into=person.name,
	)


def rekey(person: dict, sender: Sender, user_key: str | None, phone_key: str | None) -> None:
	"""A locked person has another number or id from now on; the old one may soon be somebody else's. Three statements at most."""
	table = frappe.qb.DocType(IDENTITY)
	new = {"user_id": sender.user_id, "user_key": user_key} if user_key else {}
	new |= {"phone": sender.phone, "phone_key": phone_key} if phone_key else {}
	for field, key in (("user_key", user_key), ("phone_key", phone_key)):
		if key:
			# a signpost that leads here gives its key up
			frappe.qb.update(table).set(table[field], None).where(
				(table[field] == key) & (table.name != person.name)
			).run()
	rows.update(IDENTITY, person.name, **new)
	person.update(new)


def _known(pairs: Iterable[tuple[str | None, str | None]]) -> tuple[dict[str, str], dict[str, str]]:
	"""Key -> name of the person it belongs to today, and that person's open conversation. One statement, by the keys' indexes."""
	table, conversation = frappe.qb.DocType(IDENTITY), frappe.qb.DocType("Dafater Conversation")
	query = None
	for field, wanted in zip(("user_key", "phone_key"), zip(*pairs, strict=True), strict=False):
		if not any(wanted):
			continue
		person = Coalesce(table.merged_into, table.name)
		part = (
			frappe.qb.from_(table)
			.left_join(conversation)
			.on(conversation.open_key == person)
			.select(table[field].as_("key"), person.as_("person"), conversation.name.as_("conversation"))
			.where(table[field].isin([key for key in wanted if key]))
		)
		query = part if query is None else query.union_all(part)
	found = query.run() if query else ()
	names = {key: person for key, person, _conversation in found}
	return names, {person: conversation for _key, person, conversation in found if conversation}


def _new_row(channel: str, account: str, sender: Sender, user_key: str | None, phone_key: str | None) -> dict:
	return {
		"name": new_name(),
		"channel": channel,
		"account": account,
		"user_id": sender.user_id,
		"phone": sender.phone,
		"username": rows.text(sender.username, 140),
		"display_name": rows.text(sender.name, 140),
		"user_key": user_key,
		"phone_key": phone_key,
	}
