"""Communication and Dafater Activity: last contact, and "Contacted" when somebody wrote, called or came."""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

from dafater_crm.erpnext import opt_out
from dafater_crm.queries.facts import TOUCHES
from dafater_crm.records import mail_capture, recompute, rescoring
from dafater_crm.records.inbox import mail_in

# of an activity: whether it is an answer, to what, and when
ANSWERS_BY = ("status", "activity_type", "done_on", "reference_doctype", "reference_name")
TOUCHED = ("Dafater Lead", "Dafater Prospect", "Dafater Opportunity")


def before_insert(doc, method: str | None = None) -> None:
	"""A received mail that makes no lead belongs to the record of its sender."""
	mail_capture.file_communication(doc)


def after_insert(doc, method: str | None = None) -> None:
	"""One statement on the record that the message belongs to; its status follows after the commit. A reply stops sequences."""
	if doc.get("communication_type") == "Communication":
		touch(doc.get("reference_doctype"), doc.get("reference_name"), doc.get("communication_date"))
		opt_out.message_received(doc)
		mail_in.received(doc)


def activity_changed(doc, method: str | None = None) -> None:
	"""A call, meeting, visit or letter that is done is a contact too. What was counted from one that is changed or deleted is counted again."""
	if doc.flags.in_delete:
		count_again(doc)
	elif is_touch(doc) and doc.has_value_changed("status"):
		touch(doc.reference_doctype, doc.reference_name, doc.done_on)
	else:
		before = doc.get_doc_before_save()
		if before and any(before.get(field) != doc.get(field) for field in ANSWERS_BY):
			count_again(before)
			count_again(doc)


def is_touch(activity) -> bool:
	return activity.status == "Done" and activity.activity_type in TOUCHES


def count_again(activity) -> None:
	if is_touch(activity):
		recompute.after_commit(activity.reference_doctype, activity.reference_name)


def touch(doctype: str | None, name: str | None, moment=None) -> None:
	"""Note the contact on `doctype` `name` and let its status follow. Other DocTypes are left alone."""
	if doctype not in TOUCHED or not name:
		return
	table = frappe.qb.DocType(doctype)
	frappe.qb.update(table).set(table.last_contact_on, moment or now_datetime()).where(
		table.name == name
	).run()
	frappe.clear_document_cache(doctype, name)
	recompute.after_commit(doctype, name)
	if doctype == "Dafater Lead":
		rescoring.leads_did_something([name])
