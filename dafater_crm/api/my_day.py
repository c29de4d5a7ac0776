"""The page "My Day": what a person has to do today, and the same of somebody in the team below."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from dafater_crm.queries import my_day
from dafater_crm.queries.access import team_below


@frappe.whitelist(methods=["GET", "POST"])
def get(person: str | None = None) -> dict:
	"""The lists of the session's user, or of `person`: {"person", "today", "team", "sections"}.

	`team`: the people whose day the reader may see. Permission: oneself, or a person below in the reporting line; each
	list shows only rows of the reader's own lists, and lists that the reader's roles may not read are empty.
	"""
	user = frappe.session.user
	person = person or user
	if person != user and person not in team_below(user):
		frappe.throw(
			_("You may see your own day and those of your team. Choose a person of your team."),
			frappe.PermissionError,
		)
	settings = frappe.get_cached_doc("Dafater CRM Settings")
	today = getdate()
	return {
		"person": person,
		"today": today,
		"week_end": my_day.week_end(today, settings.week_start),
		"team": my_day.people_below(user),
		"sections": my_day.sections(person, today, settings.week_start, _readable),
	}


def _readable(doctype: str) -> bool:
	return bool(frappe.has_permission(doctype, "read"))
