# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.records import import_file, import_run
from dafater_crm.records.import_batch import ROW
from dafater_crm.records.record import Record


class DafaterLeadImport(Record):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from dafater_crm.dafater_crm.doctype.dafater_lead_import_column.dafater_lead_import_column import (
			DafaterLeadImportColumn,
		)

		campaign: DF.Link | None
		columns: DF.Table[DafaterLeadImportColumn]
		company: DF.Link | None
		created: DF.Int
		doubtful: DF.Int
		error: DF.SmallText | None
		examples: DF.LongText | None
		file: DF.Attach
		finished_on: DF.Datetime | None
		heartbeat_on: DF.Datetime | None
		kept: DF.Int
		lead_owner: DF.Link | None
		market_segment: DF.Link | None
		merged: DF.Int
		naming_series: DF.Literal["DIMP-.YYYY.-"]
		next_row: DF.Int
		phase: DF.Literal["", "Checking", "Importing", "Undoing"]
		refused: DF.Int
		refused_file: DF.Attach | None
		region_of_numbers: DF.Data | None
		rows_done: DF.Int
		seconds: DF.Float
		share_out: DF.Check
		sheet: DF.Autocomplete | None
		skipped: DF.Int
		source: DF.Link | None
		started_by: DF.Link | None
		started_on: DF.Datetime | None
		status: DF.Literal[
			"Draft", "Checking", "Checked", "Importing", "Completed", "Stopped", "Failed", "Undoing", "Undone"
		]
		territory: DF.Link | None
		title: DF.Data | None
		total_rows: DF.Int
		when_known: DF.Literal["Fill Empty Fields", "Skip the Row", "Create Anyway"]
		when_wrong: DF.Literal["Refuse the Row", "Leave the Value Out"]
	# end: auto-generated types

	COUNTERS = ("rows_done", "next_row", "created", "merged", "skipped", "refused", "doubtful", "kept")

	def validate(self):
		self.keep_while_running()
		self.refuse_retired_links()
		self.read_file_once()
		self.check_mapping()

	def on_trash(self):
		if self.status in import_run.RUNNING:
			self.throw(_("The import is running. Stop it first, then delete it."))
		frappe.db.delete(ROW, {"lead_import": self.name})

	def keep_while_running(self):
		"""File, mapping and options stay as they are from the first row on, or the rows would not fit together."""
		if not self.is_new() and self.has_begun():
			self.throw(_("This import has begun. To change it, undo it and make a new one."))

	def has_begun(self) -> bool:
		"""Is anything of it stored, or is it running? A check that failed, or an import without a row, has left nothing."""
		status = frappe.db.get_value(self.doctype, self.name, "status")
		if status == "Failed":
			return bool(frappe.db.exists(ROW, {"lead_import": self.name}))
		return status not in ("Draft", "Checked")

	def read_file_once(self):
		"""A new file or sheet gives a new mapping, and what was checked before counts no more."""
		if not (self.is_new() or self.has_value_changed("file") or self.has_value_changed("sheet")):
			return
		table = import_file.table_of(self)
		import_file.recognise(self, table)
		self.sheet = table.sheet or None
		self.title = self.title or self.file.rsplit("/", 1)[-1][:140]
		self.status = "Draft"
		self.total_rows = 0

	def check_mapping(self):
		"""A field is filled from one column, save those that can be joined; some column holds a name."""
		known = import_file.fields_to_fill()
		seen: dict[str, int] = {}
		for row in self.columns:
			if not row.field:
				continue
			if row.field not in known:
				self.throw(
					_("Row {0}: a column cannot fill {1}. Choose a field of the list.").format(
						row.idx, row.field
					)
				)
			if row.field in seen and row.field not in import_file.SEVERAL:
				self.throw(
					_("{0} is filled from two columns, {1} and {2}. Leave one of them empty.").format(
						_(known[row.field]), seen[row.field], row.column_no
					)
				)
			seen[row.field] = row.column_no
		if not any(field in seen for field in import_file.NAME_FIELDS):
			self.throw(_("No column holds a name. Choose the column of the person or of the organisation."))

	def begin(self, phase: str, in_background: bool = True) -> None:
		"""Start a check ("Checking") or the import ("Importing") from the first row. The caller checked permission."""
		if self.status in import_run.RUNNING:
			self.throw(_("The import is running already."))
		if self.has_begun():
			self.throw(_("This import has begun. To change it, undo it and make a new one."))
		self.db_set(
			{
				**dict.fromkeys(self.COUNTERS, 0),
				"started_on": frappe.utils.now(),
				"finished_on": None,
				"seconds": 0,
			}
		)
		self.set_running(phase, in_background)

	def go_on(self) -> None:
		"""Continue what was stopped or failed: import and undo where they were, a check from its first row, since it stores nothing.

		The caller checked permission.
		"""
		if self.status not in ("Stopped", "Failed") or not self.started_by:
			self.throw(_("There is nothing to continue: the import is {0}.").format(_(self.status)))
		if self.has_begun():
			self.set_running(self.phase or import_run.IMPORTING)
		else:
			self.begin(self.phase or import_run.IMPORTING)

	def take_back(self) -> None:
		"""Undo the import in the background. The caller checked permission."""
		if self.status not in ("Completed", "Stopped", "Failed") or not self.has_begun():
			self.throw(_("Only an import that has ended can be undone."))
		self.set_running(import_run.UNDOING)

	def stop(self) -> None:
		"""End the check or import after the batch that is running; what was imported stays. The caller checked permission."""
		if self.status not in (import_run.CHECKING, import_run.IMPORTING):
			self.throw(_("The import is not running."))
		self.db_set("status", "Draft" if self.status == import_run.CHECKING else "Stopped")

	def set_running(self, phase: str, in_background: bool = True) -> None:
		"""The phase outlives the status: of what failed it says what there is to continue."""
		self.db_set(
			{
				"status": phase,
				"phase": phase,
				"started_by": frappe.session.user,
				"heartbeat_on": frappe.utils.now(),
				"error": None,
			}
		)
		if in_background:
			import_run.enqueue(self.name, phase)
