"""What an answer in the inbox means for the lead and the opportunity of its conversation: somebody of ours spoke with them."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.query_builder.functions import Coalesce
from pypika import Case, CustomFunction
from pypika.terms import LiteralValue

from dafater_crm.domain.channels import EMAIL
from dafater_crm.records import recompute

RECORDS = {"opportunity": "Dafater Opportunity", "lead": "Dafater Lead"}

SecondsBetween = CustomFunction("TIMESTAMPDIFF", ["unit", "start", "end"])
Greatest = CustomFunction("GREATEST", ["one", "other"])


def spoke(conversation: dict, moment: datetime) -> None:
	"""Note the contact, and the first response where there was none, on both records; their status follows after the commit.

	As Frappe does for e-mails, which are left to it: each of them is a Communication as well. One statement for each record.
	"""
	if conversation.channel == EMAIL:
		return
	for field, doctype in RECORDS.items():
		name = conversation.get(field)
		if not name:
			continue
		table = frappe.qb.DocType(doctype)
		seconds = Greatest(SecondsBetween(LiteralValue("SECOND"), table.creation, moment), 0)
		first = table.first_responded_on.isnull()
		# the server assigns from left to right, so the moment comes last
		frappe.qb.update(table).set(
			table.first_response_time, Case().when(first, seconds).else_(table.first_response_time)
		).set(table.first_responded_on, Case().when(first, moment).else_(table.first_responded_on)).set(
			table.last_contact_on, Greatest(Coalesce(table.last_contact_on, moment), moment)
		).where(table.name == name).run()
		frappe.clear_document_cache(doctype, name)
		recompute.after_commit(doctype, name)
