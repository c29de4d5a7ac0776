"""Calls, meetings, visits and notes: log one that took place, finish one that was planned, move what is due."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, getdate

ACTIVITY = "Dafater Activity"
# DocType -> its field for the note on the next follow-up
FOLLOW_UP_NOTE = {
	"Dafater Lead": "follow_up_note",
	"Dafater Opportunity": "next_step",
	"Dafater Prospect": "follow_up_note",
}
LOGGED = ("Call", "Meeting", "Visit", "Note", "E-mail")


@frappe.whitelist(methods=["POST"])
def log(
	reference_doctype: str,
	reference_name: str,
	activity_type: str,
	outcome: str | None = None,
	subject: str | None = None,
	notes: str | None = None,
	done_on: str | None = None,
	duration: int | None = None,
	set_follow_up: int = 0,
	next_follow_up: str | None = None,
	follow_up_note: str | None = None,
) -> dict:
	"""Make a done activity on a lead, opportunity or prospect, and set its next follow-up, in one transaction.

	`duration` in seconds. With `set_follow_up`, `next_follow_up` (empty: none) and its note replace those of the record.
	Returns {"activity", "next_follow_up"}. Permission: create on Dafater Activity, read on the record, and write on it for
	the follow-up.
	"""
	record = _record(reference_doctype, reference_name)
	if activity_type not in LOGGED:
		frappe.throw(
			_("Choose what took place: {0}.").format(", ".join(_(kind) for kind in LOGGED)),
			title=_("Please Correct"),
		)
	activity = frappe.get_doc(
		{
			"doctype": ACTIVITY,
			"activity_type": activity_type,
			"subject": subject or _(activity_type),
			"status": "Done",
			"outcome": outcome,
			"notes": notes,
			"done_on": done_on or None,
			"duration": duration or None,
			"assigned_to": frappe.session.user,
			"reference_doctype": reference_doctype,
			"reference_name": reference_name,
		}
	).insert()
	if frappe.utils.cint(set_follow_up):
		record.reload()  # the activity has stamped the record: saving the older copy would undo that
		_set_follow_up(record, next_follow_up, follow_up_note)
	return {"activity": activity.name, "next_follow_up": record.next_follow_up}


@frappe.whitelist(methods=["POST"])
def finish(name: str, outcome: str | None = None, notes: str | None = None) -> dict:
	"""Mark a planned activity as done now. Permission: write on it."""
	activity = frappe.get_doc(ACTIVITY, name)
	activity.check_permission("write")
	if activity.status != "Open":
		frappe.throw(
			_("The activity {0} is {1} already.").format(frappe.bold(activity.subject), _(activity.status))
		)
	activity.status = "Done"
	activity.outcome = outcome or activity.outcome
	if notes:
		activity.notes = "<br>".join(filter(None, [activity.notes, frappe.utils.escape_html(notes)]))
	activity.save()
	return {"status": activity.status}


@frappe.whitelist(methods=["POST"])
def postpone(doctype: str, name: str, days: int) -> dict:
	"""Move a planned activity, or the follow-up of a record, to `days` after today (1 to 365). Permission: write on it.

	An activity keeps its time of the day. Returns {"moment"}: the new date or moment.
	"""
	days = frappe.utils.cint(days)
	if not 1 <= days <= 365:
		frappe.throw(_("Choose a day within the next year."))
	target = add_days(getdate(), days)
	if doctype == ACTIVITY:
		activity = frappe.get_doc(ACTIVITY, name)
		activity.check_permission("write")
		if activity.status != "Open":
			frappe.throw(
				_("The activity {0} is {1} already.").format(
					frappe.bold(activity.subject), _(activity.status)
				)
			)
		time = get_datetime(activity.due_on).time() if activity.due_on else get_datetime(target).time()
		activity.due_on = get_datetime(target).replace(hour=time.hour, minute=time.minute)
		activity.save()
		return {"moment": activity.due_on}
	record = _record(doctype, name)
	_set_follow_up(record, target, None)
	return {"moment": record.next_follow_up}


def _record(doctype: str, name: str):
	"""A record that is followed up, readable by the session's user."""
	if doctype not in FOLLOW_UP_NOTE:
		frappe.throw(_("Activities are logged on leads, prospects and opportunities."))
	record = frappe.get_doc(doctype, name)
	record.check_permission("read")
	return record


def _set_follow_up(record, day, note: str | None) -> None:
	record.check_permission("write")
	if day and getdate(day) < getdate():
		frappe.throw(_("The next follow-up is in the past. Choose today or a later date."))
	record.next_follow_up = getdate(day) if day else None
	if note is not None:
		record.set(FOLLOW_UP_NOTE[record.doctype], note)
	record.save()
