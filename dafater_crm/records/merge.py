"""Two leads become one, field by field as a person chose, and two again within thirty days.

Everything that points at the lead that goes is moved to the lead that stays, and noted row by row; the lead that
goes is kept as it was, in the record of the merge. Undoing puts its row back under its old name, moves back what still
is where the merge put it, and gives the kept lead its earlier values where nobody changed them since.
"""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import add_days, getdate, now_datetime, today

from dafater_crm.queries import granted
from dafater_crm.records import merge_doubles, merge_links, recompute, search_entries
from dafater_crm.records.raw_rows import insert_rows

LEAD, MERGE, CANDIDATE = "Dafater Lead", "Dafater Lead Merge", "Dafater Duplicate Candidate"
UNDO_DAYS = 30

# What a person may choose between; the rest is derived, or belongs to the history of the lead that stays.
NOT_CHOSEN = frozenset(
	(
		*(
			"naming_series",
			"title",
			"status",
			"base_status",
			"fact_status",
			"status_changed_on",
			"converted_on",
		),
		*(
			"name_key",
			"latin_key",
			"organisation_key",
			"assigned_on",
			"scored_on",
			"score",
			"grade",
			"fit_score",
		),
		*("engagement_score", "score_reasons", "learnt_score", "learnt_reasons", "captured_through"),
		*("source_reference", "first_responded_on", "first_response_time", "last_contact_on"),
		*("qualified_by", "qualified_on", "unsubscribed", "do_not_contact", "marketing_consent"),
	)
)


def fields_to_choose(keep, remove) -> list[dict]:
	"""Fields in which two leads differ: [{"field", "label", "keep", "remove"}], in the order of the form."""
	rows = []
	for df in frappe.get_meta(LEAD).fields:
		if df.fieldname in NOT_CHOSEN or df.fieldtype in frappe.model.no_value_fields or df.hidden:
			continue
		mine, theirs = keep.get(df.fieldname) or "", remove.get(df.fieldname) or ""
		if str(mine) != str(theirs):
			rows.append({"field": df.fieldname, "label": _(df.label), "keep": mine, "remove": theirs})
	return rows


def merge(keep: str, remove: str, take: list[str] | None = None) -> str:
	"""Merge lead `remove` into lead `keep` and return the name of the record of it.

	`take` names the fields whose value comes from the lead that goes; fields that the kept lead has empty are filled from
	it always. One transaction. Raises ValidationError for one and the same lead, or when both have become customers of
	their own; the caller checks that the user may write both.
	"""
	first, second = _locked(keep, remove)
	_refuse_two_customers(keep, remove)
	entry = frappe.new_doc(MERGE)
	entry.update({"kept": keep, "removed": remove, "removed_title": second.title})
	row = frappe.db.get_value(LEAD, remove, "*", as_dict=True)
	links = merge_links.pointing_at(LEAD, remove)
	doubles = merge_doubles.settle(keep, remove, links)
	merge_links.move(links, remove, keep)
	dropped = [{**link, "link_name": remove} for link in _drop_double_links(keep, links)]
	_note_assignees(keep)
	changes = _take_values(first, second, take or [], row)
	frappe.db.delete(LEAD, {"name": remove})
	search_entries.forget(LEAD, [remove])
	entry.update(
		{
			"removed_row": frappe.as_json(row),
			"changes": frappe.as_json(changes),
			"moved": frappe.as_json({"links": links, "dropped": dropped, "doubles": doubles}),
			"merged_by": frappe.session.user,
			"merged_on": now_datetime(),
			"undo_until": add_days(today(), UNDO_DAYS),
		}
	)
	# nobody may write records of merges by hand; whoever may write both leads may merge them
	entry.insert(ignore_permissions=True)
	_settle_candidates(keep, remove)
	frappe.clear_document_cache(LEAD, remove)
	recompute.after_commit(LEAD, keep)
	return entry.name


def undo(name: str) -> dict:
	"""Take a merge back. Returns {"lead": the lead that is back, "left": values that somebody changed since}.

	Raises ValidationError when it was undone already, when it is more than thirty days old, or when a lead has that name again.
	"""
	entry = frappe.get_doc(MERGE, name, for_update=True)
	_refuse_undo(entry)
	row, moved = json.loads(entry.removed_row), json.loads(entry.moved)
	insert_rows(LEAD, [row])
	merge_links.move(moved["links"], entry.kept, entry.removed)
	insert_rows("Dynamic Link", moved["dropped"])
	merge_doubles.put_back(moved.get("doubles") or {})
	_note_assignees(entry.kept)
	left = _give_back(entry.kept, json.loads(entry.changes))
	entry.update({"status": "Undone", "undone_by": frappe.session.user, "undone_on": now_datetime()})
	entry.save(ignore_permissions=True)  # as the insert
	_reopen_candidate(entry.kept, entry.removed)
	search_entries.SearchEntries(LEAD).note([frappe.get_doc(LEAD, entry.removed)])
	for lead in (entry.kept, entry.removed):
		frappe.clear_document_cache(LEAD, lead)
		recompute.after_commit(LEAD, lead)
	return {"lead": entry.removed, "left": left}


def pair_key(one: str, other: str) -> str:
	"""The same text for two leads in either order; unique in the table of candidates."""
	return "|".join(sorted((one, other)))


def _locked(keep: str, remove: str) -> tuple:
	if keep == remove:
		frappe.throw(
			_("Choose two different leads: {0} cannot be merged with itself.").format(frappe.bold(keep))
		)
	# always in the same order, so that two merges of one pair wait for each other instead of locking each other out
	docs = {name: frappe.get_doc(LEAD, name, for_update=True) for name in sorted((keep, remove))}
	return docs[keep], docs[remove]


def _refuse_two_customers(keep: str, remove: str) -> None:
	links = frappe.get_all(
		"Dafater Party Link", {"party_type": LEAD, "party_name": ("in", (keep, remove))}, pluck="customer"
	)
	if len(links) > 1:
		frappe.throw(
			_(
				"Both leads have become customers: {0} and {1}. Merge the customers first, or keep both leads."
			).format(*(frappe.bold(frappe.utils.escape_html(name)) for name in links))
		)


def _take_values(first, second, take: list[str], row: dict) -> dict:
	"""Give the kept lead its chosen values and return {field: [before, after]} of what changed."""
	chosen = {df["field"]: df for df in fields_to_choose(first, second)}
	before = {}
	for field in chosen:
		if field in take or not first.get(field):
			before[field] = first.get(field)
			first.set(field, second.get(field))
	_carry_refusals(first, second, before)
	first.flags.ignore_version = False
	first.save(ignore_permissions=True)  # the caller checked the right to write both
	stored = frappe.db.get_value(LEAD, first.name, [*before, "name"], as_dict=True)
	return {field: [value, stored[field]] for field, value in before.items()}


def _carry_refusals(first, second, before: dict) -> None:
	"""Who asked not to be written to asked for the person, not for one of two rows."""
	for field in ("do_not_contact", "unsubscribed"):
		if second.get(field) and not first.get(field):
			before[field] = first.get(field)
			first.set(field, 1)
	if second.marketing_consent == "Withdrawn" and first.marketing_consent != "Withdrawn":
		before["marketing_consent"] = first.marketing_consent
		first.marketing_consent = "Withdrawn"


def _drop_double_links(keep: str, links: list[dict]) -> list[dict]:
	"""A contact that both leads had would be linked twice now; the moved rows go, and are returned to be put back."""
	moved = next((link["names"] for link in links if link["doctype"] == "Dynamic Link"), [])
	if not moved:
		return []
	mine, other = DocType("Dynamic Link"), DocType("Dynamic Link").as_("other")
	double = (
		frappe.qb.from_(mine)
		.join(other)
		.on(
			(other.parenttype == mine.parenttype)
			& (other.parent == mine.parent)
			& (other.link_doctype == mine.link_doctype)
			& (other.link_name == mine.link_name)
			& (other.name != mine.name)
		)
		.select(mine.star)
		.where(mine.name.isin(moved) & (mine.link_name == keep))
		.run(as_dict=True)
	)
	if double:
		frappe.db.delete("Dynamic Link", {"name": ("in", [row.name for row in double])})
		names = {row.name for row in double}
		for link in links:
			if link["doctype"] == "Dynamic Link":
				link["names"] = [name for name in link["names"] if name not in names]
	return double


def _note_assignees(lead: str) -> None:
	"""Frappe keeps the users of open ToDos in a column of the record as well; the ToDos have moved."""
	users = frappe.get_all(
		"ToDo",
		{"reference_type": LEAD, "reference_name": lead, "status": "Open"},
		pluck="allocated_to",
		distinct=True,
		order_by="allocated_to",
	)
	frappe.db.set_value(LEAD, lead, "_assign", json.dumps(users), update_modified=False)
	granted.forget()


def _settle_candidates(keep: str, remove: str) -> None:
	"""This pair is decided; other pairs with the lead that went are about the kept one now, unless it has them already."""
	candidate = DocType(CANDIDATE)
	frappe.qb.update(candidate).set(candidate.status, "Merged").set(
		candidate.decided_by, frappe.session.user
	).set(candidate.decided_on, now_datetime()).where(candidate.pair == pair_key(keep, remove)).run()
	either = (candidate.lead_a == remove) | (candidate.lead_b == remove)
	rows = (
		frappe.qb.from_(candidate)
		.select(candidate.name, candidate.lead_a, candidate.lead_b)
		.where(either & (candidate.status == "Open"))
		.run(as_dict=True)
	)
	for row in rows:
		other = row.lead_b if row.lead_a == remove else row.lead_a
		if frappe.db.exists(CANDIDATE, {"pair": pair_key(keep, other)}):
			frappe.db.delete(CANDIDATE, {"name": row.name})
			continue
		values = {"lead_a": min(keep, other), "lead_b": max(keep, other), "pair": pair_key(keep, other)}
		frappe.db.set_value(CANDIDATE, row.name, values)


def _reopen_candidate(kept: str, removed: str) -> None:
	"""Whoever takes a merge back says that the two are not one."""
	name = frappe.db.get_value(CANDIDATE, {"pair": pair_key(kept, removed)})
	if name:
		frappe.db.set_value(CANDIDATE, name, {"status": "Not a Duplicate", "decided_on": now_datetime()})


def _refuse_undo(entry) -> None:
	if entry.status == "Undone":
		frappe.throw(_("This merge has been undone already."))
	if getdate(entry.undo_until) < getdate():
		frappe.throw(
			_(
				"This merge can no longer be undone: {0} days have passed. Enter the lead again by hand."
			).format(UNDO_DAYS)
		)
	if frappe.db.exists(LEAD, entry.removed):
		frappe.throw(
			_("There is a lead called {0} again, so this merge cannot be undone.").format(
				frappe.bold(entry.removed)
			)
		)


def _give_back(kept: str, changes: dict) -> list[str]:
	"""Earlier values of the kept lead where it still holds what the merge gave it; names of fields that it does not."""
	doc = frappe.get_doc(LEAD, kept, for_update=True)
	left = []
	for field, (before, after) in changes.items():
		if str(doc.get(field) or "") == str(after or ""):
			doc.set(field, before)
		else:
			left.append(field)
	doc.save(ignore_permissions=True)  # the caller checked the right to write it
	return left
