"""What follows a mail (sequences, class, lead, assignment): owed by a row of deliveries, written with the message, until it is done.

A mail is no delivery of a provider, so the drain leaves these rows alone. The row names the message; a worker that dies in the steps, and
a step that fails, leave it due.
"""

from __future__ import annotations

import json

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain.channels import EMAIL
from dafater_crm.records.inbox import ending, keys, steps, wake
from dafater_crm.records.inbox.acting import as_system
from dafater_crm.records.inbox.ending import EVENT, STEPS_LEASE, Outcome
from dafater_crm.records.inbox.parts import Written
from dafater_crm.records.raw_rows import append_rows

MESSAGE = "Dafater Message"
RUN = "dafater_crm.records.inbox.mail_steps.run"
MOST = 200


def owe(account: str, message: str) -> str:
	"""Write down, in the transaction of the message, that its steps are to be done. Returns the row. One statement."""
	now = now_datetime()
	row = {
		"account": account,
		"channel": EMAIL,
		"status": "Received",
		"received_on": now,
		"retry_on": now + STEPS_LEASE,
		"attempts": 0,
		"body_hash": keys.fingerprint(f"{EMAIL}:{message}".encode()),
		"body": json.dumps({"message": message}),
	}
	return append_rows(EVENT, [row], ignore_doubles=True)[0]


def follow(row: dict, written: Written) -> None:
	"""Do the steps of a mail and write how it ended. Commits.

	:param row: name and attempts of what is owed, which the caller has leased and committed.
	"""
	outcome = Outcome()
	outcome.touched.append(written)
	outcome.errors += steps.after_inbound(written.conversation)
	ending.finish([(row, outcome)])
	frappe.db.commit()  # nosemgrep: manual-commit - the steps are done, or due again
	steps.tell(outcome.changed())


def every_minute() -> None:
	"""Scheduler: wake the job where something is owed."""
	if _due():
		wake.now(RUN, "mail-steps", workers=1)


def run() -> int:
	"""Job: do what is due. Returns how many mails were looked at. Safe to run many at once."""
	with as_system():
		names = _due()
		frappe.db.commit()  # nosemgrep: manual-commit - each mail is a transaction of its own
		for name in names:
			_again(name)
		return len(names)


def _again(name: str) -> None:
	row = ending.claim([name]).get(name)
	ending.lease([name] if row else [])
	frappe.db.commit()  # nosemgrep: manual-commit - the claim is a time, since steps commit
	if not row:
		return
	message = json.loads(frappe.db.get_value(EVENT, name, "body")).get("message")
	conversation = frappe.db.get_value(MESSAGE, message, "conversation") if message else None
	if conversation:
		follow(row, Written(conversation, message, inbound=True))
		return
	# somebody deleted the conversation: it owes nothing
	ending.finish([(row, Outcome())])
	frappe.db.commit()  # nosemgrep: manual-commit - a job's own bookkeeping


def _due() -> list[str]:
	table = frappe.qb.DocType(EVENT)
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.status.isin(["Received", "Failed"]) & (table.retry_on <= now_datetime()))
		.where(table.channel == EMAIL)
		.orderby(table.retry_on)
		.limit(MOST)
		.run(pluck=True)
	)
