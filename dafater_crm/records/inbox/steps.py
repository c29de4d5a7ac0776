"""What follows a received message: sequences that a reply stops, class, lead, assignment, and word to open pages.

The class is found before the commit, where that works; everything else comes after it. Each step may come twice and changes nothing
then. One that fails does not keep the next from its work, and keeps its delivery due: all are done again, later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import frappe

from dafater_crm.records.inbox import assignment, classification, realtime, recognition, rows
from dafater_crm.records.inbox.batch import Batch, Received
from dafater_crm.records.nurture import stop

Step = Callable[[str], object]


def stop_sequences(conversation: str) -> None:
	"""A reply stops the sequences of whoever wrote. Commits."""
	stop.note_message(conversation)
	frappe.db.commit()  # nosemgrep: manual-commit - a step of its own, after the message's commit


# the class first: the rule for leads of strangers asks for it
ALL: tuple[Step, ...] = (stop_sequences, classification.classify, recognition.ensure_lead, assignment.assign)


def before_commit(batch: Batch) -> bool:
	"""Classify what a batch received, in its own transaction. False: it could not be, and is to be done after the commit."""
	try:
		classification.classify_received(batch)
		return True
	except Exception as error:
		if rows.is_passing(error):
			raise
		frappe.log_error(title="Dafater inbox: a batch was not classified")
		return False


def left(one: Received, nobody_found: bool, nurtured: bool) -> tuple[Step, ...]:
	"""What a conversation that is classified still needs after the commit; mostly nothing, where an agent has it.

	:param nobody_found: a moment ago nobody was found to answer it.
	:param nurtured: there are people in sequences.
	"""
	found: list[Step] = [stop_sequences] if nurtured else []
	if not nobody_found and recognition.is_wanted(one.account, one.row):
		found.append(recognition.ensure_lead)
	if not nobody_found and assignment.is_wanted(one.row):
		found.append(assignment.assign)
	return tuple(found)


def after_inbound(conversation: str, steps: tuple[Step, ...] = ALL) -> list[str]:
	"""Find out what a conversation is about and who answers. Each step commits what it did.

	Returns what failed, in words; the caller keeps it due.
	"""
	failed = []
	for step in steps:
		try:
			step(conversation)
		except Exception as error:
			frappe.db.rollback()
			failed.append(f"{step.__name__} of {conversation}: {type(error).__name__}: {error}")
			if not rows.is_passing(error):
				frappe.log_error(title=f"Dafater inbox: {step.__name__} of {conversation}")
				frappe.db.commit()  # nosemgrep: manual-commit - the log stays, whatever the next step takes back
	return failed


def tell(changed: Iterable[tuple[str, str | None]]) -> None:
	"""Tell open pages that conversations changed; what changed is committed."""
	realtime.changed_many(changed)
