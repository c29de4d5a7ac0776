"""The ledger of steps: one row for each enrolment and step, unique, written before anything is sent.

A row and what it stands for (the Email Queue row, the activity) are committed together or not at all. So a worker that
is killed leaves neither, and the step runs later; and whoever finds a row never runs that step again. WhatsApp messages
are queued after that commit: their row is planned first, and settled in the transaction of the message.
"""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime

from dafater_crm.domain import nurture
from dafater_crm.records.nurture.subjects import LEDGER
from dafater_crm.records.raw_rows import append_rows

PLANNED, SENT, DONE, SKIPPED, FAILED = "Planned", "Sent", "Done", "Skipped", "Failed"


def known(enrolments: list[str]) -> dict[tuple[str, int], dict]:
	"""(enrolment, step number) -> name, kind and state of the rows that exist. One statement."""
	table = frappe.qb.DocType(LEDGER)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.enrolment, table.step_no, table.kind, table.state)
		.where(table.enrolment.isin(enrolments or [""]))
		.run(as_dict=True)
	)
	return {(row.enrolment, row.step_no): row for row in rows}


def plan(entries: list[dict]) -> None:
	"""Insert the rows of a batch as planned. One statement; a second row for the same step breaks the batch.

	Each entry: enrolment, sequence, step_no, kind, state, reason, reference_doctype, reference_name, recipient; `name` is
	added to it. A failed row of an earlier attempt is replaced: nothing was sent then.
	"""
	if not entries:
		return
	system = {"owner": "Administrator", "modified_by": "Administrator"}
	names = append_rows(LEDGER, ({**system, **entry} for entry in entries))
	for entry, name in zip(entries, names, strict=True):
		entry["name"] = name


def settle(names: list[str], state: str, **more) -> None:
	"""Write what became of planned rows. One statement."""
	if not names:
		return
	table = frappe.qb.DocType(LEDGER)
	query = frappe.qb.update(table).set(table.state, state).set(table.modified, now_datetime())
	for field, value in more.items():
		query = query.set(table[field], value)
	query.where(table.name.isin(names)).run()


def drop_failed(rows: list[dict]) -> None:
	"""Forget failed attempts that are made again: what failed was rolled back, so nothing of it went out."""
	names = [row.name for row in rows if row.state == FAILED]
	if names:
		table = frappe.qb.DocType(LEDGER)
		frappe.qb.from_(table).delete().where(table.name.isin(names) & (table.state == FAILED)).run()


def waits_for_sending(row: dict) -> bool:
	"""A planned WhatsApp message: it goes out after its batch, and again after a worker that died, once all the same."""
	return row.kind == nurture.WHATSAPP and row.state == PLANNED


def planned_messages(behind: tuple, limit: int, names: list[str] | None = None) -> list[dict]:
	"""Planned WhatsApp rows, the oldest first, behind (creation, name); of `names` alone where given. One statement."""
	table = frappe.qb.DocType(LEDGER)
	created, name = behind
	query = (
		frappe.qb.from_(table)
		.select(table.star)
		.where((table.state == PLANNED) & (table.kind == nurture.WHATSAPP))
		.where((table.creation > created) | ((table.creation == created) & (table.name > name)))
		.orderby(table.creation)
		.orderby(table.name)
		.limit(limit)
	)
	if names is not None:
		query = query.where(table.name.isin(names or [""]))
	return query.run(as_dict=True)


def claim(name: str) -> bool:
	"""Lock a planned row for this transaction. False where another worker holds it, or settled it, or the record is gone."""
	table = frappe.qb.DocType(LEDGER)
	query = frappe.qb.from_(table).force_index("PRIMARY").select(table.name)
	return bool(
		query.where((table.name == name) & (table.state == PLANNED)).for_update(skip_locked=True).run()
	)
