"""The one writer of what comes in: a delivery's event becomes a message, a reaction, a status.

Everything here is safe to repeat: a message is known by its provider's id, a status never goes back. What speaks of a message that
is not there yet raises `NotYet`, and the delivery is tried again later, since providers keep no order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import frappe

from dafater_crm.domain import channels, message_window
from dafater_crm.records.inbox import conversations, identities, keys, media_jobs, notices, rows, statuses
from dafater_crm.records.raw_rows import append_rows, new_name

MESSAGE, ATTACHMENT = "Dafater Message", "Dafater Message Attachment"
# a file's id lives so long at the provider
MEDIA_DAYS = 7
LONGEST_TEXT = 100_000


class NotYet(Exception):
	"""The message that this is about has not come in."""


@dataclass
class Written:
	"""What an event did. `inbound`: a person outside wrote, so that somebody has to be found who answers."""

	conversation: str | None = None
	message: str | None = None
	inbound: bool = False


def receive(account: dict, event: channels.ChannelEvent, people: dict | None = None) -> Written:
	"""Write one event of `account` (name, channel, company). Raises `NotYet`.

	`people`: the locked rows by sender, see `identities`; without them the persons of this event are made and locked here, which
	commits what the caller has written so far.
	"""
	if people is None:
		people = lock_people(account, [event])
	return WRITERS[type(event)](account, event, people)


def names_of_people(account: dict, events: list[channels.ChannelEvent]) -> dict[channels.Sender, list[str]]:
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
		names = names_of_people(account, events)
		frappe.db.commit()  # nosemgrep: manual-commit - locks come first in a transaction, see `identities`
		try:
			locked = identities.lock(name for several in names.values() for name in several)
			return settled(account, names, locked)
		except identities.Moved:
			frappe.db.rollback()
	raise frappe.QueryTimeoutError("the person was merged three times while waiting")


def settled(
	account: dict, names: dict[channels.Sender, list[str]], locked: dict[str, dict]
) -> dict[channels.Sender, dict]:
	"""Merge and complete locked persons; returns the row of each sender. `names`: from `identities.ensure`."""
	people = {}
	for sender, several in names.items():
		distinct = list({locked[name].name for name in several})
		person = locked[distinct[0]] if len(distinct) == 1 else identities.merge(distinct, locked)
		identities.learn(person, account.channel, account.name, sender)
		people[sender] = person
	return people


def _message(account: dict, event: channels.InboundMessage, people: dict) -> Written:
	person = people.get(event.sender)
	if person is None:
		raise ValueError("a message without a sender")
	key = keys.provider_key(account.name, event.provider_id)
	known = frappe.db.get_value(MESSAGE, {"provider_key": key}, ["name", "conversation"], as_dict=True)
	if known:
		return Written(known.conversation, known.name, inbound=not event.is_echo)
	if event.is_echo:
		return _echo(account, event, person, key)
	if person.blocked:
		return Written()
	message_on = rows.site_time(event.message_on)
	conversation = conversations.for_inbound(account, person, message_on)
	name = _insert(
		account, event, person, conversation, key, message_on, direction="Incoming", status="Received"
	)
	opens = message_window.opens_window(event)
	conversations.received(conversation, account.name, preview(event), message_on, opens)
	if opens and (not person.last_inbound_on or message_on > person.last_inbound_on):
		rows.update(identities.IDENTITY, person.name, last_inbound_on=message_on)
		person.last_inbound_on = message_on
	return Written(conversation.name, name, inbound=True)


def _echo(account: dict, event: channels.InboundMessage, person: dict, key: str) -> Written:
	"""What the business wrote: a message of ours that comes back, or one from the provider's own app."""
	if event.our_key:
		ours = statuses.locked_message({"name": event.our_key, "account": account.name})
		if ours:
			moment = rows.site_time(event.message_on)
			statuses.settle(
				ours, channels.StatusUpdate(account.name, event.provider_id, "Sent", event.message_on), moment
			)
			return Written(ours.conversation, ours.name)
	message_on = rows.site_time(event.message_on)
	conversation = conversations.for_outbound(account, person, message_on)
	name = _insert(
		account, event, person, conversation, key, message_on,
		direction="Outgoing", status="Sent", via_app=1, sent_on=message_on,
	)  # fmt: skip
	conversations.answered(conversation, preview(event), message_on, by_person=True)
	statuses.apply_parked([key])
	return Written(conversation.name, name)


def _insert(account, event, person, conversation, key, message_on, **values) -> str:
	name = new_name()
	reply_to_id = rows.text(event.reply_to_id, 255) or None
	reply_to = reply_to_id and frappe.db.get_value(
		MESSAGE, {"provider_key": keys.provider_key(account.name, reply_to_id)}
	)
	rows.insert(
		MESSAGE,
		name=name,
		conversation=conversation.name,
		account=account.name,
		identity=person.name,
		message_type=event.message_type,
		body=rows.text(event.text, LONGEST_TEXT),
		message_on=message_on,
		provider_id=rows.text(event.provider_id, 255),
		provider_key=key,
		reply_to=reply_to or None,
		reply_to_id=reply_to_id,
		content=as_json(event.content),
		has_attachments=int(bool(event.media)),
		attempts=0,
		**values,
	)
	_insert_media(event.media, name, conversation.name, message_on)
	return name


def _insert_media(media: tuple[channels.Media, ...], message: str, conversation: str, message_on) -> None:
	if media:
		media_jobs.wake_after_commit()
	append_rows(
		ATTACHMENT,
		[
			{
				"message": message,
				"conversation": conversation,
				"kind": file.kind,
				"file_name": rows.text(file.file_name, 140) or None,
				"mime_type": rows.text(file.mime_type, 140) or None,
				"sha256": rows.text(file.sha256, 140) or None,
				"status": "Pending",
				"provider_media_id": rows.text(file.media_id, 140) or None,
				"provider_url": rows.text(file.url, 2000) or None,
				"expires_on": message_on + timedelta(days=MEDIA_DAYS),
				"attempts": 0,
				"retry_on": message_on,
			}
			for file in media
		],
	)


def _reaction(account: dict, event: channels.Reaction, people: dict) -> Written:
	message = _target(account, event.target_id)
	field = "our_reaction" if event.from_us else "reaction"
	rows.update(MESSAGE, message.name, **{field: rows.text(event.emoji, 140) or None})
	return Written(message.conversation, message.name)


def _edit(account: dict, event: channels.Edit, people: dict) -> Written:
	message = _target(account, event.target_id)
	happened_on = rows.site_time(event.happened_on)
	if message.deleted_on or (message.edited_on and message.edited_on > happened_on):
		return Written(message.conversation, message.name)
	rows.update(MESSAGE, message.name, body=rows.text(event.text, LONGEST_TEXT), edited_on=happened_on)
	_show_anew(message, event.text)
	return Written(message.conversation, message.name)


def _deletion(account: dict, event: channels.Deletion, people: dict) -> Written:
	"""Text and files are gone, as the person wanted; that there was a message stays."""
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


def _status(account: dict, event: channels.StatusUpdate, people: dict) -> Written:
	message = statuses.apply(account, event)
	return Written(message.conversation, message.name) if message else Written()


def _preference(account: dict, event: channels.Preference, people: dict) -> Written:
	if person := people.get(event.sender):
		rows.update(identities.IDENTITY, person.name, no_marketing=int(not event.marketing))
	return Written()


def _identity_change(account: dict, event: channels.IdentityChange, people: dict) -> Written:
	old, new = people.get(event.old), people.get(event.new)
	if old and new and old.name != new.name:
		keeper = identities.merge([old.name, new.name], {old.name: old, new.name: new})
		user_key, phone_key = keys.of_person(account.channel, account.name, event.new)
		identities.rekey(keeper, event.new, user_key, phone_key)
	return Written()


def _notice(account: dict, event: channels.AccountNotice, people: dict) -> Written:
	notices.apply(account, event)
	return Written()


def _unparsed(account: dict, event: channels.Unparsed, people: dict) -> Written:
	"""Nothing to write: the delivery itself keeps it, with the reason."""
	return Written()


def preview(event: channels.InboundMessage) -> str:
	"""What the list of conversations shows of a message: its text, else the English name of its type."""
	return event.text or event.message_type


def as_json(content: dict) -> str | None:
	"""The JSON of a column, or None for nothing."""
	return rows.text(json.dumps(content, ensure_ascii=False, default=str)) if content else None


WRITERS = {
	channels.InboundMessage: _message,
	channels.StatusUpdate: _status,
	channels.Reaction: _reaction,
	channels.Edit: _edit,
	channels.Deletion: _deletion,
	channels.Preference: _preference,
	channels.IdentityChange: _identity_change,
	channels.AccountNotice: _notice,
	channels.Unparsed: _unparsed,
}
