"""What a message says, whichever channel it came through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dafater_crm.domain.channels import Media


@dataclass(frozen=True)
class Content:
	"""`message_type` is an option of Dafater Message; `more` becomes part of `InboundMessage.content`."""

	message_type: str
	text: str = ""
	media: tuple[Media, ...] = ()
	more: dict[str, Any] = field(default_factory=dict)
