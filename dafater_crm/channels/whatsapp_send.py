"""WhatsApp: a message → the Cloud API's body, and the call."""

from __future__ import annotations

from typing import Any

from dafater_crm.channels.graph import call
from dafater_crm.channels.outgoing import checked, required
from dafater_crm.channels.reading import filled, ident, obj, rows, text
from dafater_crm.domain.channels import (
	FAIL,
	MEDIA_KINDS,
	AccountConfig,
	Media,
	OutboundMessage,
	SendError,
	SendResult,
)

_WITH_CAPTION = ("Image", "Video", "Document")


def send(account: AccountConfig, message: OutboundMessage) -> SendResult:
	"""Send one message. Raises SendError."""
	answer = call(account, "POST", f"{account.external_id}/messages", json=payload(message))
	if message.kind == "Read Mark":
		return SendResult(None, "Seen")
	sent = next(iter(rows(answer.get("messages"))), {})
	provider_id = ident(sent.get("id"))
	if not provider_id:
		raise SendError("answer", "the answer names no message", FAIL, uncertain=True)
	held = text(sent.get("message_status")) in ("held_for_quality_assessment", "paused")
	return SendResult(provider_id, "Sending" if held else "Sent")


def payload(message: OutboundMessage) -> dict[str, Any]:
	"""The body for POST /<phone number id>/messages. Raises SendError for what cannot be sent: no recipient, too long."""
	if message.kind == "Read Mark":
		target = required(message.reply_to_id, "a read mark needs its message")
		return {"messaging_product": "whatsapp", "status": "read", "message_id": target}
	kind, part = _part(checked("WhatsApp", message))
	body = {
		"messaging_product": "whatsapp",
		"recipient_type": "individual",
		**_recipient(message),
		"type": kind,
		kind: part,
	}
	if message.reply_to_id and kind != "reaction":
		body["context"] = {"message_id": message.reply_to_id}
	if message.our_key:
		body["biz_opaque_callback_data"] = message.our_key
	return body


def _recipient(message: OutboundMessage) -> dict[str, str]:
	"""The number where it is known; the user id of somebody who hides the number otherwise."""
	if message.to.phone:
		return {"to": message.to.phone.removeprefix("+")}
	return {"recipient": required(message.to.user_id, "the message has no recipient")}


def _part(message: OutboundMessage) -> tuple[str, dict[str, Any]]:
	if message.kind == "Text":
		return "text", {"body": message.text, "preview_url": False}
	if message.kind in MEDIA_KINDS:
		return message.kind.lower(), _file(message)
	builder = _BUILDERS.get(message.kind)
	if builder is None:
		raise SendError("kind", f"{message.kind} cannot be sent through WhatsApp", FAIL)
	return builder(message)


def _file(message: OutboundMessage) -> dict[str, Any]:
	media = required(message.media, "the message has no file")
	caption = message.text if message.kind in _WITH_CAPTION else ""
	return filled(
		**_reference(media), caption=caption, filename=media.file_name if message.kind == "Document" else ""
	)


def _reference(media: Media) -> dict[str, str]:
	if media.media_id:
		return {"id": media.media_id}
	return {"link": required(media.url, "the file was not uploaded")}


def _template(message: OutboundMessage) -> tuple[str, dict[str, Any]]:
	template = obj(message.template)
	name = required(template.get("name"), "the message has no template")
	language = required(template.get("language"), "the template has no language")
	components = [
		*_header(template.get("header")),
		*_values(template.get("body")),
		*_template_buttons(template),
	]
	return "template", filled(name=name, language={"code": language}, components=components)


def _header(header: Media | str | None) -> list[dict[str, Any]]:
	if not header:
		return []
	if isinstance(header, Media):
		kind = header.kind.lower()
		value = filled(**_reference(header), filename=header.file_name if header.kind == "Document" else "")
		return [{"type": "header", "parameters": [{"type": kind, kind: value}]}]
	return [{"type": "header", "parameters": [{"type": "text", "text": header}]}]


def _values(values: Any) -> list[dict[str, Any]]:
	parameters = [{"type": "text", "text": _one_line(value)} for value in values or ()]
	return [{"type": "body", "parameters": parameters}] if parameters else []


def _one_line(value: Any) -> str:
	"""The API refuses line breaks, tabs and more than four spaces in a value."""
	return " ".join(text(value).split())


def _template_buttons(template: dict[str, Any]) -> list[dict[str, Any]]:
	return [
		{
			"type": "button",
			"sub_type": text(row.get("sub_type")) or "url",
			"index": text(row.get("index")),
			"parameters": [_button_value(row)],
		}
		for row in rows(template.get("buttons"))
	]


def _button_value(row: dict[str, Any]) -> dict[str, str]:
	if row.get("sub_type") == "quick_reply":
		return {"type": "payload", "payload": text(row.get("value"))}
	return {"type": "text", "text": text(row.get("value"))}


def _buttons(message: OutboundMessage) -> tuple[str, dict[str, Any]]:
	buttons = [{"type": "reply", "reply": {"id": label, "title": label}} for label in message.buttons]
	return "interactive", {"type": "button", "body": {"text": message.text}, "action": {"buttons": buttons}}


def _location(message: OutboundMessage) -> tuple[str, dict[str, Any]]:
	place = required(message.location, "the message has no place")
	return "location", filled(**{key: place.get(key) for key in ("latitude", "longitude", "name", "address")})


def _reaction(message: OutboundMessage) -> tuple[str, dict[str, Any]]:
	target = required(message.reply_to_id, "a reaction needs its message")
	return "reaction", {"message_id": target, "emoji": message.text}


_BUILDERS = {"Template": _template, "Buttons": _buttons, "Location": _location, "Reaction": _reaction}
