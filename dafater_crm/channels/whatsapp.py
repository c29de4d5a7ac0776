"""WhatsApp Business Platform: a delivery → events. Pure; sending is in whatsapp_send.py.

One delivery holds many entries, changes, messages and statuses; each becomes an event of its own. What is unknown is kept: a message
of an unknown type as "Unsupported" with its raw content, anything else as `Unparsed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dafater_crm.channels import whatsapp_content, whatsapp_notices
from dafater_crm.channels.reading import changes, ident, moment, now, obj, phone, plain, rows, text
from dafater_crm.domain.channels import (
	AccountNotice,
	ChannelEvent,
	Deletion,
	Edit,
	IdentityChange,
	InboundMessage,
	Preference,
	Reaction,
	Sender,
	StatusUpdate,
	Unparsed,
)

_STATUSES = {"sent": "Sent", "delivered": "Delivered", "read": "Seen", "played": "Seen", "failed": "Failed"}
_CHANGED_IDENTITY = ("user_changed_number", "user_changed_user_id")


def parse(body: Any) -> list[ChannelEvent]:
	"""Return every event of a delivery, in its order. Never raises; an empty list means that it says nothing at all."""
	return [event for entry, change in changes(body) for event in _change_events(entry, change)]


def account_ids(body: Any) -> list[str]:
	"""Phone number ids that a delivery is for, each once. The display number is no key: it comes in any format."""
	return list(dict.fromkeys(filter(None, (_account_id(change) for _, change in changes(body)))))


def business_ids(body: Any) -> list[str]:
	"""Business accounts that a delivery is for: all that a notice about a template has."""
	return list(dict.fromkeys(filter(None, (ident(entry.get("id")) for entry, _ in changes(body)))))


def _account_id(change: dict[str, Any]) -> str | None:
	return ident(obj(obj(change.get("value")).get("metadata")).get("phone_number_id"))


def _change_events(entry: dict[str, Any], change: dict[str, Any]) -> list[ChannelEvent]:
	value, field, account = obj(change.get("value")), text(change.get("field")), _account_id(change)
	notice = whatsapp_notices.notice(field, value, account, ident(entry.get("id")))
	if notice:
		return [notice]
	if not account:
		return [Unparsed(None, f"no phone number id in “{field[:60]}”", plain(change))]
	events: list[ChannelEvent] = []
	for message in rows(value.get("messages")):
		events.append(_message(account, value, message))
	for message in rows(value.get("message_echoes")):
		events.append(_message(account, value, message, is_echo=True))
	for status in rows(value.get("statuses")):
		events.append(_status(account, status))
	events.extend(_preferences(account, value))
	events.extend(_user_ids(account, value))
	for error in rows(value.get("errors")):
		events.append(AccountNotice(account, ident(entry.get("id")), "Error", plain(error)))
	return events or [Unparsed(account, f"nothing known in “{field[:60]}”", plain(change))]


def _message(account: str, value: dict, message: dict, is_echo: bool = False) -> ChannelEvent:
	kind, sender = text(message.get("type")), _person(value, message, is_echo)
	sent_on = moment(message.get("timestamp")) or now()
	event = _about_another(account, kind, message, sender, sent_on, is_echo)
	if event:
		return event
	provider_id = ident(message.get("id"))
	if not provider_id or not (sender.user_id or sender.phone):
		return Unparsed(account, "a message without its id or sender", plain(message))
	content = whatsapp_content.read(kind, message)
	context = obj(message.get("context"))
	return InboundMessage(
		account_id=account,
		provider_id=provider_id,
		sender=sender,
		message_on=sent_on,
		message_type=content.message_type,
		text=content.text,
		media=content.media,
		reply_to_id=ident(context.get("id")),
		content={**content.more, **whatsapp_content.side_objects(message, context)},
		is_echo=is_echo,
		our_key=ident(message.get("biz_opaque_callback_data")),
	)


def _about_another(
	account: str, kind: str, message: dict, sender: Sender, on, is_echo: bool
) -> ChannelEvent | None:
	"""A "message" that changes an earlier one, or says who somebody is now."""
	part = obj(message.get(kind))
	target = ident(part.get("message_id") or part.get("original_message_id"))
	if kind == "reaction" and target:
		return Reaction(account, target, sender, text(part.get("emoji")), on, from_us=is_echo)
	if kind == "edit" and target:
		edited = obj(part.get("message"))
		return Edit(account, target, whatsapp_content.read(text(edited.get("type")), edited).text, on)
	if kind == "revoke" and target:
		return Deletion(account, target, on)
	if kind == "system" and part.get("type") in _CHANGED_IDENTITY:
		return _identity_change(account, part, sender)
	return None


def _identity_change(account: str, system: dict, sender: Sender) -> IdentityChange | None:
	number = phone(system.get("wa_id") or system.get("new_wa_id"))
	old_id = ident(system.get("previous_user_id")) or sender.user_id
	# the message may already bear the new user id where the old one is not told
	new_id = ident(system.get("user_id")) or (sender.user_id if system.get("previous_user_id") else None)
	old = Sender(old_id, sender.phone, sender.name, sender.username)
	new = Sender(new_id, number or (None if new_id else sender.phone), sender.name, sender.username)
	return IdentityChange(account, old, new) if _is_somebody(old) and _is_somebody(new) else None


def _status(account: str, status: dict) -> ChannelEvent:
	name, provider_id = text(status.get("status")), ident(status.get("id"))
	happened_on = moment(status.get("timestamp")) or now()
	if name == "deleted" and provider_id:
		return Deletion(account, provider_id, happened_on)
	if name not in _STATUSES or not provider_id:
		return Unparsed(account, f"status “{name[:60]}”", plain(status))
	error = next(iter(rows(status.get("errors"))), {})
	return StatusUpdate(
		account_id=account,
		provider_id=provider_id,
		status=_STATUSES[name],
		happened_on=happened_on,
		recipient_id=ident(status.get("recipient_user_id")) or _user_id(status.get("recipient_id")),
		recipient_phone=phone(status.get("recipient_id")),
		our_key=ident(status.get("biz_opaque_callback_data")),
		error_code=ident(error.get("code")),
		error=whatsapp_notices.error_text(error) or None,
	)


def _person(value: dict, message: dict, is_echo: bool) -> Sender:
	"""The person outside. Who has a user name may come without a number, or with the user id in the number's place."""
	side = "to" if is_echo else "from"
	given = message.get(side)
	user_id = ident(message.get(f"{side}_user_id")) or _user_id(given)
	number = phone(given)
	contact = _contact(rows(value.get("contacts")), user_id, number)
	profile = obj(contact.get("profile"))
	return Sender(
		user_id=user_id or ident(contact.get("user_id")),
		phone=number or phone(contact.get("wa_id")),
		name=text(profile.get("name")).strip(),
		username=text(profile.get("username") or contact.get("username")).strip().removeprefix("@"),
	)


def _contact(contacts: list[dict], user_id: str | None, number: str | None) -> dict[str, Any]:
	for contact in contacts:
		same_user = user_id and ident(contact.get("user_id")) == user_id
		if same_user or (number and phone(contact.get("wa_id")) == number):
			return contact
	# nothing names the sender beside the one contact: then it is the sender
	return contacts[0] if len(contacts) == 1 and not (user_id or number) else {}


def _preferences(account: str, value: dict) -> Iterator[ChannelEvent]:
	for row in rows(value.get("user_preferences")):
		choice = text(row.get("value"))
		contact = next(iter(rows(value.get("contacts"))), {})
		sender = Sender(
			ident(row.get("user_id")) or ident(contact.get("user_id")),
			phone(row.get("wa_id")) or phone(contact.get("wa_id")),
			text(obj(contact.get("profile")).get("name")).strip(),
		)
		known = choice in ("stop", "resume") and row.get("category") == "marketing_messages"
		if known and _is_somebody(sender):
			happened_on = moment(row.get("timestamp")) or now()
			yield Preference(account, sender, choice == "resume", happened_on)
		else:
			yield Unparsed(account, "a preference that is not about marketing", plain(row))


def _user_ids(account: str, value: dict) -> Iterator[ChannelEvent]:
	for row in rows(value.get("user_id_update")):
		pair = obj(row.get("user_id"))
		old = ident(pair.get("previous") or row.get("previous_user_id"))
		new = ident(pair.get("current") or row.get("user_id"))
		number = phone(row.get("wa_id"))
		if old and new:
			yield IdentityChange(account, Sender(old, number), Sender(new, number))
		else:
			yield Unparsed(account, "a new user id without the old one", plain(row))


def _user_id(value: Any) -> str | None:
	"""What stands in the place of a number and is none."""
	return None if phone(value) else ident(value)


def _is_somebody(sender: Sender) -> bool:
	return bool(sender.user_id or sender.phone)
