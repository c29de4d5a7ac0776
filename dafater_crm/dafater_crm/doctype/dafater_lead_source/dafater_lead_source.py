# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from dafater_crm.records.master import Master


class DafaterLeadSource(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		channel: DF.Literal[
			"",
			"Website",
			"Social Media",
			"Phone",
			"WhatsApp",
			"E-mail",
			"Event",
			"Referral",
			"Partner",
			"Advertising",
			"Walk-in",
			"Tender Platform",
			"Other",
		]
		cost_per_lead: DF.Currency
		description: DF.SmallText | None
		disabled: DF.Check
		source_name: DF.Data
	# end: auto-generated types

	NAME_FIELD = "source_name"

	def validate(self) -> None:
		self.keep_name()
		self.check_amounts("cost_per_lead")
