"""Sequences whose conditions can no longer be asked: they say why and wait, until a person has mended them.

Somebody removes a field or renames a territory that a condition names. Whom the sequence should have let go cannot be told then, so nobody
in it is written to; and whom it should take cannot be told, so nobody is enrolled.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import strip_html

from dafater_crm.records.nurture import conditions, stop
from dafater_crm.records.nurture.reasons import BROKEN
from dafater_crm.records.nurture.subjects import SEQUENCE


def problems_of(sequence) -> dict[str, str]:
	"""Field of the sequence ("exit_conditions", "conditions") -> why its rows cannot be asked. Empty where all is well."""
	tables = ["exit_conditions"]
	if sequence.enrolment == "When Conditions Match":
		tables.append("conditions")
	found = {table: conditions.problem_of(sequence.applies_to, sequence.get(table)) for table in tables}
	return {table: strip_html(text) for table, text in found.items() if text}


def look_at(name: str) -> dict[str, str]:
	"""Note on an enabled sequence what is wrong with it, or that nothing is any more; its enrolments wait, or go on. Commits.

	Returns `problems_of`.
	"""
	sequence = frappe.get_cached_doc(SEQUENCE, name)
	problems = problems_of(sequence)
	text = "\n".join(f"{_(sequence.meta.get_label(table))}: {why}" for table, why in problems.items())
	if text != (sequence.problem or ""):
		frappe.db.set_value(SEQUENCE, name, "problem", text or None, update_modified=False)
	if "exit_conditions" in problems:
		stop.hold(name, BROKEN)
	elif sequence.problem:
		stop.release(name)
	frappe.db.commit()  # nosemgrep: manual-commit - a job's own bookkeeping, whatever becomes of the batch
	return problems
