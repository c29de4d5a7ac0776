"""Agents, teams and rules for the tests of assignment. They commit, since assignment runs after commits: use `clean`."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
import pytest

from tests.site.factories import make_lead
from tests.site.people import DEVELOPING, EXECUTIVE, SELLER_A, SELLER_B, cast  # noqa: F401

TEAM = "فريق التوزيع"
AGENTS = (SELLER_A, SELLER_B, EXECUTIVE, DEVELOPING)


@pytest.fixture
def clean(cast: None) -> Iterator[None]:  # noqa: F811
	"""Assignment is on, and nothing of an earlier test is left; afterwards it is off again."""
	wipe()
	hours = company_hours([])
	switch("By Rules")
	yield
	frappe.db.rollback()
	frappe.set_user("Administrator")
	switch("Off")
	company_hours(hours)
	wipe()


def company_hours(rows: list[dict]) -> list[dict]:
	"""Set the company's working hours, none for always; returns those of before."""
	settings = frappe.get_doc("Dafater CRM Settings")
	keys = ("weekday", "from_time", "to_time")
	before = [{key: row.get(key) for key in keys} for row in settings.working_hours]
	settings.set("working_hours", rows)
	settings.save()
	frappe.db.commit()
	return before


def switch(mode: str) -> None:
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.assignment_mode = mode
	settings.save()
	frappe.db.commit()


def wipe() -> None:
	"""Everything that assignment reads, and the leads that these tests made."""
	ours = {"source_reference": ("like", "share-out%")}
	leads = frappe.get_all("Dafater Lead", filters=ours, pluck="name")
	if leads:
		for doctype in ("Dafater Status History", "Communication", "Dafater Activity", "Comment", "Version"):
			key = "docname" if doctype == "Version" else "reference_name"
			frappe.db.delete(doctype, {key: ("in", leads)})
		frappe.db.delete("Dafater Lead", ours)
	frappe.db.delete("ToDo", {"reference_type": "Dafater Lead"})
	frappe.db.delete("Notification Log", {"document_type": "Dafater Lead"})
	for doctype in ("Dafater Assignment Log", "Dafater Assignment Condition", "Dafater Assignment Candidate"):
		frappe.db.delete(doctype)
	for doctype in ("Dafater Assignment Rule", "Dafater Agent"):
		frappe.db.set_value("Dafater Lead", {"assignment_rule": ("is", "set")}, "assignment_rule", None)
		for name in frappe.get_all(doctype, pluck="name"):
			frappe.delete_doc(doctype, name, force=True)
	frappe.db.commit()


def make_team(*users: str, leader: str | None = None):
	name = f"{TEAM} {frappe.generate_hash(length=5)}"
	members = [{"user": user} for user in users]
	values = {"doctype": "Dafater Team", "team_name": name, "team_leader": leader, "members": members}
	return frappe.get_doc(values).insert()


def make_agent(user: str, **values):
	return frappe.get_doc({"doctype": "Dafater Agent", "user": user, **values}).insert()


def make_rule(team=None, conditions: list[tuple] = (), **values):
	rows = [{"field": field, "operator": operator, "value": value} for field, operator, value in conditions]
	return frappe.get_doc(
		{
			"doctype": "Dafater Assignment Rule",
			"title": f"قاعدة {frappe.generate_hash(length=5)}",
			"candidates_from": "Team" if team else "Agents",
			"team": team.name if team else None,
			"conditions": rows,
			**values,
		}
	).insert()


def make_crew(*users: str, **rule):
	"""Agents, their team and one rule for all leads; committed. Returns the rule."""
	for user in users:
		if not frappe.db.exists("Dafater Agent", user):
			make_agent(user)
	made = make_rule(make_team(*users, leader=rule.pop("leader", None)), **rule)
	frappe.db.commit()
	return made


def new_lead(**values):
	"""A lead as a web form leaves it: without an owner. Committed, so assignment has run."""
	reference = f"share-out {frappe.generate_hash(length=8)}"
	lead = make_lead(**{"lead_owner": None, "source_reference": reference, **values})
	frappe.db.commit()
	return read(lead)


def read(lead):
	"""The stored lead, past every cache."""
	return frappe.get_doc(lead.doctype, lead.name)


def log_of(lead) -> list:
	return frappe.get_all(
		"Dafater Assignment Log",
		filters={"lead": lead.name},
		fields=["cause", "agent", "previous", "rule", "reasons", "waited", "note", "done_by"],
		order_by="logged_on asc, creation asc",
	)


def open_todos(lead) -> list[str]:
	return frappe.get_all(
		"ToDo",
		filters={"reference_type": lead.doctype, "reference_name": lead.name, "status": "Open"},
		pluck="allocated_to",
		order_by="allocated_to",
	)
