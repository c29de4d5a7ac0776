"""The parts of deliveries on their way through the writers, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass

from dafater_crm.domain import channels
from dafater_crm.records.inbox import keys


class NotYet(Exception):
	"""The message that this is about has not come in."""


@dataclass
class Written:
	"""What an event did. `inbound`: a person outside wrote, so that somebody has to be found who answers."""

	conversation: str | None = None
	message: str | None = None
	inbound: bool = False


@dataclass
class Part:
	"""One event of a delivery, which is named. `people`: the locked rows by sender, see `identities`."""

	account: dict
	event: channels.ChannelEvent
	people: dict[channels.Sender, dict]
	delivery: str | None = None

	def is_message(self) -> bool:
		"""Does a person outside write?"""
		return isinstance(self.event, channels.InboundMessage) and not self.event.is_echo

	def is_report(self) -> bool:
		"""Is it told what became of one message of ours?"""
		return isinstance(self.event, channels.StatusUpdate) and bool(self.event.provider_id)

	def key(self, provider_id: str) -> str:
		return keys.provider_key(self.account.name, provider_id)
