"""What leads did, told by websites and mail tools."""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.queries.access import ListedRows, row_access
from dafater_crm.records import lead_events

LEAD = "Dafater Lead"
MOST_AT_ONCE = 500


@frappe.whitelist(methods=["POST"])
def record(events: list | str) -> dict:
	"""Record up to 500 events, all or none; those whose `source_reference` is known are left out.

	Each event: {"lead", "event_type", "happened_on", "subject", "channel", "source_reference", "is_bot", "method", "user_agent",
	"sent_on"}, see `records.lead_events.record_many`. Returns {"recorded": n, "known": n}. Permission: write on every lead named.
	"""
	frappe.has_permission(LEAD, "write", throw=True)
	rows = frappe.parse_json(events)
	if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
		frappe.throw(_("Send a list of events."))
	if len(rows) > MOST_AT_ONCE:
		frappe.throw(_("Send at most {0} events at once.").format(MOST_AT_ONCE))
	names = {str(row["lead"]) for row in rows if row.get("lead")}
	if names - _writable(names):
		# nothing tells a lead that somebody may not see from one that does not exist
		frappe.throw(
			_(
				"You may not record events for some of these leads, or they do not exist. Nothing was recorded."
			),
			frappe.PermissionError,
		)
	return lead_events.record_many(rows)


def _writable(names: set[str]) -> set[str]:
	"""Those leads that are in the user's own list, or shared with the user for writing. One statement."""
	if not names:
		return set()
	table, share = frappe.qb.DocType(LEAD), frappe.qb.DocType("DocShare")
	# a list may also show what is shared for reading: the row rule leaves that out
	listed, rule = ListedRows(LEAD), row_access(LEAD).criterion()
	if rule is not None:
		listed = listed & rule
	shared = (
		frappe.qb.from_(share)
		.select(share.share_name)
		.where((share.share_doctype == LEAD) & (share.user == frappe.session.user) & (share.write == 1))
	)
	query = frappe.qb.from_(table).select(table.name)
	return set(query.where(table.name.isin(names) & (listed | table.name.isin(shared))).run(pluck=True))
