"""The Send API that Messenger and Instagram share: a message → its body."""

from __future__ import annotations

from typing import Any

from dafater_crm.channels.graph import call
from dafater_crm.channels.outgoing import checked, required
from dafater_crm.channels.reading import ident
from dafater_crm.domain.channels import (
	FAIL,
	MEDIA_KINDS,
	AccountConfig,
	OutboundMessage,
	SendError,
	SendResult,
)

_FILE_TYPES = {"Image": "image", "Sticker": "image", "Video": "video", "Audio": "audio", "Document": "file"}
ACTIONS = ("Read Mark", "Reaction")


def deliver(account: AccountConfig, message: OutboundMessage, body: dict[str, Any]) -> SendResult:
	"""Post a body to /<account>/messages. Raises SendError."""
	answer = call(account, "POST", f"{account.external_id}/messages", json=body)
	if message.kind in ACTIONS:
		return SendResult(None, "Sent")
	provider_id = ident(answer.get("message_id"))
	if not provider_id:
		raise SendError("answer", "the answer names no message", FAIL, uncertain=True)
	return SendResult(provider_id)


def message_body(channel: str, message: OutboundMessage) -> dict[str, Any]:
	"""The body of a message. After 24 hours it bears the tag of a human agent, good for 7 days and for what a person wrote."""
	body: dict[str, Any] = {
		"recipient": recipient(message),
		"message": _content(channel, checked(channel, message)),
	}
	if message.within_window:
		body["messaging_type"] = "RESPONSE"
	else:
		body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
	if message.reply_to_id:
		body["reply_to"] = {"mid": message.reply_to_id}
	return body


def read_mark(message: OutboundMessage) -> dict[str, Any]:
	"""Everything so far was seen."""
	return {"recipient": recipient(message), "sender_action": "mark_seen"}


def recipient(message: OutboundMessage) -> dict[str, str]:
	return {"id": required(message.to.user_id, "the message has no recipient")}


def _content(channel: str, message: OutboundMessage) -> dict[str, Any]:
	if message.kind == "Text":
		return {"text": message.text}
	if message.kind == "Buttons":
		replies = [{"content_type": "text", "title": label, "payload": label} for label in message.buttons]
		return {"text": message.text, "quick_replies": replies}
	if message.kind in MEDIA_KINDS:
		media = required(message.media, "the message has no file")
		where = (
			{"attachment_id": media.media_id}
			if media.media_id
			else {"url": required(media.url, "the file was not uploaded")}
		)
		return {"attachment": {"type": _FILE_TYPES[message.kind], "payload": where}}
	raise SendError("kind", f"{message.kind} cannot be sent through {channel}", FAIL)
