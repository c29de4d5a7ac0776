"""The WhatsApp steps of a batch: planned in the batch's transaction, sent by `whatsapp` after its commit."""

from __future__ import annotations

from dafater_crm.domain import nurture
from dafater_crm.records.nurture import ledger, plans, templates


def plan(batch, rows: list[dict]) -> None:
	"""Write the ledger rows of these enrolments and move them on. What cannot be sent now waits, an hour at a time."""
	sendable = {
		number: templates.can_be_sent(batch.sequence.steps[number - 1].message_template, batch.sequence)
		for number in {row.current_step for row in rows}
	}
	ready = [row for row in rows if sendable[row.current_step]]
	waiting = [row for row in rows if not sendable[row.current_step]]
	batch.put_off(waiting, plans.opening(batch.sequence, batch.now + nurture.SHORTEST_GAP))
	entries = batch.entries(ready)
	ledger.plan(entries)
	batch.planned += [entry["name"] for entry in entries]
	for row in ready:
		batch.went(row, sent=True)
