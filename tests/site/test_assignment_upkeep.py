"""Untouched leads are passed on after business hours and escalated in the end; rules are checked; nothing is lost."""

from __future__ import annotations

import json
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from dafater_crm.records import assignment_batch, assignment_notice, assignment_upkeep
from tests.site.assignment_cast import (  # noqa: F401
	clean,
	log_of,
	make_agent,
	make_crew,
	make_rule,
	make_team,
	new_lead,
	open_todos,
	read,
)
from tests.site.people import EXECUTIVE, MANAGING, SELLER_A, SELLER_B, cast  # noqa: F401

pytestmark = pytest.mark.usefixtures("clean")


def age(lead, hours: float) -> None:
	"""Let the lead have been assigned that long ago."""
	lead.db_set("assigned_on", now_datetime() - timedelta(hours=hours), update_modified=False)
	frappe.db.commit()


def other(user: str) -> str:
	return SELLER_B if user == SELLER_A else SELLER_A


def test_an_untouched_lead_goes_to_the_next_agent_after_the_hours():
	rule = make_crew(SELLER_A, SELLER_B, untouched_hours=4)
	lead = new_lead()
	first = lead.lead_owner
	age(lead, 3.9)
	assignment_upkeep.run()
	assert read(lead).lead_owner == first
	age(lead, 4.1)
	assignment_upkeep.run()
	lead = read(lead)
	assert lead.lead_owner == other(first)
	assert lead.assignment_state == "Assigned"
	assert open_todos(lead) == [other(first)]
	last = log_of(lead)[-1]
	assert (last.cause, last.agent, last.previous, last.rule) == ("Untouched", other(first), first, rule.name)
	assert json.loads(last.reasons)[0] == ["untouched_for", {"hours": 4.0}]
	assignment_upkeep.run()
	assert len(log_of(lead)) == 2  # the next agent has her own four hours


@pytest.mark.parametrize("touch", ["message", "activity", "status"])
def test_a_touched_lead_stays(touch):
	make_crew(SELLER_A, SELLER_B, untouched_hours=1)
	lead = new_lead()
	owner = lead.lead_owner
	if touch == "message":
		values = {"sent_or_received": "Sent", "communication_type": "Communication", "subject": "عرضنا"}
		reference = {"reference_doctype": lead.doctype, "reference_name": lead.name}
		frappe.get_doc({"doctype": "Communication", **values, **reference}).insert()
	elif touch == "activity":
		reference = {"reference_doctype": lead.doctype, "reference_name": lead.name}
		call = {"activity_type": "Note", "subject": "راجعت الطلب", "status": "Done"}
		frappe.get_doc({"doctype": "Dafater Activity", **call, **reference}).insert()
	else:
		lead.status = "Contacted"
		lead.save()
	frappe.db.commit()
	lead = read(lead)
	lead.db_set("assigned_on", now_datetime() - timedelta(hours=5), update_modified=False)
	if touch == "status":
		assert lead.status == "Contacted"
	frappe.db.commit()
	assignment_upkeep.run()
	assert read(lead).lead_owner == owner
	assert len(log_of(lead)) == 1


def test_a_message_of_before_the_assignment_is_no_touch():
	make_crew(SELLER_A, SELLER_B, untouched_hours=1)
	lead = new_lead()
	reference = {"reference_doctype": lead.doctype, "reference_name": lead.name}
	values = {"sent_or_received": "Sent", "communication_type": "Communication", "subject": "قديمة"}
	frappe.get_doc(
		{
			"doctype": "Communication",
			**values,
			**reference,
			"communication_date": now_datetime() - timedelta(days=9),
		}
	).insert()
	frappe.db.commit()  # a sent message moves the lead to Contacted; a person moves it back
	lead = read(lead)
	lead.status = "Open"
	lead.save()
	age(lead, 2)
	owner = lead.lead_owner
	assignment_upkeep.run()
	assert read(lead).lead_owner == other(owner)


def test_hours_count_only_while_the_agent_works():
	now = now_datetime()
	today, yesterday = now.strftime("%A"), (now - timedelta(days=1)).strftime("%A")
	week = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	rest = [
		{"weekday": day, "from_time": "00:00:00", "to_time": "23:59:59"} for day in week - {today, yesterday}
	]
	make_agent(SELLER_A, hours=rest)
	make_agent(SELLER_B)
	make_crew(SELLER_A, SELLER_B, untouched_hours=2, outside_hours="Assign Anyway")
	lead = new_lead(lead_owner=None)
	lead.db_set({"lead_owner": SELLER_A, "assignment_state": "Assigned"})
	hours = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 3600
	age(lead, hours + 1)  # since yesterday evening: nothing of it is SELLER_A's working time
	assignment_upkeep.run()
	assert read(lead).lead_owner == SELLER_A
	age(lead, hours + 24 + 3)  # three hours of the day before yesterday are
	assignment_upkeep.run()
	assert read(lead).lead_owner == SELLER_B


def test_a_lead_that_got_another_owner_meanwhile_is_left_alone():
	make_crew(SELLER_A, SELLER_B)
	lead = new_lead()
	lead.lead_owner = EXECUTIVE
	lead.save()
	frappe.db.commit()
	done = assignment_batch.pass_on({lead.name: SELLER_A}, "Untouched")
	assert (done, read(lead).lead_owner) == ({"assigned": 0, "waiting": 0}, EXECUTIVE)


def test_after_so_many_times_it_is_escalated_once_to_the_leader():
	make_crew(SELLER_A, SELLER_B, leader=MANAGING, untouched_hours=1, max_reassignments=1)
	lead = new_lead()
	age(lead, 2)
	assignment_upkeep.run()
	lead = read(lead)
	owner = lead.lead_owner
	age(lead, 2)
	assignment_upkeep.run()
	lead = read(lead)
	assert (lead.lead_owner, lead.assignment_state) == (owner, "Escalated")
	assert open_todos(lead) == sorted([owner, MANAGING])
	assert [row.cause for row in log_of(lead)] == ["New Lead", "Untouched", "Escalated"]
	assert json.loads(log_of(lead)[-1].reasons) == [["passed_on_often", {"times": 1}]]
	assert frappe.db.count("Notification Log", {"for_user": MANAGING, "document_name": lead.name}) == 1
	frappe.set_user(MANAGING)
	assert frappe.get_doc(lead.doctype, lead.name).has_permission("read")
	frappe.set_user("Administrator")
	age(lead, 2)
	assignment_upkeep.run()
	assert len(log_of(lead)) == 3


def test_without_a_leader_the_sales_managers_are_asked():
	make_crew(SELLER_A, untouched_hours=1, max_reassignments=0)
	lead = new_lead()
	age(lead, 2)
	assignment_upkeep.run()
	assert MANAGING in open_todos(read(lead))


def test_an_untouched_lead_stays_where_nobody_else_is_free():
	make_crew(SELLER_A, untouched_hours=1)
	lead = new_lead()
	age(lead, 2)
	assignment_upkeep.run()
	assert (read(lead).lead_owner, len(log_of(lead))) == (SELLER_A, 1)


def test_a_todo_that_was_lost_with_its_job_is_added_later():
	make_crew(SELLER_A)
	lead = new_lead()
	frappe.db.delete("ToDo", {"reference_name": lead.name})
	age(lead, 1)
	assignment_upkeep.run()
	assert open_todos(lead) == [SELLER_A]
	assignment_notice.settle([{"lead": lead.name, "agent": SELLER_A, "previous": None}])
	assert open_todos(lead) == [SELLER_A]


def test_off_the_job_does_nothing(monkeypatch):
	make_crew(SELLER_A, untouched_hours=1)
	lead = new_lead()
	age(lead, 9)
	frappe.db.set_single_value("Dafater CRM Settings", "assignment_mode", "Off")
	frappe.clear_document_cache("Dafater CRM Settings", "Dafater CRM Settings")
	assignment_upkeep.run()
	assert len(log_of(lead)) == 1


def test_deleting_a_lead_takes_its_log_along():
	make_crew(SELLER_A)
	lead = new_lead()
	assert len(log_of(lead)) == 1
	frappe.delete_doc(lead.doctype, lead.name)
	assert log_of(lead) == []
