"""Where the leads of the last twelve months came from. Not cached: Frappe's chart cache is shared by all users."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_months, getdate

from dafater_crm.queries.access import ListedRows

MONTHS = 12
SHOWN = 7


@frappe.whitelist(methods=["GET", "POST"])
def get() -> dict:
	"""Number of leads by source, the largest first, the small ones together.

	Permission: read on Dafater Lead; only rows that the user's list shows are counted.
	"""
	frappe.has_permission("Dafater Lead", "read", throw=True)
	rows = sorted(_counts(), key=lambda row: -row[1])
	if not rows:
		return {}
	shown = [(_(source) if source else _("Not Specified"), count) for source, count in rows[:SHOWN]]
	rest = sum(count for _source, count in rows[SHOWN:])
	if rest:
		shown.append((_("Other Sources"), rest))
	return {
		"labels": [label for label, _count in shown],
		"datasets": [{"name": _("Leads"), "values": [count for _label, count in shown]}],
	}


def _counts() -> list[tuple[str | None, int]]:
	lead = frappe.qb.DocType("Dafater Lead")
	return (
		frappe.qb.from_(lead)
		.select(lead.source, Count("*"))
		.where(lead.creation >= add_months(getdate(), -MONTHS))
		.where(ListedRows("Dafater Lead"))
		.groupby(lead.source)
		.run()
	)
