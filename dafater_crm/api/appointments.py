"""Moving and cancelling appointments, and what the calendar shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime

DOCTYPE = "Dafater Appointment"
LONGEST_RANGE = timedelta(days=100)
MOST_EVENTS = 2000
EVENT_FIELDS = ["name", "subject", "status", "agent", "contact_name", "starts_on", "ends_on"]


def _writable(name: str):
	"""Return the appointment after checking write permission on it."""
	frappe.has_permission(DOCTYPE, "write", doc=name, throw=True)
	return frappe.get_doc(DOCTYPE, name)


@frappe.whitelist(methods=["POST"])
def reschedule(name: str, starts_on: str, duration_minutes: int | None = None) -> dict[str, Any]:
	"""Move an appointment, in the site's time zone. Permission: write on this appointment.

	A cancelled or missed one becomes Scheduled again. Returns name, status, starts_on and ends_on. Raises
	ValidationError when the agent is booked, the time is past for a user who is no manager, or it was completed.
	"""
	appointment = _writable(name)
	if appointment.status == "Completed":
		appointment.throw(_("This appointment was completed. Make a new one instead."))
	appointment.starts_on = get_datetime(starts_on)
	if duration_minutes is not None:
		appointment.duration_minutes = duration_minutes
	if appointment.status in ("Cancelled", "No Show"):
		appointment.status = "Scheduled"
	appointment.save()
	return {field: appointment.get(field) for field in ("name", "status", "starts_on", "ends_on")}


@frappe.whitelist(methods=["POST"])
def cancel(name: str, reason: str) -> dict[str, Any]:
	"""Cancel an appointment and keep the reason; its time is free at once. Permission: write on this appointment.

	Returns name and status. Raises ValidationError for a blank reason and when it took place already.
	"""
	appointment = _writable(name)
	if not reason.strip():
		appointment.throw(_("Enter why the appointment is cancelled."))
	appointment.status = "Cancelled"
	appointment.cancel_reason = reason.strip()
	appointment.save()
	return {"name": appointment.name, "status": appointment.status}


@frappe.whitelist(methods=["GET"])
def get_events(start: str, end: str, filters: str | list | dict | None = None) -> list[dict[str, Any]]:
	"""Return the appointments that touch [start, end), as the calendar reads them. Permission: read, row by row.

	`filters` are those of the list view. At most 100 days and 2000 rows: a calendar shows no more. The rows are those
	that the user's list shows, whatever the filters say.
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	first, last = get_datetime(start), get_datetime(end)
	if not first < last <= first + LONGEST_RANGE:
		frappe.throw(
			_("Choose a range of at most {0} days whose end lies after its start.").format(LONGEST_RANGE.days)
		)
	wanted = frappe.parse_json(filters) or []
	if isinstance(wanted, dict):
		wanted = [[DOCTYPE, field, "=", value] for field, value in wanted.items()]
	# no appointment is longer than a day, which keeps this a range on the index of starts_on
	window = [
		[DOCTYPE, "starts_on", ">", first - timedelta(days=1)],
		[DOCTYPE, "starts_on", "<", last],
		[DOCTYPE, "ends_on", ">", first],
	]
	return frappe.get_list(
		DOCTYPE,
		fields=EVENT_FIELDS,
		filters=[*wanted, *window],
		order_by="starts_on asc",
		limit_page_length=MOST_EVENTS,
	)
