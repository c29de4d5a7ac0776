"""Who gets a conversation: team or class, availability, hours, capacity, acquaintance, skill, load; leaving and reminders."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, now_datetime, nowdate

from dafater_crm.records import assignment_pool
from dafater_crm.records.inbox import assignment, reminders, upkeep
from tests.site.conversation_cast import (
	ANSWERING,
	HELPING,
	OTHER_TEAM,
	company_hours,
	inbox,  # noqa: F401
	log_rows,
	make_agent,
	make_conversation,
	make_identity,
	make_team,
	set_inbox,
	stored,
	told,
	work,
)
from tests.site.people import EXECUTIVE, MANAGING, cast  # noqa: F401
from tests.site.statements import counted

pytestmark = pytest.mark.usefixtures("inbox")


def agents(*users: str, **values) -> None:
	for user in users:
		make_agent(user, **values)
	frappe.db.commit()


def holder(conversation) -> str | None:
	return stored(conversation, "assigned_to").assigned_to


def assigned(**values) -> str | None:
	conversation = make_conversation(**values)
	assignment.assign(conversation.name)
	return holder(conversation)


def waited(conversation, minutes: int) -> None:
	moment = now_datetime() - timedelta(minutes=minutes)
	frappe.db.set_value("Dafater Conversation", conversation.name, "waiting_since", moment)
	frappe.db.set_value("Dafater Conversation", conversation.name, "assigned_on", moment)
	frappe.db.commit()


def test_agents_share_conversations_evenly_and_are_told():
	agents(ANSWERING, HELPING)
	conversations = [make_conversation() for _ in range(6)]
	for conversation in conversations:
		assignment.assign(conversation.name)
	assert [holder(one) for one in conversations].count(ANSWERING) == 3
	assert told(ANSWERING) == told(HELPING) == 3
	assert log_rows(conversations[0]) == [("Assignment", None, ANSWERING, "System")]
	assert stored(conversations[0], "status").status == "New"


def test_equal_loads_take_turns_even_when_everything_is_resolved_at_once():
	agents(ANSWERING, HELPING)
	found = []
	for _ in range(4):
		conversation = make_conversation()
		assignment.assign(conversation.name)
		found.append(holder(conversation))
		doc = frappe.get_doc("Dafater Conversation", conversation.name)
		doc.status = "Resolved"
		doc.save()
		frappe.db.commit()
	assert found == [ANSWERING, HELPING, ANSWERING, HELPING]


def test_nobody_goes_above_capacity_and_nothing_for_those_with_none():
	agents(ANSWERING, inbox_capacity=2)
	agents(HELPING, inbox_capacity=0)
	assert [assigned() for _ in range(3)] == [ANSWERING, ANSWERING, None]


def test_the_team_gets_its_conversations_and_others_do_not():
	agents(ANSWERING, HELPING, OTHER_TEAM)
	team = make_team(OTHER_TEAM, leader=ANSWERING)
	assert {assigned(team=team.name) for _ in range(3)} == {OTHER_TEAM}
	empty = make_team(MANAGING)
	assert assigned(team=empty.name) is None


def test_without_a_team_the_class_says_whose_work_it_is():
	agents(ANSWERING, EXECUTIVE)
	assert {assigned(conversation_class="Sales") for _ in range(2)} == {EXECUTIVE}
	assert {assigned(conversation_class="Complaint") for _ in range(2)} == {ANSWERING}
	assert {assigned() for _ in range(2)} == {ANSWERING, EXECUTIVE}


def test_a_returning_customer_goes_back_to_whom_they_talked_to_if_there():
	agents(ANSWERING, HELPING)
	identity = make_identity()
	make_conversation(identity=identity, status="Resolved", assigned_to=HELPING)
	for _ in range(3):
		make_conversation(assigned_to=HELPING)
	back = make_conversation(identity=identity)
	assignment.assign(back.name)
	assert holder(back) == HELPING
	frappe.db.set_value("Dafater Conversation", back.name, {"assigned_to": None})
	frappe.db.set_value("Dafater Agent", {"user": HELPING}, "available", 0)
	frappe.db.commit()
	assignment.assign(back.name)
	assert holder(back) == ANSWERING


def test_a_skill_is_preferred_but_not_demanded():
	agents(ANSWERING)
	agents(HELPING, skills=[{"skill": "تكييف"}])
	assert {assigned(skill="تكييف") for _ in range(3)} == {HELPING}
	assert assigned(skill="سباكة") == ANSWERING


def test_outside_hours_it_waits_and_is_given_out_when_work_begins():
	agents(ANSWERING)
	yesterday = (now_datetime() - timedelta(days=1)).strftime("%A")
	company_hours([{"weekday": yesterday, "from_time": "08:00:00", "to_time": "17:00:00"}])
	assignment_pool.forget()
	frappe.db.commit()
	conversation = make_conversation()
	assert assignment.assign(conversation.name) is None
	company_hours([])
	assignment_pool.forget()
	frappe.db.commit()
	upkeep.run()
	assert holder(conversation) == ANSWERING


def test_a_disabled_agent_and_one_on_time_off_lose_theirs():
	agents(ANSWERING, HELPING)
	conversation, pending = make_conversation(assigned_to=ANSWERING), make_conversation(assigned_to=HELPING)
	agent = frappe.get_doc("Dafater Agent", {"user": ANSWERING})
	agent.append("time_off", {"from_date": nowdate(), "to_date": add_days(nowdate(), 2)})
	agent.save()
	frappe.db.commit()
	upkeep.run()
	assert holder(conversation) == HELPING
	assert log_rows(conversation)[-1] == ("Assignment", ANSWERING, HELPING, "Agent Left")
	helper = frappe.get_doc("Dafater Agent", {"user": HELPING})
	helper.enabled = 0
	helper.save()
	frappe.db.commit()
	upkeep.run()
	# nobody is left: everybody sees that they wait
	assert holder(conversation) is None
	assert holder(pending) is None


def test_a_short_break_takes_nothing_away_and_a_manager_keeps_what_she_took():
	agents(ANSWERING, HELPING)
	frappe.db.set_value("Dafater Agent", {"user": ANSWERING}, "available", 0)
	mine, hers = make_conversation(assigned_to=ANSWERING), make_conversation(assigned_to=MANAGING)
	for conversation in (mine, hers):
		assert assignment.assign(conversation.name) is None
	assert (holder(mine), holder(hers)) == (ANSWERING, MANAGING)


def test_the_switch_in_the_settings():
	agents(ANSWERING)
	set_inbox(assign_automatically=0)
	assert assigned() is None
	upkeep.run()
	assert frappe.db.count("Dafater Conversation", {"assigned_to": ("is", "set")}) == 0


def test_an_unanswered_conversation_is_reminded_once_then_passed_on_then_escalated():
	agents(ANSWERING, HELPING)
	team = make_team(ANSWERING, HELPING, leader=MANAGING)
	conversation = make_conversation(team=team.name, assigned_to=ANSWERING)
	waited(conversation, 20)
	assert reminders.run() == {"reminded": 1, "passed_on": 0, "escalated": 0}
	assert reminders.run() == {"reminded": 0, "passed_on": 0, "escalated": 0}
	assert told(ANSWERING) == 1
	waited(conversation, 61)
	assert reminders.run()["passed_on"] == 1
	assert holder(conversation) == HELPING
	# the second one has the whole time as well
	assert reminders.run()["passed_on"] == 0
	before = now_datetime() - timedelta(minutes=62)
	frappe.db.set_value("Dafater Conversation", conversation.name, "assigned_on", before)
	frappe.db.set_value(
		"Dafater Conversation", conversation.name, "waiting_since", before - timedelta(minutes=61)
	)
	log = frappe.qb.DocType("Dafater Conversation Log")
	frappe.qb.update(log).set(log.logged_on, before).where(log.conversation == conversation.name).run()
	frappe.db.commit()
	done = reminders.run()
	# ANSWERING was reminded while she had it, so both have had it since the customer began to wait
	assert done["escalated"] == 1, done
	assert (holder(conversation), told(MANAGING)) == (HELPING, 1)
	assert reminders.run()["escalated"] == 0


def test_minutes_outside_working_hours_do_not_count():
	agents(ANSWERING)
	yesterday = (now_datetime() - timedelta(days=1)).strftime("%A")
	company_hours([{"weekday": yesterday, "from_time": "00:00:00", "to_time": "00:10:00"}])
	assignment_pool.forget()
	frappe.db.commit()
	conversation = make_conversation(assigned_to=ANSWERING)
	waited(conversation, 24 * 60 * 2)
	# two days, of which ten minutes were worked
	assert reminders.run() == {"reminded": 0, "passed_on": 0, "escalated": 0}
	company_hours([{"weekday": yesterday, "from_time": "00:00:00", "to_time": "00:20:00"}])
	assignment_pool.forget()
	frappe.db.commit()
	assert reminders.run()["reminded"] == 1


def test_answered_snoozed_and_resolved_ones_are_left_alone():
	agents(ANSWERING, HELPING)
	for status in ("Pending", "Snoozed", "Resolved"):
		waited(make_conversation(assigned_to=ANSWERING, status=status), 600)
	answered = make_conversation(assigned_to=ANSWERING)
	frappe.db.set_value("Dafater Conversation", answered.name, "waiting_since", None)
	frappe.db.commit()
	assert reminders.run() == {"reminded": 0, "passed_on": 0, "escalated": 0}


def test_a_snooze_ends_and_the_agent_hears_of_it():
	conversation = make_conversation(assigned_to=ANSWERING, status="Snoozed")
	past = now_datetime() - timedelta(minutes=1)
	frappe.db.set_value("Dafater Conversation", conversation.name, "snoozed_until", past)
	frappe.db.commit()
	upkeep.run()
	assert stored(conversation, "status", "snoozed_until") == {"status": "Open", "snoozed_until": None}
	assert told(ANSWERING) == 1


def test_what_waits_for_the_customer_too_long_is_resolved_by_the_setting():
	conversation = make_conversation(status="Pending")
	frappe.db.set_value(
		"Dafater Conversation", conversation.name, "last_message_on", now_datetime() - timedelta(days=8)
	)
	frappe.db.commit()
	upkeep.run()
	assert stored(conversation, "status").status == "Pending"
	set_inbox(resolve_after_days=7)
	upkeep.run()
	assert stored(conversation, "status", "open_key") == {"status": "Resolved", "open_key": None}
	assert log_rows(conversation)[-1] == ("Status", "Pending", "Resolved", "System")


def test_an_assignment_costs_a_fixed_number_of_statements():
	agents(ANSWERING, HELPING, OTHER_TEAM)
	for _ in range(12):
		make_conversation(assigned_to=HELPING)
	conversation = make_conversation()
	assert assignment.is_on() and assignment_pool.pool()  # both from the cache
	frappe.db.commit()
	with counted() as statements:
		assignment.assign(conversation.name)
	# the conversation, who knew the person, standings, agent and conversation in one, log; then notifications, by a job
	logged = next(place for place, one in enumerate(statements) if "Dafater Conversation Log" in one)
	assert len(work(statements[: logged + 1])) == 5, statements
