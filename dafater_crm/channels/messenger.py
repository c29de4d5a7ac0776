"""Messenger: a delivery → events. Pure; sending is in messenger_send.py."""

from __future__ import annotations

from typing import Any

from dafater_crm.channels import messaging
from dafater_crm.channels.messaging_content import file_of, location, shared, template
from dafater_crm.domain.channels import ChannelEvent

_DIALECT = messaging.Dialect(
	attachments={
		"image": file_of("Image"),
		"video": file_of("Video"),
		"audio": file_of("Audio"),
		"file": file_of("Document"),
		"location": location,
		"template": template,
		"fallback": shared("page"),
		"share": shared("post"),
		"post": shared("post"),
		"reel": shared("reel"),
		"ig_reel": shared("reel"),
	}
)


def parse(body: Any) -> list[ChannelEvent]:
	"""Return every event of a delivery, in its order. Never raises."""
	return messaging.parse(body, _DIALECT)


def account_ids(body: Any) -> list[str]:
	"""Page ids that a delivery is for, each once."""
	return messaging.account_ids(body)
