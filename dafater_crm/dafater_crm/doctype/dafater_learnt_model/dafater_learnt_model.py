# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterLearntModel(Document):
	"""Replaced as a whole by `records.learnt`, never edited."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		auc: DF.Float
		base_log_loss: DF.Float
		built_on: DF.Datetime | None
		log_loss: DF.Float
		lost: DF.Int
		measured_on: DF.Int
		state: DF.Literal["Too Little Data", "No Better Than the Average", "In Use"]
		team: DF.Link | None
		won: DF.Int
	# end: auto-generated types
