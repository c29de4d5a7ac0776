"""Rules and agents: what a save refuses, what it makes of typed values, and a rule whose field is gone."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.records import assignment_pool, assignment_upkeep
from tests.site.assignment_cast import clean, make_agent, make_crew, make_rule, make_team, new_lead  # noqa: F401
from tests.site.people import SELLER_A, SELLER_B, cast  # noqa: F401

pytestmark = pytest.mark.usefixtures("clean")


@pytest.mark.parametrize(
	("condition", "message"),
	[
		(("no_such_field", "equals", "1"), "no field"),
		(("customer_view_html", "is set", ""), "no field"),
		(("score", "equals", "high"), "not a number"),
		(("score", "contains", "5"), "cannot be compared"),
		(("next_follow_up", "at least", "31/1/2026"), "not a date"),
		(("has_budget", "equals", "perhaps"), "neither yes nor no"),
		(("status", "equals", "Asleep"), "no value"),
		(("territory", "equals", "Atlantis"), "no value"),
		(("status", "equals", ""), "no value"),
		(("status", "equals", "New\nOpen"), "one value"),
	],
)
def test_a_condition_that_can_never_be_checked_is_refused(condition, message):
	with pytest.raises(frappe.ValidationError, match=message):
		make_rule(make_team(SELLER_A), [condition])


@pytest.mark.parametrize(
	"some",
	[
		[("status", "equals", "New"), ("status", "equals", "Open")],
		[("score", "at least", "50"), ("score", "less than", "50")],
		[("source", "is set", ""), ("source", "is not set", "")],
	],
)
def test_conditions_that_exclude_each_other_are_refused(some):
	with pytest.raises(frappe.ValidationError, match="exclude each other"):
		make_rule(make_team(SELLER_A), some)


def test_two_territories_apart_exclude_each_other_and_one_within_the_other_does_not():
	root = frappe.db.get_value("Territory", {"is_group": 1}, "name", order_by="lft asc")
	leaves = frappe.get_all("Territory", filters={"is_group": 0}, pluck="name", limit=2)
	with pytest.raises(frappe.ValidationError, match="exclude each other"):
		make_rule(make_team(SELLER_A), [("territory", "equals", leaf) for leaf in leaves])
	make_rule(make_team(SELLER_A), [("territory", "equals", root), ("territory", "equals", leaves[0])])


def test_values_are_kept_as_the_site_stores_them():
	frappe.local.lang = "ar"
	status = frappe._("Open")
	assert status != "Open"
	rows = [
		("status", "is one of", f"{status}\n"),
		("has_budget", "equals", "نعم"),
		("score", "at least", "٥٠"),
	]
	rule = make_rule(make_team(SELLER_A), rows)
	assert [row.value for row in rule.conditions] == ["Open", "1", "50"]


def test_a_rule_needs_candidates():
	with pytest.raises(frappe.MandatoryError):
		frappe.get_doc({"doctype": "Dafater Assignment Rule", "title": "بلا فريق"}).insert()
	with pytest.raises(frappe.MandatoryError):
		make_rule(None)
	make_agent(SELLER_A)
	with pytest.raises(frappe.ValidationError, match="already a candidate"):
		make_rule(None, agents=[{"agent": SELLER_A}, {"agent": SELLER_A}])
	make_rule(None, agents=[{"agent": SELLER_A}])


def test_a_rule_without_agents_is_saved_with_a_warning():
	make_rule(make_team(SELLER_B))
	assert "No candidate of this rule is an enabled agent" in frappe.message_log[-1]["message"]


def test_a_rule_on_a_field_that_is_gone_is_skipped_and_shown_broken():
	broken = make_crew(SELLER_A, conditions=[("job_title", "equals", "مدير")], priority=9)
	make_crew(SELLER_B)
	frappe.db.set_value("Dafater Assignment Condition", {"parent": broken.name}, "field", "vanished_field")
	assignment_pool.forget()
	frappe.db.commit()
	assert new_lead(job_title="مدير").lead_owner == SELLER_B
	assignment_upkeep.run()
	stored = frappe.db.get_value("Dafater Assignment Rule", broken.name, "problem")
	assert "vanished_field" in stored
	opened = frappe.get_doc("Dafater Assignment Rule", broken.name)
	opened.run_method("onload")
	assert opened.problem == stored
	frappe.db.set_value("Dafater Assignment Condition", {"parent": broken.name}, "field", "job_title")
	frappe.db.commit()
	assignment_upkeep.mark_broken_rules()
	assert frappe.db.get_value("Dafater Assignment Rule", broken.name, "problem") is None


def test_a_condition_is_never_run_as_code():
	rule = make_crew(SELLER_A, conditions=[("job_title", "equals", "__import__('os').system('true')")])
	assert new_lead().lead_owner is None
	assert new_lead(job_title="__import__('os').system('true')").assignment_rule == rule.name


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"capacity": -1}, "negative"),
		({"hours": [("Sunday", "17:00:00", "09:00:00")]}, "ends before it starts"),
		({"hours": [("Sunday", "09:00:00", "12:00:00"), ("Sunday", "11:00:00", "15:00:00")]}, "overlap"),
		({"time_off": [("2026-12-05", "2026-12-01")]}, "ends before it begins"),
	],
)
def test_an_agent_that_cannot_be_is_refused(values, message):
	if "hours" in values:
		keys = ("weekday", "from_time", "to_time")
		values = {"hours": [dict(zip(keys, row, strict=True)) for row in values["hours"]]}
	if "time_off" in values:
		values = {"time_off": [{"from_date": first, "to_date": last} for first, last in values["time_off"]]}
	with pytest.raises(frappe.ValidationError, match=message):
		make_agent(SELLER_A, **values)


def test_only_an_enabled_desk_user_becomes_an_agent():
	with pytest.raises(frappe.ValidationError, match="cannot be an agent"):
		make_agent("Guest")


def test_the_same_language_twice_counts_once():
	agent = make_agent(SELLER_A, languages=[{"language": "ar"}, {"language": "ar"}, {"language": "en"}])
	assert [row.language for row in agent.languages] == ["ar", "en"]
