"""What people do in the inbox, as an agent who may see the conversation, one who may not, and a manager."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, now_datetime, nowdate

from dafater_crm.api import conversations as api
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
	receive,
	stored,
	told,
)
from tests.site.factories import SUPPORT, make_lead, make_opportunity, make_user
from tests.site.people import MANAGING, SELLER_A, STRANGER, cast  # noqa: F401

pytestmark = pytest.mark.usefixtures("inbox")
SERVING = "serving@cast.example"


@pytest.fixture
def talk():
	"""A conversation of a team of ANSWERING and HELPING that ANSWERING has."""
	team = make_team(ANSWERING, HELPING)
	return make_conversation("السلام عليكم", "الطابعة خربانة", team=team.name, assigned_to=ANSWERING)


ACTIONS = [
	(api.assign, {"user": HELPING}),
	(api.release, {}),
	(api.set_class, {"conversation_class": "Support"}),
	(api.set_status, {"status": "Resolved"}),
	(api.snooze, {"until": "2099-01-01 09:00:00"}),
	(api.set_priority, {"priority": "High"}),
	(api.set_team, {"team": None}),
	(api.unlink, {"doctype": "Customer"}),
	(api.make_lead, {}),
]
MORE = [
	(api.take, {}),
	(api.link, {"doctype": "Dafater Lead", "name": "DLEAD-0"}),
	(api.make_opportunity, {}),
	(api.make_issue, {}),
	(api.make_quotation, {}),
]


@pytest.mark.parametrize(("action", "values"), ACTIONS, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("user", [ANSWERING, HELPING, MANAGING])
def test_who_may_see_it_may_act(talk, action, values, user, as_user):
	with as_user(user):
		assert action(talk.name, **values)


@pytest.mark.parametrize(
	("action", "values"), ACTIONS + MORE, ids=lambda value: getattr(value, "__name__", "")
)
@pytest.mark.parametrize("user", [OTHER_TEAM, SELLER_A, STRANGER])
def test_who_may_not_see_it_may_do_nothing(talk, action, values, user, as_user):
	before = frappe.get_doc("Dafater Conversation", talk.name).as_dict()
	with as_user(user), pytest.raises(frappe.PermissionError):
		action(talk.name, **values)
	frappe.db.rollback()
	assert frappe.get_doc("Dafater Conversation", talk.name).as_dict() == before


def test_assigning_tells_the_colleague_and_keeps_the_log(talk, as_user):
	make_agent(HELPING)
	frappe.db.commit()
	with as_user(ANSWERING):
		shown = api.assign(talk.name, HELPING)
		frappe.db.commit()
	assert (shown["assigned_to"], told(HELPING), told(ANSWERING)) == (HELPING, 1, 0)
	assert log_rows(talk, "Assignment") == [("Assignment", ANSWERING, HELPING, "Agent")]
	assert frappe.db.get_value("Dafater Agent", {"user": HELPING}, "inbox_turn") == 1


def test_only_people_of_the_inbox_can_have_a_conversation(talk, as_user):
	with as_user(ANSWERING), pytest.raises(frappe.ValidationError, match="does not work in the inbox"):
		api.assign(talk.name, STRANGER)


def test_what_nobody_has_is_taken_once(as_user):
	conversation = make_conversation()
	with as_user(ANSWERING):
		shown = api.take(conversation.name)
	assert (shown["assigned_to"], shown["status"]) == (ANSWERING, "Open")
	with as_user(MANAGING), pytest.raises(frappe.ValidationError, match="has this conversation already"):
		api.take(conversation.name)


def test_a_released_conversation_goes_to_the_next_one(talk, as_user):
	make_agent(ANSWERING)
	make_agent(HELPING)
	frappe.db.commit()
	with as_user(ANSWERING):
		api.release(talk.name)
		frappe.db.commit()
	assert stored(talk, "assigned_to").assigned_to == HELPING
	assert [row[1:3] for row in log_rows(talk, "Assignment")] == [(ANSWERING, None), (None, HELPING)]


def test_the_class_of_an_agent_is_final_even_when_it_is_the_same(as_user):
	conversation = make_conversation(conversation_class="Sales", class_source="Rule")
	with as_user(ANSWERING):
		shown = api.set_class(conversation.name, "Sales")
	assert (shown["conversation_class"], shown["class_source"]) == ("Sales", "Agent")


def test_resolving_stops_the_clocks_in_business_hours(as_user):
	yesterday = now_datetime() - timedelta(days=1)
	day = {"weekday": yesterday.strftime("%A"), "from_time": "00:00:00", "to_time": "23:00:00"}
	company_hours([day])
	conversation = make_conversation(assigned_to=ANSWERING)
	start = yesterday.replace(hour=12, minute=0, second=0, microsecond=0)
	frappe.db.set_value("Dafater Conversation", conversation.name, "first_inbound_on", start)
	frappe.db.commit()
	with as_user(ANSWERING):
		api.set_status(conversation.name, "Resolved")
	row = stored(
		conversation, "resolved_on", "resolution_time", "resolution_business", "open_key", "waiting_since"
	)
	assert row.resolution_business == 11 * 3600
	assert abs(row.resolution_time - (row.resolved_on - start).total_seconds()) <= 1
	assert (row.open_key, row.waiting_since) == (None, None)
	with as_user(ANSWERING):
		api.set_status(conversation.name, "Open")
	row = stored(
		conversation, "resolved_on", "resolution_time", "resolution_business", "open_key", "reopened"
	)
	assert row == {
		"resolved_on": None,
		"resolution_time": None,
		"resolution_business": None,
		"open_key": conversation.identity,
		"reopened": 1,
	}


def test_a_person_has_one_open_conversation(as_user):
	identity = make_identity()
	old = make_conversation(identity=identity, status="Resolved", assigned_to=ANSWERING)
	make_conversation(identity=identity, assigned_to=ANSWERING)
	with as_user(ANSWERING), pytest.raises(frappe.ValidationError, match="already has an open conversation"):
		api.set_status(old.name, "Open")


@pytest.mark.parametrize(
	("action", "values", "message"),
	[
		(api.set_status, {"status": "New"}, "cannot become New again"),
		(api.set_status, {"status": "Snoozed"}, "Choose until when"),
		(api.snooze, {"until": "2001-01-01 10:00:00"}, "is past"),
		(api.snooze, {"until": "غدا"}, "Choose until when"),
		(api.set_status, {"status": "Lost"}, "cannot be"),
		(api.set_class, {"conversation_class": "Spam"}, "cannot be"),
		(api.set_priority, {"priority": "Now"}, "cannot be"),
		(api.link, {"doctype": "User", "name": "Guest"}, "cannot be linked"),
		(api.make_quotation, {}, "Nobody knows yet"),
	],
)
def test_bad_input_says_what_to_do(action, values, message, as_user):
	conversation = make_conversation(assigned_to=SELLER_A, status="Open")
	with as_user(SELLER_A), pytest.raises(frappe.ValidationError, match=message):
		action(conversation.name, **values)


def test_snoozing_keeps_the_moment_and_opening_forgets_it(talk, as_user):
	until = f"{add_days(nowdate(), 2)} 09:00:00"
	with as_user(ANSWERING):
		assert api.snooze(talk.name, until)["status"] == "Snoozed"
		assert str(stored(talk, "snoozed_until").snoozed_until) == until
		assert api.set_status(talk.name, "Open")["snoozed_until"] is None


def test_pending_means_that_nobody_waits_for_us(talk, as_user):
	with as_user(ANSWERING):
		api.set_status(talk.name, "Pending")
	assert stored(talk, "status", "waiting_since") == {"status": "Pending", "waiting_since": None}


def test_a_link_is_known_of_the_person_from_then_on(as_user):
	conversation = make_conversation(assigned_to=SELLER_A)
	with as_user(SELLER_A):
		lead = make_lead()
		opportunity = make_opportunity(lead)
		api.link(conversation.name, "Dafater Lead", lead.name)
		shown = api.link(conversation.name, "Dafater Opportunity", opportunity.name)
	assert (shown["lead"], shown["opportunity"]) == (lead.name, opportunity.name)
	assert frappe.db.get_value("Dafater Contact Identity", conversation.identity, "lead") == lead.name
	with as_user(SELLER_A):
		api.unlink(conversation.name, "Dafater Lead")
	assert frappe.db.get_value("Dafater Contact Identity", conversation.identity, "lead") is None
	assert [row[1:3] for row in log_rows(conversation, "Link")] == [
		(None, lead.name),
		(None, opportunity.name),
		(lead.name, None),
	]


def test_nobody_links_what_they_may_not_read(talk, as_user):
	lead = make_lead()
	with as_user(ANSWERING), pytest.raises(frappe.PermissionError):
		api.link(talk.name, "Dafater Lead", lead.name)


def test_an_agent_hands_a_stranger_on_as_a_lead(talk, as_user):
	with as_user(ANSWERING):
		made = api.make_lead(talk.name)
		assert api.make_lead(talk.name) == made
	lead = frappe.get_doc("Dafater Lead", made["name"])
	phone = frappe.db.get_value("Dafater Contact Identity", talk.identity, "phone")
	assert (lead.lead_name, lead.mobile_no, lead.whatsapp_no) == ("نورة العتيبي", phone, phone)
	assert stored(talk, "lead").lead == lead.name
	assert frappe.db.get_value("Dafater Contact Identity", talk.identity, "lead") == lead.name


def test_a_known_number_is_no_second_lead(as_user):
	lead = make_lead()
	identity = make_identity(phone=lead.mobile_no, phone_key=f"WhatsApp:{lead.mobile_no}")
	conversation = make_conversation(identity=identity)
	with as_user(ANSWERING):
		assert api.make_lead(conversation.name)["name"] == lead.name


def test_a_seller_makes_an_opportunity_and_a_quotation_and_an_agent_does_not(talk, as_user):
	with as_user(ANSWERING):
		for action in (api.make_opportunity, api.make_quotation):
			with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
				action(talk.name)
	conversation = make_conversation("ابغى عرض سعر", assigned_to=SELLER_A)
	with as_user(SELLER_A):
		made = api.make_opportunity(conversation.name)
		assert made["doctype"] == "Dafater Opportunity"
		row = stored(conversation, "lead", "opportunity")
		assert row.opportunity == made["name"]
		assert frappe.db.get_value("Dafater Opportunity", made["name"], "lead") == row.lead
		quotation = api.make_quotation(conversation.name)
	assert (quotation.doctype, quotation.dafater_opportunity) == ("Quotation", made["name"])
	assert quotation.is_new()


def test_an_issue_carries_the_history_but_not_the_notes(as_user):
	make_user(SERVING, SUPPORT, "Support Team")
	lead = make_lead()
	conversation = make_conversation(
		"الطابعة خربانة <script>", assigned_to=SERVING, lead=lead.name, priority="High"
	)
	note = receive(conversation, "سري: عميل صعب")
	frappe.db.set_value("Dafater Message", note, "direction", "Note")
	answer = receive(conversation, "سنرسل فنيًا")
	frappe.db.set_value("Dafater Message", answer, {"direction": "Outgoing", "author": SERVING})
	frappe.db.commit()
	with as_user(SERVING):
		made = api.make_issue(conversation.name)
		assert api.make_issue(conversation.name) == made
	issue = frappe.get_doc("Issue", made["name"])
	assert issue.dafater_lead == lead.name
	assert issue.subject.startswith("الطابعة خربانة") and "<script>" not in issue.subject
	assert stored(conversation, "issue").issue == issue.name
	comment = frappe.get_last_doc("Comment", {"reference_doctype": "Issue", "reference_name": issue.name})
	assert "سنرسل فنيًا" in comment.content and "خربانة" in comment.content
	assert "سري" not in comment.content
	assert "<script>" not in comment.content


def test_a_form_saves_by_the_same_rules(talk, as_user):
	with as_user(ANSWERING):
		doc = frappe.get_doc("Dafater Conversation", talk.name)
		doc.status = "Resolved"
		doc.save()
	row = stored(talk, "status", "open_key")
	assert (row.status, row.open_key) == ("Resolved", None)
	assert log_rows(talk, "Status") == [("Status", "New", "Resolved", "Agent")]
