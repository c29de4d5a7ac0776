"""What ends or holds an enrolment: a reply, an opt-out, the record's own state, or a person.

Each is one conditional UPDATE, so it can run any number of times and never wakes an ended enrolment.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.utils import now_datetime
from pypika.terms import Criterion, ExistsCriterion

from dafater_crm.records.nurture.reasons import BROKEN, DISABLED, REPLIED
from dafater_crm.records.nurture.subjects import ENROLMENT, LEAD, OPPORTUNITY, OUTREACH_STATES, SEQUENCE

# a provider's clock may be behind ours
CLOCKS_DIFFER = timedelta(minutes=1)


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
	rules = [of_record(doctype, name)] if doctype and name else []
	if email:
		rules.append(table.recipient == email.strip().lower())
	_replied(rules, moment or now_datetime())


def note_message(conversation: str) -> None:
	"""A person wrote in this conversation of the inbox: a reply to the sequences of their number, lead, deals and customer.

	Sequences that began after the message are left alone, so that it can be told twice. Commits nothing.
	"""
	row = _who_wrote(conversation)
	if not row or not row.last_inbound_on:
		return
	table = frappe.qb.DocType(ENROLMENT)
	rules = [table.recipient_phone == row.phone] if row.phone else []
	if row.email_id:
		rules.append(table.recipient == row.email_id.strip().lower())
	if row.opportunity:
		rules.append(of_record(OPPORTUNITY, row.opportunity))
	if lead := row.lead or row.person_lead:
		rules += [of_record(LEAD, lead), of_deals(LEAD, lead)]
	if customer := row.customer or row.person_customer:
		rules.append(of_deals("Customer", customer))
	_replied(rules, row.last_inbound_on, table.started_on <= row.last_inbound_on + CLOCKS_DIFFER)


def somebody_is_nurtured() -> bool:
	"""Is anybody in a sequence, or a message of one not sent yet? One statement, so that a site without sequences pays no more for each message."""
	table, ledger = frappe.qb.DocType(ENROLMENT), frappe.qb.DocType("Dafater Nurture Ledger")
	under_way = frappe.qb.from_(table).select(table.name).where(table.status.isin(OUTREACH_STATES))
	planned = frappe.qb.from_(ledger).select(ledger.name).where(ledger.state == "Planned")
	return bool(frappe.qb.select(ExistsCriterion(under_way) | ExistsCriterion(planned)).run()[0][0])


def _who_wrote(conversation: str) -> dict | None:
	talk, person = frappe.qb.DocType("Dafater Conversation"), frappe.qb.DocType("Dafater Contact Identity")
	found = (
		frappe.qb.from_(talk)
		.left_join(person)
		.on(person.name == talk.identity)
		.select(
			talk.last_inbound_on,
			talk.lead,
			talk.customer,
			talk.opportunity,
			person.phone,
			person.email_id,
			person.lead.as_("person_lead"),
			person.customer.as_("person_customer"),
		)
		.where(talk.name == conversation)
		.run(as_dict=True)
	)
	return found[0] if found else None


def _replied(rules: list[Criterion], moment, also: Criterion | None = None) -> None:
	"""Note a reply on the enrolments of any of these rules, and end those that stop on one. Three statements at most.

	A completed one is noted too: its last message may be planned and not sent yet.
	"""
	table = frappe.qb.DocType(ENROLMENT)
	open_ones = table.status.isin(OUTREACH_STATES) | (
		(table.status == "Completed") & table.replied_on.isnull()
	)
	query = None
	for rule in rules:
		part = frappe.qb.from_(table).select(table.name, table.sequence, table.status).where(rule & open_ones)
		part = part.where(also) if also is not None else part
		query = part if query is None else query + part  # a UNION: each rule by its own index
	found = query.run() if query is not None else []
	if not found:
		return
	names = [name for name, _sequence, _status in found]
	frappe.qb.update(table).set(table.replied_on, moment).where(table.name.isin(names)).run()
	stopping = [
		name
		for name, sequence, status in found
		if status in OUTREACH_STATES and frappe.get_cached_value(SEQUENCE, sequence, "exit_on_reply")
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


def hold(sequence: str, reason: str = DISABLED) -> None:
	"""The sequence was disabled, or cannot be run: its enrolments wait."""
	table = frappe.qb.DocType(ENROLMENT)
	frappe.qb.update(table).set(table.status, "Paused").set(table.stopped_reason, reason).set(
		table.modified, now_datetime()
	).where((table.sequence == sequence) & (table.status == "Active")).run()


def release(sequence: str) -> None:
	"""The sequence was enabled again or mended: those that waited for that go on; those that a person paused stay paused."""
	table = frappe.qb.DocType(ENROLMENT)
	frappe.qb.update(table).set(table.status, "Active").set(table.stopped_reason, None).set(
		table.modified, now_datetime()
	).where(
		(table.sequence == sequence)
		& (table.status == "Paused")
		& table.stopped_reason.isin((DISABLED, BROKEN))
	).run()
