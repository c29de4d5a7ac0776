"""Closes open opportunities that nobody touched for the number of days in the settings; off by default.

"Touched" is the later of the last contact and the last change of stage, not `modified`: a list edit or a recompute is
no contact. Deals with a quotation or an order are never closed.
"""

from __future__ import annotations

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import add_days, now_datetime

BATCH = 200


def run() -> int:
	"""Daily job. Returns how many opportunities it closed. Each is saved for itself, so one error stops only one."""
	settings = frappe.get_cached_doc("Dafater CRM Settings")
	if not settings.auto_close or not settings.auto_close_days:
		return 0
	names = untouched(settings.auto_close_days)
	return sum(_close(name) for name in names)


def untouched(days: int) -> list[str]:
	"""At most BATCH open opportunities without contact or stage change for `days` days, oldest first."""
	table = frappe.qb.DocType("Dafater Opportunity")
	limit = add_days(now_datetime(), -days)
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.status == "Open") & (Coalesce(table.document_status, "") == ""))
		.where(Coalesce(table.last_contact_on, table.creation) < limit)
		.where(Coalesce(table.stage_changed_on, table.creation) < limit)
		.orderby(table.creation)
		.limit(BATCH)
		.run(pluck=True)
	)


def _close(name: str) -> int:
	try:
		doc = frappe.get_doc("Dafater Opportunity", name)
		doc.closed_on = now_datetime()
		doc.save()
		frappe.db.commit()  # nosemgrep: manual-commit - a job: what is closed stays closed if the next one fails
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=f"Opportunity {name} not closed")
		return 0
	return 1
