"""Records that are opened to somebody one by one: by name in the condition, one statement for all of them."""

from __future__ import annotations

import frappe
import pytest
from frappe.share import add_docshare

from dafater_crm.queries import granted, inbox_access
from dafater_crm.queries.access import ListedRows, query_conditions
from tests.site.engagement_rows import LEAD, OPPORTUNITY, lead_row, make_territory, opportunity_row, row
from tests.site.factories import AE, make_user
from tests.site.statements import counted

SELLER, OTHER = "seller@granted.example", "other@granted.example"
CONVERSATION = "Dafater Conversation"
MOMENT = "2026-11-01 09:00:00"


@pytest.fixture(autouse=True)
def people():
	make_user(SELLER, AE)
	make_user(OTHER, AE)


def lead(name: str | None = None, owner: str = OTHER) -> str:
	values = {"name": name} if name else {}
	return lead_row(make_territory(), MOMENT, lead_owner=owner, owner=owner, **values)


def assign(name: str, doctype: str = LEAD, user: str = SELLER, status: str = "Open") -> None:
	"""The row alone: what a statement sees and no event tells."""
	reference = {"reference_type": doctype, "reference_name": name}
	row("ToDo", status=status, description="x", allocated_to=user, owner=OTHER, creation=MOMENT, **reference)
	granted.forget()


def seen(doctype: str = LEAD) -> set[str]:
	"""In a list, which runs the condition as it is, and in a set-based read, which gives the statement parameters."""
	table = frappe.qb.DocType(doctype)
	listed = set(frappe.get_list(doctype, pluck="name", limit=0))
	read = frappe.qb.from_(table).select(table.name).where((table.owner != "") & ListedRows(doctype)).run()
	assert {name for (name,) in read} == listed
	return listed


def test_all_doctypes_take_one_statement_and_no_subquery(as_user):
	one, two = lead(), lead()
	deal = opportunity_row(make_territory(), MOMENT, one, opportunity_owner=OTHER, owner=OTHER)
	assign(one)
	assign(deal, OPPORTUNITY)
	add_docshare(LEAD, two, SELLER)
	with as_user(SELLER):
		# roles, settings and the team are read once and kept
		query_conditions(doctype=LEAD)
		granted.forget()
		with counted() as statements:
			conditions = [
				query_conditions(doctype=doctype) for doctype in (LEAD, OPPORTUNITY, "Dafater Prospect")
			]
		assert len(statements) == 1
		assert "select" not in "".join(conditions).lower()
		assert seen() == {one, two}
		assert seen(OPPORTUNITY) == {deal}


def test_what_somebody_owns_is_not_named_again(as_user):
	mine = lead(owner=SELLER)
	assign(mine)
	with as_user(SELLER):
		assert mine not in query_conditions(doctype=LEAD)
		assert seen() == {mine}


def test_only_open_assignments_of_the_person_count(as_user):
	done, of_another = lead(), lead()
	assign(done, status="Closed")
	assign(of_another, user=OTHER)
	with as_user(SELLER):
		assert seen() == set()


def test_a_record_without_owner_that_is_assigned_is_seen(as_user):
	nobodys = lead()
	frappe.db.set_value(LEAD, nobodys, "lead_owner", None, update_modified=False)
	assign(nobodys)
	with as_user(SELLER):
		assert seen() == {nobodys}


def test_very_many_assignments_are_left_to_the_database(as_user, monkeypatch):
	names = {lead() for _number in range(4)}
	for name in names:
		assign(name)
	monkeypatch.setattr("dafater_crm.queries.granted.MOST", 2)
	monkeypatch.setattr("dafater_crm.queries.access.MOST", 2)
	with as_user(SELLER):
		assert "select" in query_conditions(doctype=LEAD).lower()
		assert seen() == names


ODD_NAMES = ["50% off", "O'Neil", "back\\slash", '") or 1=1 -- ', "%(param1)s"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_reach_the_database_as_they_are(name, as_user):
	assign(lead(f"granted {name}"))
	lead("granted but not to the seller")
	with as_user(SELLER):
		assert seen() == {f"granted {name}"}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_of_teams_do_so_too(name, as_user):
	team = row("Dafater Team", team_name=f"team {name}", name=f"team {name}", team_leader=SELLER)
	ours = row(CONVERSATION, team=team, status="Open", creation=MOMENT)
	row(CONVERSATION, team=row("Dafater Team", team_name="another"), status="Open", creation=MOMENT)
	inbox_access.forget_teams()
	with as_user(SELLER):
		assert frappe.get_list(CONVERSATION, {"team": ("is", "set")}, pluck="name") == [ours]
	inbox_access.forget_teams()


def test_a_new_assignment_shows_in_the_same_request(as_user):
	one = lead()
	with as_user(SELLER):
		assert seen() == set()
	reference = {"reference_type": LEAD, "reference_name": one}
	todo = frappe.get_doc(
		{"doctype": "ToDo", "description": "x", "allocated_to": SELLER, **reference}
	).insert()
	with as_user(SELLER):
		assert seen() == {one}
	todo.delete()
	with as_user(SELLER):
		assert seen() == set()
