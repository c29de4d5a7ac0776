"""The search behind the link fields that name an opportunity on ERPNext's forms."""

from __future__ import annotations

import frappe

from dafater_crm.queries.party_set import CUSTOMER, LEAD, OPPORTUNITY, PROSPECT, resolve


@frappe.whitelist(methods=["GET", "POST"])
@frappe.validate_and_sanitize_search_inputs
def for_party(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict | None = None
) -> list[tuple]:
	"""Return (name, title, party, status) of the newest opportunities of one party whose text matches `txt`.

	`filters`: party_type and party_name (without them: of every party), company, statuses (empty: any). Permission:
	read on opportunities; only those that the user's own list would show.
	"""
	frappe.has_permission(OPPORTUNITY, "read", throw=True)
	filters = frappe._dict(filters or {})
	conditions = _of_party(filters.party_type, filters.party_name)
	if filters.company:
		conditions.append(["company", "=", filters.company])
	if filters.statuses:
		conditions.append(["status", "in", filters.statuses])
	like = f"%{txt}%"
	rows = frappe.get_list(
		OPPORTUNITY,
		filters=conditions,
		or_filters=[[field, "like", like] for field in ("name", "title", "party_title")],
		fields=["name", "title", "party_title", "status"],
		order_by="creation desc",
		limit_start=start,
		limit_page_length=page_len,
		as_list=True,
	)
	return [tuple(row) for row in rows]


def _of_party(party_type: str | None, party_name: str | None) -> list[list]:
	"""A customer's opportunities include those of the leads and prospects that became it."""
	if not party_name:
		return []
	if party_type == PROSPECT:
		return [["party_type", "=", PROSPECT], ["party_name", "=", party_name]]
	if party_type == LEAD:
		own = frappe.get_all(
			OPPORTUNITY, or_filters={"lead": party_name, "party_name": party_name}, pluck="name"
		)
		return [["name", "in", own or [""]]]
	if party_type == CUSTOMER:
		return [["name", "in", list(resolve(CUSTOMER, party_name).opportunities) or [""]]]
	return [["party_type", "=", party_type], ["party_name", "=", party_name]]
