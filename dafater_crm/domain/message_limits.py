"""How much fits into one message of a channel."""

from __future__ import annotations

from collections.abc import Sequence

from .channels import EMAIL, INSTAGRAM, MEDIA_KINDS, MESSENGER, SMS, WHATSAPP
from .errors import RuleError

_CHARACTERS = {WHATSAPP: 4096, MESSENGER: 2000, SMS: 1530}
_BYTES = {INSTAGRAM: 1000}
WHATSAPP_CAPTION = 1024
WHATSAPP_BUTTON_TEXT = 1024
# channel → (most buttons, characters of each)
_BUTTONS = {WHATSAPP: (3, 20), MESSENGER: (13, 20), INSTAGRAM: (13, 20)}

# Instagram fetches files from a public address alone, and ours are private; an SMS is text
_WITH_FILES = (WHATSAPP, MESSENGER, EMAIL)


def takes_files(channel: str) -> bool:
	"""Tell whether a file can be sent."""
	return channel in _WITH_FILES


def check_files(channel: str, kind: str) -> None:
	"""Raise RuleError "channel_without_files" for a message that is a file, where none can be sent."""
	if kind in MEDIA_KINDS and not takes_files(channel):
		raise RuleError("channel_without_files")


def reactions(channel: str) -> tuple[str, ...] | None:
	"""The emojis that a business may put on a message; None is any.

	WhatsApp takes every emoji, Instagram a heart alone; Messenger has no reactions of pages.
	"""
	return None if channel == WHATSAPP else ("❤️",) if channel == INSTAGRAM else ()


def check_reaction(channel: str, emoji: str) -> None:
	"""Raise RuleError "channel_without_reactions" or "channel_only_heart" unless a business may put this emoji on a message; "" takes it back."""
	allowed = reactions(channel)
	if allowed is None:
		return
	if not allowed:
		raise RuleError("channel_without_reactions")
	# with or without the mark that asks for a coloured picture
	if emoji.rstrip("\ufe0f") not in ("", *(one.rstrip("\ufe0f") for one in allowed)):
		raise RuleError("channel_only_heart")


def has_captions(channel: str) -> bool:
	"""Tell whether a file may carry a text. Elsewhere (Messenger, Instagram) the text is a message of its own."""
	return channel not in (MESSENGER, INSTAGRAM)


def check_text(channel: str, text: str, kind: str = "Text") -> None:
	"""Raise RuleError "message_too_long", "message_too_long_in_bytes" or "message_empty" unless the text fits.

	Instagram counts bytes of UTF-8, of which an Arabic letter takes two. `kind` is that of the message: a caption is shorter.
	"""
	if not text.strip() and kind in ("Text", "Buttons"):
		raise RuleError("message_empty")
	if channel in _BYTES:
		size = len(text.encode("utf-8", "replace"))
		if size > _BYTES[channel]:
			raise RuleError("message_too_long_in_bytes", size=size, most=_BYTES[channel])
		return
	most = _most_characters(channel, kind)
	if most is not None and len(text) > most:
		raise RuleError("message_too_long", length=len(text), most=most)


def button_limits(channel: str) -> tuple[int, int]:
	"""Most buttons below one text, and characters of each; (0, 0) where the channel has none."""
	return _BUTTONS.get(channel, (0, 0))


def check_buttons(channel: str, labels: Sequence[str]) -> None:
	"""Raise RuleError "message_buttons_too_many", "message_button_too_long" or "message_buttons_alike" unless the buttons fit.

	A tap comes back with what the button says, so no two may say the same; WhatsApp refuses them.
	"""
	most, longest = button_limits(channel)
	if len(labels) > most:
		raise RuleError("message_buttons_too_many", most=most)
	for label in labels:
		if len(label) > longest:
			raise RuleError("message_button_too_long", label=label, most=longest)
	if len(set(labels)) < len(labels):
		raise RuleError("message_buttons_alike")


def _most_characters(channel: str, kind: str) -> int | None:
	if channel == WHATSAPP and kind in MEDIA_KINDS:
		return WHATSAPP_CAPTION
	if channel == WHATSAPP and kind == "Buttons":
		return WHATSAPP_BUTTON_TEXT
	return _CHARACTERS.get(channel)
