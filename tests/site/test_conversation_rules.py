"""Classes, priorities and teams by rules: shipped ones, one's own, and what an agent decided."""

from __future__ import annotations

import json

import frappe
import pytest

from dafater_crm.records.inbox import classification
from dafater_crm.setup.masters import conversation_rules, seed_masters
from tests.site.conversation_cast import (
	ANSWERING,
	inbox,  # noqa: F401
	log_rows,
	make_account,
	make_conversation,
	make_conversation_rule,
	make_identity,
	make_team,
	receive,
	stored,
	work,
)
from tests.site.factories import make_lead
from tests.site.people import MANAGING, OPERATING, cast  # noqa: F401
from tests.site.statements import counted

pytestmark = pytest.mark.usefixtures("inbox")
RULE = "Dafater Conversation Rule"


def classified(*texts: str, **values):
	conversation = make_conversation(*texts, **values)
	classification.classify(conversation.name)
	return conversation


def test_the_shipped_rules_are_there_and_seeded_once():
	rows = conversation_rules()[RULE]
	assert [row["title"] for row in rows] == ["Complaint Words", "Support Words", "Sales Words"]
	for row in rows:
		name = frappe.db.get_value(RULE, {"title": row["title"]})
		assert frappe.db.count("Dafater Conversation Keyword", {"parent": name}) == len(row["keywords"])
	frappe.delete_doc(RULE, frappe.db.get_value(RULE, {"title": "Sales Words"}))
	assert seed_masters() == []
	assert not frappe.db.exists(RULE, {"title": "Sales Words"})


@pytest.mark.parametrize(
	("text", "expected", "priority"),
	[
		("وين طلبي؟", "Support", "Medium"),
		("للحين ما وصلني شي وانا زعلان", "Complaint", "High"),
		("بكام الشاشة دي", "Sales", "Medium"),
		("I'd like a quotation", "Sales", "Medium"),
		("مساء الخير", None, "Medium"),
	],
)
def test_a_message_gives_the_conversation_its_class(text, expected, priority):
	row = stored(classified(text), "conversation_class", "class_source", "priority")
	assert (row.conversation_class, row.priority) == (expected, priority)
	assert row.class_source == ("Rule" if expected else None)


def test_the_log_says_which_rule_and_which_word():
	conversation = classified("عندي شكوى")
	assert log_rows(conversation) == [
		("Class", None, "Complaint", "Rule"),
		("Priority", "Medium", "High", "Rule"),
	]
	row = frappe.get_last_doc(
		"Dafater Conversation Log", {"conversation": conversation.name, "kind": "Class"}
	)
	assert row.rule == frappe.db.get_value(RULE, {"title": "Complaint Words"})
	assert json.loads(row.reasons) == [["keyword", {"keyword": "شكوى"}]]


def test_a_later_message_makes_it_a_complaint_but_never_less():
	conversation = classified("كم سعر الطابعة")
	receive(conversation, "والله حرام عليكم")
	assert classification.classify(conversation.name) is True
	assert stored(conversation, "conversation_class").conversation_class == "Complaint"
	receive(conversation, "كم سعر الحبر")
	assert classification.classify(conversation.name) is False
	assert stored(conversation, "conversation_class").conversation_class == "Complaint"


def test_what_an_agent_set_is_never_overwritten(as_user):
	conversation = classified("كم سعر الطابعة")
	with as_user(ANSWERING):
		doc = frappe.get_doc("Dafater Conversation", conversation.name)
		doc.conversation_class, doc.priority = "Support", "Low"
		doc.save()
	receive(conversation, "عندي شكوى")
	classification.classify(conversation.name)
	row = stored(conversation, "conversation_class", "class_source", "priority")
	assert row == {"conversation_class": "Support", "class_source": "Agent", "priority": "Low"}
	assert log_rows(conversation, "Class")[-1] == ("Class", "Sales", "Support", "Agent")


def test_a_priority_that_a_person_set_to_the_usual_stays(as_user):
	conversation = classified("مرحبا")
	with as_user(MANAGING):
		for priority in ("Urgent", "Medium"):
			doc = frappe.get_doc("Dafater Conversation", conversation.name)
			doc.priority = priority
			doc.save()
	receive(conversation, "عندي شكوى")
	classification.classify(conversation.name)
	assert stored(conversation, "conversation_class", "priority") == {
		"conversation_class": "Complaint",
		"priority": "Medium",
	}


def test_the_account_says_what_no_rule_says():
	team = make_team(ANSWERING)
	account = make_account("بريد الدعم", default_class="Support", team=team.name)
	conversation = classified("مرحبا", identity=make_identity(account=account))
	row = stored(conversation, "conversation_class", "class_source", "team")
	assert row == {"conversation_class": "Support", "class_source": "Account", "team": team.name}
	receive(conversation, "بكم الطابعة")
	classification.classify(conversation.name)
	assert stored(conversation, "conversation_class").conversation_class == "Sales"


def test_a_rule_of_ones_own_sets_team_and_skill_for_known_people_only():
	team = make_team(ANSWERING)
	make_conversation_rule("صيانة", for_customers="Known Lead", team=team.name, skill="تكييف")
	stranger = classified("ابغى صيانة")
	assert stored(stranger, "team", "skill") == {"team": None, "skill": None}
	lead = make_lead()
	known = classified("ابغى صيانة", identity=make_identity(lead=lead.name))
	assert stored(known, "team", "skill") == {"team": team.name, "skill": "تكييف"}


def test_rules_choose_no_team_while_somebody_has_it():
	team = make_team(ANSWERING)
	make_conversation_rule("صيانة", team=team.name)
	conversation = classified("ابغى صيانة", assigned_to=ANSWERING)
	assert stored(conversation, "team").team is None


def test_a_changed_rule_counts_at_once(as_user):
	with as_user(OPERATING):
		rule = make_conversation_rule("جهاز خاص", conversation_class="Sales")
		assert stored(classified("عندي جهاز خاص"), "conversation_class").conversation_class == "Sales"
		rule.enabled = 0
		rule.save()
		frappe.db.commit()
	assert stored(classified("عندي جهاز خاص"), "conversation_class").conversation_class is None


def test_bad_rules_are_refused():
	with pytest.raises(frappe.ValidationError, match="changes nothing"):
		make_conversation_rule("سعر")
	with pytest.raises(frappe.ValidationError, match="has no letters"):
		make_conversation_rule("؟!", conversation_class="Sales")
	rule = make_conversation_rule("شَكْوَى", "شكوي", conversation_class="Complaint")
	assert [row.keyword for row in rule.keywords] == ["شَكْوَى"]


def test_the_cost_does_not_grow_with_rules_and_messages():
	conversation = classified("عندي شكوى", *["رسالة طويلة" for _ in range(30)])
	receive(conversation, "وبعد")
	frappe.db.commit()
	with counted() as statements:
		classification.classify(conversation.name)
	assert len(work(statements)) == 2, statements
