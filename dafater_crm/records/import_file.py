"""The file of an import: opened as the user may read it, its columns recognised, its rows as values of leads."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import cint

from dafater_crm.domain import company_size
from dafater_crm.domain.heading_words import HEADINGS, SEVERAL
from dafater_crm.domain.headings import CONTENT, EXACT, SIMILAR, Column
from dafater_crm.intake.ahead import Task
from dafater_crm.intake.rows import CleanRow
from dafater_crm.intake.table import Table
from dafater_crm.intake.tables import open_table
from dafater_crm.queries.duplicates import stored_frequencies
from dafater_crm.records.rules import explained

LEAD = "Dafater Lead"
__all__ = ["SEVERAL", "fields_to_fill", "recognise", "table_of", "task_of", "values_of"]
NAME_FIELDS = (
	"lead_name",
	"lead_name_latin",
	"first_name",
	"last_name",
	"organisation_name",
	"organisation_name_latin",
)
# Fields that a column may fill and that are no fields of the lead: joined into one, or kept as text.
JOINED = {
	"first_name": "First Name",
	"middle_name": "Middle Name",
	"last_name": "Last Name",
	"notes": "Notes",
}
HOW = {EXACT: "Heading", SIMILAR: "Heading", CONTENT: "Content"}
SAMPLE_LENGTH = 60


def table_of(doc) -> Table:
	"""The table of an import's file. Throws one message for what cannot be read as a list of leads."""
	path = path_of(doc)
	with explained(_("File")):
		try:
			return open_table(path, doc.sheet or None)
		except OSError as error:
			raise frappe.ValidationError(
				_("The file {0} cannot be read. Attach it again.").format(_shown(doc.file))
			) from error


def path_of(doc) -> str:
	"""Where the file of an import lies on this machine. Throws when it is gone or the user may not read it."""
	name = frappe.db.get_value("File", {"file_url": doc.file}, "name", order_by="creation desc")
	file = frappe.get_doc("File", name) if name else None
	if not file or not file.has_permission("read"):
		frappe.throw(
			_("The file {0} is not there, or you may not read it. Attach it again.").format(_shown(doc.file))
		)
	return file.get_full_path()


def recognise(doc, table: Table) -> None:
	"""Fill the rows of the mapping from the file's headings, and else from what stands in the columns."""
	first = next(table.rows(), None)
	cells: Sequence[str] = first.cells if first else ()
	doc.set("columns", [])
	for column in table.columns:
		sample = cells[column.index] if column.index < len(cells) else ""
		doc.append(
			"columns",
			{
				"column_no": column.index + 1,
				"heading": column.heading[:140],
				"sample": sample[:SAMPLE_LENGTH],
				"field": column.field,
				"recognised_by": HOW.get(column.how, "") if column.field else "",
			},
		)


def fields_to_fill() -> dict[str, str]:
	"""field -> label of everything that a column may fill, in the order of the lead's form."""
	labels = {
		df.fieldname: df.label
		for df in frappe.get_meta(LEAD).fields
		if df.fieldname in HEADINGS and not df.hidden
	}
	return {**{field: label for field, label in JOINED.items() if field in HEADINGS}, **labels}


def task_of(doc, batch: int) -> Task:
	"""What is still to be read of an import's file, as its mapping says, in batches of `batch` rows."""
	columns = tuple(
		Column(row.column_no - 1, row.heading or "", row.field or "", 1.0, EXACT) for row in doc.columns
	)
	region = (doc.region_of_numbers or "SA").upper()
	first_row = cint(doc.next_row)
	return Task(path_of(doc), doc.sheet or None, columns, region, first_row, batch, stored_frequencies())


def values_of(row: CleanRow) -> dict[str, str]:
	"""The clean values of a row as a lead takes them; what fits no field stays as text in the request."""
	values = {field: value for field, value in row.values.items() if field not in JOINED}
	texts = [values.get("request"), row.values.get("notes")]
	size = values.get("no_of_employees")
	if size:
		exact, values["no_of_employees"] = company_size.read(size)
		if exact:
			values["employee_count"] = str(exact)
		elif not values["no_of_employees"]:
			del values["no_of_employees"]
			texts.append(size)
	texts += [f"{heading}: {text}" if heading else text for heading, text in row.left_over]
	if any(texts):
		values["request"] = "\n".join(filter(None, texts))
	return values


def _shown(url: str | None) -> str:
	return frappe.bold(frappe.utils.escape_html((url or "").rsplit("/", 1)[-1]))
