"""Taking a whole import back: leads that it made go, leads that it filled up get their empty fields again.

A lead that somebody has worked with since (an opportunity, a message, an activity, a file, a comment, an assignment by
hand) stays and is named: an undo must not destroy what people did afterwards.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, now_datetime

from dafater_crm.queries.duplicates import CANDIDATE, KEY
from dafater_crm.records import merge_links, search_entries
from dafater_crm.records.import_batch import CREATED, FILLED, ROW
from dafater_crm.records.import_file import LEAD
from dafater_crm.records.import_run import BATCH, IMPORT, UNDOING, act_as, announce, fail
from dafater_crm.records.log_texts import message_of

# Rows that come with a lead by themselves, and go with it.
OWN = frozenset(
	(KEY, CANDIDATE, ROW, "Dafater Status History", "Dafater Assignment Log", "ToDo", "Version", "View Log")
)


def work(name: str) -> None:
	"""The job; batches of 500 with a commit each. What was undone already is passed over when it runs again."""
	doc = frappe.get_doc(IMPORT, name)
	if doc.status != UNDOING:
		return
	act_as(doc.started_by)
	try:
		run(name)
	except Exception as error:
		fail(name, error)


def run(name: str) -> None:
	"""Take back what is still there, and note how many leads stay."""
	search_entries.sync_now()
	kept = _take_leads_back(name) + _empty_filled_fields(name)
	frappe.db.set_value(IMPORT, name, {"status": "Undone", "error": None, "kept": kept})
	frappe.db.commit()  # nosemgrep: manual-commit - the end of the job
	announce(name)


def used_leads(names: list[str]) -> set[str]:
	"""Those of `names` that anything points at which did not come with the import; one statement a kind of link."""
	used: set[str] = set()
	for table, field, type_field in merge_links.columns_of(LEAD):
		if table in OWN:
			continue
		where = DocType(table)
		query = frappe.qb.from_(where).select(where[field]).distinct().where(where[field].isin(names))
		if type_field:
			query = query.where(where[type_field] == LEAD)
		used.update(query.run(pluck=True))
	return used


def _take_leads_back(name: str) -> int:
	kept, after = 0, -1
	while True:
		rows = _rows(name, CREATED, after)
		if not rows:
			return kept
		leads = [row.lead for row in rows if row.lead]
		used = used_leads(leads)
		gone = [lead for lead in leads if lead not in used]
		kept += len(used)
		_delete(gone)
		_beat(name)
		after = rows[-1].row_no


def _delete(leads: list[str]) -> None:
	"""Leads that nothing points at, with their own rows; one statement a table. The import's rows stay: they say what became of it."""
	if not leads:
		return
	for table, field, type_field in merge_links.columns_of(LEAD):
		if table in OWN and table != ROW:
			frappe.db.delete(table, {field: ("in", leads), **({type_field: LEAD} if type_field else {})})
	candidate = DocType(CANDIDATE)
	frappe.qb.from_(candidate).delete().where(
		candidate.lead_a.isin(leads) | candidate.lead_b.isin(leads)
	).run()
	frappe.db.delete(LEAD, {"name": ("in", leads)})
	search_entries.forget(LEAD, leads)
	for lead in leads:
		frappe.clear_document_cache(LEAD, lead)


def _empty_filled_fields(name: str) -> int:
	"""Returns how many leads keep what they were given, because they cannot be saved without it."""
	kept, after = 0, -1
	while True:
		rows = _rows(name, FILLED, after)
		if not rows:
			return kept
		for row in rows:
			given = frappe.parse_json(row.before or "{}")
			if row.lead and given and frappe.db.exists(LEAD, row.lead):
				kept += not _empty(row, given)
		_beat(name)
		after = rows[-1].row_no


def _empty(row, given: dict) -> bool:
	"""Fields that still hold what the import gave them are empty again; what a person changed since stays.

	A lead that cannot be saved so, or no longer by this user, stays as it is, and its row says why: one must not hold up the others.
	"""
	doc = frappe.get_doc(LEAD, row.lead)
	same = [field for field, value in given.items() if str(doc.get(field) or "") == str(value or "")]
	if not same:
		return True
	frappe.db.savepoint("take_back")
	try:
		doc.update(dict.fromkeys(same))
		doc.save()
	except (frappe.ValidationError, frappe.PermissionError) as error:
		frappe.db.rollback(save_point="take_back")
		frappe.clear_document_cache(LEAD, row.lead)
		_say(row, _("Not taken back: {0}").format(message_of(error)))
		return False
	return True


def _say(row, sentence: str) -> None:
	"""Add a sentence to a row's reasons; an undo that runs again does not repeat it."""
	reasons = frappe.parse_json(row.reasons or "[]")
	if sentence not in reasons:
		reasons = frappe.as_json([*reasons, sentence], indent=None)
		frappe.db.set_value(ROW, row.name, "reasons", reasons, update_modified=False)


def _beat(name: str) -> None:
	"""A batch is done: whoever looks for workers that died sees that this one lives."""
	frappe.db.set_value(IMPORT, name, "heartbeat_on", now_datetime(), update_modified=False)
	frappe.db.commit()  # nosemgrep: manual-commit - a job in batches


def _rows(name: str, outcome: str, after: int) -> list:
	row = DocType(ROW)
	return (
		frappe.qb.from_(row)
		.select(row.name, row.row_no, row.lead, row.before, row.reasons)
		.where((row.lead_import == name) & (row.outcome == outcome) & (row.row_no > cint(after)))
		.orderby(row.row_no)
		.limit(BATCH)
		.run(as_dict=True)
	)
