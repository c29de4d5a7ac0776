"""What two leads both have and one may have once: settled before a merge moves the rows, and put back when it is undone.

Both may be in one nurture sequence, and would be written to twice; both may have been reminded of for the same date, and a
unique key refuses that of one lead.
"""

from __future__ import annotations

from collections import defaultdict

import frappe
from frappe.query_builder import DocType

from dafater_crm.queries.follow_up import REMINDER
from dafater_crm.records.nurture import stop
from dafater_crm.records.nurture.enrol import active_key
from dafater_crm.records.nurture.reasons import MERGED
from dafater_crm.records.nurture.subjects import ENROLMENT, LEAD, OUTREACH_STATES
from dafater_crm.records.raw_rows import insert_rows

# what ending an enrolment changes, see `stop.end`
ENDED = ("status", "stopped_reason", "ended_on", "next_run_on", "active_key")


def settle(keep: str, remove: str, links: list[dict]) -> dict[str, list[dict]]:
	"""Make room for the rows of `remove` at `keep`, before they are moved; rows that go are taken out of `links`.

	Returns what `put_back` needs: {"reminders": rows that are gone, "enrolments": earlier values}.
	"""
	return {
		"reminders": _drop_reminders(keep, remove, links),
		"enrolments": _leave_one_enrolment(keep, remove),
	}


def put_back(doubles: dict[str, list[dict]]) -> None:
	"""Undo `settle`, after the rows have been moved back: what nobody changed since is as it was."""
	insert_rows(REMINDER, doubles.get("reminders") or [])
	for before in doubles.get("enrolments") or []:
		values = {field: before[field] for field in ENDED}
		now = frappe.db.get_value(ENROLMENT, before["name"], ["status", "stopped_reason"], as_dict=True)
		if not now:
			continue
		if now.status in OUTREACH_STATES:
			frappe.db.set_value(ENROLMENT, before["name"], "active_key", before["active_key"])
		elif now.stopped_reason == MERGED and not frappe.db.exists(
			ENROLMENT, {"active_key": before["active_key"]}
		):
			frappe.db.set_value(ENROLMENT, before["name"], values)


def _drop_reminders(keep: str, remove: str, links: list[dict]) -> list[dict]:
	"""Reminders of the lead that goes which the other has as well. They only say that somebody was told."""
	mine, other = DocType(REMINDER), DocType(REMINDER).as_("other")
	rows = (
		frappe.qb.from_(mine)
		.join(other)
		.on(
			(other.reference_doctype == mine.reference_doctype)
			& (other.due_date == mine.due_date)
			& (other.round == mine.round)
		)
		.select(mine.star)
		.where((mine.reference_doctype == LEAD) & (mine.reference_name == remove))
		.where(other.reference_name == keep)
		.run(as_dict=True)
	)
	names = {row.name for row in rows}
	if names:
		frappe.db.delete(REMINDER, {"name": ("in", sorted(names))})
		for link in links:
			if link["doctype"] == REMINDER:
				link["names"] = [name for name in link["names"] if name not in names]
	return rows


def _leave_one_enrolment(keep: str, remove: str) -> list[dict]:
	"""Of two enrolments in one sequence the one that is further goes on: its messages have been sent. Returns earlier values.

	One that comes from the lead that goes gets the key of the other, or that one could be enrolled a second time.
	"""
	table = DocType(ENROLMENT)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.sequence, table.reference_name, table.current_step)
		.select(*(table[field] for field in ENDED))
		.where((table.reference_doctype == LEAD) & table.reference_name.isin((keep, remove)))
		.where(table.status.isin(OUTREACH_STATES))
		.for_update()
		.run(as_dict=True)
	)
	by_sequence = defaultdict(list)
	for row in rows:
		by_sequence[row.sequence].append(row)
	ending, coming = [], []
	for some in by_sequence.values():
		*others, furthest = sorted(some, key=lambda row: (row.current_step, row.reference_name == keep))
		ending += others
		coming += [furthest] if furthest.reference_name == remove else []
	if ending:
		stop.end(table.name.isin([row.name for row in ending]), MERGED)
	for row in coming:
		key = active_key(row.sequence, LEAD, keep)
		frappe.db.set_value(ENROLMENT, row.name, "active_key", key, update_modified=False)
	# the key of an ended one is free again only when the other has its own back
	return [{"name": row.name, **{field: row[field] for field in ENDED}} for row in (*coming, *ending)]
