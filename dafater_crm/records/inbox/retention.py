"""What is not kept for ever: deliveries as they came, and statuses of messages that are not ours.

Messages stay with their conversation, which goes when somebody with the right deletes it.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.utils import cint, now_datetime

EVENT, PARKED = "Dafater Channel Event", "Dafater Message Status"
SETTINGS = "Dafater Inbox Settings"
KEEP_DAYS = 30
# what nobody could read is kept longer, for somebody to look at
FAILED_TIMES = 3
BATCH = 1000
# providers repeat a delivery for a week
LEAST_DAYS = 8


def run() -> None:
	"""Daily: forget what is older than the settings say, in batches that are committed."""
	days = max(LEAST_DAYS, cint(frappe.get_cached_doc(SETTINGS).keep_events_days) or KEEP_DAYS)
	now = now_datetime()
	for status, kept in (("Done", days), ("Ignored", days), ("Failed", days * FAILED_TIMES)):
		_forget(EVENT, now - timedelta(days=kept), status)
	_forget(PARKED, now - timedelta(days=days))


def _forget(doctype: str, before, status: str | None = None) -> None:
	table = frappe.qb.DocType(doctype)
	while True:
		query = frappe.qb.from_(table).select(table.name).where(table.creation < before).limit(BATCH)
		if status:
			query = query.where((table.status == status) & table.retry_on.isnull())
		names = query.run(pluck=True)
		if not names:
			return
		frappe.qb.from_(table).delete().where(table.name.isin(names)).run()
		frappe.db.commit()  # nosemgrep: manual-commit - a job, one batch a transaction


def forget_conversation(conversation: str) -> None:
	"""What belongs to a conversation goes with it; its files go by Frappe. In the caller's transaction."""
	for doctype in ("Dafater Message Attachment", "Dafater Message", "Dafater Conversation Log"):
		table = frappe.qb.DocType(doctype)
		frappe.qb.from_(table).delete().where(table.conversation == conversation).run()
