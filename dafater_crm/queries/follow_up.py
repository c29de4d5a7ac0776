"""Follow-ups that are due and of which the owner was not reminded yet, for a whole site in a fixed number of statements."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Max

REMINDER = "Dafater Follow Up Reminder"
REPEAT_AFTER = timedelta(days=7)
# DocType -> owner, note, and the statuses in which nobody follows up any more
FOLLOWED = {
	"Dafater Lead": ("lead_owner", "follow_up_note", ("Converted", "Disqualified", "Do Not Contact")),
	"Dafater Opportunity": ("opportunity_owner", "next_step", ("Won", "Lost", "Closed")),
	"Dafater Prospect": ("prospect_owner", "follow_up_note", ("Inactive",)),
}


def owners_to_remind(today: date, now: datetime, repeats: int) -> list[str]:
	"""Enabled desk users with at least one follow-up to be reminded of. One statement for each DocType.

	No `ListedRows`: the job reminds everybody, each of their own records.
	"""
	owners: set[str] = set()
	for doctype in FOLLOWED:
		table, query = _due(doctype, today, now, repeats)
		owners.update(row[1] for row in query.select(table[FOLLOWED[doctype][0]]).run())
	return sorted(owners)


def due_for(users: list[str], today: date, now: datetime, repeats: int) -> list[dict]:
	"""What to remind `users` of, oldest first: doctype, name, title, note, due_date, user, round (0 the first time)."""
	found: list[dict] = []
	for doctype, (owner, note, _over) in FOLLOWED.items():
		table, query = _due(doctype, today, now, repeats)
		title = table.prospect_name if doctype == "Dafater Prospect" else table.title
		rows = (
			query.select(table.name, title.as_("title"), table[note].as_("note"))
			.select(table.next_follow_up.as_("due_date"), table[owner].as_("user"))
			.where(table[owner].isin(users or [""]))
			.run(as_dict=True)
		)
		found += [{**row, "doctype": doctype} for row in rows]
	return sorted(found, key=lambda row: (row["due_date"], row["name"]))


def _due(doctype: str, today: date, now: datetime, repeats: int):
	"""Records whose date has come, with `round`, the number of reminders that this date has had."""
	owner, _note, over = FOLLOWED[doctype]
	table, reminder, user = DocType(doctype), DocType(REMINDER), DocType("User")
	sent = Count(reminder.name)
	query = (
		frappe.qb.from_(table)
		.join(user)
		.on((user.name == table[owner]) & (user.enabled == 1) & (user.user_type == "System User"))
		.left_join(reminder)
		.on(
			(reminder.reference_doctype == doctype)
			& (reminder.reference_name == table.name)
			& (reminder.due_date == table.next_follow_up)
		)
		.select(sent.as_("round"))
		.where((table.next_follow_up <= today) & table.status.notin(over))
		.groupby(table.name)
		.having((sent == 0) | ((sent <= repeats) & (Max(reminder.reminded_on) <= now - REPEAT_AFTER)))
	)
	return table, query
