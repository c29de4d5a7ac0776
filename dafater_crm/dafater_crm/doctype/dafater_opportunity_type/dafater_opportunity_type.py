# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from dafater_crm.records.master import Master


class DafaterOpportunityType(Master):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.SmallText | None
		disabled: DF.Check
		type_name: DF.Data
	# end: auto-generated types

	NAME_FIELD = "type_name"
