"""The `messaging` array that Messenger and Instagram share → events. Pure; what differs is in `Dialect`.

`standby` holds the same events while another app has the conversation. Instagram's test button sends `changes` with the same value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dafater_crm.channels import messaging_content
from dafater_crm.channels.reading import (
	filled,
	fingerprint,
	ident,
	moment,
	now,
	obj,
	plain,
	rows,
	text,
)
from dafater_crm.domain.channels import (
	AccountNotice,
	ChannelEvent,
	Deletion,
	Edit,
	InboundMessage,
	Reaction,
	Sender,
	StatusUpdate,
	Unparsed,
)


@dataclass(frozen=True)
class Dialect:
	"""`attachments`: type of an attachment → function(payload, attachment) → Content, see messaging_content."""

	attachments: dict[str, messaging_content.Reader]


@dataclass(frozen=True)
class _Event:
	"""One row of the array, with whose account it is, who is outside, and when it happened."""

	account: str
	raw: dict[str, Any]
	person: Sender
	from_us: bool
	happened_on: datetime
	dialect: Dialect


def parse(body: Any, dialect: Dialect) -> list[ChannelEvent]:
	"""Return every event of a delivery, in its order. Never raises."""
	events: list[ChannelEvent] = []
	for entry in rows(obj(body).get("entry")):
		account = ident(entry.get("id"))
		found = [*rows(entry.get("messaging")), *rows(entry.get("standby"))]
		for change in rows(entry.get("changes")):
			value = obj(change.get("value"))
			if change.get("field") in ("messages", "messaging_postbacks", "message_reactions") and value.get(
				"sender"
			):
				found.append(value)
			else:
				events.append(
					Unparsed(account, f"a change of “{text(change.get('field'))[:60]}”", plain(change))
				)
		for raw in found:
			events.extend(_events(account, entry, raw, dialect))
	return events


def account_ids(body: Any) -> list[str]:
	"""Ids of the pages or Instagram accounts that a delivery is for, each once."""
	return list(
		dict.fromkeys(filter(None, (ident(entry.get("id")) for entry in rows(obj(body).get("entry")))))
	)


def _events(account: str | None, entry: dict, raw: dict, dialect: Dialect) -> list[ChannelEvent]:
	sender_id, recipient_id = (ident(obj(raw.get(side)).get("id")) for side in ("sender", "recipient"))
	from_us = obj(raw.get("message")).get("is_echo") is True or (
		sender_id is not None and sender_id == account
	)
	account = account or (sender_id if from_us else recipient_id)
	if not account:
		return [Unparsed(None, "an event without its account", plain(raw))]
	person = Sender(user_id=recipient_id if from_us else sender_id)
	happened_on = moment(raw.get("timestamp")) or moment(entry.get("time")) or now()
	event = _Event(account, raw, person, from_us, happened_on, dialect)
	for part, reader in _READERS.items():
		if isinstance(raw.get(part), dict):
			return reader(event, raw[part])
	return [_unparsed(event, "an event of unknown kind")]


def _message(event: _Event, message: dict) -> list[ChannelEvent]:
	mid = ident(message.get("mid"))
	if not mid or not event.person.user_id:
		return [_unparsed(event, "a message without its id or sender")]
	if message.get("is_deleted") is True:
		return [Deletion(event.account, mid, event.happened_on)]
	content = messaging_content.read(message, event.dialect.attachments)
	reply = obj(message.get("reply_to"))
	more = filled(
		story=plain(obj(reply.get("story"))),
		referral=plain(obj(message.get("referral")) or obj(event.raw.get("referral"))),
		app_id=ident(message.get("app_id")) if event.from_us else None,
	)
	return [
		InboundMessage(
			account_id=event.account,
			provider_id=mid,
			sender=event.person,
			message_on=event.happened_on,
			message_type=content.message_type,
			text=content.text,
			media=content.media,
			reply_to_id=ident(reply.get("mid")),
			content={**content.more, **more},
			is_echo=event.from_us,
			our_key=ident(message.get("metadata")) if event.from_us else None,
		)
	]


def _postback(event: _Event, postback: dict) -> list[ChannelEvent]:
	if not event.person.user_id:
		return [_unparsed(event, "a postback without its sender")]
	payload = text(postback.get("payload"))
	# older versions send no id: the same tap then always gets the same one, however often it is delivered
	own = f"postback-{fingerprint(event.person.user_id, event.raw.get('timestamp'), payload)}"
	return [
		InboundMessage(
			account_id=event.account,
			provider_id=ident(postback.get("mid")) or own,
			sender=event.person,
			message_on=event.happened_on,
			message_type="Button Reply",
			text=text(postback.get("title")) or payload,
			content=filled(reply="postback", id=payload, referral=plain(obj(postback.get("referral")))),
			is_echo=event.from_us,
		)
	]


def _reaction(event: _Event, reaction: dict) -> list[ChannelEvent]:
	target, action = ident(reaction.get("mid")), text(reaction.get("action"))
	if not target or action not in ("react", "unreact"):
		return [_unparsed(event, "a reaction to nothing")]
	# "other" stands for every emoji without a name of its own
	emoji = text(reaction.get("emoji")) or _NAMED_REACTIONS.get(text(reaction.get("reaction")), "👍")
	emoji = "" if action == "unreact" else emoji
	return [Reaction(event.account, target, event.person, emoji, event.happened_on, event.from_us)]


def _edit(event: _Event, edit: dict) -> list[ChannelEvent]:
	target = ident(edit.get("mid"))
	if not target:
		return [_unparsed(event, "an edit of nothing")]
	return [Edit(event.account, target, text(edit.get("text")), event.happened_on)]


def _delivery(event: _Event, delivery: dict) -> list[ChannelEvent]:
	mids = delivery.get("mids") if isinstance(delivery.get("mids"), list) else []
	return _receipts(event, "Delivered", [ident(mid) for mid in mids], moment(delivery.get("watermark")))


def _read(event: _Event, read: dict) -> list[ChannelEvent]:
	"""Messenger: everything up to the watermark. Instagram: one message."""
	return _receipts(event, "Seen", [ident(read.get("mid"))], moment(read.get("watermark")))


def _receipts(
	event: _Event, status: str, mids: list[str | None], watermark: datetime | None
) -> list[ChannelEvent]:
	known = [mid for mid in mids if mid]
	if not known and not (watermark and event.person.user_id):
		return [_unparsed(event, "a receipt for nothing")]
	# an event without a time of its own happened when its watermark says
	happened_on = moment(event.raw.get("timestamp")) or watermark or event.happened_on
	return [
		StatusUpdate(
			event.account, mid, status, happened_on, recipient_id=event.person.user_id, watermark=watermark
		)
		for mid in known or [None]
	]


def _policy(event: _Event, policy: dict) -> list[ChannelEvent]:
	return [AccountNotice(event.account, None, "Account", {"event": "policy_enforcement", **plain(policy)})]


def _unparsed(event: _Event, reason: str) -> Unparsed:
	return Unparsed(event.account, reason, plain(event.raw))


_NAMED_REACTIONS = {
	"love": "❤",
	"smile": "😆",
	"wow": "😮",
	"sad": "😢",
	"angry": "😠",
	"like": "👍",
	"dislike": "👎",
}
# the first part that an event has says what it is
_READERS = {
	"message": _message,
	"postback": _postback,
	"reaction": _reaction,
	"message_edit": _edit,
	"delivery": _delivery,
	"read": _read,
	"policy_enforcement": _policy,
}
