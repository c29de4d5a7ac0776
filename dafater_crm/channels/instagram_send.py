"""Instagram: a message → the Send API's body, and the call."""

from __future__ import annotations

from typing import Any

from dafater_crm.channels import messaging_send
from dafater_crm.channels.outgoing import required
from dafater_crm.domain.channels import INSTAGRAM, AccountConfig, OutboundMessage, SendResult


def send(account: AccountConfig, message: OutboundMessage) -> SendResult:
	"""Send one message. Raises SendError."""
	return messaging_send.deliver(account, message, payload(message))


def payload(message: OutboundMessage) -> dict[str, Any]:
	"""The body for POST /<account>/messages. Files go by public address alone: the API takes no upload.

	The one reaction that it lets a business give is the heart. Raises SendError for what cannot be sent.
	"""
	if message.kind == "Read Mark":
		return messaging_send.read_mark(message)
	if message.kind == "Reaction":
		return _reaction(message)
	return messaging_send.message_body(INSTAGRAM, message)


def _reaction(message: OutboundMessage) -> dict[str, Any]:
	target = {"message_id": required(message.reply_to_id, "a reaction needs its message")}
	recipient = messaging_send.recipient(message)
	if not message.text:
		return {"recipient": recipient, "sender_action": "unreact", "payload": target}
	return {"recipient": recipient, "sender_action": "react", "payload": {**target, "reaction": "love"}}
