"""The company's business hours as the settings have them: for response times, and for whoever hands out work."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import frappe
from frappe.utils import getdate, to_timedelta

from dafater_crm.domain.business_time import BusinessCalendar, Season, Window

SETTINGS = "Dafater CRM Settings"
# date.weekday() of each name
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_SECONDS = 86_400


def business_calendar(company: str | None = None) -> BusinessCalendar:
	"""Working hours, seasons and holidays of `company` (default: that of the settings), in the site's time zone.

	Empty (`is_empty`) while no working hours are entered. The settings come from the document cache; one statement
	where there is a holiday list. No permission: hours are no secret, and jobs ask as well.
	"""
	settings = frappe.get_cached_doc(SETTINGS)
	week = defaultdict(list)
	for row in settings.working_hours:
		week[WEEKDAYS.index(row.weekday)].append(window(row))
	holiday_list = settings.holiday_list or _holiday_list_of(company or settings.default_company)
	return BusinessCalendar(
		{weekday: sorted(windows) for weekday, windows in week.items()},
		_holidays(holiday_list),
		seasons(settings.working_seasons),
	)


def seasons(rows) -> list[Season]:
	"""Rows of the same dates are the windows of one season."""
	found = defaultdict(list)
	for row in rows:
		found[getdate(row.from_date), getdate(row.to_date)].append(window(row))
	return [Season(first, last, tuple(sorted(windows))) for (first, last), windows in found.items()]


def window(row) -> Window:
	"""From and to of a row in seconds from midnight; 00:00 as an end is midnight at the end of the day."""
	start, end = (int(to_timedelta(value).total_seconds()) for value in (row.from_time, row.to_time))
	return start, end or DAY_SECONDS


def _holiday_list_of(company: str | None) -> str | None:
	"""ERPNext's field, where this ERPNext has it."""
	if not company or not frappe.get_meta("Company").has_field("default_holiday_list"):
		return None
	return frappe.get_cached_value("Company", company, "default_holiday_list")


def _holidays(holiday_list: str | None) -> set[date]:
	if not holiday_list or not frappe.db.table_exists("Holiday", cached=True):
		return set()
	holiday = frappe.qb.DocType("Holiday")
	rows = frappe.qb.from_(holiday).select(holiday.holiday_date).where(holiday.parent == holiday_list).run()
	return {row[0] for row in rows}
