"""The learnt chance: counts, models, measures and what a lead is told."""

from __future__ import annotations

import json

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from dafater_crm.queries import learnt_history
from dafater_crm.records import learnt, rescoring
from tests.site.factories import make_lead
from tests.site.people import MANAGING, cast  # noqa: F401 - `cast` is a fixture
from tests.site.score_rows import insert_leads, stored
from tests.site.statements import counted

MODEL, COUNT = "Dafater Learnt Model", "Dafater Learnt Count"


@pytest.fixture(autouse=True)
def nothing_committed(clean_state, monkeypatch):
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	monkeypatch.setattr(rescoring, "request_rescore", lambda: None)  # would start a job of this site
	learnt.forget()
	yield
	learnt.forget()


@pytest.fixture(autouse=True)
def only_these_leads(nothing_committed) -> None:
	"""Leads that other tests left behind would be learnt from."""
	frappe.db.delete("Dafater Lead")
	frappe.db.delete("Dafater Opportunity")


def needs(won: int, closed: int) -> None:
	doc = frappe.get_doc("Dafater CRM Settings")
	doc.update({"learnt_min_won": won, "learnt_min_closed": closed})
	doc.save()


def closed(number: int, won: bool, team: str | None = None, **values) -> list[dict]:
	"""Leads that ended, entered over the last hundred days, the same days whatever they are."""
	end = {"status": "Converted"} if won else {"status": "Disqualified", "disqualify_reason": "No Need"}
	return [
		{"days_ago": 10 + (number_of * 97) % 100, "team": team, "has_need": 1, **end, **values}
		for number_of in range(number)
	]


def example() -> list[dict]:
	"""30 won, 70 lost. Website: 20 won, 20 lost. Walk-in: 10 won, 50 lost."""
	return [
		*closed(20, True, source="Website"),
		*closed(20, False, source="Website"),
		*closed(10, True, source="Walk-in"),
		*closed(50, False, source="Walk-in"),
	]


def make_team(name: str) -> str:
	return frappe.get_doc({"doctype": "Dafater Team", "team_name": name}).insert().name


def reasons(lead: str) -> dict:
	return json.loads(stored(lead, "learnt_reasons"))


def test_counts_are_those_of_the_leads():
	insert_leads(example())
	assert learnt_history.outcomes() == {"": (30, 70)}
	found = {value: (int(won), int(lost)) for _team, value, won, lost in learnt_history.counts("source")}
	assert found == {"Website": (20, 20), "Walk-in": (10, 50)}
	# all were converted or disqualified today, long after their first days, and nobody spoke with them
	found = {value: (int(won), int(lost)) for _team, value, won, lost in learnt_history.counts("has_email")}
	assert found == {"No": (30, 70)}


def test_the_chance_of_a_lead_by_hand():
	needs(30, 100)
	insert_leads(example())
	assert learnt.rebuild() == {"": "In Use"}
	lead = make_lead(source="Website", email_id=None, mobile_no=None, lead_type="Person")
	counted_values = frappe.get_all(
		COUNT, {"team": ("is", "not set")}, ["field", "value", "won", "lost"], limit=0
	)
	assert {(row.won, row.lost) for row in counted_values if row.field != "source"} == {(30, 70)}
	# every other field of the example has one value, which all leads have: evidence 1
	won, lost = 0.3 * 20.1 / 30.2, 0.7 * 20.1 / 70.2
	assert lead.learnt_score == round(100 * won / (won + lost), 2) == 49.91
	found = json.loads(lead.learnt_reasons)
	assert (found["state"], found["average"]) == ("In Use", 30.0)
	assert {"f": "source", "v": "Website", "x": 2.32} in found["up"]
	walked_in = make_lead(source="Walk-in", email_id=None, mobile_no=None)
	assert walked_in.learnt_score == round(
		100 * 0.3 * 10.1 / 30.2 / (0.3 * 10.1 / 30.2 + 0.7 * 50.1 / 70.2), 2
	)
	learnt_at_insert = lead.learnt_score
	rescoring.rescore_open(now_datetime())
	assert stored(lead.name, "learnt_score") == learnt_at_insert


def test_with_too_little_data_it_says_so():
	needs(120, 1000)
	insert_leads(example())
	assert learnt.rebuild() == {"": "Too Little Data"}
	expected = {
		"state": "Too Little Data",
		"won": 30,
		"won_needed": 120,
		"closed": 100,
		"closed_needed": 1000,
	}
	lead = make_lead(source="Website")
	assert (lead.learnt_score, json.loads(lead.learnt_reasons)) == (0, expected)
	frappe.db.set_value("Dafater Lead", lead.name, "learnt_reasons", "")
	rescoring.rescore_open(now_datetime())
	assert reasons(lead.name) == expected


def test_nothing_closed_at_all():
	assert learnt.rebuild() == {"": "Too Little Data"}
	assert json.loads(make_lead().learnt_reasons)["won"] == 0


def test_what_foretells_nothing_is_not_shown():
	needs(30, 100)
	insert_leads([*closed(40, True, source="Website"), *closed(80, False, source="Website")])
	assert learnt.rebuild() == {"": "No Better Than the Average"}
	row = frappe.get_doc(MODEL, {"team": ("is", "not set")})
	# a fifth is 24; leads that were entered at the same moment stay together
	assert (row.measured_on, row.auc) == (25, 0.5)
	lead = make_lead(source="Website")
	assert (lead.learnt_score, json.loads(lead.learnt_reasons)) == (
		0,
		{"state": "No Better Than the Average"},
	)


def test_the_measure_is_taken_on_leads_that_the_model_had_not_seen():
	needs(30, 100)
	insert_leads(example())
	learnt.rebuild()
	row = frappe.get_doc(MODEL, {"team": ("is", "not set")})
	# five kinds of days, each fifth of the leads alike: see closed()
	assert (row.won, row.lost, row.state) == (30, 70, "In Use")
	assert 15 <= row.measured_on <= 25
	assert 0.5 < row.auc <= 1
	assert 0 < row.log_loss < row.base_log_loss


def test_a_team_learns_from_its_own_leads_once_it_has_enough():
	needs(20, 60)
	big, small = make_team("فريق كبير"), make_team("فريق صغير")
	mirrored = [
		*closed(20, True, big, source="Walk-in"),
		*closed(20, False, big, source="Walk-in"),
		*closed(10, True, big, source="Website"),
		*closed(50, False, big, source="Website"),
	]
	insert_leads([*example(), *mirrored, *closed(3, True, small, source="Website")])
	states = learnt.rebuild()
	assert (states[big], states[small]) == ("In Use", "Too Little Data")
	of_big = make_lead(team=big, source="Walk-in")
	assert json.loads(of_big.learnt_reasons)["team"] == big
	assert {"f": "source", "v": "Walk-in", "x": 2.32} in json.loads(of_big.learnt_reasons)["up"]
	of_small = json.loads(make_lead(team=small, source="Website").learnt_reasons)
	assert of_small.get("team", "") == ""


def test_duplicates_are_no_loss_and_a_lost_deal_is_one():
	names = insert_leads(
		[
			{"status": "Disqualified", "disqualify_reason": "Duplicate", "days_ago": 9},
			{"status": "Opportunity", "days_ago": 9},
			{"status": "Opportunity", "days_ago": 9},
			{"status": "Opportunity", "days_ago": 9},
			{"status": "Open", "days_ago": 9},
			{"status": "Converted", "days_ago": 900},
		]
	)
	deals = [
		(names[1], "Lost"),
		(names[2], "Lost"),
		(names[2], "Open"),
		(names[3], "Lost"),
		(names[3], "Won"),
	]
	now = now_datetime()
	frappe.db.bulk_insert(
		"Dafater Opportunity",
		["name", "creation", "modified", "lead", "status"],
		[(frappe.generate_hash(length=10), now, now, lead, status) for lead, status in deals],
	)
	assert learnt_history.outcomes() == {"": (1, 1)}


def test_only_what_is_known_early_is_used():
	created = add_to_date(now_datetime(), days=-10)
	fast, slow, early, young = insert_leads(
		[
			{"status": "Open", "days_ago": 10, "first_responded_on": add_to_date(created, minutes=59)},
			{"status": "Open", "days_ago": 10, "first_responded_on": add_to_date(created, hours=2)},
			{"status": "Converted", "days_ago": 10, "status_changed_on": add_to_date(created, days=2)},
			{"status": "Open"},
		]
	)
	for days, number in ((1, 2), (5, 4)):
		for _count in range(number):
			talk(fast, add_to_date(created, days=days))
	found = learnt_history.features_of([fast, slow, early, young])
	answered, talks = "answered_within_an_hour", "interactions_in_the_first_days"
	assert [found[name][answered] for name in (fast, slow, early, young)] == ["Yes", "No", "No", None]
	assert [found[name][talks] for name in (fast, slow, early, young)] == ["2-3", "0", None, None]
	assert (found[fast]["source"], found[fast]["industry"]) == ("", None)
	assert not {"vat_number", "cr_number", "annual_revenue", "has_budget", "status"} & set(
		learnt_history.FEATURES
	)


def talk(lead: str, moment) -> None:
	now = now_datetime()
	row = {
		"name": frappe.generate_hash(length=10),
		"creation": now,
		"modified": now,
		"communication_type": "Communication",
		"communication_date": moment,
		"reference_doctype": "Dafater Lead",
		"reference_name": lead,
	}
	frappe.db.bulk_insert("Communication", list(row), [tuple(row.values())])


def test_the_statements_of_a_rebuild_do_not_grow_with_the_leads():
	needs(30, 100)
	insert_leads(example())
	learnt.rebuild()
	with counted() as few:
		learnt.rebuild()
	insert_leads(example() * 5)
	with counted() as many:
		learnt.rebuild()
	assert len(few) == len(many)


def test_a_new_lead_costs_no_statement_with_a_model_in_use(as_user):
	needs(30, 100)
	insert_leads(example())
	learnt.rebuild()
	make_lead(source="Website")
	lead = frappe.get_doc({"doctype": "Dafater Lead", "lead_name": "نورة العتيبي", "source": "Website"})
	with counted() as statements:
		lead.insert()
	assert lead.learnt_score
	assert not [text for text in statements if "Learnt" in text]


def test_the_measure_is_shown_to_who_may_read_it(as_user):
	from dafater_crm.api.scoring import learnt_state

	needs(30, 100)
	insert_leads(example())
	learnt.rebuild()
	with as_user(MANAGING):
		found = learnt_state()
	assert [(row.team, row.state, row.won, row.lost) for row in found] == [(None, "In Use", 30, 70)]


def test_switched_off_nothing_is_learnt():
	doc = frappe.get_doc("Dafater CRM Settings")
	doc.learnt_on = 0
	doc.save()
	assert learnt.rebuild() == {}
	lead = make_lead()
	assert (lead.learnt_score, lead.learnt_reasons) == (0, "")
