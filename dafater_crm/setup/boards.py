"""Kanban boards: opportunities by stage and leads by status.

Boards are records, not files, because the columns of the first follow the site's own stages. Frappe's dialog offers
Select fields only, but a board works on a Link field as well once it exists: columns are plain names, and moving a card
saves the document through its controller.
"""

from __future__ import annotations

import json

import frappe

from dafater_crm.setup import ledger

PIPELINE = "Dafater Opportunity Pipeline"
LEADS = "Dafater Leads by Status"
BOARDS = (PIPELINE, LEADS)

# Won and lost deals leave the board when it is next opened: it shows what is being worked on, however many years lie
# behind it (Frappe loads every card of a board at once). Their columns are there to drop a card on.
OPEN_DEALS = [["Dafater Opportunity", "status", "in", ["Open", "Quotation", "Partially Ordered"]]]
OUTCOME_COLOUR = {"Won": "Green", "Lost": "Red"}
STAGE_COLOURS = ("Gray", "Blue", "Purple", "Orange", "Cyan", "Pink", "Yellow")
LEAD_COLUMNS = {
	"New": "Blue",
	"Open": "Orange",
	"Contacted": "Yellow",
	"Qualified": "Cyan",
	"Opportunity": "Purple",
	"Quotation": "Pink",
	"Converted": "Green",
}
LEADS_AT_WORK = [
	["Dafater Lead", "status", "in", ["New", "Open", "Contacted", "Qualified", "Opportunity", "Quotation"]]
]


def ensure_boards() -> None:
	"""Make the boards that this site never had, then bring the pipeline's columns up to date."""
	known = ledger.seeded()
	if _missing(PIPELINE, known):
		_insert(
			PIPELINE,
			"Dafater Opportunity",
			"sales_stage",
			["party_title", "opportunity_amount", "expected_closing", "next_step"],
			OPEN_DEALS,
		)
	if _missing(LEADS, known):
		board = _insert(
			LEADS,
			"Dafater Lead",
			"status",
			["organisation_name", "mobile_no", "source", "lead_owner"],
			LEADS_AT_WORK,
		)
		for status, colour in LEAD_COLUMNS.items():
			board.append("columns", {"column_name": status, "indicator": colour})
		board.save()
	ledger.remember({_key(name) for name in BOARDS})
	sync_pipeline_board()


def sync_pipeline_board(doc=None, method: str | None = None, *args) -> None:
	"""Make the columns of the pipeline those of the enabled stages, in the order of the stages.

	Also a `doc_events` handler of Dafater Sales Stage (on_update, after_rename, after_delete). Colours and card order of
	columns that stay are kept, and so is a column that somebody archived. A stage that is disabled or gone takes its
	column along. Does nothing when the board was deleted.
	"""
	if frappe.flags.in_uninstall or not frappe.db.exists("Kanban Board", PIPELINE):
		return
	board = frappe.get_doc("Kanban Board", PIPELINE)
	before = [_shape(column) for column in board.columns]
	columns = _columns({column.column_name: column for column in board.columns})
	if [_shape(frappe._dict(column)) for column in columns] == before:
		return
	board.set("columns", columns)
	# Who may edit a stage may not always edit a board; the board only mirrors the stages.
	board.save(ignore_permissions=True)


def remove_boards() -> None:
	"""Delete every board on our DocTypes, those that users made included: they would not open any more."""
	for name in frappe.get_all("Kanban Board", {"reference_doctype": ("like", "Dafater %")}, pluck="name"):
		frappe.delete_doc("Kanban Board", name, force=True)


def _columns(existing: dict) -> list[dict]:
	stages = frappe.get_all(
		"Dafater Sales Stage", {"disabled": 0}, ["name", "outcome"], order_by="sequence, name"
	)
	columns = []
	for position, stage in enumerate(stages):
		column = existing.get(stage.name) or frappe._dict()
		colour = OUTCOME_COLOUR.get(stage.outcome) or STAGE_COLOURS[position % len(STAGE_COLOURS)]
		columns.append(
			{
				"column_name": stage.name,
				"status": column.status or "Active",
				"indicator": column.indicator or colour,
				"order": column.order or "[]",
			}
		)
	return columns


def _shape(column) -> tuple[str, str]:
	return column.column_name, column.status


def _insert(name: str, doctype: str, field: str, card_fields: list[str], filters: list[list]):
	board = frappe.new_doc("Kanban Board")
	board.update(
		{
			"kanban_board_name": name,
			"reference_doctype": doctype,
			"field_name": field,
			"private": 0,
			"show_labels": 0,
			"fields": json.dumps(card_fields),
			"filters": json.dumps(filters),
		}
	)
	return board.insert()


def _missing(name: str, known: set[str]) -> bool:
	return _key(name) not in known and not frappe.db.exists("Kanban Board", name)


def _key(name: str) -> str:
	return f"Kanban Board: {name}"
