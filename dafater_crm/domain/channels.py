"""What travels between the channels and the inbox: events that came in, messages that go out.

Every channel's adapter speaks in these records; nothing behind it knows a provider's JSON. Moments are UTC without a zone, as the
providers mean them; whoever stores them turns them into the site's time. Nothing here looks anything up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

WHATSAPP, MESSENGER, INSTAGRAM, EMAIL, SMS = "WhatsApp", "Messenger", "Instagram", "E-mail", "SMS"
CHANNELS = (WHATSAPP, MESSENGER, INSTAGRAM, EMAIL, SMS)

# kinds of a file, as Dafater Message Attachment knows them
MEDIA_KINDS = ("Image", "Video", "Audio", "Document", "Sticker")
# options of Dafater Message.message_type
MESSAGE_TYPES = (
	"Text",
	*MEDIA_KINDS,
	"Location",
	"Contacts",
	"Template",
	"Buttons",
	"Button Reply",
	"Order",
	"System",
	"Unsupported",
)
# what may be sent; the last two are no messages of their own
OUTBOUND_KINDS = ("Text", *MEDIA_KINDS, "Template", "Buttons", "Location", "Reaction", "Read Mark")
STATUSES = ("Sent", "Delivered", "Seen", "Failed")

# what to do about a send that failed; see domain/send_errors.py
RETRY, LATER, STOP, FAIL = "retry", "later", "stop", "fail"
ACTIONS = (RETRY, LATER, STOP, FAIL)


@dataclass(frozen=True)
class Sender:
	"""The person at the other end. `user_id` is the provider's; `phone` is E.164 with + and may be missing although there is a user."""

	user_id: str | None = None
	phone: str | None = None
	name: str = ""
	username: str = ""


@dataclass(frozen=True)
class Media:
	"""A file of a message. `media_id` or `url` says where it can be fetched; `sha256` is in hex."""

	kind: str
	media_id: str | None = None
	url: str | None = None
	mime_type: str = ""
	sha256: str | None = None
	file_name: str = ""


@dataclass(frozen=True)
class InboundMessage:
	"""A message that a person wrote, or (`is_echo`) that the business wrote elsewhere: in the provider's app, or we ourselves.

	`account_id` is the phone number id, page id or Instagram id; `sender` is always the person outside, also of an echo. `content`
	holds what the type needs beside `text` (a location's figures, an order's items), and under "raw" all of it where the type is
	unknown. `our_key` is the key that we sent along, where an echo gives it back.
	"""

	account_id: str
	provider_id: str
	sender: Sender
	message_on: datetime
	message_type: str
	text: str = ""
	media: tuple[Media, ...] = ()
	reply_to_id: str | None = None
	content: dict[str, Any] = field(default_factory=dict)
	is_echo: bool = False
	our_key: str | None = None


@dataclass(frozen=True)
class StatusUpdate:
	"""What became of a message of ours: of the one with `provider_id`, or of all to `recipient_id` up to `watermark`."""

	account_id: str
	provider_id: str | None
	status: str
	happened_on: datetime
	recipient_id: str | None = None
	recipient_phone: str | None = None
	watermark: datetime | None = None
	our_key: str | None = None
	error_code: str | None = None
	error: str | None = None


@dataclass(frozen=True)
class Reaction:
	"""An emoji on a message; "" takes it back. `from_us`: the business reacted in the provider's own app."""

	account_id: str
	target_id: str
	sender: Sender
	emoji: str
	happened_on: datetime
	from_us: bool = False


@dataclass(frozen=True)
class Edit:
	"""A message was written anew."""

	account_id: str
	target_id: str
	text: str
	happened_on: datetime


@dataclass(frozen=True)
class Deletion:
	"""A message was taken back: its text and files may not be shown any more."""

	account_id: str
	target_id: str
	happened_on: datetime


@dataclass(frozen=True)
class Preference:
	"""A person allows marketing messages, or no longer does."""

	account_id: str
	sender: Sender
	marketing: bool
	happened_on: datetime


@dataclass(frozen=True)
class AccountNotice:
	"""Something about the account itself. `kind`: "Template Status", "Template Category", "Template Quality", "Number Quality", "Account"."""

	account_id: str | None
	business_id: str | None
	kind: str
	values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class IdentityChange:
	"""The same person under another number or user id."""

	account_id: str
	old: Sender
	new: Sender


@dataclass(frozen=True)
class Unparsed:
	"""A part of a delivery that says nothing we know. Kept, so that nothing is lost without a trace."""

	account_id: str | None
	reason: str
	raw: dict[str, Any]


ChannelEvent = (
	InboundMessage
	| StatusUpdate
	| Reaction
	| Edit
	| Deletion
	| Preference
	| AccountNotice
	| IdentityChange
	| Unparsed
)


@dataclass(frozen=True)
class OutboundMessage:
	"""A message to send. `our_key` travels along and comes back with its statuses.

	`template`: {"name", "language", "header": Media | str | None, "body": [str, ...], "buttons": [{"index", "value"}, ...]}.
	`buttons`: one label each, answered by tapping. A "Reaction" has its emoji in `text` and its target in `reply_to_id`; a "Read Mark"
	has only the target. `within_window` is False where a person of the business answers after the 24 hours.
	"""

	to: Sender
	kind: str
	text: str = ""
	media: Media | None = None
	template: dict[str, Any] | None = None
	buttons: tuple[str, ...] = ()
	reply_to_id: str | None = None
	our_key: str | None = None
	within_window: bool = True
	location: dict[str, Any] | None = None


@dataclass(frozen=True)
class SendResult:
	"""The provider took the message. `provider_id` is None for what is no message of its own (read marks, SMS).

	`status` is "Sent", or "Sending" where the provider holds it back for now; a report follows then.
	"""

	provider_id: str | None
	status: str = "Sent"


@dataclass(frozen=True)
class AccountConfig:
	"""What a channel needs to speak for an account. Neither token nor secret shows in its repr, and so in no log.

	`base_url` "" is the provider's own address. `timeout`: seconds to connect, and between two bytes of an answer.
	"""

	channel: str
	external_id: str
	access_token: str = field(default="", repr=False)
	base_url: str = ""
	graph_version: str = ""
	business_account_id: str = ""
	app_secret: str = field(default="", repr=False)
	name: str = ""
	timeout: tuple[float, float] = (5.0, 20.0)


class SendError(Exception):
	"""A send, an upload or a download failed. `action`: what to do now; `retry_after`: seconds that the provider asked for, if any.

	`code` is the provider's ("131047", or "10/2018278" with its subcode), or one of ours: "network", "timeout", "http 503" and the
	like. The message never holds a token. `uncertain`: the message may have gone out all the same, since only the answer is missing;
	whoever sends it again first waits for a report with its own key.
	"""

	def __init__(
		self,
		code: str,
		message: str,
		action: str,
		retry_after: float | None = None,
		uncertain: bool = False,
	):
		super().__init__(f"{code}: {message}")
		self.code = code
		self.message = message
		self.action = action
		self.retry_after = retry_after
		self.uncertain = uncertain
