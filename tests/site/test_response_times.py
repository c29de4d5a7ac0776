"""The times to the first response that are kept on opportunities: what changes them, and what does not."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, now_datetime, nowdate

from dafater_crm.records import jobs, recompute, response_times
from tests.site.engagement_rows import activity_row, make_territory, opportunity_row
from tests.site.factories import COMPANY, make_opportunity, unique
from tests.site.people import SELLER_A, cast  # noqa: F401
from tests.site.statements import counted

OPPORTUNITY, ACTIVITY = "Dafater Opportunity", "Dafater Activity"
HOUR = 3600
ROW = (*response_times.WHEN, "from_time", "to_time")


@pytest.fixture
def deal(cast):  # noqa: F811
	"""A committed opportunity of a seller, six hours old, on a site that works around the clock."""
	settings = frappe.get_doc("Dafater CRM Settings")
	# without their names, by which Frappe would look for rows that are gone
	kept = {
		table: [{field: row.get(field) for field in ROW} for row in settings.get(table)]
		for table in response_times.HOURS
	}
	kept["holiday_list"] = settings.holiday_list
	works_at("00:00:00", "00:00:00")
	deal = make_opportunity(opportunity_owner=SELLER_A)
	frappe.db.set_value(OPPORTUNITY, deal.name, "creation", now_datetime() - timedelta(hours=6))
	frappe.db.commit()
	yield frappe.get_doc(OPPORTUNITY, deal.name)
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for name in frappe.get_all(ACTIVITY, {"reference_name": deal.name}, pluck="name"):
		frappe.delete_doc(ACTIVITY, name, force=True)
	frappe.delete_doc(OPPORTUNITY, deal.name, force=True)
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.update(kept)
	settings.save()
	frappe.db.commit()


def works_at(start: str, end: str) -> None:
	"""Every day the same hours."""
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.update({"working_hours": [], "working_seasons": [], "holiday_list": None})
	for day in ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"):
		settings.append("working_hours", {"weekday": day, "from_time": start, "to_time": end})
	settings.save()


def called(deal, hours_ago: float, **values):
	"""A call that its seller notes as done."""
	frappe.set_user(SELLER_A)
	doc = frappe.get_doc(
		{
			"doctype": ACTIVITY,
			"activity_type": "Call",
			"subject": "مكالمة",
			"status": "Done",
			"done_on": now_datetime() - timedelta(hours=hours_ago),
			"reference_doctype": OPPORTUNITY,
			"reference_name": deal.name,
			"assigned_to": SELLER_A,
			**values,
		}
	).insert()
	frappe.db.commit()
	return doc


def stored(deal) -> tuple:
	"""Both times in whole hours, past every cache."""
	frappe.db.commit()
	times = frappe.db.get_value(OPPORTUNITY, deal.name, response_times.FIELDS)
	return tuple(None if seconds is None else round(seconds / HOUR, 1) for seconds in times)


def test_a_call_that_is_done_moved_or_deleted_counts_at_once(deal):
	assert stored(deal) == (None, None)
	planned = called(deal, 0, status="Open", done_on=None)
	called(deal, 1, activity_type="Note")
	assert stored(deal) == (None, None)
	call = called(deal, 2)
	assert stored(deal) == (4, 4)
	visit = called(deal, 4, activity_type="Visit")
	assert stored(deal) == (2, 2)
	visit.done_on = now_datetime() - timedelta(hours=3)
	visit.save()
	assert stored(deal) == (3, 3)
	visit.status = "Open"
	visit.save()
	assert stored(deal) == (4, 4)
	planned.update({"status": "Done", "done_on": now_datetime() - timedelta(hours=5)})
	planned.save()
	assert stored(deal) == (1, 1)
	frappe.set_user("Administrator")
	for doc in (planned, call):
		frappe.delete_doc(ACTIVITY, doc.name)
	assert stored(deal) == (None, None)


def test_an_activity_that_is_moved_to_another_record_answers_that_one(deal):
	other = make_opportunity(opportunity_owner=SELLER_A)
	frappe.db.commit()
	try:
		call = called(deal, 2)
		call.reference_name = other.name
		call.save()
		assert stored(deal) == (None, None) and stored(other) == (0, 0)
	finally:
		frappe.set_user("Administrator")
		frappe.delete_doc(ACTIVITY, call.name)
		frappe.delete_doc(OPPORTUNITY, other.name)
		frappe.db.commit()


def test_a_mail_counts_where_it_was_the_first(deal):
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Sent",
			"subject": "عرض",
			"content": "مرحبًا",
			"reference_doctype": OPPORTUNITY,
			"reference_name": deal.name,
			"sender": SELLER_A,
		}
	).insert(ignore_permissions=True)  # as Frappe's mailer does
	assert stored(deal) == (6, 6)
	called(deal, 4)
	assert stored(deal) == (2, 2)


def test_a_form_that_was_opened_before_takes_nothing_back(deal):
	frappe.set_user(SELLER_A)
	form = frappe.get_doc(OPPORTUNITY, deal.name)
	frappe.db.set_value(OPPORTUNITY, deal.name, "first_responded_on", now_datetime(), update_modified=False)
	called(deal, 2)
	form.next_step = "زيارة"
	form.update({"answer_time": 1, "last_contact_on": None})
	form.save()
	assert stored(deal) == (4, 4)
	assert frappe.db.get_value(OPPORTUNITY, deal.name, "first_responded_on")
	assert frappe.db.get_value(OPPORTUNITY, deal.name, "last_contact_on")


def test_a_new_opportunity_and_a_copy_have_no_times(deal):
	called(deal, 2)
	copy = frappe.copy_doc(frappe.get_doc(OPPORTUNITY, deal.name))
	assert copy.answer_time == 4 * HOUR
	assert copy.insert().reload().answer_time is None
	frappe.db.rollback()


def test_other_working_hours_are_counted_by_a_job(deal, monkeypatch):
	called(deal, 2)
	asked = []
	monkeypatch.setattr(jobs, "after_commit", lambda method, **options: asked.append(method))
	frappe.set_user("Administrator")
	works_at("00:00:00", "00:00:00")
	assert response_times.JOB not in asked  # the same hours, written anew
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.working_hours = []
	settings.save()
	assert asked.count(response_times.JOB) == 1
	assert stored(deal) == (4, 4)  # nothing was counted yet
	assert response_times.recount_all() >= 1
	assert stored(deal) == (4, None)
	assert response_times.recount_all() == 0
	works_at("00:00:00", "00:00:00")
	assert asked.count(response_times.JOB) == 2
	assert response_times.recount_all() >= 1 and stored(deal) == (4, 4)


def test_holidays_of_the_settings_or_of_a_company_start_the_job(monkeypatch):
	asked = []
	monkeypatch.setattr(jobs, "after_commit", lambda method, **options: asked.append(method))
	days = frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": unique("عطل"),
			"from_date": nowdate(),
			"to_date": add_days(nowdate(), 30),
			"holidays": [{"holiday_date": nowdate(), "description": "عيد"}],
		}
	).insert()
	assert asked.count(response_times.JOB) == 1
	company = frappe.get_doc("Company", COMPANY)
	company.save()
	assert asked.count(response_times.JOB) == 1
	company.default_holiday_list = days.name
	company.save()
	assert asked.count(response_times.JOB) == 2


def test_the_daily_repair_counts_what_was_written_past_the_controllers(deal):
	activity_row(OPPORTUNITY, deal.name, str(now_datetime() - timedelta(hours=2)))
	assert stored(deal) == (None, None)
	recompute.repair_all()
	assert stored(deal) == (4, 4)


def test_statements_of_the_job_do_not_grow_with_the_opportunities():
	territory = make_territory()
	names = [opportunity_row(territory, "2015-03-03 08:00:00", first_response_time=HOUR) for _n in range(60)]
	response_times.recount(names[:1])

	def cost(some: list[str]) -> int:
		with counted() as statements:
			assert response_times.recount(some) == len(some)
		return len(statements)

	assert cost(names[1:3]) == cost(names[3:]) <= 3
