"""Messenger: a message → the Send API's body, and the call."""

from __future__ import annotations

from typing import Any

from dafater_crm.channels import messaging_send
from dafater_crm.domain.channels import MESSENGER, AccountConfig, OutboundMessage, SendResult


def send(account: AccountConfig, message: OutboundMessage) -> SendResult:
	"""Send one message. Raises SendError."""
	return messaging_send.deliver(account, message, payload(message))


def payload(message: OutboundMessage) -> dict[str, Any]:
	"""The body for POST /<page>/messages. `metadata` comes back with the echo, which may be faster than the answer.

	Raises SendError for what cannot be sent: no recipient, too long, a reaction (the API has none for pages).
	"""
	if message.kind == "Read Mark":
		return messaging_send.read_mark(message)
	body = messaging_send.message_body(MESSENGER, message)
	if message.our_key:
		body["message"]["metadata"] = message.our_key
	return body
