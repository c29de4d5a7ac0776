# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterNameFrequencies(Document):
	"""What the nightly search for duplicates counted. Written by `records/duplicate_search.py` alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		counted_on: DF.Datetime | None
		counts: DF.JSON | None
		key_rules: DF.Int
		last_search_on: DF.Datetime | None
		records: DF.Int
	# end: auto-generated types
