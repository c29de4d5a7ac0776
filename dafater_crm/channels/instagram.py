"""Instagram messages: a delivery → events. Pure; sending is in instagram_send.py."""

from __future__ import annotations

from typing import Any

from dafater_crm.channels import messaging
from dafater_crm.channels.messaging_content import file_of, heart, location, mention, shared, template
from dafater_crm.domain.channels import ChannelEvent

_DIALECT = messaging.Dialect(
	attachments={
		"image": file_of("Image"),
		"video": file_of("Video"),
		"audio": file_of("Audio"),
		"file": file_of("Document"),
		"location": location,
		"template": template,
		"share": shared("post"),
		"post": shared("post"),
		"ig_post": shared("post"),
		"reel": shared("reel"),
		"ig_reel": shared("reel"),
		"fallback": shared("page"),
		"story_mention": mention,
		"like_heart": heart,
	}
)


def parse(body: Any) -> list[ChannelEvent]:
	"""Return every event of a delivery, in its order. Never raises. A message taken back is a `Deletion`."""
	return messaging.parse(body, _DIALECT)


def account_ids(body: Any) -> list[str]:
	"""Instagram account ids that a delivery is for, each once."""
	return messaging.account_ids(body)
