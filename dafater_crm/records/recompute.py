"""The one writer of statuses that follow documents.

Recomputing inside the transaction of the order is wrong: two orders cancelled at the same time each still see the
other. So a change only notes which records to look at, and after the commit each of them is locked, read again
and written once, in a transaction of its own. Whatever fails is left to the daily repair, which runs the same code.
"""

from __future__ import annotations

import frappe
from frappe.utils import now_datetime, nowdate

from dafater_crm.domain import ladder, opportunity_status
from dafater_crm.queries import facts
from dafater_crm.records import history, jobs, response_times
from dafater_crm.records.status import LADDERS

OPPORTUNITY = "Dafater Opportunity"
# opportunities first: leads and prospects read what was written on them
ORDER = (OPPORTUNITY, "Dafater Lead", "Dafater Prospect")
BATCH = 500
REPAIR = "dafater_crm.records.recompute.repair_batch"


def after_commit(doctype: str, name: str | None) -> None:
	"""Recompute one record when the running transaction has been committed; repeated calls count once."""
	if not name or doctype not in ORDER:
		return
	waiting = getattr(frappe.local, "dafater_recompute", None)
	if not waiting:
		# a rollback clears Frappe's queue of callbacks but not our set: register anew with every first entry
		waiting = frappe.local.dafater_recompute = set()
		frappe.db.after_commit.add(_run_waiting)
		frappe.db.after_rollback.add(_forget_waiting)
	waiting.add((doctype, name))


def _forget_waiting() -> None:
	frappe.local.dafater_recompute = set()


def _run_waiting() -> None:
	waiting, frappe.local.dafater_recompute = frappe.local.dafater_recompute, set()
	for doctype in ORDER:
		for name in sorted(name for of_type, name in waiting if of_type == doctype):
			waiting |= _recompute_safely(doctype, name)


def _recompute_safely(doctype: str, name: str) -> set[tuple[str, str]]:
	"""An exception here would surface after the commit and drop the callbacks behind ours: log and repair later."""
	try:
		return recompute(doctype, name)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=f"Status of {doctype} {name} not recomputed")
		jobs.soon(REPAIR, doctype=doctype, names=[name], job_id=f"dafater-repair-{name}", deduplicate=True)
		return set()


def recompute(doctype: str, name: str) -> set[tuple[str, str]]:
	"""Lock one record, read its facts, write its status, commit. Returns the records that depend on it.

	Commits: call it only outside other work, after a commit or from a job.
	"""
	frappe.db.commit()  # nosemgrep: manual-commit - a fresh snapshot; an older one would not see what was just committed
	table = frappe.qb.DocType(doctype)
	row = frappe.qb.from_(table).select(table.star).where(table.name == name).for_update().run(as_dict=True)
	if not row:
		frappe.db.commit()  # nosemgrep: manual-commit - releases the snapshot
		return set()
	write = _write_opportunity if doctype == OPPORTUNITY else _write_party
	changed = write(doctype, row[0])
	frappe.db.commit()  # nosemgrep: manual-commit - this transaction is ours alone, it holds the lock
	if changed:
		announce(doctype, name)
	return _dependants(doctype, row[0])


def _dependants(doctype: str, row) -> set[tuple[str, str]]:
	if doctype != OPPORTUNITY:
		return set()
	found = {(row.party_type, row.party_name), ("Dafater Lead", row.lead)}
	return {(of_type, name) for of_type, name in found if name and of_type in ORDER}


def _write_party(doctype: str, row) -> bool:
	fact = facts.party_facts(doctype, [row.name])[row.name]
	return _settle_party(doctype, row, fact)


def _settle_party(doctype: str, row, fact: str) -> bool:
	if fact == (row.fact_status or ""):
		return False
	spec = LADDERS[doctype]
	status = ladder.settle(
		spec.rungs, spec.held, row.status, row.base_status or spec.rungs[0], row.fact_status or "", fact
	)
	values = {"fact_status": fact}
	if status != row.status:
		values |= {"status": status, "status_changed_on": now_datetime()}
		if status == "Converted" and not row.get("converted_on"):
			values["converted_on"] = now_datetime()
		history.append_status(
			_as_doc(doctype, row), row.status, status, row.status_changed_on, history.DOCUMENTS
		)
	_store(doctype, row.name, values)
	return status != row.status


def _write_opportunity(doctype: str, row) -> bool:
	response_times.recount([row.name])
	fact = facts.opportunity_facts([row.name])[row.name]
	return _settle_opportunity(row, fact)


def _settle_opportunity(row, fact: str) -> bool:
	earlier = row.document_status or ""
	values = {"document_status": fact} if fact != earlier else {}
	if fact != earlier:
		values |= _stage_for(row, earlier, fact)
	stage = values.get("sales_stage", row.sales_stage)
	status = opportunity_status.status_of(outcome_of(stage), fact, bool(row.closed_on))
	if status != row.status:
		values["status"] = status
	if not values:
		return False
	if "sales_stage" in values:
		moved = _as_doc(OPPORTUNITY, row | values)
		history.append_stage(moved, row.sales_stage, stage, row.stage_changed_on, history.DOCUMENTS)
	_store(OPPORTUNITY, row.name, values)
	return True


def _stage_for(row, earlier: str, fact: str) -> dict:
	"""A full order moves an open opportunity to the won stage; when the order is gone, it moves back."""
	if fact == facts.ORDERED and outcome_of(row.sales_stage) == "Open":
		won = first_stage("Won")
		return (
			_enter(row, won, stage_before_won=row.sales_stage, won_on=nowdate(), closed_on=None)
			if won
			else {}
		)
	if earlier == facts.ORDERED and row.stage_before_won and outcome_of(row.sales_stage) == "Won":
		return _enter(row, row.stage_before_won, stage_before_won=None, won_on=None)
	if fact == facts.ORDERED and outcome_of(row.sales_stage) == "Lost":
		_remark_lost_order(row)
	return {}


def _enter(row, stage: str, **values) -> dict:
	values |= {"sales_stage": stage, "stage_changed_on": now_datetime()}
	if not row.probability_by_hand:
		probability = frappe.get_cached_value("Dafater Sales Stage", stage, "probability") or 0
		values["probability"] = probability
		values["weighted_amount"] = (row.base_opportunity_amount or 0) * probability / 100
	return values


def _remark_lost_order(row) -> None:
	"""What a person set stays; but somebody has to know that a lost opportunity was ordered."""
	if frappe.db.get_single_value("Dafater CRM Settings", "comment_on_lost_order"):
		frappe.get_doc(
			{
				"doctype": "Comment",
				"comment_type": "Info",
				"reference_doctype": OPPORTUNITY,
				"reference_name": row.name,
				"content": frappe._(
					"An order was submitted for this lost opportunity. Reopen it if it was won after all."
				),
			}
		).insert(ignore_permissions=True)  # whoever submits the order need not be allowed to comment here


def outcome_of(stage: str | None) -> str:
	"""Open, Won or Lost; a missing or deleted stage counts as Open."""
	return (stage and frappe.get_cached_value("Dafater Sales Stage", stage, "outcome")) or "Open"


def first_stage(outcome: str) -> str | None:
	"""The first enabled stage with this outcome, in board order."""
	return frappe.db.get_value(
		"Dafater Sales Stage", {"outcome": outcome, "disabled": 0}, "name", order_by="sequence asc, name asc"
	)


def _as_doc(doctype: str, row):
	return frappe._dict(row, doctype=doctype)


def _store(doctype: str, name: str, values: dict) -> None:
	# `modified` moves with the status, so that a form opened before cannot write the old status back
	if "status" in values or "sales_stage" in values:
		values = values | {"modified": now_datetime(), "modified_by": frappe.session.user}
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.update(table).where(table.name == name)
	for field, value in values.items():
		query = query.set(table[field], value)
	query.run()
	frappe.clear_document_cache(doctype, name)


def announce(doctype: str, name: str) -> None:
	"""Open forms and lists read the record again, through permissions."""
	message = {"doctype": doctype, "name": name}
	frappe.publish_realtime("doc_update", message, doctype=doctype, docname=name)
	frappe.publish_realtime("list_update", message | {"user": frappe.session.user}, doctype=doctype)


def repair_batch(doctype: str, names: list[str]) -> int:
	"""Job: recompute each record whose stored facts differ from the documents. Returns how many changed."""
	read = (
		facts.opportunity_facts if doctype == OPPORTUNITY else lambda some: facts.party_facts(doctype, some)
	)
	stored_field = "document_status" if doctype == OPPORTUNITY else "fact_status"
	stored = dict(
		frappe.get_all(
			doctype, filters={"name": ("in", names)}, fields=["name", stored_field], as_list=True, limit=0
		)
	)
	stale = [name for name, fact in read(list(stored)).items() if fact != (stored[name] or "")]
	for name in stale:
		recompute(doctype, name)
	return len(stale)


def repair_all() -> None:
	"""Daily job: quotations expire by plain SQL and fire no event, so every status is checked against its facts."""
	for doctype in ORDER:
		last = ""
		while True:
			names = frappe.get_all(
				doctype, filters={"name": (">", last)}, order_by="name asc", pluck="name", limit=BATCH
			)
			if not names:
				break
			repair_batch(doctype, names)
			if doctype == OPPORTUNITY:
				response_times.recount_batch(names)
			last = names[-1]
