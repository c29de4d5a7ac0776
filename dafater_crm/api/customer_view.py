"""The customer view's one endpoint."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.queries.customer_view import customer_view
from dafater_crm.queries.party_set import VIEWED_DOCTYPES

MAX_ROWS = 50


@frappe.whitelist(methods=["GET"])
def get(doctype: str, name: str, limit: int = 5) -> dict:
	"""Return the customer view of a Lead, Prospect, Opportunity or Customer (see `queries.customer_view`).

	Permission: read on that record; each section then shows only what the user's own list of it would show.

	:param limit: rows a section, 1 to 50; totals and counts are over all rows.
	"""
	_require_read(doctype, name)
	return customer_view(doctype, name, min(max(limit, 1), MAX_ROWS))


def _require_read(doctype: str, name: str) -> None:
	if doctype not in VIEWED_DOCTYPES:
		frappe.throw(
			_(
				"There is no customer view for {0}. Open it on a lead, a prospect, an opportunity or a customer."
			).format(frappe.bold(frappe.utils.escape_html(doctype)))
		)
	frappe.get_doc(doctype, name).check_permission("read")
