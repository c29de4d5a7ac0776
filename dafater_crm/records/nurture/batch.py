"""One batch of one sequence: sorts the claimed enrolments, writes the ledger, runs the steps, sets the next ones.

Statements do not grow with the batch, but for the messages themselves: those are Frappe's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

import frappe
from frappe.utils import add_days, now_datetime

from dafater_crm.domain import nurture
from dafater_crm.records.nurture import enrol, ledger, mail, people, reasons, stop, texts
from dafater_crm.records.nurture.subjects import ENROLMENT, SUBJECTS
from dafater_crm.records.raw_rows import append_rows, new_name

# failing texts are cut for the ledger
MOST_REASON = 500


class Batch:
	"""The claimed enrolments of one sequence, and what was read for them in sets."""

	def __init__(self, sequence, claimed: list[dict]) -> None:
		self.sequence, self.doctype = sequence, sequence.applies_to
		self.plan = enrol.plan_of(sequence)
		self.now: datetime = now_datetime()
		self.enrolments = claimed
		self.records = people.read(self.doctype, [row.reference_name for row in claimed])
		self.counts: Counter = Counter()
		# (next step, next run, values) -> names: enrolments that move alike are written together
		self.moves: dict[tuple, list[str]] = defaultdict(list)
		self.moves_sent: set[str] = set()

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
		if step.kind != nurture.EMAIL:
			return due
		last = self.now if sent else row.last_sent_on
		if last:
			due = max(due, last + nurture.SHORTEST_GAP)
		return enrol.opening(self.sequence, due)

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


def work(sequence, claimed: list[dict]) -> dict[str, int]:
	"""Run one step of each claimed enrolment. Returns ledger state -> number. Does not commit."""
	batch = Batch(sequence, claimed)
	rows = _staying(batch)
	rows = _within_plan(batch, rows)
	rows = _not_run_before(batch, rows)
	by_kind = defaultdict(list)
	for row in rows:
		by_kind[batch.plan[row.current_step - 1].kind].append(row)
	_send_mails(batch, by_kind[nurture.EMAIL])
	_make_tasks(batch, by_kind[nurture.TASK])
	_pass_by(batch, by_kind[nurture.WAIT] + by_kind[nurture.BRANCH])
	batch.write()
	return dict(batch.counts)


def _staying(batch: Batch) -> list[dict]:
	"""Those that nothing ends; the others are ended. Asked now, whatever was true when they were enrolled."""
	sequence = batch.sequence
	leaving = enrol.leaving_records(sequence, list(batch.records))
	barred = enrol.barred(sequence, batch.records)
	ended, staying = defaultdict(list), []
	for row in batch.enrolments:
		record = batch.records.get(row.reference_name)
		reason = _reason_to_end(sequence, row, record, leaving, barred)
		ended[reason].append(row) if reason else staying.append(row)
	for reason, rows in ended.items():
		batch.end(rows, reason)
	return staying


def _reason_to_end(sequence, row, record, leaving, barred) -> str | None:
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
	"""A step with a ledger row never runs again, unless that row says that it failed and a person resumed it."""
	known = ledger.known([row.name for row in rows])
	fresh, failed = [], []
	for row in rows:
		entry = known.get((row.name, row.current_step))
		if entry and entry.state == ledger.FAILED:
			failed.append(entry)
		if entry and entry.state != ledger.FAILED:
			batch.went(row)
			if entry.state == ledger.PLANNED:
				ledger.settle([entry.name], ledger.FAILED, reason=reasons.INTERRUPTED)
		else:
			fresh.append(row)
	ledger.drop_failed(failed)
	return fresh


def _entries(batch: Batch, rows: list[dict]) -> list[dict]:
	return [
		{
			"enrolment": row.name,
			"sequence": row.sequence,
			"step_no": row.current_step,
			"kind": batch.plan[row.current_step - 1].kind,
			"state": ledger.PLANNED,
			"reference_doctype": row.reference_doctype,
			"reference_name": row.reference_name,
			"recipient": batch.records[row.reference_name].get(SUBJECTS[batch.doctype].email),
		}
		for row in rows
	]


def _send_mails(batch: Batch, rows: list[dict]) -> None:
	if not rows:
		return
	opening = enrol.opening(batch.sequence, batch.now)
	if opening > batch.now:
		batch.put_off(rows, opening)
		return
	account = mail.account_of(batch.sequence)
	if not account:
		# nothing is lost: the messages go out once the site has an outgoing account
		batch.put_off(rows, enrol.opening(batch.sequence, batch.now + nurture.SHORTEST_GAP))
		return
	owners = people.owners(batch.doctype, batch.records)
	entries = _entries(batch, rows)
	ledger.plan(entries)
	for row, entry in zip(rows, entries, strict=True):
		_send_one(batch, row, entry, account, owners)


def _send_one(batch: Batch, row: dict, entry: dict, account, owners: dict) -> None:
	"""One message in a savepoint: if it fails, the enrolment waits for a person and the others are sent."""
	record = batch.records[row.reference_name]
	step = batch.sequence.steps[row.current_step - 1]
	owner = owners.get(record.get(SUBJECTS[batch.doctype].owner))
	frappe.db.savepoint("nurture_mail")
	try:
		subject, message = texts.render_step(step, texts.values_of(batch.doctype, record, owner))
		communication, queued = mail.send(
			account, batch.doctype, record.name, entry["recipient"], subject, message
		)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise  # the whole transaction is gone: the drain starts the batch anew
	except Exception as error:
		frappe.db.rollback(save_point="nurture_mail")
		frappe.clear_messages()
		frappe.log_error(
			title=f"Nurture e-mail to {record.name} not prepared",
			reference_doctype=batch.doctype,
			reference_name=record.name,
		)
		reason = frappe.utils.strip_html(str(error))[:MOST_REASON]
		ledger.settle([entry["name"]], ledger.FAILED, reason=reason)
		stop.pause([row.name], reason)
		batch.counts[ledger.FAILED] += 1
		return
	ledger.settle([entry["name"]], ledger.SENT, communication=communication, email_queue=queued)
	batch.counts[ledger.SENT] += 1
	batch.went(row, sent=True)


def _make_tasks(batch: Batch, rows: list[dict]) -> None:
	"""Open activities for the owners of the records. Two statements."""
	if not rows:
		return
	activities = [_activity(batch, row) for row in rows]
	entries = _entries(batch, rows)
	for entry, activity in zip(entries, activities, strict=True):
		entry |= {"state": ledger.DONE, "activity": activity["name"]}
	ledger.plan(entries)
	append_rows("Dafater Activity", activities, batch.now)
	batch.counts[ledger.DONE] += len(rows)
	for row in rows:
		batch.went(row)


def _activity(batch: Batch, row: dict) -> dict:
	step = batch.sequence.steps[row.current_step - 1]
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
	entries = _entries(batch, rows)
	for entry in entries:
		entry["state"] = ledger.DONE
	ledger.plan(entries)
	batch.counts[ledger.DONE] += len(entries)
	for row in rows:
		batch.went(row)
