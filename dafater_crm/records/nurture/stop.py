"""What ends or holds an enrolment: a reply, an opt-out, the record's own state, or a person.

Each is one conditional UPDATE, so it can run any number of times and never wakes an ended enrolment.
"""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime
from pypika.terms import Criterion

from dafater_crm.records.nurture.reasons import DISABLED, REPLIED
from dafater_crm.records.nurture.subjects import ENROLMENT, LEAD, OPPORTUNITY, OUTREACH_STATES, SEQUENCE


def end(rule: Criterion, reason: str, status: str = "Stopped", **more) -> None:
	"""End the active and paused enrolments that `rule` (on the unaliased table) names. One statement."""
	table = frappe.qb.DocType(ENROLMENT)
	query = frappe.qb.update(table)
	now = now_datetime()
	changes = {
		"status": status,
		"stopped_reason": reason,
		"ended_on": now,
		"next_run_on": None,
		"active_key": None,
		"modified": now,
		**more,
	}
	for field, value in changes.items():
		query = query.set(table[field], value)
	query.where(table.status.isin(OUTREACH_STATES)).where(rule).run()


def of_record(doctype: str, name: str) -> Criterion:
	table = frappe.qb.DocType(ENROLMENT)
	return (table.reference_doctype == doctype) & (table.reference_name == name)


def of_deals(party_type: str, party_name: str) -> Criterion:
	"""Enrolments of the opportunities of a party, or that came from that lead."""
	table, deal = frappe.qb.DocType(ENROLMENT), frappe.qb.DocType(OPPORTUNITY)
	rule = (deal.party_type == party_type) & (deal.party_name == party_name)
	if party_type == LEAD:
		rule = rule | (deal.lead == party_name)
	deals = frappe.qb.from_(deal).select(deal.name).where(rule)
	return (table.reference_doctype == OPPORTUNITY) & table.reference_name.isin(deals)


def note_reply(doctype: str | None, name: str | None, email: str | None, moment=None) -> None:
	"""A message came in on a record, or from an address: note it, and stop the sequences that stop on a reply.

	The address is compared exactly in lower case; enrolments keep it so.
	"""
	table = frappe.qb.DocType(ENROLMENT)
	rule = of_record(doctype, name) if doctype and name else None
	if email:
		from_address = table.recipient == email.strip().lower()
		rule = from_address if rule is None else rule | from_address
	if rule is None:
		return
	found = (
		frappe.qb.from_(table)
		.select(table.name, table.sequence)
		.where(table.status.isin(OUTREACH_STATES))
		.where(rule)
		.run()
	)
	if not found:
		return
	replied = moment or now_datetime()
	names = [enrolment for enrolment, _sequence in found]
	frappe.qb.update(table).set(table.replied_on, replied).where(table.name.isin(names)).run()
	stopping = [
		enrolment
		for enrolment, sequence in found
		if frappe.get_cached_value(SEQUENCE, sequence, "exit_on_reply")
	]
	if stopping:
		end(table.name.isin(stopping), REPLIED)


def pause(names: list[str], reason: str | None = None) -> None:
	"""Hold active enrolments; they keep their place."""
	table = frappe.qb.DocType(ENROLMENT)
	frappe.qb.update(table).set(table.status, "Paused").set(table.stopped_reason, reason).set(
		table.modified, now_datetime()
	).where(table.name.isin(names) & (table.status == "Active")).run()


def resume(names: list[str]) -> None:
	"""Let paused enrolments go on. What became due meanwhile runs at the next drain, once."""
	table = frappe.qb.DocType(ENROLMENT)
	frappe.qb.update(table).set(table.status, "Active").set(table.stopped_reason, None).set(
		table.modified, now_datetime()
	).where(table.name.isin(names) & (table.status == "Paused")).run()


def forget(doctype: str, name: str) -> None:
	"""The record is deleted: its enrolments and their ledger go with it."""
	table, ledger = frappe.qb.DocType(ENROLMENT), frappe.qb.DocType("Dafater Nurture Ledger")
	frappe.qb.from_(ledger).delete().where(
		(ledger.reference_doctype == doctype) & (ledger.reference_name == name)
	).run()
	frappe.qb.from_(table).delete().where(
		(table.reference_doctype == doctype) & (table.reference_name == name)
	).run()


def hold(sequence: str) -> None:
	"""The sequence was disabled: its enrolments wait."""
	table = frappe.qb.DocType(ENROLMENT)
	frappe.qb.update(table).set(table.status, "Paused").set(table.stopped_reason, DISABLED).set(
		table.modified, now_datetime()
	).where((table.sequence == sequence) & (table.status == "Active")).run()


def release(sequence: str) -> None:
	"""The sequence was enabled again: those that waited for that go on; those that a person paused stay paused."""
	table = frappe.qb.DocType(ENROLMENT)
	frappe.qb.update(table).set(table.status, "Active").set(table.stopped_reason, None).set(
		table.modified, now_datetime()
	).where(
		(table.sequence == sequence) & (table.status == "Paused") & (table.stopped_reason == DISABLED)
	).run()
