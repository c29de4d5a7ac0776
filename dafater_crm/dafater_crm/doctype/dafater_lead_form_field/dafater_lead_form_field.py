# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterLeadFormField(Document):
	"""One field that a lead form shows."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		label_ar: DF.Data | None
		label_en: DF.Data | None
		lead_field: DF.Literal[
			"Full Name",
			"Name in Latin Letters",
			"Organisation",
			"Organisation in Latin Letters",
			"Job Title",
			"Mobile",
			"Phone",
			"WhatsApp",
			"E-mail",
			"Website",
			"Preferred Channel",
			"City",
			"District",
			"Region",
			"Territory",
			"Industry",
			"Market Segment",
			"Number of Employees",
			"Product Group of Interest",
			"Request Type",
			"Subject of the Request",
			"Request",
			"Purchase Timeline",
			"Commercial Registration",
			"VAT Number",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		required: DF.Check
		shown_options: DF.SmallText | None
	# end: auto-generated types
