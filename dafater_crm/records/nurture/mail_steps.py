"""The e-mail steps of a batch: ledger row, Communication and Email Queue row in the batch's own transaction."""

from __future__ import annotations

import frappe

from dafater_crm.domain import nurture
from dafater_crm.records.log_texts import MOST_TEXT, message_of
from dafater_crm.records.nurture import ledger, mail, people, plans, stop, texts
from dafater_crm.records.nurture.subjects import SUBJECTS


def send(batch, rows: list[dict]) -> None:
	"""Queue one mail for each of these enrolments. Their state and their next steps go to the batch. Does not commit."""
	if not rows:
		return
	account = mail.account_of(batch.sequence)
	if not account:
		# nothing is lost: the messages go out once the site has an outgoing account
		batch.put_off(rows, plans.opening(batch.sequence, batch.now + nurture.SHORTEST_GAP))
		return
	owners = people.owners(batch.doctype, batch.records)
	entries = batch.entries(rows)
	ledger.plan(entries)
	for row, entry in zip(rows, entries, strict=True):
		_send_one(batch, row, entry, account, owners)


def _send_one(batch, row: dict, entry: dict, account, owners: dict) -> None:
	"""One message in a savepoint: if it fails, the enrolment waits for a person and the others are sent."""
	record = batch.records[row.reference_name]
	owner = owners.get(record.get(SUBJECTS[batch.doctype].owner))
	frappe.db.savepoint("nurture_mail")
	try:
		subject, message = texts.render_step(batch.step(row), texts.values_of(batch.doctype, record, owner))
		communication, queued = mail.send(
			account, batch.doctype, record.name, entry["recipient"], subject, message
		)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise  # the whole transaction is gone: the drain starts the batch anew
	except Exception as error:
		frappe.db.rollback(save_point="nurture_mail")
		frappe.log_error(
			title=f"Nurture e-mail to {record.name} not prepared",
			reference_doctype=batch.doctype,
			reference_name=record.name,
		)
		reason = message_of(error, MOST_TEXT)
		ledger.settle([entry["name"]], ledger.FAILED, reason=reason)
		stop.pause([row.name], reason)
		batch.counts[ledger.FAILED] += 1
		return
	ledger.settle([entry["name"]], ledger.SENT, communication=communication, email_queue=queued)
	batch.counts[ledger.SENT] += 1
	batch.went(row, sent=True)
