"""Who sees, writes and deletes what: every role, the list and the document giving the same answer."""

from __future__ import annotations

import frappe
import pytest

from dafater_crm.queries import access
from tests.site.factories import (
	AE,
	MANAGER,
	OPERATIONS,
	SDR,
	SUPPORT,
	make_lead,
	make_opportunity,
	make_prospect,
	make_user,
)

BOSS, MEMBER, OTHER = "boss@access.example", "member@access.example", "other@access.example"
PEOPLE = {
	BOSS: (AE, "Sales User"),
	MEMBER: (AE, "Sales User"),
	OTHER: (AE, "Sales User"),
	"sdr@access.example": (SDR,),
	"manager@access.example": (MANAGER,),
	"operations@access.example": (OPERATIONS,),
	"support@access.example": (SUPPORT,),
	"erpnext-user@access.example": ("Sales User",),
	"erpnext-manager@access.example": ("Sales Manager",),
	"stranger@access.example": ("Accounts User",),
}


@pytest.fixture(autouse=True)
def people():
	for email, roles in PEOPLE.items():
		make_user(email, *roles)
	boss = employee(BOSS)
	employee(MEMBER, boss)
	access.forget_teams()
	yield
	access.forget_teams()


def employee(user: str, reports_to: str | None = None) -> str:
	name = frappe.db.get_value("Employee", {"user_id": user})
	if name:
		return name
	doc = frappe.get_doc(
		{
			"doctype": "Employee",
			"first_name": user.split("@")[0],
			"gender": "Male",
			"date_of_birth": "1990-01-01",
			"date_of_joining": "2020-01-01",
			"status": "Active",
			"company": frappe.db.get_value("Company", {}, "name"),
			"user_id": user,
			"reports_to": reports_to,
		}
	).insert()
	frappe.db.commit()
	return doc.name


def sees(user: str, doc) -> bool:
	"""True when both the list and the document say yes; fails when they disagree."""
	frappe.set_user(user)
	try:
		listed = bool(frappe.get_list(doc.doctype, filters={"name": doc.name}, pluck="name"))
	except frappe.PermissionError:
		listed = False
	frappe.clear_document_cache(doc.doctype, doc.name)
	opened = frappe.get_doc(doc.doctype, doc.name).has_permission("read")
	frappe.set_user("Administrator")
	assert listed == opened, f"list says {listed}, document says {opened} to {user}"
	return opened


def owned_by(user: str, make):
	frappe.set_user(user)
	doc = make()
	frappe.set_user("Administrator")
	return doc


MAKERS = {"lead": make_lead, "prospect": make_prospect, "opportunity": make_opportunity}


@pytest.mark.parametrize("kind", MAKERS)
def test_own_records_and_those_of_the_team_below(kind):
	mine = owned_by(MEMBER, MAKERS[kind])
	assert sees(MEMBER, mine)
	assert sees(BOSS, mine), "the boss sees the team's"
	assert not sees(OTHER, mine)
	of_boss = owned_by(BOSS, MAKERS[kind])
	assert not sees(MEMBER, of_boss), "nobody sees upwards"


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(
	("user", "expected"),
	[
		("manager@access.example", True),
		("operations@access.example", True),
		("erpnext-manager@access.example", True),
		("erpnext-user@access.example", False),
		("support@access.example", False),
		("stranger@access.example", False),
	],
)
def test_what_each_role_sees_of_somebody_elses(kind, user, expected):
	assert sees(user, owned_by(MEMBER, MAKERS[kind])) is expected


def test_the_owner_field_the_assignment_and_the_share_open_a_record():
	lead = owned_by(MEMBER, make_lead)
	assert not sees(OTHER, lead)
	lead.lead_owner = OTHER
	lead.save()
	assert sees(OTHER, lead)
	lead.lead_owner = None
	lead.save()
	todo = frappe.get_doc(
		{
			"doctype": "ToDo",
			"description": "x",
			"allocated_to": OTHER,
			"reference_type": lead.doctype,
			"reference_name": lead.name,
		}
	).insert()
	assert sees(OTHER, lead)
	todo.status = "Cancelled"
	todo.save()
	assert not sees(OTHER, lead)
	frappe.share.add(lead.doctype, lead.name, OTHER)
	assert sees(OTHER, lead)
	frappe.share.remove(lead.doctype, lead.name, OTHER)
	assert not sees(OTHER, lead)


def test_an_empty_assign_column_is_no_error():
	lead = owned_by(MEMBER, make_lead)
	frappe.db.set_value(lead.doctype, lead.name, "_assign", "")
	assert not sees(OTHER, lead)


def test_everyone_in_sales_when_the_settings_say_so():
	lead = owned_by(MEMBER, make_lead)
	frappe.db.set_single_value("Dafater CRM Settings", "record_visibility", "Everyone in Sales")
	frappe.clear_document_cache("Dafater CRM Settings", "Dafater CRM Settings")
	assert sees(OTHER, lead)
	assert not sees("support@access.example", lead)
	frappe.db.rollback()
	frappe.clear_document_cache("Dafater CRM Settings", "Dafater CRM Settings")


def test_a_user_permission_on_the_territory_comes_on_top():
	territories = frappe.get_all("Territory", filters={"is_group": 0}, pluck="name", limit=2)
	manager = "manager@access.example"
	here, there = (make_lead(territory=name) for name in territories)
	frappe.get_doc(
		{"doctype": "User Permission", "user": manager, "allow": "Territory", "for_value": territories[0]}
	).insert()
	assert sees(manager, here)
	assert not sees(manager, there)


@pytest.mark.parametrize(
	("user", "may_create", "may_delete"),
	[
		(MEMBER, True, False),
		("manager@access.example", True, True),
		("operations@access.example", True, False),
		("support@access.example", False, False),
		("stranger@access.example", False, False),
	],
)
def test_who_may_create_and_delete_opportunities(user, may_create, may_delete):
	frappe.set_user(user)
	assert bool(frappe.has_permission("Dafater Opportunity", "create")) is may_create
	assert bool(frappe.has_permission("Dafater Opportunity", "delete")) is may_delete


def test_a_development_rep_qualifies_leads_and_opens_opportunities_but_does_not_edit_them():
	frappe.set_user("sdr@access.example")
	lead = make_lead()
	lead.qualification_status = "Qualified"
	lead.save()
	opportunity = make_opportunity(lead, items=[])
	assert opportunity.opportunity_owner == "sdr@access.example"
	opportunity.next_step = "x"
	with pytest.raises(frappe.PermissionError):
		opportunity.save()


@pytest.mark.parametrize("doctype", ["Dafater Lead", "Dafater Prospect", "Dafater Opportunity"])
def test_rest_refuses_a_user_without_permission(doctype):
	from frappe.client import get, get_list, set_value

	doc = owned_by(MEMBER, MAKERS[doctype.split()[-1].lower()])
	frappe.set_user("stranger@access.example")
	for attempt in (
		lambda: get(doctype, doc.name),
		lambda: get_list(doctype),
		lambda: set_value(doctype, doc.name, "next_follow_up", "2030-01-01"),
		lambda: frappe.get_doc({"doctype": doctype}).insert(),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()


def test_our_endpoints_refuse_the_records_of_others():
	from dafater_crm.api import leads, opportunities, selling, service

	lead = owned_by(MEMBER, make_lead)
	opportunity = owned_by(MEMBER, lambda: make_opportunity(lead))
	prospect = owned_by(MEMBER, make_prospect)
	frappe.set_user(OTHER)
	for attempt in (
		lambda: leads.qualify(lead.name),
		lambda: leads.disqualify(lead.name, "Spam"),
		lambda: leads.convert(lead.name),
		lambda: leads.link_customer("Dafater Lead", lead.name, "x"),
		lambda: opportunities.set_stage(opportunity.name, "Proposal"),
		lambda: opportunities.set_lost(opportunity.name, ["x"]),
		lambda: opportunities.reopen(opportunity.name),
		lambda: opportunities.close(opportunity.name),
		lambda: selling.make_opportunity_from_lead(lead.name),
		lambda: selling.make_opportunity_from_prospect(prospect.name),
		lambda: selling.make_quotation(opportunity.name),
		lambda: selling.make_quotation_from_lead(lead.name),
		lambda: selling.make_quotation_from_prospect(prospect.name),
		lambda: selling.make_sales_order(opportunity.name),
		lambda: selling.ensure_customer("Dafater Lead", lead.name),
		lambda: selling.party_details("Dafater Lead", lead.name, lead.company),
		lambda: service.make_issue_from_lead(lead.name),
		lambda: service.make_issue_from_opportunity(opportunity.name),
		lambda: service.make_appointment(opportunity.name),
		lambda: service.make_contract(opportunity.name),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
