"""Which adapter speaks for which channel: the one way from the inbox to all of them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from dafater_crm.channels import instagram, messenger, whatsapp
from dafater_crm.channels.reading import obj, plain
from dafater_crm.domain.channels import (
	FAIL,
	INSTAGRAM,
	MESSENGER,
	SMS,
	WHATSAPP,
	AccountConfig,
	ChannelEvent,
	OutboundMessage,
	Sender,
	SendError,
	SendResult,
	Unparsed,
)

_PARSERS = {WHATSAPP: whatsapp, MESSENGER: messenger, INSTAGRAM: instagram}
_OBJECTS = {"whatsapp_business_account": WHATSAPP, "page": MESSENGER, "instagram": INSTAGRAM}
# by name: reading a delivery needs neither an HTTP client nor Frappe's SMS settings
_SENDERS = {WHATSAPP: "whatsapp_send", MESSENGER: "messenger_send", INSTAGRAM: "instagram_send", SMS: "sms"}


def channel_of(body: Any) -> str | None:
	"""Return the channel that a delivery is from, or None."""
	kind = obj(body).get("object")
	return _OBJECTS.get(kind) if isinstance(kind, str) else None


def parse(body: Any) -> list[ChannelEvent]:
	"""Return every event of a delivery of any channel, in its order. Never raises."""
	channel = channel_of(body)
	if channel is None:
		return [Unparsed(None, "a delivery of no known channel", plain(obj(body)))]
	return _PARSERS[channel].parse(body)


def account_ids(body: Any) -> list[str]:
	"""Return the ids (phone number, page, Instagram account) that a delivery is for, each once; [] where it names none."""
	channel = channel_of(body)
	return _PARSERS[channel].account_ids(body) if channel else []


def business_ids(body: Any) -> list[str]:
	"""Return the WhatsApp business accounts that a delivery is for: a notice about a template names no number."""
	return whatsapp.business_ids(body) if channel_of(body) == WHATSAPP else []


def send(account: AccountConfig, message: OutboundMessage) -> SendResult:
	"""Hand one message to the provider. Raises SendError, whose `action` says what to do about it.

	Makes HTTP calls of up to `account.timeout` seconds: for jobs, never inside a request.
	"""
	module = _SENDERS.get(account.channel)
	if module is None:
		raise SendError("channel", f"nothing can be sent through {account.channel} here", FAIL)
	return import_module(f"dafater_crm.channels.{module}").send(account, message)


def profile(account: AccountConfig, user_id: str) -> Sender | None:
	"""Return who somebody is, where the provider has to be asked (Messenger, Instagram); None elsewhere. Raises SendError. For jobs."""
	return import_module("dafater_crm.channels.profiles").profile(account, user_id)
