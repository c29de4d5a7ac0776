"""How long each opportunity waited for its first answer, kept on it: around the clock, and in business hours.

`recompute` counts an opportunity again after whatever may be an answer to it was committed. When the working hours change, a job counts
all of them again, and so does the daily repair, for what was written past the controllers.
"""

from __future__ import annotations

from collections.abc import Iterator

import frappe
from pypika import Case

from dafater_crm.domain.business_time import BusinessCalendar
from dafater_crm.queries.business_calendar import business_calendar, window
from dafater_crm.queries.first_answer import OPPORTUNITY, first_answers
from dafater_crm.records import jobs

BATCH = 500
# rows in one UPDATE: each is compared with every other in its CASE
WRITTEN_AT_ONCE = 100
FIELDS = ("answer_time", "answer_business")
JOB = "dafater_crm.records.response_times.recount_all"
HOURS = ("working_hours", "working_seasons")
WHEN = ("weekday", "from_date", "to_date")


def recount(names: list[str]) -> int:
	"""Count again how long these opportunities waited, and store what differs. Returns how many did.

	Whoever calls it holds their rows and has just begun a transaction, so that nothing newer is overwritten. `modified` stays: an
	open form keeps working, and its save takes the times from the database.
	"""
	calendars: dict[str | None, BusinessCalendar] = {}
	stale = {}
	for row in first_answers(names):
		if row.company not in calendars:
			calendars[row.company] = business_calendar(row.company)
		found = times_of(row, calendars[row.company])
		if found != (row.answer_time, row.answer_business):
			stale[row.name] = found
	_store(stale)
	return len(stale)


def times_of(row, calendar: BusinessCalendar) -> tuple[float | None, float | None]:
	"""Seconds around the clock and in business hours; None without an answer, and where there are no working hours."""
	if row.answered_after is None:
		return None, None
	if calendar.is_empty:
		return row.answered_after, None
	created = row.creation
	second = created.hour * 3600 + created.minute * 60 + created.second
	return row.answered_after, calendar.seconds_after(created.toordinal(), second, row.answered_after)


def _store(stale: dict[str, tuple]) -> None:
	table = frappe.qb.DocType(OPPORTUNITY)
	names = sorted(stale)
	for start in range(0, len(names), WRITTEN_AT_ONCE):
		some = names[start : start + WRITTEN_AT_ONCE]
		query = frappe.qb.update(table).where(table.name.isin(some))
		for position, field in enumerate(FIELDS):
			case = Case()
			for name in some:
				case = case.when(table.name == name, stale[name][position])
			query = query.set(table[field], case)
		query.run()
	for name in names:
		frappe.clear_document_cache(OPPORTUNITY, name)


def recount_all() -> int:
	"""Job: count all opportunities again, BATCH at a time, each batch committed. Returns how many differed."""
	return sum(recount_batch(names) for names in _batches())


def recount_batch(names: list[str]) -> int:
	"""Lock some opportunities, count them again, commit."""
	# the rows first and what is read of others after it: so nobody's newer answer is overwritten by an older sight of it
	frappe.db.commit()  # nosemgrep: manual-commit - a job: batches that are done stay done
	table = frappe.qb.DocType(OPPORTUNITY)
	frappe.qb.from_(table).select(table.name).where(table.name.isin(sorted(names))).for_update().run()
	changed = recount(names)
	frappe.db.commit()  # nosemgrep: manual-commit - as above; releases the rows
	return changed


def _batches() -> Iterator[list[str]]:
	last = ""
	while names := frappe.get_all(
		OPPORTUNITY, filters={"name": (">", last)}, order_by="name asc", pluck="name", limit=BATCH
	):
		yield names
		last = names[-1]


def settings_changed(doc) -> None:
	"""Working hours, seasons, holidays or the company of Dafater CRM Settings: count again when they are others now."""
	before = doc.get_doc_before_save()
	if before and _hours_of(before) != _hours_of(doc):
		hours_changed()


def holidays_changed(doc, method: str | None = None) -> None:
	"""A holiday list was changed, or a company has another one, where this ERPNext keeps it there."""
	if doc.doctype != "Company" or (
		doc.meta.has_field("default_holiday_list") and doc.has_value_changed("default_holiday_list")
	):
		hours_changed()


def hours_changed() -> None:
	"""Count all opportunities again in the background, after the commit."""
	if not frappe.flags.in_install:
		jobs.after_commit(JOB, queue="long")


def _hours_of(settings) -> list:
	rows = [
		[*(str(row.get(field)) for field in WHEN), window(row)]
		for table in HOURS
		for row in settings.get(table)
	]
	return [settings.holiday_list or "", settings.default_company or "", rows]
