# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterPartyLink(Document):
	"""Which Customer one of our leads or prospects became: one row per party, many parties per Customer."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		customer: DF.Link
		origin: DF.Literal["Order", "Conversion", "Existing Customer"]
		party_name: DF.DynamicLink
		party_type: DF.Link
	# end: auto-generated types


def on_doctype_update() -> None:
	# two orders at the same time must not give one party two customers
	frappe.db.add_unique("Dafater Party Link", ["party_type", "party_name"])
