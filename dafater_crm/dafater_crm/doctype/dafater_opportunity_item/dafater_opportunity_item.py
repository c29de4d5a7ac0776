# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterOpportunityItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		base_amount: DF.Currency
		base_rate: DF.Currency
		billing: DF.Literal["One-off", "Monthly", "Quarterly", "Yearly"]
		description: DF.TextEditor | None
		item_code: DF.Link | None
		item_name: DF.Data
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		periods: DF.Int
		qty: DF.Float
		rate: DF.Currency
		uom: DF.Link | None
	# end: auto-generated types
	pass
