# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterAssignmentCondition(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		field: DF.Autocomplete
		operator: DF.Literal[
			"equals",
			"not equals",
			"is one of",
			"is none of",
			"contains",
			"at least",
			"at most",
			"more than",
			"less than",
			"is set",
			"is not set",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		value: DF.SmallText | None
	# end: auto-generated types
