"""Checks before a message leaves, the same for every adapter."""

from __future__ import annotations

from typing import TypeVar

from dafater_crm.domain.channels import FAIL, MEDIA_KINDS, OutboundMessage, SendError
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.message_limits import check_buttons, check_text, has_captions

Value = TypeVar("Value")


def required(value: Value | None, message: str) -> Value:
	"""Return the value; raise a SendError that ends the message where it is missing."""
	if not value:
		raise SendError("incomplete", message, FAIL)
	return value


def checked(channel: str, message: OutboundMessage) -> OutboundMessage:
	"""Return the message; raise a SendError that ends it where its texts do not fit the channel.

	Whoever queues a message checks it before, so that a person hears of it at once. This is for what comes another way.
	"""
	try:
		if message.kind in ("Text", "Buttons", *MEDIA_KINDS):
			check_text(channel, message.text, message.kind)
		if message.kind == "Buttons":
			check_buttons(channel, required(message.buttons, "the message has no buttons"))
	except RuleError as error:
		raise SendError(error.code, str(error), FAIL) from None
	if message.text and message.kind in MEDIA_KINDS and not has_captions(channel):
		raise SendError("caption", f"a file carries no text on {channel}; send the text by itself", FAIL)
	return message
