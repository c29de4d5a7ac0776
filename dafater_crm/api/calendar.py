"""Hijri dates for the desk. Browsers disagree with the Umm al-Qura table, so the server converts."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import escape_html

from dafater_crm.domain.hijri import format_hijri

MAX_DATES = 50


@frappe.whitelist(methods=["GET", "POST"])
def hijri(dates: list[str] | str) -> dict[str, str]:
	"""Return each given date (YYYY-MM-DD, a time behind it is ignored) with its Hijri text in the user's language.

	"" for a date outside the table (1924-08-01 to 2077-11-16). At most 50 dates; JSON text is accepted for the list.
	Permission: any user with desk access; no record is read.
	"""
	_require_desk_user()
	days = frappe.parse_json(dates)
	if not isinstance(days, list) or len(days) > MAX_DATES or not all(isinstance(day, str) for day in days):
		frappe.throw(_("Send a list of at most {0} dates, each as YYYY-MM-DD.").format(MAX_DATES))
	return {day: format_hijri(_day(day), frappe.local.lang) for day in days}


def _day(text: str) -> date:
	try:
		return date.fromisoformat(text[:10])
	except ValueError:
		frappe.throw(
			_("{0} is not a date. Write it as YYYY-MM-DD.").format(frappe.bold(escape_html(text[:40])))
		)


def _require_desk_user() -> None:
	if frappe.get_cached_value("User", frappe.session.user, "user_type") != "System User":
		frappe.throw(_("Only users of the desk may convert dates."), frappe.PermissionError)
