"""Hook `additional_timeline_content`: the history of a lead on the records that came from it."""

from __future__ import annotations

from dafater_crm.queries.timeline import earlier_items

ICONS = {"Message": "mail", "Comment": "small-message", "File": "attachment"}


def earlier_history(doctype: str, docname: str) -> list[dict]:
	"""Cards for the timeline of an opportunity or prospect. Frappe has checked that the user may read the record;
	`earlier_items` shows only leads that the user's list would show."""
	return [
		{
			"icon": ICONS[item["kind"]],
			"is_card": True,
			"creation": item["creation"],
			"template": "dafater_timeline_item",
			"template_data": item,
		}
		for item in earlier_items(doctype, docname)
	]
