"""Forgets what a person wrote and who it was, when a Personal Data Deletion Request is carried out.

Frappe redacts rows that it finds by an e-mail address, and a message has none: it is found through its person here. Frappe's other way,
replacing a name in every text of a table, would change what other people of that name wrote. That somebody wrote, when, and who
answered stays: it is the business's own record.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import now_datetime

from dafater_crm.records.inbox import ending, identities
from dafater_crm.records.raw_rows import update_rows

ATTACHMENT, CONVERSATION, MESSAGE = "Dafater Message Attachment", "Dafater Conversation", "Dafater Message"
LEAD = "Dafater Lead"
# what says who somebody is, and the keys made of it: who writes again is a stranger
PERSONAL = ("username", "phone", "phone_key", "user_id", "user_key", "email_id")
BATCH = 1000


def when_requested(request, method: str | None = None) -> None:
	"""Hook `on_update` of Personal Data Deletion Request: Frappe has written down its steps, and begins with them next.

	A System Manager has approved the request. Commits nothing.
	"""
	if request.status == "Pending Approval" and request.deletion_steps:
		forget(request.email)


def forget(email: str) -> int:
	"""Forget every person with this address, or behind a lead with it. Returns how many. Safe to repeat; commits nothing."""
	table, lead = frappe.qb.DocType(identities.IDENTITY), frappe.qb.DocType(LEAD)
	leads = frappe.qb.from_(lead).select(lead.name).where(lead.email_id == email).run(pluck=True)
	query = frappe.qb.from_(table).select(table.name)
	ours = table.email_id == email
	found = set(query.where(ours | table.lead.isin(leads) if leads else ours).run(pluck=True))
	# other ids of the same persons, which lead to them
	found |= set(query.where(table.merged_into.isin(sorted(found))).run(pluck=True)) if found else set()
	names = sorted(found)
	for name in names:
		_forget_messages(name)
		_forget_conversations(name)
	values = {**dict.fromkeys(PERSONAL), "display_name": _("Deleted Person")}
	update_rows(identities.IDENTITY, names, values)
	return len(names)


def _forget_messages(person: str) -> None:
	table = frappe.qb.DocType(MESSAGE)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.deliveries)
		.where((table.identity == person) & table.direction.isin(["Incoming", "Outgoing"]))
		.run()
	)
	for first in range(0, len(rows), BATCH):
		some = rows[first : first + BATCH]
		names = [name for name, _deliveries in some]
		_forget_files(names)
		update_rows(MESSAGE, names, {"body": "", "content": None, "deleted_on": now_datetime()})
		if deliveries := {one for _name, several in some for one in (several or "").split()}:
			ending.blank(deliveries)


def _forget_files(messages: list[str]) -> None:
	rows = frappe.get_all(ATTACHMENT, {"message": ("in", messages)}, ["name", "file"], limit=0)
	gone = {"file": None, "file_name": None, "provider_url": None, "provider_media_id": None}
	update_rows(ATTACHMENT, [row.name for row in rows], {**gone, "status": "Expired", "retry_on": None})
	for row in rows:
		if row.file:
			# the approved request is the permission
			frappe.delete_doc("File", row.file, ignore_permissions=True, force=True, ignore_missing=True)


def _forget_conversations(person: str) -> None:
	names = frappe.get_all(CONVERSATION, {"identity": person}, pluck="name", limit=0)
	update_rows(CONVERSATION, names, {"title": _("Deleted Person"), "subject": None, "last_message": ""})
	for name in names:
		frappe.clear_document_cache(CONVERSATION, name)
