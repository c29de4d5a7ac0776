"""Sends the WhatsApp messages that batches have planned: begins or finds the conversation, queues the template, settles the ledger.

After the batch's commit, since a conversation is begun under locks of its own. The ledger row is locked while its message is queued
and settled in the same transaction, so two workers send once; one that dies leaves the row planned, and the next drain sends it.
Late as that may be, everything that could speak against the message is asked again.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain import nurture
from dafater_crm.domain.channels import Sender
from dafater_crm.records.inbox import outbox, rows, starting
from dafater_crm.records.log_texts import MOST_TEXT, message_of
from dafater_crm.records.nurture import batch, enrol, ledger, people, plans, reach, reasons, templates, texts
from dafater_crm.records.nurture.subjects import ENROLMENT, SEQUENCE, SUBJECTS

CONVERSATION = "Dafater Conversation"
PAGE = 25
TRIES = 3
# later than this after its batch, the hour until the next message begins anew
LATE = timedelta(minutes=1)
FIRST = (datetime(1970, 1, 1), "")
WAITS = "Waits"


def send_planned(until: float, names: list[str] | None = None) -> dict[str, int]:
	"""Send planned messages, those of `names` or all. Returns ledger state -> number. Commits each; safe to run twice at once.

	:param until: `time.monotonic()` after which the rest is left to the next drain.
	"""
	done: Counter = Counter()
	behind = FIRST
	frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot: what was committed until now counts
	while time.monotonic() < until and (page := ledger.planned_messages(behind, PAGE, names)):
		behind = page[-1].creation, page[-1].name
		groups = defaultdict(list)
		for entry in page:
			groups[entry.sequence].append(entry)
		for sequence, entries in groups.items():
			try:
				done.update(_send_group(sequence, entries, until))
			except Exception:
				# the rows stay planned; what is wrong with one sequence keeps the others from nothing
				frappe.db.rollback()
				frappe.log_error(title=f"Nurture sequence {sequence}: planned WhatsApp messages not sent")
				frappe.db.commit()  # nosemgrep: manual-commit - a job's own bookkeeping
	return dict(done)


def _send_group(name: str, entries: list[dict], until: float) -> list[str]:
	"""The planned messages of one sequence. Returns the ledger states that came of it."""
	sequence = frappe.get_cached_doc(SEQUENCE, name)
	now = now_datetime()
	if not sequence.enabled or plans.opening(sequence, now) > now:
		return []
	group = _Group(sequence, entries)
	states = []
	for entry in entries:
		if time.monotonic() >= until:
			break
		states.append(_settled(entry, group.verdict(entry)))
	return [state for state in states if state]


@dataclass(frozen=True)
class _Message:
	"""What is sent for one ledger row."""

	template: str
	account: str
	sender: Sender
	values: dict[str, str]
	links: dict[str, str]


class _Group:
	"""What was read in sets for the planned messages of one sequence."""

	def __init__(self, sequence, entries: list[dict]) -> None:
		self.sequence, self.doctype = sequence, sequence.applies_to
		self.records = people.read(self.doctype, [entry.reference_name for entry in entries])
		self.bars = reach.bars(sequence, self.records)
		self.leaving = enrol.leaving_records(sequence, list(self.records))
		self.owners = people.owners(self.doctype, self.records)
		table = frappe.qb.DocType(ENROLMENT)
		found = (
			frappe.qb.from_(table)
			.select(table.name, table.status, table.stopped_reason, table.replied_on, table.reference_name)
			.where(table.name.isin([entry.enrolment for entry in entries]))
			.run(as_dict=True)
		)
		self.enrolments = {row.name: row for row in found}

	def verdict(self, entry: dict) -> _Message | tuple[str, str | None]:
		"""The message, or (state, reason) where there is none; WAITS: leave it for later."""
		enrolment = self.enrolments.get(entry.enrolment)
		record = self.records.get(entry.reference_name)
		if not enrolment or not record:
			return ledger.SKIPPED, reasons.GONE
		if enrolment.status == "Stopped":
			return ledger.SKIPPED, enrolment.stopped_reason
		if enrolment.status == "Paused":
			return WAITS, None
		against = batch.reason_to_end(self.sequence, enrolment, record, self.leaving, self.bars.ends)
		against = against or self.bars.against(nurture.WHATSAPP, record.name)
		if against:
			return ledger.SKIPPED, against
		step = self.sequence.steps[entry.step_no - 1] if entry.step_no <= len(self.sequence.steps) else None
		if not step or step.kind != nurture.WHATSAPP:
			return ledger.SKIPPED, reasons.STEP_GONE
		if not templates.can_be_sent(step.message_template, self.sequence):
			return WAITS, None
		return self._message(step, record)

	def _message(self, step, record: dict) -> _Message | tuple[str, str | None]:
		template = frappe.get_cached_doc(templates.TEMPLATE, step.message_template)
		owner = self.owners.get(record.get(SUBJECTS[self.doctype].owner))
		known = texts.values_of(self.doctype, record, owner)
		values, lacking = templates.values(template, known)
		if lacking:
			return ledger.FAILED, lacking
		phone = people.phone_of(self.doctype, record)
		return _Message(
			template=template.name,
			account=template.account,
			sender=Sender(user_id=None, phone=phone, name=known["name"]),
			values=values,
			links=people.links_of(self.doctype, record),
		)


def _settled(entry: dict, verdict: _Message | tuple[str, str | None]) -> str | None:
	"""Do what was decided about one planned row, in a transaction of its own. The state it ends in; None: still planned, or not ours."""
	if isinstance(verdict, _Message):
		return _queued(entry, verdict)
	state, reason = verdict
	return None if state == WAITS else _closed(entry, state, reason)


def _closed(entry: dict, state: str, reason: str | None) -> str | None:
	mine = ledger.claim(entry.name)
	if mine:
		ledger.settle([entry.name], state, reason=reason)
	frappe.db.commit()  # nosemgrep: manual-commit - a job: each planned row is settled on its own
	return state if mine else None


def _queued(entry: dict, message: _Message) -> str | None:
	for _attempt in range(TRIES):
		try:
			return _queue(entry, message)
		except Exception as error:
			frappe.db.rollback()
			if rows.is_passing(error):
				continue
			frappe.log_error(
				title=f"Nurture WhatsApp message to {entry.reference_name} not prepared",
				reference_doctype=entry.reference_doctype,
				reference_name=entry.reference_name,
			)
			return _closed(entry, ledger.FAILED, message_of(error, MOST_TEXT))
	return None


def _queue(entry: dict, message: _Message) -> str | None:
	"""Queue the message and settle its row together; commits. None where another worker did."""
	conversation = starting.begin(message.account, message.sender, status="Pending", **message.links)
	if not ledger.claim(entry.name):
		frappe.db.rollback()
		return None
	# a conversation goes through the account that the person wrote to; a template belongs to one account
	if frappe.db.get_value(CONVERSATION, conversation, "account") != message.account:
		ledger.settle([entry.name], ledger.FAILED, reason=reasons.OTHER_ACCOUNT)
		frappe.db.commit()  # nosemgrep: manual-commit - a job: each planned row is settled on its own
		return ledger.FAILED
	queued = outbox.queue_message(
		conversation,
		template=message.template,
		values=message.values,
		client_key=f"nurture-{entry.name}",
		reference=(entry.reference_doctype, entry.reference_name),
	)
	ledger.settle([entry.name], ledger.SENT, message=queued, recipient=message.sender.phone)
	_note_late(entry)
	frappe.db.commit()  # nosemgrep: manual-commit - the message and its settled row, together
	return ledger.SENT


def _note_late(entry: dict) -> None:
	"""A message that is sent long after its batch keeps the next one an hour away from now, not from then."""
	now = now_datetime()
	if now - entry.creation > LATE:
		table = frappe.qb.DocType(ENROLMENT)
		frappe.qb.update(table).set(table.last_sent_on, now).where(table.name == entry.enrolment).run()
