# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

import frappe
from frappe.model.document import Document


class DafaterOpportunityLostReasonDetail(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		lost_reason: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
	pass


def on_doctype_update():
	"""Reasons of many opportunities are counted without reading the rows."""
	frappe.db.add_index(
		"Dafater Opportunity Lost Reason Detail", ["parent", "parenttype", "idx", "lost_reason"]
	)
