"""Talks → deliveries: who writes when, as each channel would deliver it. No network, no clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.provider.demo import words
from tests.provider.payloads import (
	Person,
	contact,
	event,
	messaging,
	milliseconds,
	seconds,
	whatsapp,
	whatsapp_message,
	whatsapp_status,
)

# the day is this long and ends when it is delivered, so that the last talks are still open for an answer
MINUTES = 13 * 60
READ_AFTER = timedelta(seconds=40)


@dataclass(frozen=True)
class Accounts:
	"""Ids of the three accounts."""

	whatsapp: str = "700000000000001"
	messenger: str = "700000000000002"
	instagram: str = "700000000000003"

	def of(self, channel: str) -> str:
		return getattr(self, channel.lower())


@dataclass(frozen=True)
class Step:
	"""One delivery. `message`: it adds a message to the conversation (a reaction or a status does not)."""

	on: datetime
	channel: str
	person: Person
	body: dict[str, Any]
	message: bool


# kind of file and its words → {"id"?, "url", "mime_type", "sha256"} of a file that the provider keeps
FileOf = Callable[[str, str], dict[str, Any]]


def steps(end: datetime, accounts: Accounts, file_of: FileOf) -> list[Step]:
	"""Every delivery of the day that ends at `end` (UTC), in the order of time."""
	found: list[Step] = []
	for number, (channel, talk, person, values) in enumerate(_talks()):
		length = sum(line[1] for line in talk) + 5
		start = end - timedelta(minutes=MINUTES - (number * 29) % (MINUTES - length))
		writer = _WRITERS[channel](
			channel, accounts.of(channel), person, f"demo-{start:%Y%m%d%H%M}-{number}", file_of
		)
		found += writer.steps(talk, start, values)
	return sorted(found, key=lambda step: step.on)


def _talks() -> Iterator[tuple[str, tuple, Person, dict[str, str]]]:
	number = 0
	for channel, english, talks in words.DAY:
		names = words.ENGLISH_NAMES if english else words.ARABIC_NAMES
		for talk in talks:
			number += 1
			name = names[number % len(names)]
			values = {
				"item": words.ITEMS[number % len(words.ITEMS)],
				"item_en": words.ITEMS_EN[number % len(words.ITEMS_EN)],
				"city": words.CITIES[number % len(words.CITIES)],
			}
			phone = f"+9665000010{number:02d}" if channel == words.WHATSAPP else ""
			user = f"SA.70000{number:02d}" if channel == words.WHATSAPP else f"8000000000{number:02d}"
			yield channel, talk, Person(name, phone, user), values


class _Writer:
	"""One talk on one channel. `key` keeps the ids of this day apart from those of another one."""

	def __init__(self, channel: str, account: str, person: Person, key: str, file_of: FileOf):
		self.channel, self.account, self.person, self.key, self.file_of = (
			channel,
			account,
			person,
			key,
			file_of,
		)
		self.last = {"c": "", "b": ""}
		self.number = 0

	def steps(self, talk: tuple, start: datetime, values: dict[str, str]) -> Iterator[Step]:
		on = start
		for by, after, kind, text in talk:
			on += timedelta(minutes=after, seconds=7)
			yield from self.line(by, kind, text.format(**values), on)

	def line(self, by: str, kind: str, text: str, on: datetime) -> Iterator[Step]:
		changes = kind in ("reaction", "edit", "delete")
		own = self.last["b" if kind == "reaction" else "c"] if changes else self.new_id()
		yield Step(on, self.channel, self.person, self.body(by, kind, text, on, own), not changes)
		if not changes:
			self.last[by] = own
		if by == "b":
			yield Step(on + READ_AFTER, self.channel, self.person, self.read(own, on + READ_AFTER), False)

	def new_id(self) -> str:
		self.number += 1
		return f"{self.key}-{self.number}"

	def body(self, by: str, kind: str, text: str, on: datetime, id: str) -> dict[str, Any]:
		raise NotImplementedError

	def read(self, id: str, on: datetime) -> dict[str, Any]:
		raise NotImplementedError


class _WhatsApp(_Writer):
	def body(self, by: str, kind: str, text: str, on: datetime, id: str) -> dict[str, Any]:
		name, part = self.part(kind, text, id)
		own = f"{id}-{kind}" if kind in ("reaction", "edit", "delete") else id
		if by == "c":
			message = whatsapp_message(self.person, name, part, on, own)
			return whatsapp(self.account, contacts=[contact(self.person)], messages=[message])
		echo = {"id": own, "from": "966110000000", "to": self.person.wa_id, "to_user_id": self.person.user_id}
		echo |= {"timestamp": seconds(on), "type": name, name: part}
		return whatsapp(
			self.account, field="smb_message_echoes", contacts=[contact(self.person)], message_echoes=[echo]
		)

	def part(self, kind: str, text: str, id: str) -> tuple[str, dict[str, Any]]:
		parts: dict[str, Callable[[], tuple[str, dict[str, Any]]]] = {
			"image": lambda: ("image", {**self.file_of("image", text), "caption": text}),
			"pdf": lambda: ("document", {**self.file_of("pdf", text), "filename": text}),
			"voice": lambda: ("audio", {**self.file_of("voice", text), "voice": True}),
			"location": lambda: (
				"location",
				{"latitude": 24.7136, "longitude": 46.6753, "name": text, "address": "العليا"},
			),
			"reaction": lambda: ("reaction", {"message_id": id, "emoji": text}),
			"edit": lambda: (
				"edit",
				{"original_message_id": id, "message": {"type": "text", "text": {"body": text}}},
			),
			"delete": lambda: ("revoke", {"original_message_id": id}),
			"unsupported": lambda: ("unsupported", {"type": "poll"}),
		}
		return parts[kind]() if kind in parts else ("text", {"body": text})

	def read(self, id: str, on: datetime) -> dict[str, Any]:
		return whatsapp(self.account, statuses=[whatsapp_status(id, "read", self.person.wa_id, on)])


class _Messaging(_Writer):
	"""Messenger and Instagram."""

	@property
	def object(self) -> str:
		return "instagram" if self.channel == words.INSTAGRAM else "page"

	def body(self, by: str, kind: str, text: str, on: datetime, id: str) -> dict[str, Any]:
		if kind == "reaction":
			return self.delivery(
				on, reaction={"mid": id, "action": "react", "emoji": text, "reaction": "other"}
			)
		if kind == "edit":
			return self.delivery(on, message_edit={"mid": id, "text": text, "num_edit": 1})
		message: dict[str, Any] = {"mid": id}
		if kind == "delete":
			message["is_deleted"] = True
		elif attachment := self.attachment(kind, text):
			message["attachments"] = [attachment]
		else:
			message["text"] = text
		if by == "b":
			message["is_echo"] = True
		return self.delivery(on, by == "b", message=message)

	def attachment(self, kind: str, text: str) -> dict[str, Any] | None:
		types = {"image": "image", "pdf": "file", "voice": "audio"}
		if kind in types:
			return {"type": types[kind], "payload": {"url": self.file_of(kind, text)["url"]}}
		if kind == "location":
			return {"type": "location", "payload": {"coordinates": {"lat": 24.7136, "long": 46.6753}}}
		if kind == "share":
			return {"type": "share", "payload": {"url": "https://www.instagram.com/p/demo/", "title": text}}
		return {"type": "like_heart", "payload": {}} if kind == "heart" else None

	def delivery(self, on: datetime, from_us: bool = False, **part: Any) -> dict[str, Any]:
		return messaging(
			self.object, self.account, [event(self.account, self.person, on, from_us, **part)], on
		)

	def read(self, id: str, on: datetime) -> dict[str, Any]:
		seen = {"mid": id} if self.channel == words.INSTAGRAM else {"watermark": milliseconds(on)}
		return self.delivery(on, read=seen)


_WRITERS = {words.WHATSAPP: _WhatsApp, words.MESSENGER: _Messaging, words.INSTAGRAM: _Messaging}
