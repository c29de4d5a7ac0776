"""A report shows what the reader's own lists show: what is owned, created, assigned, shared, and the team's; in each of the nine alike."""

from __future__ import annotations

import frappe
import pytest
from frappe.permissions import add_user_permission
from frappe.share import add_docshare
from frappe.utils import add_days, nowdate

from dafater_crm.queries import access, granted
from tests.site.engagement_rows import (
	LEAD,
	OPPORTUNITY,
	lead_row,
	make_territory,
	message_row,
	opportunity_row,
	order_row,
	row,
)
from tests.site.factories import AE, COMPANY, MANAGER, make_user
from tests.site.test_access import employee
from tests.site.test_reports_all_nine import ENGAGED, REPORTS, execute

SELF, MEMBER, STRANGER = "self@lists.example", "member@lists.example", "stranger@lists.example"
LEADER, BOSS = "leader@lists.example", "boss@lists.example"
# who sees how many of the seven of each kind: own, assigned, created, a member's, shared, a stranger's, a stranger's elsewhere
READERS = {SELF: 4, MEMBER: 1, LEADER: 1, BOSS: 7}


@pytest.fixture(autouse=True)
def people():
	for email in (SELF, MEMBER, STRANGER, LEADER):
		make_user(email, AE)
	make_user(BOSS, MANAGER)
	employee(MEMBER, employee(LEADER))
	access.forget_teams()
	yield
	access.forget_teams()
	for email in (SELF, MEMBER, STRANGER, LEADER, BOSS):
		frappe.cache.hdel("user_permissions", email)


@pytest.fixture
def market() -> dict:
	"""Leads, open and lost opportunities for every way in which one becomes visible; and the filters that choose them."""
	territory = make_territory()
	elsewhere = make_territory(parent=territory)
	moment = f"{add_days(nowdate(), -40)} 09:00:00"
	for number, owner in enumerate((SELF, STRANGER, STRANGER, MEMBER, STRANGER, STRANGER, STRANGER)):
		where = elsewhere if number == 6 else territory
		mine = {"owner": owner, "creation": moment}
		lead = lead_row(where, moment, lead_owner=owner, owner=owner)
		for _message in range(2):
			message_row(LEAD, lead, moment)
		order_row(nowdate(), dafater_party_type=LEAD, dafater_party=lead)
		deal = {"opportunity_owner": owner, "owner": owner, "transaction_date": nowdate()}
		open_deal = opportunity_row(where, moment, lead, expected_closing=nowdate(), **deal)
		lost = {"status": "Lost", "lost_on": nowdate(), **deal}
		lost_deal = opportunity_row(where, moment, lead, **lost)
		for doctype, name in ((LEAD, lead), (OPPORTUNITY, open_deal), (OPPORTUNITY, lost_deal)):
			if number == 1:
				todo = {"reference_type": doctype, "reference_name": name, "allocated_to": SELF}
				row("ToDo", status="Open", description="x", **todo, **mine)
				frappe.db.set_value(doctype, name, "_assign", f'["{SELF}"]', update_modified=False)
			elif number == 2:
				frappe.db.set_value(doctype, name, "owner", SELF, update_modified=False)
			elif number == 4:
				add_docshare(doctype, name, SELF)
	period = {"from_date": add_days(nowdate(), -60), "to_date": add_days(nowdate(), 30)}
	count = {"based_on": "Owner", "measure": "Count", "range": "Monthly"}
	return {**period, "company": COMPANY, "territory": territory, **count}


def counted(report: str, filters: dict) -> int:
	"""How many leads or opportunities the report speaks of."""
	_columns, rows, *_more = execute(report, filters)
	if "Efficiency" in report:
		return sum(line["leads"] for line in rows)
	if "First Response" in report:
		return sum(line["opportunities"] for line in rows)
	if "by Sales Stage" in report or "Pipeline" in report:
		return sum(line["total"] for line in rows)
	return len(rows)


def listed(report: str, filters: dict) -> int:
	"""The same as the reader's list shows it."""
	below = frappe.get_all("Territory", {"parent_territory": filters["territory"]}, pluck="name")
	chosen = {"territory": ("in", [filters["territory"], *below])}
	if "Lost" in report:
		chosen["status"] = "Lost"
	if "Pipeline" in report:
		chosen["status"] = "Open"
	return len(frappe.get_list(LEAD if speaks_of_leads(report) else OPPORTUNITY, chosen, limit=0))


@pytest.mark.parametrize("report", REPORTS)
def test_each_reader_sees_in_the_report_what_the_list_shows(report, market, as_user):
	deals = 1 if speaks_of_leads(report) or "Lost" in report or "Pipeline" in report else 2
	for reader, visible in READERS.items():
		granted.forget()
		with as_user(reader):
			assert counted(report, market) == listed(report, market) == visible * deals, reader


@pytest.mark.parametrize("report", REPORTS)
def test_a_user_permission_narrows_the_report_as_it_narrows_the_list(report, market, as_user):
	elsewhere = frappe.db.get_value("Territory", {"parent_territory": market["territory"]})
	for reader, visible in ((BOSS, 1), (SELF, 0)):
		add_user_permission("Territory", elsewhere, reader)
		granted.forget()
		with as_user(reader):
			assert counted(report, market) == listed(report, market), reader
			assert listed(report, market) >= visible
			assert listed(report, market) < READERS[reader] * 2


def speaks_of_leads(report: str) -> bool:
	return report == ENGAGED or "Lead" in report or "Campaign" in report
