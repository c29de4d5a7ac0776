"""Reminders of follow-ups: one notification a person, each record and date once, weekly while overdue."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime, nowdate

from dafater_crm.queries.follow_up import FOLLOWED
from dafater_crm.records import follow_up
from tests.site.factories import make_lead, make_opportunity, make_prospect
from tests.site.nurture_rows import make_account
from tests.site.people import SELLER_A, SELLER_B, cast  # noqa: F401
from tests.site.statements import counted


@pytest.fixture(autouse=True)
def swept():
	"""The job commits: what a test made is taken away again."""
	sweep()
	frappe.db.set_single_value("Dafater CRM Settings", "follow_up_hour", 0)
	yield
	frappe.db.rollback()
	frappe.set_user("Administrator")
	sweep()
	frappe.db.set_single_value("Dafater CRM Settings", {"follow_up_hour": 8, "follow_up_repeats": 3})
	frappe.db.set_single_value("Dafater CRM Settings", "follow_up_reminders", 1)
	frappe.db.commit()


def sweep() -> None:
	for doctype in ("Dafater Follow Up Reminder", "Notification Log", "Email Queue", "Email Queue Recipient"):
		frappe.db.delete(doctype)
	frappe.db.set_value(
		"Notification Settings", {"dafater_follow_up_digest": 1}, "dafater_follow_up_digest", 0
	)
	frappe.db.set_value("User", SELLER_A, "language", "en")
	for doctype, (owner, _note, _over) in FOLLOWED.items():
		frappe.db.delete(doctype, {owner: ("in", [SELLER_A, SELLER_B])})
		frappe.db.set_value(doctype, {"next_follow_up": ("is", "set")}, "next_follow_up", None)


def told(user: str) -> list[dict]:
	return frappe.get_all(
		"Notification Log",
		{"for_user": user},
		["subject", "document_name", "email_content", "link"],
		order_by="creation",
	)


def overdue(doc, days: int):
	frappe.db.set_value(doc.doctype, doc.name, "next_follow_up", add_days(nowdate(), -days))
	return doc


def age(days: int) -> None:
	"""As if the reminders so far had been sent `days` earlier."""
	table = frappe.qb.DocType("Dafater Follow Up Reminder")
	frappe.qb.update(table).set(table.reminded_on, now_datetime() - timedelta(days=days)).run()


def test_one_notification_for_all_that_is_due_and_never_a_second_time():
	lead = make_lead(lead_owner=SELLER_A, next_follow_up=nowdate(), follow_up_note="عرض")
	frappe.db.set_value(lead.doctype, lead.name, "follow_up_note", "<b>عرض</b>")
	overdue(make_opportunity(opportunity_owner=SELLER_A), 3)
	make_prospect(prospect_owner=SELLER_A, next_follow_up=nowdate())
	other = make_lead(lead_owner=SELLER_B, next_follow_up=nowdate())
	make_lead(lead_owner=SELLER_B, next_follow_up=add_days(nowdate(), 1))
	make_lead(lead_owner=SELLER_B, next_follow_up=nowdate(), status="Disqualified", disqualify_reason="Spam")
	assert follow_up.run() == 2
	(mine,), (theirs,) = told(SELLER_A), told(SELLER_B)
	assert mine.subject == "3 follow-ups are due" and mine.link == "/app/dafater-my-day"
	assert lead.name in mine.email_content and "<b>عرض</b>" not in mine.email_content
	assert theirs.document_name == other.name
	assert follow_up.run() == 0
	assert len(told(SELLER_A)) == 1


def test_a_new_date_is_reminded_again_and_an_overdue_one_weekly_until_the_limit():
	frappe.db.set_single_value("Dafater CRM Settings", "follow_up_repeats", 2)
	lead = overdue(make_lead(lead_owner=SELLER_A), 1)
	assert follow_up.run() == 1
	age(6)
	assert follow_up.run() == 0
	for expected in (1, 1, 0):
		age(7)
		assert follow_up.run() == expected
	frappe.db.set_value(lead.doctype, lead.name, "next_follow_up", getdate())
	assert follow_up.run() == 1
	assert len(told(SELLER_A)) == 4


def test_settings_decide_whether_and_from_which_hour():
	make_lead(lead_owner=SELLER_A, next_follow_up=nowdate())
	later = now_datetime().hour + 1
	if later < 24:
		frappe.db.set_single_value("Dafater CRM Settings", "follow_up_hour", later)
		assert follow_up.run() == 0
	frappe.db.set_single_value("Dafater CRM Settings", "follow_up_hour", 0)
	frappe.db.set_single_value("Dafater CRM Settings", "follow_up_reminders", 0)
	assert follow_up.run() == 0
	frappe.db.set_single_value("Dafater CRM Settings", "follow_up_reminders", 1)
	assert follow_up.run() == 1


def test_the_digest_goes_to_whoever_asked_for_it():
	make_account()
	for user in (SELLER_A, SELLER_B):
		make_lead(lead_owner=user, next_follow_up=nowdate())
	frappe.db.set_value("Notification Settings", SELLER_A, "dafater_follow_up_digest", 1)
	assert follow_up.run() == 2
	recipients = frappe.get_all("Email Queue Recipient", {"parenttype": "Email Queue"}, pluck="recipient")
	failed = frappe.get_all("Error Log", {"method": ("like", "Follow-up%")}, pluck="error")
	assert [address for address in recipients if address in (SELLER_A, SELLER_B)] == [SELLER_A], failed


def test_the_reminder_speaks_the_language_of_its_reader():
	frappe.db.set_value("User", SELLER_A, "language", "ar")
	for _number in range(2):
		make_lead(lead_owner=SELLER_A, next_follow_up=nowdate())
	follow_up.run()
	assert told(SELLER_A)[0].subject == "لديك 2 متابعات مستحقة"


def test_the_statements_grow_with_people_and_not_with_records():
	def run(number: int) -> int:
		for _number in range(number):
			make_lead(lead_owner=SELLER_A, next_follow_up=nowdate())
		frappe.db.commit()
		with counted() as statements:
			assert follow_up.run() == 1
		return len(statements)

	run(1)  # warm
	assert run(2) == run(20) <= 30
