"""Whom a sequence may reach by which kind of message, and whom by none. Fixed statements for any number of records."""

from __future__ import annotations

from dataclasses import dataclass

from dafater_crm.domain import nurture
from dafater_crm.queries import suppression
from dafater_crm.records.nurture import people, reasons
from dafater_crm.records.nurture.plans import kinds_of

CHANNELS = {nurture.EMAIL: suppression.EMAIL, nurture.WHATSAPP: suppression.WHATSAPP}


@dataclass(frozen=True)
class Bars:
	"""`ends`: record -> why it has no place in the sequence. `of_kind`: kind of message -> record -> why no such step reaches it."""

	ends: dict[str, str]
	of_kind: dict[str, dict[str, str]]

	def against(self, kind: str, record: str) -> str | None:
		return self.of_kind.get(kind, {}).get(record)


def bars(sequence, rows: dict[str, dict]) -> Bars:
	"""What keeps these records from being reached now. Addresses and consent matter to messages only, not to tasks."""
	kinds = kinds_of(sequence)
	promotional = bool(kinds) and sequence.purpose == "Promotional"
	found = suppression.reasons(
		(people.addressee(sequence.applies_to, row) for row in rows.values()),
		[CHANNELS[kind] for kind in kinds or (nurture.EMAIL,)],
		promotional,
		promotional and bool(sequence.requires_consent),
	)
	of_kind = {
		kind: {name: reasons.OF_SUPPRESSION[reason] for name, reason in found.get(channel, {}).items()}
		for kind, channel in CHANNELS.items()
	}
	if not kinds:
		# tasks alone: a colleague acts, so only the wish not to be contacted counts, an address does not
		ends = {
			name: reason for name, reason in of_kind[nurture.EMAIL].items() if reason != reasons.NO_ADDRESS
		}
		return Bars(ends, {})
	judged = {
		name: nurture.reason_to_end(
			kinds, {kind: of_kind[kind][name] for kind in kinds if name in of_kind[kind]}, reasons.FINAL
		)
		for name in rows
	}
	return Bars({name: reason for name, reason in judged.items() if reason}, of_kind)
