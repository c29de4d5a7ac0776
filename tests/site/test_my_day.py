"""My Day: exact rows for each list, for oneself and the team below, and the quick actions behind its buttons."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from frappe.utils import add_days, add_to_date, get_datetime, getdate, now_datetime, nowdate

from dafater_crm.api import activities, my_day
from dafater_crm.queries import access
from dafater_crm.queries import my_day as queries
from tests.site.factories import make_lead, make_opportunity
from tests.site.people import SELLER_A, SELLER_B, STRANGER, SUPPORTING, cast  # noqa: F401
from tests.site.statements import counted
from tests.site.test_access import employee


def lists(person: str | None = None) -> dict[str, dict]:
	return {section["key"]: section for section in my_day.get(person)["sections"]}


def names(section: dict) -> list[str]:
	return [row["name"] for row in section["rows"]]


def activity(**values):
	return frappe.get_doc(
		{
			"doctype": "Dafater Activity",
			"activity_type": "Call",
			"subject": "اتصال",
			"assigned_to": SELLER_A,
			**values,
		}
	).insert()


def received(doc, days_ago: float = 1, direction: str = "Received"):
	return frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": direction,
			"subject": "سؤال عن السعر",
			"content": "x",
			"sender": "customer@day.example" if direction == "Received" else SELLER_A,
			"recipients": "x@day.example",
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"communication_date": add_to_date(now_datetime(), hours=-int(days_ago * 24)),
		}
	).insert()


def test_each_list_holds_what_is_due_to_the_person_and_nothing_else(as_user):
	today = nowdate()
	overdue = make_lead(lead_owner=SELLER_A, next_follow_up=today, follow_up_note="اتصل")
	frappe.db.set_value("Dafater Lead", overdue.name, "next_follow_up", add_days(today, -2))
	due = make_opportunity(
		opportunity_owner=SELLER_A, next_follow_up=today, expected_closing=add_days(today, 90)
	)
	make_lead(lead_owner=SELLER_A, next_follow_up=add_days(today, 1), status="Contacted")
	make_lead(lead_owner=SELLER_B, next_follow_up=today)
	make_lead(lead_owner=SELLER_A, next_follow_up=today, status="Disqualified", disqualify_reason="Spam")
	late = activity(due_on=add_days(now_datetime(), -1))
	now = activity(due_on=f"{today} 23:59:00")
	activity(due_on=add_days(now_datetime(), 1))
	activity(due_on=add_days(now_datetime(), -1), assigned_to=SELLER_B)
	activity(due_on=add_days(now_datetime(), -1), status="Done")
	with as_user(SELLER_A):
		found = lists()
	assert names(found["follow_ups"]) == [overdue.name, due.name]
	assert found["follow_ups"]["parts"] == {"Dafater Lead": 1, "Dafater Opportunity": 1}
	assert found["follow_ups"]["rows"][0]["note"] == "اتصل"
	assert found["follow_ups"]["rows"][0]["mobile"] == overdue.mobile_no
	assert names(found["activities"]) == [late.name, now.name]


def test_new_leads_are_those_that_nobody_contacted(as_user):
	waiting = make_lead(lead_owner=SELLER_A)
	called = make_lead(lead_owner=SELLER_A)
	frappe.db.set_value("Dafater Lead", called.name, "last_contact_on", now_datetime())
	with as_user(SELLER_A):
		assert names(lists()["new_leads"]) == [waiting.name]


def test_deals_that_close_until_the_end_of_the_week(as_user):
	end = queries.week_end(getdate(), frappe.get_cached_doc("Dafater CRM Settings").week_start)
	this_week = make_opportunity(opportunity_owner=SELLER_A, expected_closing=end)
	make_opportunity(opportunity_owner=SELLER_A, expected_closing=add_days(end, 1))
	passed = make_opportunity(opportunity_owner=SELLER_A)
	frappe.db.set_value("Dafater Opportunity", passed.name, "expected_closing", add_days(nowdate(), -3))
	with as_user(SELLER_A):
		assert names(lists()["closing"]) == [passed.name, this_week.name]


@pytest.mark.parametrize(
	("week_start", "last"),
	[("Sunday", date(2026, 3, 7)), ("Saturday", date(2026, 3, 6)), ("Monday", date(2026, 3, 8))],
)
def test_the_week_ends_by_the_settings(week_start, last):
	assert queries.week_end(date(2026, 3, 4), week_start) == last  # a Wednesday
	assert queries.week_end(last, week_start) == last


def test_a_message_waits_until_it_is_answered(as_user):
	lead, deal = make_lead(lead_owner=SELLER_A), make_opportunity(opportunity_owner=SELLER_A)
	received(lead, 2)
	received(deal, 1)
	with as_user(SELLER_A):
		assert names(lists()["replies"]) == [lead.name, deal.name]
	received(lead, 1, "Sent")
	with as_user(SELLER_A):
		assert names(lists()["replies"]) == [deal.name]


def test_appointments_of_today(as_user):
	today, tomorrow = (
		# by Administrator, who may enter the past: late in the evening this is it
		frappe.get_doc(
			{
				"doctype": "Dafater Appointment",
				"subject": "زيارة",
				"agent": SELLER_A,
				"contact_name": "سارة",
				"starts_on": f"{day} 23:40:00",
				"duration_minutes": 10,
			}
		).insert()
		for day in (nowdate(), add_days(nowdate(), 1))
	)
	with as_user(SELLER_A):
		assert names(lists()["appointments"]) == [today.name]
	assert tomorrow.name


def test_a_team_leader_sees_the_day_of_the_team_and_nobody_elses(as_user):
	employee(SELLER_B, employee(SELLER_A))
	access.forget_teams()
	try:
		lead = make_lead(lead_owner=SELLER_B, next_follow_up=nowdate())
		with as_user(SELLER_A):
			assert [person["name"] for person in my_day.get()["team"]] == [SELLER_B]
			assert names(lists(SELLER_B)["follow_ups"]) == [lead.name]
			assert names(lists()["follow_ups"]) == []
		for user in (SELLER_B, SUPPORTING):
			with as_user(user), pytest.raises(frappe.PermissionError):
				my_day.get(SELLER_A)
	finally:
		frappe.db.rollback()
		for user in (SELLER_A, SELLER_B):
			frappe.db.set_value("Employee", {"user_id": user}, {"user_id": None, "reports_to": None})
		frappe.db.commit()
		access.forget_teams()


def test_somebody_without_our_roles_has_an_empty_day(as_user):
	with as_user(STRANGER):
		assert [section["total"] for section in my_day.get()["sections"]] == [0] * 6


def test_the_totals_are_true_and_the_statements_fixed(as_user):
	def open_page() -> tuple[int, dict]:
		with as_user(SELLER_A), counted() as statements:
			found = lists()
		return len(statements), found

	make_lead(lead_owner=SELLER_A, next_follow_up=nowdate())
	open_page()
	few, _found = open_page()
	for _ in range(20):
		make_lead(lead_owner=SELLER_A, next_follow_up=nowdate())
	many, found = open_page()
	assert found["follow_ups"]["total"] == 21 and len(found["follow_ups"]["rows"]) == queries.SHOWN
	assert few == many <= 24, (few, many)


def test_logging_a_call_makes_a_done_activity_and_the_next_follow_up_together(as_user):
	with as_user(SELLER_A):
		lead = make_lead(lead_owner=SELLER_A, next_follow_up=nowdate())
		day = add_days(nowdate(), 4)
		made = activities.log(
			lead.doctype,
			lead.name,
			"Call",
			outcome="Reached",
			set_follow_up=1,
			next_follow_up=day,
			follow_up_note="عرض",
		)
		done = frappe.get_doc("Dafater Activity", made["activity"])
		assert (done.status, done.outcome, done.assigned_to, done.subject) == (
			"Done",
			"Reached",
			SELLER_A,
			"Call",
		)
		lead.reload()
		assert (lead.next_follow_up, lead.follow_up_note) == (getdate(day), "عرض")
		assert lead.last_contact_on
		activities.log(lead.doctype, lead.name, "Note")
		assert lead.reload().next_follow_up == getdate(day)
		activities.log(lead.doctype, lead.name, "Call", set_follow_up=1)
		assert lead.reload().next_follow_up is None


def test_nothing_is_logged_when_the_follow_up_is_refused(as_user):
	with as_user(SELLER_A):
		lead = make_lead(lead_owner=SELLER_A)
		with pytest.raises(frappe.ValidationError, match="in the past"):
			activities.log(
				lead.doctype, lead.name, "Call", set_follow_up=1, next_follow_up=add_days(nowdate(), -1)
			)
		with pytest.raises(frappe.ValidationError, match="Choose what took place"):
			activities.log(lead.doctype, lead.name, "Dance")
		with pytest.raises(frappe.ValidationError, match="Activities are logged on"):
			activities.log("User", SELLER_A, "Call")


def test_finishing_and_postponing(as_user):
	with as_user(SELLER_A):
		planned = activity(due_on=f"{add_days(nowdate(), -3)} 14:30:00")
		moved = activities.postpone("Dafater Activity", planned.name, 1)["moment"]
		assert get_datetime(moved) == get_datetime(f"{add_days(nowdate(), 1)} 14:30:00")
		assert activities.finish(planned.name, outcome="Interested") == {"status": "Done"}
		with pytest.raises(frappe.ValidationError, match="already"):
			activities.finish(planned.name)
		with pytest.raises(frappe.ValidationError, match="already"):
			activities.postpone("Dafater Activity", planned.name, 1)
		lead = make_lead(lead_owner=SELLER_A, next_follow_up=nowdate())
		assert activities.postpone(lead.doctype, lead.name, 7)["moment"] == getdate(add_days(nowdate(), 7))
		with pytest.raises(frappe.ValidationError, match="within the next year"):
			activities.postpone(lead.doctype, lead.name, 0)


def test_nobody_acts_on_the_records_of_others(as_user):
	lead = make_lead(lead_owner=SELLER_A, next_follow_up=nowdate())
	planned = activity(due_on=now_datetime())
	for user in (SELLER_B, STRANGER):
		with as_user(user):
			for act in (
				lambda: activities.log(lead.doctype, lead.name, "Call"),
				lambda: activities.postpone(lead.doctype, lead.name, 1),
				lambda: activities.finish(planned.name),
				lambda: activities.postpone("Dafater Activity", planned.name, 1),
			):
				with pytest.raises(frappe.PermissionError):
					act()
