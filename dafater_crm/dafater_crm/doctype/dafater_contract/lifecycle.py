# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt
"""The daily job that moves contracts on when only the calendar has changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import frappe
from frappe.utils import cint, getdate

from dafater_crm.domain.contract_status import status_of

BATCH = 500
# Terminated and cancelled contracts never move again by the calendar alone.
MAY_MOVE = ("Draft", "Sent", "Signed", "Active", "Fulfilled", "Lapsed", "Expired")
FIELDS = (
	"name",
	"docstatus",
	"status",
	"sent_on",
	"signed_on",
	"start_date",
	"end_date",
	"terminated_on",
	"requires_fulfilment",
)


def recompute_statuses(batch: int = BATCH) -> int:
	"""Set the status of each submitted contract to what its dates and obligations say today.

	Two reads per `batch` contracts, one UPDATE per kind of change, and none for a contract that stays as it is.
	A contract that somebody changes meanwhile keeps what that person's save computed. Returns how many moved.
	"""
	today, last, moved = getdate(), "", 0
	while True:
		contracts = _contracts_after(last, batch)
		if not contracts:
			return moved
		moved += _move(contracts, today)
		last = contracts[-1].name


def _contracts_after(last: str, batch: int) -> list[frappe._dict]:
	table = frappe.qb.DocType("Dafater Contract")
	return (
		frappe.qb.from_(table)
		.select(*(table[field] for field in FIELDS))
		.where(table.docstatus == 1)
		.where(table.status.isin(MAY_MOVE))
		.where(table.name > last)
		.orderby(table.name)
		.limit(batch)
		.run(as_dict=True)
	)


def _move(contracts: list[frappe._dict], today: date) -> int:
	obligations = _obligations([row.name for row in contracts])
	changes: dict[tuple[str, str], list[str]] = defaultdict(list)
	for row in contracts:
		status = _status(row, obligations[row.name], today)
		if status != row.status:
			changes[row.status, status].append(row.name)
	for (old, new), names in changes.items():
		_write(old, new, names)
	return sum(map(len, changes.values()))


def _obligations(names: list[str]) -> dict[str, list[tuple[date | None, bool]]]:
	table = frappe.qb.DocType("Dafater Contract Obligation")
	rows = (
		frappe.qb.from_(table)
		.select(table.parent, table.due_date, table.fulfilled)
		.where(table.parenttype == "Dafater Contract")
		.where(table.parent.isin(names))
		.run()
	)
	found = defaultdict(list)
	for parent, due, fulfilled in rows:
		found[parent].append((due, bool(fulfilled)))
	return found


def _status(row: frappe._dict, obligations: list[tuple[date | None, bool]], today: date) -> str:
	return status_of(
		docstatus=cint(row.docstatus),
		sent_on=row.sent_on,
		signed_on=row.signed_on,
		start_date=row.start_date,
		end_date=row.end_date,
		obligations=obligations,
		terminated_on=row.terminated_on,
		today=today,
		require_fulfilment=bool(row.requires_fulfilment),
	)


def _write(old: str, new: str, names: list[str]) -> None:
	table = frappe.qb.DocType("Dafater Contract")
	(
		frappe.qb.update(table)
		.set(table.status, new)
		.where(table.name.isin(names))
		.where(table.docstatus == 1)
		# a save in between has already written its own status
		.where(table.status == old)
		.run()
	)
	for name in names:
		frappe.clear_document_cache("Dafater Contract", name)
