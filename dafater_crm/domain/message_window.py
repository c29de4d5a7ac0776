"""Until when a business may write to a person, and what: the providers' service windows.

The window begins with the last message that the person wrote. Echoes, statuses, reactions and notices of the system do not open it.
Moments are all in one time zone.

	channel               under 24 hours   under 7 days                later
	WhatsApp              anything         approved templates          approved templates
	Messenger, Instagram  anything         a person's answer by hand   nothing
	E-mail, SMS           anything         anything                    anything
"""

from __future__ import annotations

from datetime import datetime, timedelta

from .channels import EMAIL, INSTAGRAM, MESSENGER, SMS, WHATSAPP, ChannelEvent, InboundMessage
from .errors import RuleError

OPEN, HUMAN_AGENT, TEMPLATES_ONLY, CLOSED = "Open", "Human Agent", "Templates Only", "Closed"
WINDOW = timedelta(hours=24)
HUMAN_AGENT_WINDOW = timedelta(days=7)
_WITHOUT_WINDOW = (EMAIL, SMS)
_WITH_HUMAN_AGENT = (MESSENGER, INSTAGRAM)


def opens_window(event: ChannelEvent) -> bool:
	"""Tell whether the person wrote: only that begins the window anew."""
	return isinstance(event, InboundMessage) and not event.is_echo and event.message_type != "System"


def state(channel: str, last_inbound_on: datetime | None, now: datetime) -> str:
	"""Return "Open", "Human Agent", "Templates Only" or "Closed".

	The window of 24 hours is open at 23:59:59 after the message and shut at 24:00:00; the 7 days likewise. Without a message of
	the person it never was open. A message from the future (the provider's clock runs ahead) counts as of now.
	"""
	if channel in _WITHOUT_WINDOW:
		return OPEN
	passed = None if last_inbound_on is None else now - last_inbound_on
	if passed is not None and passed < WINDOW:
		return OPEN
	if channel == WHATSAPP:
		return TEMPLATES_ONLY
	if channel in _WITH_HUMAN_AGENT and passed is not None and passed < HUMAN_AGENT_WINDOW:
		return HUMAN_AGENT
	return CLOSED


def closes_on(channel: str, last_inbound_on: datetime | None) -> datetime | None:
	"""Return the moment at which free answers end; None where there is no window, or it never opened."""
	if channel in _WITHOUT_WINDOW or last_inbound_on is None:
		return None
	return last_inbound_on + WINDOW


def may_send(
	channel: str, kind: str, last_inbound_on: datetime | None, now: datetime, by_person: bool = True
) -> bool:
	"""Tell whether a message of this kind may go out now. `by_person`: somebody wrote it, no program did.

	A read mark may always go; a template may always go where the channel has templates.
	"""
	if kind == "Read Mark":
		return True
	if kind == "Template":
		return channel == WHATSAPP
	current = state(channel, last_inbound_on, now)
	return current == OPEN or (current == HUMAN_AGENT and by_person)


def check_may_send(
	channel: str, kind: str, last_inbound_on: datetime | None, now: datetime, by_person: bool = True
) -> None:
	"""Raise RuleError "window_needs_template" or "window_closed", which say what to do, unless it may go out now."""
	if may_send(channel, kind, last_inbound_on, now, by_person):
		return
	if kind == "Template":
		raise RuleError("channel_without_templates")
	raise RuleError("window_needs_template" if channel == WHATSAPP else "window_closed")
