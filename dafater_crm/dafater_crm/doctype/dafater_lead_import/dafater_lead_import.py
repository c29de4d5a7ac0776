# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.records import import_file, import_run
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
		frappe.db.delete("Dafater Lead Import Row", {"lead_import": self.name})

	def keep_while_running(self):
		"""File, mapping and options stay as they are from the first row on, or the rows would not fit together."""
		if not self.is_new() and frappe.db.get_value(self.doctype, self.name, "status") not in (
			"Draft",
			"Checked",
			"Failed",
		):
			self.throw(_("This import has begun. To change it, undo it and make a new one."))

	def read_file_once(self):
		"""A new file or sheet gives a new mapping, and what was checked before counts no more."""
		if not (self.is_new() or self.has_value_changed("file") or self.has_value_changed("sheet")):
			return
		table = import_file.table_of(self)
		import_file.recognise(self, table)
		self.sheet = table.sheet or None
		self.title = self.title or self.file.rsplit("/", 1)[-1][:140]
		self.status = "Draft"

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

	def begin(self, status: str, in_background: bool = True) -> None:
		"""Start a check ("Checking") or the import ("Importing") from the first row. The caller checked permission."""
		if self.status in import_run.RUNNING:
			self.throw(_("The import is running already."))
		if status == import_run.IMPORTING and self.status in ("Completed", "Stopped", "Undone"):
			self.throw(_("This import has begun. To change it, undo it and make a new one."))
		self.db_set(
			{
				**dict.fromkeys(self.COUNTERS, 0),
				"status": status,
				"started_by": frappe.session.user,
				"started_on": frappe.utils.now(),
				"heartbeat_on": frappe.utils.now(),
				"finished_on": None,
				"seconds": 0,
				"error": None,
			}
		)
		if in_background:
			import_run.enqueue(self.name)
