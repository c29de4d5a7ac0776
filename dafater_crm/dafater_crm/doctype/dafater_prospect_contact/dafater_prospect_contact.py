# Copyright (c) 2026, Dafater and contributors
# License: GPL-3.0, see license.txt

from frappe.model.document import Document


class DafaterProspectContact(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		contact: DF.Link
		email_id: DF.Data | None
		full_name: DF.Data | None
		is_primary: DF.Check
		mobile_no: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		role: DF.Literal["", "Decision Maker", "Influencer", "User", "Finance", "Technical", "Gatekeeper"]
	# end: auto-generated types
	pass
