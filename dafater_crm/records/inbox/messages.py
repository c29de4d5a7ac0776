"""Messages that come in: from a person outside, or of our own as the provider's app wrote them."""

from __future__ import annotations

import json
from datetime import timedelta

from dafater_crm.domain import channels, message_window
from dafater_crm.records.inbox import contact, conversations, identities, keys, media_jobs, rows, statuses
from dafater_crm.records.inbox.batch import Batch, Received
from dafater_crm.records.inbox.parts import Written

MESSAGE, ATTACHMENT = "Dafater Message", "Dafater Message Attachment"
# a file's id lives so long at the provider
MEDIA_DAYS = 7
LONGEST_TEXT = 100_000


def write(account: dict, event: channels.InboundMessage, people: dict, batch: Batch) -> Written:
	"""Write a message into the batch, once; an echo flushes it, see `writer.write`."""
	person = people.get(event.sender)
	if person is None:
		raise ValueError("a message without a sender")
	key = keys.provider_key(account.name, event.provider_id)
	if known := batch.message(key):
		if known.deleted_on:
			# told again after it was taken back, or the person was forgotten: neither comes back by that
			batch.withdrawn.add(batch.delivery)
			batch.unneeded.add(person.name)
		return Written(known.conversation, known.name, inbound=not event.is_echo)
	if event.is_echo:
		return _echo(account, event, person, key, batch)
	if person.blocked:
		return Written()
	message_on = rows.site_time(event.message_on)
	conversation = conversations.for_inbound(account, person, message_on, batch)
	name = _insert(
		account, event, person, conversation, key, message_on, batch, direction="Incoming", status="Received"
	)
	opens = message_window.opens_window(event)
	conversations.received(conversation, account.name, preview(event), message_on, opens, batch)
	if opens and (not person.last_inbound_on or message_on > person.last_inbound_on):
		batch.update(identities.IDENTITY, person.name, last_inbound_on=message_on)
		person.last_inbound_on = message_on
	received = batch.received.setdefault(conversation.name, Received(conversation, account, person))
	received.texts.append((message_on, event.text))
	return Written(conversation.name, name, inbound=True)


def _echo(account: dict, event: channels.InboundMessage, person: dict, key: str, batch: Batch) -> Written:
	"""What the business wrote: a message of ours that comes back, or one from the provider's own app."""
	if event.our_key:
		ours, is_current = statuses.sending(account.name, event.our_key)
		if is_current:
			moment = rows.site_time(event.message_on)
			statuses.settle(
				ours, channels.StatusUpdate(account.name, event.provider_id, "Sent", event.message_on), moment
			)
		if ours:
			return Written(ours.conversation, ours.name)
	message_on = rows.site_time(event.message_on)
	conversation = conversations.for_outbound(account, person, message_on, batch)
	name = _insert(
		account, event, person, conversation, key, message_on, batch,
		direction="Outgoing", status="Sent", via_app=1, sent_on=message_on,
	)  # fmt: skip
	conversations.answered(conversation, preview(event), message_on, by_person=True, store=batch)
	contact.spoke(conversation, message_on)
	batch.flush()
	statuses.apply_parked([key])
	return Written(conversation.name, name)


def _insert(account, event, person, conversation, key, message_on, batch: Batch, **values) -> str:
	reply_to_id = rows.text(event.reply_to_id, 255) or None
	reply_to = reply_to_id and batch.message(keys.provider_key(account.name, reply_to_id))
	name = batch.insert(
		MESSAGE,
		conversation=conversation.name,
		account=account.name,
		identity=person.name,
		message_type=event.message_type,
		body=rows.text(event.text, LONGEST_TEXT),
		message_on=message_on,
		provider_id=rows.text(event.provider_id, 255),
		provider_key=key,
		reply_to=reply_to.name if reply_to else None,
		reply_to_id=reply_to_id,
		content=as_json(event.content),
		has_attachments=int(bool(event.media)),
		attempts=0,
		deliveries=batch.delivery,
		**values,
	)
	batch.has_message(key, name, conversation.name)
	if event.media:
		media_jobs.wake_after_commit()
	for file in event.media:
		_insert_media(file, name, conversation.name, message_on, batch)
	return name


def _insert_media(file: channels.Media, message: str, conversation: str, message_on, batch: Batch) -> None:
	batch.insert(
		ATTACHMENT,
		message=message,
		conversation=conversation,
		kind=file.kind,
		file_name=rows.text(file.file_name, 140) or None,
		mime_type=rows.text(file.mime_type, 140) or None,
		sha256=rows.text(file.sha256, 140) or None,
		status="Pending",
		provider_media_id=rows.text(file.media_id, 140) or None,
		provider_url=rows.text(file.url, 2000) or None,
		expires_on=message_on + timedelta(days=MEDIA_DAYS),
		attempts=0,
		retry_on=message_on,
	)


def preview(event: channels.InboundMessage) -> str:
	"""What the list of conversations shows of a message: its text, else the English name of its type."""
	return event.text or event.message_type


def as_json(content: dict) -> str | None:
	"""The JSON of a column, or None for nothing."""
	return rows.text(json.dumps(content, ensure_ascii=False, default=str)) if content else None
