"""The job of an import: check, import, go on after a crash, write the file of refused rows.

The place in the file moves in the same transaction as the rows of a batch, with the import's own record locked. So a
worker that is killed loses nothing but its open batch, a second worker that starts too early waits and then sees that
there is nothing left for it, and no row is taken twice.
"""

from __future__ import annotations

import csv
import io
import time
from collections import Counter

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import add_to_date, cint, now_datetime

from dafater_crm.domain.text import is_formula
from dafater_crm.intake import ahead
from dafater_crm.intake.rows import NAMES
from dafater_crm.records import search_entries
from dafater_crm.records.import_batch import CREATED, FILLED, REFUSED, ROW, SKIPPED, BatchWriter
from dafater_crm.records.import_file import table_of, task_of
from dafater_crm.records.log_texts import message_of

IMPORT = "Dafater Lead Import"
BATCH = 500
CHECKING, IMPORTING, UNDOING = "Checking", "Importing", "Undoing"
RUNNING = (CHECKING, IMPORTING, UNDOING)
# A worker writes its heartbeat with every batch; one that has been silent for so long is dead.
SILENT_MINUTES = 5
EXAMPLES = 20
EVENT = "dafater_lead_import"
COLUMN = {CREATED: "created", FILLED: "merged", SKIPPED: "skipped", REFUSED: "refused"}


def enqueue(name: str, phase: str) -> None:
	"""Start or continue the job of an import after the running transaction; a second request for it is dropped.

	An undo has a job of its own: the one of a stopped import may still be at its last batch.
	"""
	module, job = ("import_undo", "undo-") if phase == UNDOING else ("import_run", "")
	frappe.enqueue(
		f"dafater_crm.records.{module}.work",
		queue="long",
		timeout=6 * 3600,
		job_id=f"dafater-import-{job}{name}",
		deduplicate=True,
		enqueue_after_commit=True,
		name=name,
	)


def work(name: str) -> None:
	"""The job: do what the status of the import asks for, as the user who started it."""
	doc = frappe.get_doc(IMPORT, name)
	if doc.status not in (CHECKING, IMPORTING):
		return
	act_as(doc.started_by)
	try:
		run(name, dry=doc.status == CHECKING)
	except Stopped:
		announce(name)  # whoever stopped it has set its status
	except Exception as error:
		fail(name, error)


def fail(name: str, error: Exception) -> None:
	"""The job of an import ends with an error: say which. What it had committed stays, and can be continued. Commits."""
	frappe.db.rollback()
	text = message_of(error)
	if not isinstance(error, frappe.ValidationError):
		frappe.log_error(title=f"Import {name} failed", reference_doctype=IMPORT, reference_name=name)
		text = _("The import stopped because of an error in the program. Press Continue to try again.")
	frappe.db.set_value(
		IMPORT, {"name": name, "status": ("in", RUNNING)}, {"status": "Failed", "error": text}
	)
	frappe.db.commit()  # nosemgrep: manual-commit - the job is over and says why
	announce(name)


def act_as(user: str) -> None:
	"""Work as whoever started a job, and in that person's language: Frappe's jobs speak the site's."""
	frappe.set_user(user)  # nosemgrep: set-user - a job; who pressed the button is checked again
	frappe.set_user_lang(user)


def run(name: str, dry: bool, progress=None) -> None:
	"""Check or import the rest of the file, a commit a batch. `progress(rows)` is told how many rows were done."""
	doc = frappe.get_doc(IMPORT, name)
	if dry and doc.next_row:
		# its worker died: a check stores nothing that the rows after could be compared with
		doc.db_set(dict.fromkeys(doc.COUNTERS, 0))
	count_rows(doc)
	writer, started = BatchWriter(doc, dry), time.monotonic()
	examples: dict[str, list[dict]] = {}
	for rows in ahead.batches(task_of(doc, BATCH)):
		place = _claim(name, doc.status)
		if rows[0].row.number < place:
			# another worker has done these, and what it made is not known here
			writer.own = None
			rows = [one for one in rows if one.row.number >= place]
		if not rows:
			frappe.db.commit()  # nosemgrep: manual-commit - releases the lock: another worker has done these rows
			continue
		outcomes, counts = writer.write(rows)
		_note(name, rows, counts)
		frappe.db.commit()  # nosemgrep: manual-commit - rows and place in the file in one transaction
		_collect(examples, outcomes)
		if progress:
			progress(len(rows))
		announce(name)
	_finish(name, dry, time.monotonic() - started, examples)


def count_rows(doc) -> int:
	"""How many rows the import's file has, so that its bar knows how far it is; a file is counted once. Commits.

	Says in one message what is wrong with a file that cannot be read.
	"""
	table = table_of(doc)
	if not doc.total_rows:
		doc.db_set("total_rows", sum(1 for _row in table.rows()))
		frappe.db.commit()  # nosemgrep: manual-commit - the open form shows it before the first batch is done
		announce(doc.name)
	return doc.total_rows


def _claim(name: str, status: str) -> int:
	"""Lock the import and return the next row to do. Raises Stopped when somebody stopped it."""
	table = DocType(IMPORT)
	row = (
		frappe.qb.from_(table)
		.select(table.status, table.next_row)
		.where(table.name == name)
		.for_update()
		.run(as_dict=True)
	)[0]
	if row.status != status:
		frappe.db.commit()  # nosemgrep: manual-commit - releases the lock
		raise Stopped(_("Somebody stopped the import. What it had done until then stays."))
	return cint(row.next_row)


class Stopped(frappe.ValidationError):
	"""Somebody stopped the import; what was done stays."""


def _note(name: str, rows: list, counts: Counter) -> None:
	table = DocType(IMPORT)
	query = frappe.qb.update(table).where(table.name == name)
	query = query.set(table.next_row, rows[-1].row.number + 1).set(table.heartbeat_on, now_datetime())
	query = query.set(table.rows_done, table.rows_done + len(rows))
	for outcome, column in (*COLUMN.items(), ("doubtful", "doubtful")):
		if counts[outcome]:
			query = query.set(table[column], table[column] + counts[outcome])
	query.run()


def _collect(examples: dict[str, list[dict]], outcomes: list) -> None:
	for outcome in outcomes:
		kept = examples.setdefault(outcome.outcome, [])
		if len(kept) < EXAMPLES:
			kept.append(
				{
					"row": outcome.row.number,
					"name": next(
						(outcome.row.values[field] for field in NAMES if field in outcome.row.values), ""
					),
					"reasons": outcome.reasons,
					"lead": outcome.lead if outcome.lead and not outcome.lead.startswith("#") else None,
				}
			)


def _finish(name: str, dry: bool, seconds: float, examples: dict) -> None:
	doc = frappe.get_doc(IMPORT, name, for_update=True)
	if doc.status not in (CHECKING, IMPORTING):
		return
	values = {"status": "Checked" if dry else "Completed", "total_rows": doc.rows_done, "error": None}
	values |= {"seconds": (doc.seconds or 0) + seconds, "finished_on": now_datetime()}
	if dry:
		values["examples"] = frappe.as_json(examples, indent=None)
	elif doc.refused:
		values["refused_file"] = refused_file(doc)
	frappe.db.set_value(IMPORT, name, values)
	frappe.db.commit()  # nosemgrep: manual-commit - the end of the job
	announce(name)
	if not dry:
		search_entries.sync_soon()
	if not dry and doc.share_out and doc.created:
		_share_out(doc)


def _share_out(doc) -> None:
	"""Leads of the import that have no owner go where the assignment rules say; in batches of their own."""
	from dafater_crm.records import assignment

	row, lead = DocType(ROW), DocType("Dafater Lead")
	after = ""
	while True:
		names = (
			frappe.qb.from_(row)
			.join(lead)
			.on(lead.name == row.lead)
			.select(lead.name)
			.where((row.lead_import == doc.name) & (row.outcome == CREATED) & (lead.name > after))
			.where(lead.lead_owner.isnull() | (lead.lead_owner == ""))
			.orderby(lead.name)
			.limit(BATCH)
			.run(pluck=True)
		)
		if not names:
			return
		assignment.assign_many(names)
		after = names[-1]


def refused_file(doc) -> str:
	"""A CSV with the refused rows as they stood, their number and the reasons; returns its URL."""
	rows = frappe.get_all(
		ROW,
		{"lead_import": doc.name, "outcome": REFUSED},
		["row_no", "reasons", "cells"],
		order_by="row_no",
	)
	out = io.StringIO()
	writer = csv.writer(out)
	writer.writerow([*(column.heading for column in doc.columns), _("Row"), _("Reasons")])
	for row in rows:
		cells = [f"'{cell}" if is_formula(cell) else cell for cell in frappe.parse_json(row.cells or "[]")]
		writer.writerow([*cells, row.row_no, " ".join(frappe.parse_json(row.reasons or "[]"))])
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{doc.name}-refused.csv",
			"attached_to_doctype": IMPORT,
			"attached_to_name": doc.name,
			"is_private": 1,
			# Excel reads UTF-8 only with this mark
			"content": ("\ufeff" + out.getvalue()).encode(),
		}
	)
	file.save(ignore_permissions=True)  # the user who imports may read the rows; the file holds nothing else
	return file.file_url


def resume_silent() -> None:
	"""Scheduler, hourly: imports and undos whose worker died go on where they were."""
	since = add_to_date(None, minutes=-SILENT_MINUTES)
	silent = {"status": ("in", RUNNING), "heartbeat_on": ("<", since)}
	for row in frappe.get_all(IMPORT, silent, ["name", "status"]):
		enqueue(row.name, row.status)


def announce(name: str) -> None:
	"""Tell open forms how far the import is; they read the record again."""
	frappe.publish_realtime(EVENT, {"name": name}, doctype=IMPORT, docname=name)
