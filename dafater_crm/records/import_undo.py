"""Taking a whole import back: leads that it made go, leads that it filled up get their empty fields again.

A lead that somebody has worked with since (an opportunity, a message, an activity, a file, a comment, an assignment by
hand) stays and is named: an undo must not destroy what people did afterwards.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.utils import cint

from dafater_crm.queries.duplicates import CANDIDATE, KEY
from dafater_crm.records import merge_links, search_entries
from dafater_crm.records.import_batch import CREATED, FILLED, ROW
from dafater_crm.records.import_file import LEAD
from dafater_crm.records.import_run import BATCH, IMPORT, act_as, announce

# Rows that come with a lead by themselves, and go with it.
OWN = frozenset(
	(KEY, CANDIDATE, ROW, "Dafater Status History", "Dafater Assignment Log", "ToDo", "Version", "View Log")
)
OWN_TABLES = (("Dafater Status History", "reference_name"), (KEY, "lead"))


def work(name: str) -> None:
	"""The job; batches of 500 with a commit each. What was undone already is passed over when it runs again."""
	doc = frappe.get_doc(IMPORT, name)
	if doc.status != "Undoing":
		return
	act_as(doc.started_by)
	search_entries.sync_now()
	kept = _take_leads_back(name)
	_empty_filled_fields(name)
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
		frappe.db.commit()  # nosemgrep: manual-commit - a job in batches
		after = rows[-1].row_no


def _delete(leads: list[str]) -> None:
	"""Leads that nothing points at, with their own rows; one statement a table."""
	if not leads:
		return
	for table, field in (*OWN_TABLES, (LEAD, "name")):
		frappe.db.delete(table, {field: ("in", leads)})
	todo = DocType("ToDo")
	frappe.qb.from_(todo).delete().where(
		(todo.reference_type == LEAD) & todo.reference_name.isin(leads)
	).run()
	candidate = DocType(CANDIDATE)
	frappe.qb.from_(candidate).delete().where(
		candidate.lead_a.isin(leads) | candidate.lead_b.isin(leads)
	).run()
	search_entries.forget(LEAD, leads)
	for lead in leads:
		frappe.clear_document_cache(LEAD, lead)


def _empty_filled_fields(name: str) -> None:
	after = -1
	while True:
		rows = _rows(name, FILLED, after)
		if not rows:
			return
		for row in rows:
			given = frappe.parse_json(row.before or "{}")
			if row.lead and given and frappe.db.exists(LEAD, row.lead):
				_empty(row.lead, given)
		frappe.db.commit()  # nosemgrep: manual-commit - a job in batches
		after = rows[-1].row_no


def _empty(lead: str, given: dict) -> None:
	"""Fields that still hold what the import gave them are empty again; what a person changed since stays."""
	doc = frappe.get_doc(LEAD, lead)
	same = [field for field, value in given.items() if str(doc.get(field) or "") == str(value or "")]
	if same:
		doc.update(dict.fromkeys(same))
		doc.save()


def _rows(name: str, outcome: str, after: int) -> list:
	row = DocType(ROW)
	return (
		frappe.qb.from_(row)
		.select(row.row_no, row.lead, row.before)
		.where((row.lead_import == name) & (row.outcome == outcome) & (row.row_no > cint(after)))
		.orderby(row.row_no)
		.limit(BATCH)
		.run(as_dict=True)
	)
