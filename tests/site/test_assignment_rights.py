"""Who may do what: each whitelisted method, the records, and what a seller may change of her own row."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.api import assignment as api
from tests.site.assignment_cast import clean, log_of, make_agent, make_crew, new_lead, open_todos, read  # noqa: F401
from tests.site.people import (  # noqa: F401
	EXECUTIVE,
	MANAGING,
	OPERATING,
	SELLER_A,
	SELLER_B,
	STRANGER,
	cast,
)

pytestmark = pytest.mark.usefixtures("clean")


def test_managers_and_operations_write_sellers_read_their_own_row():
	make_crew(SELLER_A, SELLER_B)
	for user in (MANAGING, OPERATING):
		frappe.set_user(user)
		assert frappe.has_permission("Dafater Assignment Rule", "write")
		assert len(frappe.get_list("Dafater Agent")) == 2
		agent = frappe.get_doc("Dafater Agent", SELLER_A)
		agent.capacity = 12
		agent.save()
	frappe.set_user(SELLER_A)
	assert frappe.get_list("Dafater Agent", pluck="name") == [SELLER_A]
	own = frappe.get_doc("Dafater Agent", SELLER_A)
	own.check_permission("read")
	own.capacity = 99
	with pytest.raises(frappe.PermissionError):
		own.save()
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Dafater Agent", SELLER_B).check_permission("read")
	for doctype in ("Dafater Assignment Rule", "Dafater Assignment Log"):
		with pytest.raises(frappe.PermissionError):
			frappe.get_list(doctype)


def test_nobody_writes_or_deletes_the_log():
	make_crew(SELLER_A)
	name = frappe.get_all("Dafater Assignment Log", {"lead": new_lead().name}, pluck="name")[0]
	frappe.set_user(MANAGING)
	row = frappe.get_doc("Dafater Assignment Log", name)
	row.note = "غير ذلك"
	with pytest.raises(frappe.PermissionError):
		row.save()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc("Dafater Assignment Log", name)


def test_an_agent_switches_her_own_availability_and_nobody_elses():
	make_crew(SELLER_A, SELLER_B)
	frappe.set_user(SELLER_A)
	assert api.set_availability(0) == {"available": 0}
	assert frappe.db.get_value("Dafater Agent", SELLER_A, "available") == 0
	with pytest.raises(frappe.PermissionError):
		api.set_availability(0, SELLER_B)
	frappe.set_user(EXECUTIVE)
	with pytest.raises(frappe.PermissionError, match="not an agent"):
		api.set_availability(1)
	frappe.set_user(OPERATING)
	assert api.set_availability(0, SELLER_B) == {"available": 0}


def test_a_switch_does_not_set_the_turn_back():
	make_crew(SELLER_A)
	stale = frappe.get_doc("Dafater Agent", SELLER_A)
	new_lead()
	turn = frappe.db.get_value("Dafater Agent", SELLER_A, "turn")
	assert turn == 1
	stale.capacity = 4
	stale.save()
	assert frappe.db.get_value("Dafater Agent", SELLER_A, "turn") == turn


def test_why_is_told_to_whoever_may_read_the_lead_in_her_language():
	make_crew(SELLER_A)
	lead = new_lead()
	frappe.set_user(SELLER_B)
	with pytest.raises(frappe.PermissionError):
		api.why(lead.name)
	frappe.set_user(SELLER_A)
	(row,) = api.why(lead.name)
	assert row["cause"] == "New Lead"
	assert row["agent"] == frappe.utils.get_fullname(SELLER_A)
	assert row["reasons"] == ["It was the agent's turn.", "The agent now has 1 open leads."]
	frappe.local.lang = "ar"
	(row,) = api.why(lead.name)
	assert row["cause"] == "عميل محتمل جديد"
	assert row["reasons"][0] == "كان الدور عليه."


def test_a_lead_is_handed_over_by_hand_with_a_reason():
	make_crew(SELLER_A)
	lead = new_lead()
	frappe.set_user(SELLER_B)
	with pytest.raises(frappe.PermissionError):
		api.hand_over(lead.name, SELLER_B, "أعرف العميل")
	frappe.set_user(SELLER_A)
	with pytest.raises(frappe.ValidationError, match="why"):
		api.hand_over(lead.name, SELLER_B, "  ")
	with pytest.raises(frappe.ValidationError, match="not an enabled user"):
		api.hand_over(lead.name, "nobody@cast.example", "غادر")
	assert api.hand_over(lead.name, SELLER_B, "سافرت إلى جدة")["lead_owner"] == SELLER_B
	frappe.db.commit()
	lead = read(lead)
	assert (lead.lead_owner, lead.assignment_state, lead.assignment_rule) == (SELLER_B, "By Hand", None)
	assert open_todos(lead) == [SELLER_B]
	last = log_of(lead)[-1]
	assert (last.cause, last.agent, last.previous, last.note, last.done_by) == (
		"By Hand",
		SELLER_B,
		SELLER_A,
		"سافرت إلى جدة",
		SELLER_A,
	)


def test_a_change_of_owner_in_the_form_is_logged_too():
	make_crew(SELLER_A)
	lead = new_lead()
	frappe.set_user(MANAGING)
	lead.lead_owner = SELLER_B
	lead.save()
	frappe.db.commit()
	assert [(row.cause, row.agent) for row in log_of(lead)] == [("New Lead", SELLER_A), ("By Hand", SELLER_B)]
	assert open_todos(lead) == [SELLER_B]


def test_the_rules_are_run_over_chosen_leads_by_those_who_write_rules():
	make_agent(SELLER_A, available=0)
	make_crew(SELLER_A)
	lead = new_lead()
	frappe.set_user(SELLER_A)
	with pytest.raises(frappe.PermissionError):
		api.assign_now([lead.name])
	frappe.set_user(OPERATING)
	frappe.db.set_value("Dafater Agent", SELLER_A, "available", 1)
	assert api.assign_now(frappe.as_json([lead.name])) == {"assigned": 1, "waiting": 0}
	with pytest.raises(frappe.ValidationError, match="at most 500"):
		api.assign_now([str(number) for number in range(501)])


def test_an_agent_who_left_gives_back_what_is_untouched():
	make_crew(SELLER_A)
	leads = [new_lead() for _ in range(3)]
	begun = leads[0]
	begun.status = "Contacted"
	begun.save()
	make_crew(SELLER_B)
	frappe.db.set_value("Dafater Assignment Rule", leads[0].assignment_rule, "enabled", 0)
	frappe.db.commit()
	frappe.get_attr("dafater_crm.records.assignment_pool.forget")()
	frappe.set_user(SELLER_A)
	with pytest.raises(frappe.PermissionError):
		api.release(SELLER_A)
	frappe.set_user(MANAGING)
	with pytest.raises(frappe.ValidationError, match="enabled and available"):
		api.release(SELLER_A)
	api.set_availability(0, SELLER_A)
	assert api.release(SELLER_A) == {"assigned": 2, "waiting": 0}
	assert [read(lead).lead_owner for lead in leads] == [SELLER_A, SELLER_B, SELLER_B]
	last = log_of(leads[1])[-1]
	assert (last.cause, last.agent, last.previous) == ("Agent Left", SELLER_B, SELLER_A)
	assert open_todos(leads[1]) == [SELLER_B]


def test_what_nobody_else_can_take_loses_its_owner_and_waits():
	make_crew(SELLER_A)
	lead = new_lead()
	frappe.set_user(MANAGING)
	api.set_availability(0, SELLER_A)
	assert api.release(SELLER_A) == {"assigned": 0, "waiting": 1}
	lead = read(lead)
	assert (lead.lead_owner, lead._assign, lead.assignment_state) == (None, None, "No Agent Available")
	assert open_todos(lead) == []


def test_a_stranger_reads_nothing():
	make_crew(SELLER_A)
	lead = new_lead()
	frappe.set_user(STRANGER)
	for call in (
		lambda: api.why(lead.name),
		lambda: api.hand_over(lead.name, SELLER_A, "x"),
		lambda: api.assign_now([lead.name]),
		lambda: api.set_availability(1, SELLER_A),
		lambda: api.release(SELLER_A),
	):
		with pytest.raises(frappe.PermissionError):
			call()
