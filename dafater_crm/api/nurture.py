"""Nurture sequences from the desk: enrol, preview, and what a person does with an enrolment."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.records.nurture import choices, conditions, enrol, reasons, stop
from dafater_crm.records.nurture.subjects import ENROLMENT, LEDGER, SEQUENCE


@frappe.whitelist(methods=["POST"])
def enrol_records(sequence: str, names: list | str) -> dict:
	"""Enrol leads or opportunities. Returns {"enrolled": number, "skipped": [{"reason", "count"}]}.

	`names`: at most 2,000 record names, as a list or JSON text. Permission: read on the sequence, write on each record;
	those that the user may not change are counted as skipped.
	"""
	doc = _readable_sequence(sequence)
	return _told(enrol.enrol(doc, _names(names)))


@frappe.whitelist(methods=["GET", "POST"])
def preview(sequence: str, names: list | str | None = None) -> dict:
	"""What `enrol_records` would do with `names`; without them, what the sequence's own conditions would enrol now.

	Returns {"enrolled": number, "skipped": […]}. Permission: read on the sequence; the second form counts every matching
	record of the site, so it needs write on the sequence.
	"""
	doc = _readable_sequence(sequence)
	if names is not None:
		rows, skipped = enrol.sort_out(doc, _names(names))
	else:
		doc.check_permission("write")
		found = enrol.matching(doc) if doc.conditions else []
		rows, skipped = enrol.sort_out(doc, found, by_person=False)
	return _told({"enrolled": len(rows), "skipped": skipped})


@frappe.whitelist(methods=["GET", "POST"])
def condition_fields(doctype: str) -> list[dict]:
	"""Fields that conditions on `doctype` may name, with their operators. Permission: read on that DocType."""
	frappe.has_permission(doctype, "read", throw=True)
	return [
		{**field, "operators": list(conditions.OPERATORS[field["fieldtype"]])}
		for field in conditions.fields_of(doctype)
	]


@frappe.whitelist(methods=["GET", "POST"])
def form_choices() -> dict:
	"""What the form of a new sequence offers, see `choices.of_form`. Permission: create on sequences."""
	frappe.has_permission(SEQUENCE, "create", throw=True)
	return choices.of_form()


@frappe.whitelist(methods=["POST"])
def pause(name: str) -> str:
	"""Hold an enrolment. Permission: write on its record. Returns the new status."""
	enrolment = _changeable(name)
	_require(enrolment, "Active")
	stop.pause([name])
	return _status(name)


@frappe.whitelist(methods=["POST"])
def resume(name: str) -> str:
	"""Let a paused enrolment go on; a step that failed is tried again. Permission: write on its record."""
	enrolment = _changeable(name)
	_require(enrolment, "Paused")
	if not frappe.get_cached_value(SEQUENCE, enrolment.sequence, "enabled"):
		frappe.throw(
			_("The sequence {0} is not enabled. Enable it first.").format(frappe.bold(enrolment.sequence))
		)
	stop.resume([name])
	return _status(name)


@frappe.whitelist(methods=["POST"])
def stop_enrolment(name: str) -> str:
	"""End an enrolment for good. Permission: write on its record."""
	enrolment = _changeable(name)
	_require(enrolment, "Active", "Paused")
	stop.end(frappe.qb.DocType(ENROLMENT).name == name, reasons.BY_HAND)
	return _status(name)


@frappe.whitelist(methods=["POST"])
def skip_step(name: str) -> str:
	"""Leave out the step that is next. Permission: write on its record."""
	enrolment = _changeable(name)
	_require(enrolment, "Active", "Paused")
	enrol.skip(enrolment)
	return _status(name)


@frappe.whitelist(methods=["GET", "POST"])
def history(name: str) -> list[dict]:
	"""The steps of an enrolment so far, in order, in the reader's language. Permission: read on the enrolment."""
	enrolment = frappe.get_doc(ENROLMENT, name)
	enrolment.check_permission("read")
	rows = frappe.get_all(
		LEDGER,
		{"enrolment": name},
		["step_no", "kind", "state", "reason", "modified", "communication", "activity"],
		order_by="step_no",
	)
	return [{**row, "reason": reasons.told(row.reason)} for row in rows]


@frappe.whitelist(methods=["GET", "POST"])
def of_record(doctype: str, name: str) -> list[dict]:
	"""The enrolments of one record, newest first. Permission: read on the record."""
	frappe.has_permission(doctype, "read", name, throw=True)
	rows = frappe.get_all(
		ENROLMENT,
		{"reference_doctype": doctype, "reference_name": name},
		["name", "sequence", "status", "current_step", "next_run_on", "stopped_reason"],
		order_by="creation desc",
		limit=20,
	)
	return [{**row, "stopped_reason": reasons.told(row.stopped_reason)} for row in rows]


def _readable_sequence(name: str):
	doc = frappe.get_doc(SEQUENCE, name)
	doc.check_permission("read")
	return doc


def _names(names: list | str) -> list[str]:
	found = frappe.parse_json(names)
	if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
		frappe.throw(_("Choose the records to enrol."))
	if len(found) > enrol.MOST_AT_ONCE:
		frappe.throw(_("Choose at most {0} records at once.").format(enrol.MOST_AT_ONCE))
	return found


def _changeable(name: str):
	"""The enrolment, locked; whoever may change the record may act on it."""
	enrolment = frappe.get_doc(ENROLMENT, name, for_update=True)
	frappe.has_permission(enrolment.reference_doctype, "write", enrolment.reference_name, throw=True)
	return enrolment


def _require(enrolment, *statuses: str) -> None:
	if enrolment.status not in statuses:
		frappe.throw(
			_("This enrolment is {0}, so that is not possible.").format(frappe.bold(_(enrolment.status)))
		)


def _status(name: str) -> str:
	return frappe.db.get_value(ENROLMENT, name, "status")


def _told(result: dict) -> dict:
	skipped = [
		{"reason": reasons.told(reason), "count": count}
		for reason, count in sorted(dict(result["skipped"]).items())
	]
	return {"enrolled": result["enrolled"], "skipped": skipped}
