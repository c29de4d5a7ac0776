"""Events that stop nurture sequences: a reply, an opt-out, and what happens to the record itself."""

from __future__ import annotations

import frappe

from dafater_crm.records.nurture import reasons, stop
from dafater_crm.records.nurture.enrol import leaving_records
from dafater_crm.records.nurture.subjects import ENROLMENT, LEAD, OUTREACH_STATES, SEQUENCE, SUBJECTS


def message_received(doc) -> None:
	"""A reply stops the sequences of its record, and of the address that it came from."""
	if doc.get("sent_or_received") != "Received" or doc.get("communication_type") != "Communication":
		return
	doctype = doc.get("reference_doctype")
	name = doc.get("reference_name") if doctype in SUBJECTS else None
	stop.note_reply(doctype, name, doc.sender_mailid, doc.get("communication_date"))


def unsubscribed(doc, method: str | None = None) -> None:
	"""`after_insert` of Email Unsubscribe: Frappe's unsubscribe page, or a person who blocks an address."""
	table = frappe.qb.DocType(ENROLMENT)
	from_address = table.recipient == (doc.email or "").lower()
	if doc.global_unsubscribe:
		stop.end(from_address, reasons.UNSUBSCRIBED)
	elif doc.reference_doctype in SUBJECTS:
		stop.end(stop.of_record(doc.reference_doctype, doc.reference_name), reasons.UNSUBSCRIBED)
	if doc.reference_doctype == LEAD and doc.reference_name:
		frappe.db.set_value(LEAD, doc.reference_name, "unsubscribed", 1, update_modified=False)


def consent_given(doc, method: str | None = None) -> None:
	"""`after_insert` of a consent entry: withdrawn consent stops the promotional sequences of lead and opportunities."""
	if doc.action != "Withdrawn" or doc.purpose != "Marketing" or doc.channel not in ("All", "E-mail"):
		return
	promotional = frappe.get_all(SEQUENCE, {"purpose": "Promotional"}, pluck="name")
	if not promotional:
		return
	table = frappe.qb.DocType(ENROLMENT)
	rule = stop.of_record(doc.party_type, doc.party_name) | stop.of_deals(doc.party_type, doc.party_name)
	stop.end(rule & table.sequence.isin(promotional), reasons.WITHDRAWN)


def record_changed(doc, method: str | None = None) -> None:
	"""`on_update` of lead and opportunity: opt-out, end and exit conditions, and the owner that enrolments show."""
	if doc.flags.in_insert or not _may_matter(doc):
		return
	table = frappe.qb.DocType(ENROLMENT)
	found = (
		frappe.qb.from_(table)
		.select(table.name, table.sequence, table.responsible)
		.where(stop.of_record(doc.doctype, doc.name) & table.status.isin(OUTREACH_STATES))
		.run(as_dict=True)
	)
	if not found:
		return
	_follow_owner(doc, found)
	if doc.get("do_not_contact") or doc.get("unsubscribed"):
		reason = reasons.OPT_OUT if doc.get("do_not_contact") else reasons.UNSUBSCRIBED
		stop.end(table.name.isin([row.name for row in found]), reason)
		return
	for row in found:
		reason = _reason(doc, frappe.get_cached_doc(SEQUENCE, row.sequence))
		if reason:
			stop.end(table.name == row.name, reason)


def record_deleted(doc, method: str | None = None) -> None:
	"""`on_trash` of lead and opportunity."""
	stop.forget(doc.doctype, doc.name)


def _may_matter(doc) -> bool:
	"""A save that changes nothing cannot stop anything; saves the statement on most of them."""
	before = doc.get_doc_before_save()
	return before is None or any(
		df.fieldname for df in doc.meta.fields if before.get(df.fieldname) != doc.get(df.fieldname)
	)


def _follow_owner(doc, found: list[dict]) -> None:
	owner = doc.get(SUBJECTS[doc.doctype].owner)
	stale = [row.name for row in found if row.responsible != owner]
	if stale:
		table = frappe.qb.DocType(ENROLMENT)
		frappe.qb.update(table).set(table.responsible, owner).where(table.name.isin(stale)).run()


def _reason(doc, sequence) -> str | None:
	if sequence.exit_on_conversion and doc.status in SUBJECTS[doc.doctype].over:
		return reasons.FINISHED
	return reasons.CONDITION if leaving_records(sequence, [doc.name]) else None
