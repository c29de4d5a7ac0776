# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterContractObligation(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		due_date: DF.Date | None
		from_template: DF.Check
		fulfilled: DF.Check
		fulfilled_on: DF.Date | None
		notes: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		requirement: DF.Data
		responsible: DF.Link | None
	# end: auto-generated types
	pass
