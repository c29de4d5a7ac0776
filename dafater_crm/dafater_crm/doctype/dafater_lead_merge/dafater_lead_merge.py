# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterLeadMerge(Document):
	"""One lead went into another. Written and taken back by `records/merge.py` alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		changes: DF.JSON | None
		kept: DF.Link | None
		merged_by: DF.Link | None
		merged_on: DF.Datetime | None
		moved: DF.JSON | None
		removed: DF.Data | None
		removed_row: DF.JSON | None
		removed_title: DF.Data | None
		status: DF.Literal["Merged", "Undone"]
		undo_until: DF.Date | None
		undone_by: DF.Link | None
		undone_on: DF.Datetime | None
	# end: auto-generated types
