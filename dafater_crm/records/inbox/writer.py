"""The one writer of what comes in: a delivery's event becomes a message, a reaction, a status.

Everything here is safe to repeat: a message is known by its provider's id, a status never goes back. What speaks of a message that
is not there yet raises `NotYet`, and the delivery is tried again later, since providers keep no order.
"""

from __future__ import annotations

import frappe

from dafater_crm.domain import channels
from dafater_crm.records.inbox import (
	conversations,
	identities,
	keys,
	merging,
	messages,
	notices,
	rows,
	statuses,
)
from dafater_crm.records.inbox.batch import Batch
from dafater_crm.records.inbox.messages import LONGEST_TEXT
from dafater_crm.records.inbox.parts import NotYet, Part, Written

MESSAGE, ATTACHMENT = "Dafater Message", "Dafater Message Attachment"


def receive(account: dict, event: channels.ChannelEvent, people: dict) -> Written:
	"""Write one event of `account` (name, channel, company) and flush. Raises `NotYet`."""
	batch = Batch()
	written = write(Part(account, event, people), batch)
	batch.flush()
	return written


def write(part: Part, batch: Batch) -> Written:
	"""Write one event; messages and reports into the batch, what is rarer by statements of its own, around which the batch is flushed.

	Raises `NotYet`, before anything was written.
	"""
	writer, batch.delivery = WRITERS[type(part.event)], part.delivery
	if part.is_message() or part.is_report():
		return writer(part.account, part.event, part.people, batch)
	batch.flush()
	written = writer(part.account, part.event, part.people, batch)
	batch.flush()
	batch.forget()
	return written


def read_ahead(parts: list[Part], batch: Batch, expected: dict[str, str]) -> None:
	"""Read at once what `write` would read for each message alone. `expected`: see `Batch.lock_conversations`."""
	messages = [part for part in parts if part.is_message()]
	reports = [part for part in parts if part.is_report()]
	wanted = [part.key(part.event.provider_id) for part in (*messages, *reports)]
	wanted += [part.key(part.event.reply_to_id) for part in messages if part.event.reply_to_id]
	batch.look_up(wanted)
	new = [part for part in messages if not batch.message(part.key(part.event.provider_id))]
	people = [part.people[part.event.sender].name for part in new if part.event.sender in part.people]
	batch.lock_conversations(dict.fromkeys(people), expected)


def lock_reported(parts: list[Part], batch: Batch) -> None:
	"""Lock the messages of which something is reported. After the conversations are locked."""
	batch.lock_messages([part.key(part.event.provider_id) for part in parts if part.is_report()])


def names_of_people(account: dict, events: list[channels.ChannelEvent]) -> identities.Found:
	"""The rows of the persons whom these events need, made where they are missing; see `identities.ensure`."""
	senders, known_only = [], []
	for event in events:
		if isinstance(event, channels.InboundMessage | channels.Reaction | channels.Preference):
			senders.append(event.sender)
		elif isinstance(event, channels.IdentityChange):
			# told again, the old number must not become a person anew
			known_only.append(event.old)
			senders.append(event.new)
	return identities.ensure(account.channel, account.name, dict.fromkeys(senders), known_only)


def lock_people(account: dict, events: list[channels.ChannelEvent]) -> dict[channels.Sender, dict]:
	"""Make and lock the persons of these events, merge those who are one, and return a row for each sender. Commits."""
	for _attempt in range(3):
		found = names_of_people(account, events)
		frappe.db.commit()  # nosemgrep: manual-commit - locks come first in a transaction, see `identities`
		try:
			return settled(account, found, identities.lock(found.all_names()))
		except identities.Moved:
			frappe.db.rollback()
	raise frappe.QueryTimeoutError("the person changed three times while waiting")


def settled(account: dict, found: identities.Found, locked: dict[str, dict]) -> dict[channels.Sender, dict]:
	"""Merge and complete locked persons; returns the row of each sender."""
	people = {}
	for sender, several in found.names.items():
		distinct = list({locked[name].name for name in several})
		person = locked[distinct[0]] if len(distinct) == 1 else merging.merge(distinct, locked)
		identities.learn(person, account.channel, account.name, sender)
		people[sender] = person
	return people


def _reaction(account: dict, event: channels.Reaction, people: dict, batch: Batch) -> Written:
	"""One emoji a side; of two that come in the wrong order the newer stays."""
	message = _target(account, event.target_id)
	field = "our_reaction" if event.from_us else "reaction"
	happened_on, known_on = rows.site_time(event.happened_on), message[f"{field}_on"]
	if not known_on or known_on <= happened_on:
		emoji = rows.text(event.emoji, 140) or None
		rows.update(MESSAGE, message.name, **{field: emoji, f"{field}_on": happened_on})
	return Written(message.conversation, message.name)


def _edit(account: dict, event: channels.Edit, people: dict, batch: Batch) -> Written:
	message = _target(account, event.target_id)
	happened_on = rows.site_time(event.happened_on)
	if message.deleted_on:
		batch.withdrawn.add(batch.delivery)
	if message.deleted_on or (message.edited_on and message.edited_on > happened_on):
		return Written(message.conversation, message.name)
	rows.update(
		MESSAGE,
		message.name,
		body=rows.text(event.text, LONGEST_TEXT),
		edited_on=happened_on,
		# the earlier text is still in the earlier ones
		deliveries="\n".join(filter(None, [message.deliveries, batch.delivery])) or None,
	)
	_show_anew(message, event.text)
	return Written(message.conversation, message.name)


def _deletion(account: dict, event: channels.Deletion, people: dict, batch: Batch) -> Written:
	"""Text and files are gone, as the person wanted, also from the deliveries; that there was a message stays."""
	message = _target(account, event.target_id)
	rows.update(MESSAGE, message.name, body="", content=None, deleted_on=rows.site_time(event.happened_on))
	for row in frappe.get_all(ATTACHMENT, {"message": message.name}, ["name", "file"]):
		rows.update(
			ATTACHMENT, row.name, status="Expired", file=None, provider_url=None, provider_media_id=None
		)
		if row.file:
			# the person outside took it back; no user of the desk is asked
			frappe.delete_doc("File", row.file, ignore_permissions=True, force=True, ignore_missing=True)
	_show_anew(message, "")
	batch.withdrawn.update((message.deliveries or "").split())
	return Written(message.conversation, message.name)


def _show_anew(message: dict, text: str) -> None:
	"""Put another text in the list where this message is the newest of its conversation."""
	conversation = conversations.locked(message.conversation)
	if conversation and conversation.last_message_on == message.message_on:
		rows.update(
			conversations.CONVERSATION, conversation.name, last_message=rows.text(text, conversations.PREVIEW)
		)


def _target(account: dict, provider_id: str) -> dict:
	message = statuses.locked_message({"provider_key": keys.provider_key(account.name, provider_id)})
	if message is None:
		raise NotYet(f"message {provider_id}")
	return message


def _status(account: dict, event: channels.StatusUpdate, people: dict, batch: Batch) -> Written:
	message = statuses.apply(account, event, batch)
	return Written(message.conversation, message.name) if message else Written()


def _preference(account: dict, event: channels.Preference, people: dict, batch: Batch) -> Written:
	if person := people.get(event.sender):
		identities.note_marketing(person, event.marketing, rows.site_time(event.happened_on))
	return Written()


def _identity_change(account: dict, event: channels.IdentityChange, people: dict, batch: Batch) -> Written:
	old, new = people.get(event.old), people.get(event.new)
	if old and new and old.name != new.name:
		keeper = merging.merge([old.name, new.name], {old.name: old, new.name: new})
		user_key, phone_key = keys.of_person(account.channel, account.name, event.new)
		identities.rekey(keeper, event.new, user_key, phone_key)
	return Written()


def _notice(account: dict, event: channels.AccountNotice, people: dict, batch: Batch) -> Written:
	notices.apply(account, event)
	return Written()


def _unparsed(account: dict, event: channels.Unparsed, people: dict, batch: Batch) -> Written:
	"""Nothing to write: the delivery itself keeps it, with the reason."""
	return Written()


WRITERS = {
	channels.InboundMessage: messages.write,
	channels.StatusUpdate: _status,
	channels.Reaction: _reaction,
	channels.Edit: _edit,
	channels.Deletion: _deletion,
	channels.Preference: _preference,
	channels.IdentityChange: _identity_change,
	channels.AccountNotice: _notice,
	channels.Unparsed: _unparsed,
}
