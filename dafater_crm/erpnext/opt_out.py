"""Events that stop nurture sequences: a reply, an opt-out, and what happens to the record itself."""

from __future__ import annotations

import frappe

from dafater_crm.domain import nurture
from dafater_crm.records.nurture import reasons, stop
from dafater_crm.records.nurture.enrol import leaving_records
from dafater_crm.records.nurture.plans import kinds_of, sequences_with
from dafater_crm.records.nurture.subjects import ENROLMENT, LEAD, OUTREACH_STATES, SEQUENCE, SUBJECTS


def message_received(doc) -> None:
	"""A reply stops the sequences of its record, and of the address that it came from."""
	if doc.get("sent_or_received") != "Received" or doc.get("communication_type") != "Communication":
		return
	doctype = doc.get("reference_doctype")
	name = doc.get("reference_name") if doctype in SUBJECTS else None
	stop.note_reply(doctype, name, doc.sender_mailid, doc.get("communication_date"))


def unsubscribed(doc, method: str | None = None) -> None:
	"""`after_insert` of Email Unsubscribe: Frappe's unsubscribe page, or a person who blocks an address.

	A sequence that writes on WhatsApp too goes on without its e-mails.
	"""
	table = frappe.qb.DocType(ENROLMENT)
	from_address = table.recipient == (doc.email or "").lower()
	by_mail_alone = table.sequence.notin(sequences_with(nurture.WHATSAPP) or [""])
	if doc.global_unsubscribe:
		stop.end(from_address & by_mail_alone, reasons.UNSUBSCRIBED)
	elif doc.reference_doctype in SUBJECTS:
		of_record = stop.of_record(doc.reference_doctype, doc.reference_name)
		stop.end(of_record & by_mail_alone, reasons.UNSUBSCRIBED)
	if doc.reference_doctype == LEAD and doc.reference_name:
		frappe.db.set_value(LEAD, doc.reference_name, "unsubscribed", 1, update_modified=False)


def consent_given(doc, method: str | None = None) -> None:
	"""`after_insert` of a consent entry: withdrawn consent stops the promotional sequences of lead and opportunities.

	Withdrawn for one channel, it stops those that write by no other; the others go on without the steps of that channel.
	"""
	if (
		doc.action != "Withdrawn"
		or doc.purpose != "Marketing"
		or doc.channel not in ("All", "E-mail", "WhatsApp")
	):
		return
	promotional = set(frappe.get_all(SEQUENCE, {"purpose": "Promotional"}, pluck="name"))
	if doc.channel == "E-mail":
		promotional.difference_update(sequences_with(nurture.WHATSAPP))
	if doc.channel == "WhatsApp":
		promotional.intersection_update(sequences_with(nurture.WHATSAPP))
		promotional.difference_update(sequences_with(nurture.EMAIL))
	if not promotional:
		return
	table = frappe.qb.DocType(ENROLMENT)
	rule = stop.of_record(doc.party_type, doc.party_name) | stop.of_deals(doc.party_type, doc.party_name)
	stop.end(rule & table.sequence.isin(sorted(promotional)), reasons.WITHDRAWN)


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
	if doc.get("do_not_contact"):
		stop.end(table.name.isin([row.name for row in found]), reasons.OPT_OUT)
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
	if doc.get("unsubscribed") and nurture.WHATSAPP not in kinds_of(sequence):
		return reasons.UNSUBSCRIBED
	if sequence.exit_on_conversion and doc.status in SUBJECTS[doc.doctype].over:
		return reasons.FINISHED
	return reasons.CONDITION if leaving_records(sequence, [doc.name]) else None
