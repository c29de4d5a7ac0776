"""What a message of Messenger or Instagram says: text, quick reply, attachments. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dafater_crm.channels.content import Content
from dafater_crm.channels.reading import filled, ident, number, obj, plain, rows, text
from dafater_crm.domain.channels import Media

Reader = Callable[[dict[str, Any], dict[str, Any]], Content | None]


def read(message: dict[str, Any], attachments: dict[str, Reader]) -> Content:
	"""Return what the message says; "Unsupported" with the raw content where nothing of it is known.

	Several attachments are one message with several files; its type is that of the first part that is known.
	"""
	written, tapped = text(message.get("text")), obj(message.get("quick_reply"))
	parts, unknown = _attachments(message, attachments)
	if tapped:
		return Content(
			"Button Reply", written, more=filled(reply="quick_reply", id=text(tapped.get("payload")))
		)
	if not parts and (not written or message.get("is_unsupported") is True):
		return Content("Unsupported", written, more={"raw": plain(message)})
	more: dict[str, Any] = {}
	for part in parts:
		_add(more, part.more)
	if unknown:
		more["unknown"] = plain(unknown)
	return Content(
		message_type=parts[0].message_type if parts else "Text",
		text=written or "\n".join(filter(None, (part.text for part in parts))),
		media=tuple(media for part in parts for media in part.media),
		more=more,
	)


def _attachments(message: dict, readers: dict[str, Reader]) -> tuple[list[Content], list[dict]]:
	parts, unknown = [], []
	for attachment in rows(message.get("attachments")):
		reader = readers.get(text(attachment.get("type")))
		part = reader(obj(attachment.get("payload")), attachment) if reader else None
		if part:
			parts.append(part)
		else:
			unknown.append(attachment)
	return parts, unknown


def _add(more: dict[str, Any], part: dict[str, Any]) -> None:
	"""Two shared posts in one message are two rows of one list."""
	for key, value in part.items():
		known = more.get(key)
		more[key] = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value


def file_of(kind: str) -> Reader:
	"""A file behind an address that expires."""

	def reader(payload: dict[str, Any], attachment: dict[str, Any]) -> Content | None:
		url = text(payload.get("url"))
		if not url:
			return None
		sticker = payload.get("sticker_id")
		actual = "Sticker" if sticker else kind
		media = Media(
			actual, media_id=ident(payload.get("attachment_id")), url=url, file_name=text(payload.get("name"))
		)
		return Content(actual, media=(media,), more=filled(sticker_id=ident(sticker)))

	return reader


def shared(kind: str) -> Reader:
	"""Somebody's post, reel or page that was passed on: an address and a title, no file of the person's own."""

	def reader(payload: dict[str, Any], attachment: dict[str, Any]) -> Content | None:
		url = text(payload.get("url") or attachment.get("url"))
		title = text(payload.get("title") or attachment.get("title"))
		if not (url or title):
			return None
		return Content(
			"Text",
			"\n".join(filter(None, (title, url))),
			more={"shared": [filled(kind=kind, url=url, title=title)]},
		)

	return reader


def location(payload: dict[str, Any], attachment: dict[str, Any]) -> Content | None:
	"""A place; 0 is a degree like any other."""
	place = obj(payload.get("coordinates"))
	latitude, longitude = number(place.get("lat")), number(place.get("long"))
	if latitude is None or longitude is None:
		return None
	name = text(attachment.get("title"))
	return Content("Location", name, more={"latitude": latitude, "longitude": longitude, **filled(name=name)})


def template(payload: dict[str, Any], attachment: dict[str, Any]) -> Content | None:
	"""Text with buttons, which comes back as an echo of what the business sent."""
	first = obj(next(iter(rows(payload.get("elements"))), {}))
	written = text(payload.get("text")) or text(first.get("title")) or text(attachment.get("title"))
	labels = [text(row.get("title")) for row in rows(payload.get("buttons") or first.get("buttons"))]
	return (
		Content("Buttons", written, more=filled(buttons=[label for label in labels if label]))
		if payload
		else None
	)


def mention(payload: dict[str, Any], attachment: dict[str, Any]) -> Content | None:
	"""The person showed the business in a story: a picture or film that is there for a day."""
	url = text(payload.get("url"))
	return Content("Image", media=(Media("Image", url=url),), more={"story_mention": True}) if url else None


def heart(payload: dict[str, Any], attachment: dict[str, Any]) -> Content | None:
	"""The heart that Instagram sends with a double tap."""
	return Content("Text", "❤️", more={"like_heart": True})
