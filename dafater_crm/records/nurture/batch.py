"""One batch of one sequence: sorts the claimed enrolments, writes the ledger, runs the steps, sets the next ones.

Statements do not grow with the batch, but for the messages themselves: those are Frappe's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

import frappe
from frappe.utils import add_days, now_datetime

from dafater_crm.domain import nurture
from dafater_crm.records.nurture import (
	enrol,
	ledger,
	mail_steps,
	people,
	plans,
	reach,
	reasons,
	stop,
	whatsapp_steps,
)
from dafater_crm.records.nurture.subjects import ENROLMENT, SUBJECTS
from dafater_crm.records.raw_rows import append_rows, new_name


class Batch:
	"""The claimed enrolments of one sequence, and what was read for them in sets."""

	def __init__(self, sequence, claimed: list[dict]) -> None:
		self.sequence, self.doctype = sequence, sequence.applies_to
		self.plan = plans.plan_of(sequence)
		self.now: datetime = now_datetime()
		self.enrolments = claimed
		self.records = people.read(self.doctype, [row.reference_name for row in claimed])
		# asked now, whatever was true when they were enrolled
		self.bars = reach.bars(sequence, self.records)
		self.counts: Counter = Counter()
		# (next step, next run, values) -> names: enrolments that move alike are written together
		self.moves: dict[tuple, list[str]] = defaultdict(list)
		self.moves_sent: set[str] = set()
		# ledger rows of messages that are sent after the commit
		self.planned: list[str] = []

	def step(self, row: dict):
		"""The sequence's row of the step that this enrolment is at."""
		return self.sequence.steps[row.current_step - 1]

	def entries(self, rows: list[dict], state: str = ledger.PLANNED) -> list[dict]:
		"""Ledger rows for the present steps of these enrolments."""
		return [
			{
				"enrolment": row.name,
				"sequence": row.sequence,
				"step_no": row.current_step,
				"kind": (kind := self.plan[row.current_step - 1].kind),
				"state": state,
				"reference_doctype": row.reference_doctype,
				"reference_name": row.reference_name,
				"recipient": people.recipient_of(kind, self.doctype, self.records[row.reference_name]),
			}
			for row in rows
		]

	def end(self, rows: list[dict], reason: str, status: str = "Stopped") -> None:
		if rows:
			table = frappe.qb.DocType(ENROLMENT)
			stop.end(table.name.isin([row.name for row in rows]), reason, status)

	def put_off(self, rows: list[dict], moment: datetime) -> None:
		"""The step stays, its time moves."""
		for row in rows:
			self.moves[(row.current_step, moment, False)].append(row.name)

	def went(self, row: dict, sent: bool = False) -> None:
		"""The enrolment's step ran just now: set the next one, or the end."""
		number = nurture.next_step(self.plan, row.current_step, bool(row.replied_on))
		self.moves[(number, self._due(number, row, sent), True)].append(row.name)
		if sent:
			self.moves_sent.add(row.name)

	def _due(self, number: int, row: dict, sent: bool) -> datetime | None:
		if number == nurture.END:
			return None
		step = self.plan[number - 1]
		due = nurture.due_at(step, self.now)
		if step.kind not in nurture.MESSAGES:
			return due
		last = self.now if sent else row.last_sent_on
		if last:
			due = max(due, last + nurture.SHORTEST_GAP)
		return plans.opening(self.sequence, due)

	def write(self) -> None:
		"""The next steps. One statement for each different move, of which a batch has as many as steps."""
		table = frappe.qb.DocType(ENROLMENT)
		for (number, due, ran), names in self.moves.items():
			if number == nurture.END:
				query = frappe.qb.update(table).set(table.status, "Completed").set(table.ended_on, self.now)
				query = query.set(table.active_key, None).set(table.next_run_on, None)
			else:
				query = frappe.qb.update(table).set(table.current_step, number).set(table.next_run_on, due)
			if ran:
				query = query.set(table.last_step_on, self.now)
			query.set(table.modified, self.now).where(table.name.isin(names)).run()
		if self.moves_sent:
			frappe.qb.update(table).set(table.last_sent_on, self.now).where(
				table.name.isin(sorted(self.moves_sent))
			).run()


def work(sequence, claimed: list[dict]) -> tuple[dict[str, int], list[str]]:
	"""Run one step of each claimed enrolment. Returns ledger state -> number, and the planned messages to send once this is committed."""
	batch = Batch(sequence, claimed)
	rows = _staying(batch)
	rows = _within_plan(batch, rows)
	rows = _not_run_before(batch, rows)
	rows = _within_reach(batch, rows)
	by_kind = defaultdict(list)
	for row in _in_time(batch, rows):
		by_kind[batch.plan[row.current_step - 1].kind].append(row)
	mail_steps.send(batch, by_kind[nurture.EMAIL])
	whatsapp_steps.plan(batch, by_kind[nurture.WHATSAPP])
	_make_tasks(batch, by_kind[nurture.TASK])
	_pass_by(batch, by_kind[nurture.WAIT] + by_kind[nurture.BRANCH])
	batch.write()
	return dict(batch.counts), batch.planned


def _staying(batch: Batch) -> list[dict]:
	"""Those that nothing ends; the others are ended."""
	sequence = batch.sequence
	leaving = enrol.leaving_records(sequence, list(batch.records))
	ended, staying = defaultdict(list), []
	for row in batch.enrolments:
		record = batch.records.get(row.reference_name)
		reason = reason_to_end(sequence, row, record, leaving, batch.bars.ends)
		ended[reason].append(row) if reason else staying.append(row)
	for reason, rows in ended.items():
		batch.end(rows, reason)
	return staying


def reason_to_end(sequence, row, record, leaving, barred) -> str | None:
	"""Why an enrolment (`row`) of this record must end now, or None. `leaving`: names that match an exit condition; `barred`: `Bars.ends`."""
	if not record:
		return reasons.GONE
	if sequence.exit_on_reply and row.replied_on:
		return reasons.REPLIED
	if sequence.exit_on_conversion and record.status in SUBJECTS[sequence.applies_to].over:
		return reasons.FINISHED
	if record.name in leaving:
		return reasons.CONDITION
	return barred.get(record.name)


def _within_plan(batch: Batch, rows: list[dict]) -> list[dict]:
	"""An enrolment whose step no longer exists has come to its end."""
	inside = [row for row in rows if 0 < (row.current_step or 0) <= len(batch.plan)]
	batch.end([row for row in rows if row not in inside], None, "Completed")
	return inside


def _not_run_before(batch: Batch, rows: list[dict]) -> list[dict]:
	"""A step with a ledger row never runs again, unless that row says that it failed and a person resumed it.

	An enrolment whose WhatsApp message has not gone out yet waits, so that its messages keep their order.
	"""
	known = ledger.known([row.name for row in rows])
	held = {enrolment for (enrolment, _step), entry in known.items() if ledger.waits_for_sending(entry)}
	fresh, failed = [], []
	for row in rows:
		entry = known.get((row.name, row.current_step))
		if row.name in held and not (entry and ledger.waits_for_sending(entry)):
			batch.put_off([row], batch.now + nurture.SHORTEST_GAP)
			continue
		if entry and entry.state == ledger.FAILED:
			failed.append(entry)
		if entry and entry.state != ledger.FAILED:
			batch.went(row)
			if entry.state == ledger.PLANNED and not ledger.waits_for_sending(entry):
				ledger.settle([entry.name], ledger.FAILED, reason=reasons.INTERRUPTED)
		else:
			fresh.append(row)
	ledger.drop_failed(failed)
	return fresh


def _within_reach(batch: Batch, rows: list[dict]) -> list[dict]:
	"""Those that this step's kind of message may reach; the others skip the step and go on. One statement where there are any."""
	against = {
		row.name: batch.bars.against(batch.plan[row.current_step - 1].kind, row.reference_name)
		for row in rows
	}
	skipping = [row for row in rows if against[row.name]]
	entries = batch.entries(skipping, ledger.SKIPPED)
	for row, entry in zip(skipping, entries, strict=True):
		entry["reason"] = against[row.name]
		batch.went(row)
	ledger.plan(entries)
	if entries:
		batch.counts[ledger.SKIPPED] += len(entries)
	return [row for row in rows if not against[row.name]]


def _in_time(batch: Batch, rows: list[dict]) -> list[dict]:
	"""Those whose step may run at this hour. A message waits for the sending hours, and an hour after the one before it."""
	opening = plans.opening(batch.sequence, batch.now)
	ready = []
	for row in rows:
		if batch.plan[row.current_step - 1].kind not in nurture.MESSAGES:
			ready.append(row)
			continue
		earliest = max(opening, row.last_sent_on + nurture.SHORTEST_GAP) if row.last_sent_on else opening
		if earliest > batch.now:
			batch.put_off([row], plans.opening(batch.sequence, earliest))
		else:
			ready.append(row)
	return ready


def _make_tasks(batch: Batch, rows: list[dict]) -> None:
	"""Open activities for the owners of the records. Two statements."""
	if not rows:
		return
	activities = [_activity(batch, row) for row in rows]
	entries = batch.entries(rows)
	for entry, activity in zip(entries, activities, strict=True):
		entry |= {"state": ledger.DONE, "activity": activity["name"]}
	ledger.plan(entries)
	append_rows("Dafater Activity", activities, batch.now)
	batch.counts[ledger.DONE] += len(rows)
	for row in rows:
		batch.went(row)


def _activity(batch: Batch, row: dict) -> dict:
	step = batch.step(row)
	return {
		"name": new_name(),
		"activity_type": step.task_type or "Task",
		"subject": step.task_subject,
		"status": "Open",
		"assigned_to": batch.records[row.reference_name].get(SUBJECTS[batch.doctype].owner),
		"reference_doctype": row.reference_doctype,
		"reference_name": row.reference_name,
		"due_on": add_days(batch.now, step.task_due_in_days or 0),
	}


def _pass_by(batch: Batch, rows: list[dict]) -> None:
	"""Waiting and branching do nothing but lead on. One statement."""
	if not rows:
		return
	entries = batch.entries(rows, ledger.DONE)
	ledger.plan(entries)
	batch.counts[ledger.DONE] += len(entries)
	for row in rows:
		batch.went(row)
