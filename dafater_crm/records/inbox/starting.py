"""A conversation that we begin: with a number or an address, whether the person ever wrote or not."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain.channels import EMAIL, Sender
from dafater_crm.records.inbox import accounts, conversations, identities, recognition, rows, writer
from dafater_crm.records.inbox.batch import Batch


def begin(account: str, sender: Sender, status: str = "Open", **links) -> str:
	"""Return the person's open conversation, or a new one, on `account`. Commits what the caller has written, and itself.

	`status`: of a new one; "Pending" where a program writes, so that nobody is asked for an answer before the person has written.
	`links`: lead, contact or customer that the person is known to be, noted where nothing is known yet.
	"""
	row = accounts.row(account)
	for _attempt in range(3):
		found = identities.ensure(row.channel, row.name, [sender])
		frappe.db.commit()  # nosemgrep: manual-commit - locks come first in a transaction, see `identities`
		try:
			locked = identities.lock(found.all_names())
			break
		except identities.Moved:
			frappe.db.rollback()
	else:
		raise frappe.QueryTimeoutError("the person changed three times while waiting")
	person = writer.settled(row, found, locked)[sender]
	note_address(person, row.channel, sender)
	known = {field: value for field, value in links.items() if value and not person[field]}
	if known:
		rows.update(identities.IDENTITY, person.name, **known)
		person.update(known)
	recognition.recognise(person)
	batch = Batch()
	conversation = conversations.for_outbound(row, person, now_datetime(), batch, status)
	batch.flush()
	frappe.db.commit()  # nosemgrep: manual-commit - the person's lock is not kept while a PDF is made or a mail is written
	return conversation.name


def note_address(person: dict, channel: str, sender: Sender) -> None:
	"""On e-mail the person's id is the address."""
	if channel == EMAIL and sender.user_id and person.email_id != sender.user_id:
		rows.update(identities.IDENTITY, person.name, email_id=sender.user_id)
		person.email_id = sender.user_id
