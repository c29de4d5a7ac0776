"""Deliveries as the three platforms write them. Every builder returns fresh objects, so that a test may spoil them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

_NUMBERS = itertools.count(1)
NOON = datetime(2026, 3, 1, 12, 0, 0)


@dataclass(frozen=True)
class Person:
	"""Somebody who writes. WhatsApp knows both ids, the others the user id alone."""

	name: str
	phone: str = ""
	user_id: str = ""

	@property
	def wa_id(self) -> str:
		return self.phone.removeprefix("+")


def seconds(moment: datetime) -> str:
	"""Unix time as WhatsApp writes it: a text. `moment` is UTC without zone."""
	return str(int(moment.replace(tzinfo=timezone.utc).timestamp()))


def milliseconds(moment: datetime) -> int:
	"""Unix time as Messenger and Instagram write it."""
	return int(moment.replace(tzinfo=timezone.utc).timestamp() * 1000)


def new_id(prefix: str = "wamid.") -> str:
	"""An id that no other message of this process has."""
	return f"{prefix}{next(_NUMBERS):06d}"


def encoded(body: dict[str, Any]) -> bytes:
	"""The bytes that are signed and sent: other than ASCII escaped in lower case, and slashes too, as Meta does."""
	return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def whatsapp(account: str, business: str = "WABA", field: str = "messages", **value: Any) -> dict[str, Any]:
	"""One delivery with one change. `value`: contacts=[…], messages=[…], statuses=[…] and the like."""
	metadata = {"display_phone_number": "+966 11 000 0000", "phone_number_id": account}
	change = {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
	return {"object": "whatsapp_business_account", "entry": [{"id": business, "changes": [change]}]}


def whatsapp_notice(business: str, field: str, value: dict[str, Any]) -> dict[str, Any]:
	"""A delivery about an account, without a phone number id."""
	change = {"field": field, "value": value}
	return {"object": "whatsapp_business_account", "entry": [{"id": business, "changes": [change]}]}


def contact(person: Person) -> dict[str, Any]:
	found: dict[str, Any] = {"profile": {"name": person.name}}
	if person.phone:
		found["wa_id"] = person.wa_id
	if person.user_id:
		found["user_id"] = person.user_id
	return found


def whatsapp_message(
	person: Person, kind: str, part: Any, on: datetime = NOON, id: str | None = None, **more: Any
) -> dict[str, Any]:
	message = {"id": id or new_id(), "timestamp": seconds(on), "type": kind, kind: part, **more}
	if person.phone:
		message["from"] = person.wa_id
	if person.user_id:
		message["from_user_id"] = person.user_id
	return message


def whatsapp_received(account: str, person: Person, kind: str, part: Any, **more: Any) -> dict[str, Any]:
	"""The whole delivery of one message."""
	return whatsapp(
		account, contacts=[contact(person)], messages=[whatsapp_message(person, kind, part, **more)]
	)


def whatsapp_text(account: str, person: Person, text: str, **more: Any) -> dict[str, Any]:
	return whatsapp_received(account, person, "text", {"body": text}, **more)


def whatsapp_status(
	id: str, status: str, to: str = "966500000001", on: datetime = NOON, **more: Any
) -> dict[str, Any]:
	return {"id": id, "status": status, "timestamp": seconds(on), "recipient_id": to, **more}


def failure(code: int, title: str = "Message undeliverable", details: str = "") -> dict[str, Any]:
	return {"code": code, "title": title, "message": title, "error_data": {"details": details}}


def messaging(
	object: str, account: str, events: Iterable[dict[str, Any]], on: datetime = NOON
) -> dict[str, Any]:
	"""A delivery of Messenger ("page") or Instagram ("instagram")."""
	return {"object": object, "entry": [{"id": account, "time": milliseconds(on), "messaging": list(events)}]}


def event(
	account: str, person: Person, on: datetime | None = NOON, from_us: bool = False, **parts: Any
) -> dict[str, Any]:
	"""One row of the messaging array: message={…}, read={…} and the like."""
	outside, own = {"id": person.user_id}, {"id": account}
	row: dict[str, Any] = {
		"sender": own if from_us else outside,
		"recipient": outside if from_us else own,
		**parts,
	}
	if on is not None:
		row["timestamp"] = milliseconds(on)
	return row


def messenger_text(
	page: str, person: Person, text: str, on: datetime = NOON, mid: str | None = None
) -> dict[str, Any]:
	return messaging(
		"page", page, [event(page, person, on, message={"mid": mid or new_id("m_"), "text": text})], on
	)


def instagram_text(
	account: str, person: Person, text: str, on: datetime = NOON, mid: str | None = None
) -> dict[str, Any]:
	message = {"mid": mid or new_id("ig_"), "text": text}
	return messaging("instagram", account, [event(account, person, on, message=message)], on)
