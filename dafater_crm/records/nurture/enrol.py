"""Enrolling records in a sequence: by hand for many at once, or by the conditions of the sequence."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import frappe
from frappe import _
from frappe.utils import now_datetime

from dafater_crm.domain import nurture
from dafater_crm.queries.access import ListedRows, row_access
from dafater_crm.records.nurture import conditions, ledger, people, reach, watch
from dafater_crm.records.nurture.plans import opening, plan_of
from dafater_crm.records.nurture.reasons import ENROLLED, LEAVING, NOT_YOURS, OVER, SKIPPED
from dafater_crm.records.nurture.subjects import ENROLMENT, OUTREACH_STATES, SEQUENCE, SUBJECTS
from dafater_crm.records.raw_rows import append_rows

MOST_AT_ONCE = 2_000
BATCH = 500


def active_key(sequence: str, doctype: str, name: str) -> str:
	"""Value of the unique column that stops a second active enrolment of the same record."""
	return sha256("\n".join((sequence, doctype, name)).encode()).hexdigest()


def writable(doctype: str, names: list[str]) -> set[str]:
	"""Those of `names` that the session's user may change: the list's own rows, and the owner's or team's. Set-based."""
	if not frappe.has_permission(doctype, "write"):
		return set()
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.name.isin(names or [""]))
	query = query.where(ListedRows(doctype))
	# a record that was only shared for reading is listed, but not the user's to write to
	rule = row_access(doctype).criterion()
	if rule is not None:
		query = query.where(rule)
	return set(query.run(pluck=True))


def sort_out(sequence, names: list[str], by_person: bool = True) -> tuple[list[dict], Counter]:
	"""(rows that can be enrolled, how many cannot for which reason). Fixed statements for any number of names."""
	doctype = sequence.applies_to
	names = list(dict.fromkeys(names))
	allowed = writable(doctype, names) if by_person else set(names)
	rows = people.read(doctype, [name for name in names if name in allowed])
	skipped = Counter({NOT_YOURS: len(names) - len(rows)})
	enrolled = _enrolled(sequence.name, doctype, list(rows))
	leaving = leaving_records(sequence, list(rows))
	banned = reach.bars(sequence, rows).ends
	fit = []
	for name, row in rows.items():
		if name in enrolled:
			skipped[ENROLLED] += 1
		elif row.status in SUBJECTS[doctype].over and sequence.exit_on_conversion:
			skipped[OVER] += 1
		elif name in leaving:
			skipped[LEAVING] += 1
		elif name in banned:
			skipped[banned[name]] += 1
		else:
			fit.append(row)
	return fit, +skipped


def leaving_records(sequence, names: list[str]) -> set[str]:
	"""Those of `names` that match one of the sequence's exit conditions. At most one statement, and one for each value that is a link."""
	rule = conditions.matches_any(sequence.applies_to, sequence.exit_conditions)
	if rule is None or not names:
		return set()
	table = frappe.qb.DocType(sequence.applies_to)
	return set(
		frappe.qb.from_(table).select(table.name).where(table.name.isin(names)).where(rule).run(pluck=True)
	)


def enrol(sequence, names: list[str], by_person: bool = True) -> dict:
	"""Enrol the records that can be. Returns {"enrolled": number, "skipped": {reason: number}}.

	Nobody is enrolled twice, also when two do it at once: the second row is ignored by the unique key.
	"""
	if not sequence.enabled:
		frappe.throw(
			_("The sequence {0} is not enabled. Enable it first.").format(frappe.bold(sequence.name))
		)
	rows, skipped = sort_out(sequence, names, by_person)
	made = _insert(sequence, rows)
	if made < len(rows):
		skipped[ENROLLED] += len(rows) - made
	return {"enrolled": made, "skipped": dict(skipped)}


def _insert(sequence, rows: list[dict]) -> int:
	if not rows:
		return 0
	now = now_datetime()
	first = plan_of(sequence)[0]
	start = nurture.due_at(first, now)
	if first.kind in nurture.MESSAGES:
		start = opening(sequence, start)
	values = [_values(sequence, row, now, start) for row in rows]
	names = append_rows(ENROLMENT, values, now, ignore_doubles=True)
	made = frappe.qb.DocType(ENROLMENT)
	return len(frappe.qb.from_(made).select(made.name).where(made.name.isin(names)).run(pluck=True))


def _values(sequence, row: dict, now, start) -> dict:
	subject = SUBJECTS[sequence.applies_to]
	return {
		"sequence": sequence.name,
		"reference_doctype": sequence.applies_to,
		"reference_name": row.name,
		"title": row.title,
		"recipient": (row.get(subject.email) or "").lower(),
		"recipient_phone": people.phone_of(sequence.applies_to, row) or None,
		"responsible": row.get(subject.owner),
		"status": "Active",
		"current_step": 1,
		"next_run_on": start,
		"started_on": now,
		"active_key": active_key(sequence.name, sequence.applies_to, row.name),
	}


def _enrolled(sequence: str, doctype: str, names: list[str]) -> set[str]:
	table = frappe.qb.DocType(ENROLMENT)
	return set(
		frappe.qb.from_(table)
		.select(table.reference_name)
		.where((table.reference_doctype == doctype) & table.reference_name.isin(names or [""]))
		.where((table.sequence == sequence) & table.status.isin(OUTREACH_STATES))
		.run(pluck=True)
	)


def matching(sequence, limit: int | None = None) -> list[str]:
	"""Names of the records that match the conditions and were never in the sequence, oldest first. One statement."""
	doctype = sequence.applies_to
	table, past = frappe.qb.DocType(doctype), frappe.qb.DocType(ENROLMENT)
	ever = (
		frappe.qb.from_(past)
		.select(past.reference_name)
		.where((past.sequence == sequence.name) & (past.reference_doctype == doctype))
	)
	query = (
		frappe.qb.from_(table)
		.select(table.name)
		.where(conditions.matches_all(doctype, sequence.conditions))
		.where(table.name.notin(ever))
		.orderby(table.creation)
	)
	if sequence.exit_on_conversion:
		query = query.where(table.status.notin(SUBJECTS[doctype].over))
	if not sequence.include_existing and sequence.enabled_on:
		query = query.where(table.creation >= sequence.enabled_on)
	return query.limit(limit or MOST_AT_ONCE).run(pluck=True)


def run() -> int:
	"""Hourly job: enrol what matches the conditions of enabled sequences. Returns how many. Commits per batch.

	Every enabled sequence is looked at first: what was wrong with it may be right again.
	"""
	made = 0
	for name in frappe.get_all(SEQUENCE, {"enabled": 1}, pluck="name", order_by="creation"):
		try:
			broken = watch.look_at(name)
			sequence = frappe.get_cached_doc(SEQUENCE, name)
			if sequence.enrolment == "When Conditions Match" and not broken:
				made += _enrol_matching(sequence)
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=f"Nurture sequence {name}: records not enrolled")
	return made


def _enrol_matching(sequence) -> int:
	made = 0
	found = matching(sequence)
	for start in range(0, len(found), BATCH):
		made += enrol(sequence, found[start : start + BATCH], by_person=False)["enrolled"]
		frappe.db.commit()  # nosemgrep: manual-commit - a job: a batch stays enrolled if the next one fails
	return made


def skip(enrolment) -> None:
	"""Leave out the next step: a ledger row says so, and the step after it follows after its own delay."""
	sequence = frappe.get_cached_doc(SEQUENCE, enrolment.sequence)
	plan, number = plan_of(sequence), enrolment.current_step
	if not 0 < number <= len(plan):
		frappe.throw(_("This enrolment has no further step."))
	entry = {
		"enrolment": enrolment.name,
		"sequence": sequence.name,
		"step_no": number,
		"kind": plan[number - 1].kind,
		"state": ledger.SKIPPED,
		"reason": SKIPPED,
		"reference_doctype": enrolment.reference_doctype,
		"reference_name": enrolment.reference_name,
	}
	known = ledger.known([enrolment.name]).get((enrolment.name, number))
	if known:
		ledger.settle([known.name], ledger.SKIPPED, reason=SKIPPED)
	else:
		ledger.plan([entry])
	following = nurture.next_step(plan, number, bool(enrolment.replied_on))
	values = {"stopped_reason": None, "last_step_on": now_datetime()}
	if following == nurture.END:
		values |= {"status": "Completed", "ended_on": now_datetime(), "next_run_on": None, "active_key": None}
	else:
		due = nurture.due_at(plan[following - 1], now_datetime())
		if plan[following - 1].kind in nurture.MESSAGES:
			due = opening(sequence, due)
		values |= {"current_step": following, "next_run_on": due}
	frappe.db.set_value(ENROLMENT, enrolment.name, values)
