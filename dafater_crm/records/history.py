"""The one writer of the two history tables. Rows are appended, never changed, and cost one statement."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import get_datetime, now_datetime

from dafater_crm.records.raw_rows import append_rows

PERSON, DOCUMENTS, SYSTEM = "Person", "Documents", "System"


def seconds_since(moment: datetime | str | None, now: datetime) -> int | None:
	"""Whole seconds from `moment` to `now`, never negative; None where nothing is known."""
	if not moment:
		return None
	return max(0, int((now - get_datetime(moment)).total_seconds()))


def append_status(doc, from_status: str | None, to_status: str, since, cause: str = PERSON) -> None:
	"""Record that `doc` (a lead or prospect) went from one status to another. `since`: start of the earlier one."""
	now = now_datetime()
	_append(
		"Dafater Status History",
		now,
		reference_doctype=doc.doctype,
		reference_name=doc.name,
		from_status=from_status or None,
		to_status=to_status,
		time_in_status=seconds_since(since, now),
		cause=cause,
	)


def append_first_statuses(docs: list) -> None:
	"""The first row of history of many new leads or prospects, in one statement."""
	now = now_datetime()
	rows = [
		{
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"to_status": doc.status,
			"cause": PERSON,
		}
		for doc in docs
	]
	_append_many("Dafater Status History", now, rows)


def append_stage(doc, from_stage: str | None, to_stage: str | None, since, cause: str = PERSON) -> None:
	"""Record that opportunity `doc` went from one sales stage to another."""
	now = now_datetime()
	_append(
		"Dafater Stage History",
		now,
		opportunity=doc.name,
		from_stage=from_stage or None,
		to_stage=to_stage,
		time_in_stage=seconds_since(since, now),
		cause=cause,
		base_amount=doc.base_opportunity_amount,
		probability=doc.probability,
	)


def forget(doc) -> None:
	"""The history of a lead or prospect goes with it."""
	table = frappe.qb.DocType("Dafater Status History")
	frappe.qb.from_(table).delete().where(
		(table.reference_doctype == doc.doctype) & (table.reference_name == doc.name)
	).run()


def _append(doctype: str, now: datetime, **values) -> None:
	_append_many(doctype, now, [values])


def _append_many(doctype: str, now: datetime, rows: list[dict]) -> None:
	changed = {"changed_on": now, "changed_by": frappe.session.user}
	append_rows(doctype, ({**changed, **row} for row in rows), now)
