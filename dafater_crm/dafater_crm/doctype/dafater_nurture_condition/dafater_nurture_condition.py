# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from __future__ import annotations

from frappe.model.document import Document


class DafaterNurtureCondition(Document):
	"""One question to a field of the record; `records.nurture.conditions` checks and asks it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		field: DF.Autocomplete
		operator: DF.Literal[
			"is",
			"is not",
			"is one of",
			"contains",
			"is set",
			"is not set",
			"greater than",
			"less than",
			"more than days ago",
			"within the last days",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		value: DF.Data | None
	# end: auto-generated types
