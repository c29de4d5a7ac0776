"""Masters, roles, boards, workspaces and sample data, as the users who meet them."""

from __future__ import annotations

import json

import frappe
import pytest

from dafater_crm.setup import boards, install, ledger, masters, roles
from tests.site.factories import AE, MANAGER, OPERATIONS, SDR, SUPPORT, make_lead, make_opportunity, make_user

STAGES = [
	("Prospecting", 10, "Open", ["Initial Call", "Qualification Call"]),
	("Qualification", 25, "Open", ["Needs Analysis", "Budget Confirmation"]),
	("Proposal", 50, "Open", ["Send Proposal", "Follow-up"]),
	("Negotiation", 75, "Open", ["Contract Review", "Final Terms"]),
	("Closed Won", 100, "Won", ["Contract Signed", "Kick-off"]),
	("Closed Lost", 0, "Lost", []),
]
OUTSIDER = "setup-outsider@dafater.example"


def profile_user(profile: str) -> str:
	"""A user with exactly the roles of one of our profiles."""
	email = f"setup-{profile.lower().replace(' ', '-')}@dafater.example"
	return make_user(email, *roles.PROFILES[profile])


# ---- masters


def test_stages_are_seeded_with_their_activities() -> None:
	found = []
	for name in frappe.get_all("Dafater Sales Stage", pluck="name", order_by="sequence"):
		stage = frappe.get_doc("Dafater Sales Stage", name)
		found.append((name, stage.probability, stage.outcome, [row.subject for row in stage.activities]))
	assert found == STAGES


def test_thirteen_regions_with_their_iso_codes() -> None:
	codes = frappe.get_all("Dafater Region", pluck="iso_code", order_by="iso_code")
	assert codes == [f"SA-{number:02d}" for number in range(1, 15) if number != 13]


def test_seeding_leaves_alone_what_a_person_did() -> None:
	frappe.rename_doc("Dafater Sales Stage", "Proposal", "عرض فني")
	frappe.db.set_value("Dafater Lead Source", "LinkedIn", "disabled", 1)
	frappe.delete_doc("Dafater Market Segment", "Micro Enterprises", force=True)
	frappe.db.set_value("Dafater Sales Stage", "Negotiation", "probability", 80)
	assert masters.seed_masters() == []
	assert not frappe.db.exists("Dafater Sales Stage", "Proposal")
	assert frappe.db.exists("Dafater Sales Stage", "عرض فني")
	assert frappe.db.get_value("Dafater Lead Source", "LinkedIn", "disabled") == 1
	assert not frappe.db.exists("Dafater Market Segment", "Micro Enterprises")
	assert frappe.db.get_value("Dafater Sales Stage", "Negotiation", "probability") == 80


def test_a_new_master_of_a_later_release_reaches_an_old_site() -> None:
	frappe.db.delete("Dafater Lead Source", {"name": "Walk-in"})
	remaining = ledger.seeded() - {"Dafater Lead Source: Walk-in"}
	ledger.forget()
	ledger.remember(remaining)
	assert masters.seed_masters() == ["Dafater Lead Source: Walk-in"]


def test_migrating_again_changes_nothing() -> None:
	counted = (
		"Role",
		"Role Profile",
		"Custom DocPerm",
		"Custom Field",
		"Kanban Board",
		"Kanban Board Column",
		"Dafater Region",
	)
	before = {doctype: frappe.db.count(doctype) for doctype in counted}
	install.furnish()
	assert {doctype: frappe.db.count(doctype) for doctype in counted} == before


def test_settings_take_defaults_from_erpnext_and_keep_a_choice() -> None:
	settings = frappe.get_doc("Dafater CRM Settings")
	settings.update({"default_company": None, "default_territory": None, "default_customer_group": None})
	settings.save()
	install.set_settings_defaults()
	settings.reload()
	assert settings.default_company == frappe.db.get_single_value("Global Defaults", "default_company")
	assert frappe.db.get_value("Territory", settings.default_territory, "is_group") == 0
	chosen = frappe.db.get_value(
		"Territory", {"is_group": 0, "name": ("!=", settings.default_territory)}, "name"
	)
	settings.default_territory = chosen
	settings.save()
	install.set_settings_defaults()
	assert frappe.db.get_single_value("Dafater CRM Settings", "default_territory", cache=False) == chosen


def test_names_of_masters_have_arabic() -> None:
	from frappe.translate import get_all_translations

	arabic = get_all_translations("ar")
	names = [row[next(iter(row))] for rows in masters.load_data("masters").values() for row in rows]
	names += [subject for stage in STAGES for subject in stage[3]]
	assert [name for name in names if not arabic.get(name)] == []


# ---- roles


@pytest.mark.parametrize("role", roles.ROLES)
def test_roles_have_desk_access_and_a_start_page(role: str) -> None:
	row = frappe.db.get_value("Role", role, ["desk_access", "home_page"], as_dict=True)
	assert row.desk_access == 1
	assert row.home_page == roles.ROLES[role]


def test_nobody_got_a_role_by_installing() -> None:
	users = frappe.get_all(
		"Has Role", {"parenttype": "User", "role": ("in", list(roles.ROLES))}, pluck="parent", distinct=True
	)
	own = ("Administrator",)
	assert [user for user in users if user not in own and not user.endswith(".example")] == []


def test_profile_carries_the_erpnext_roles_of_the_job() -> None:
	profile = frappe.get_doc("Role Profile", AE)
	assert {row.role for row in profile.roles} == {AE, "Sales User", "Employee"}


@pytest.mark.parametrize(
	("profile", "may", "may_not"),
	[
		(MANAGER, [("Quotation", "submit"), ("Customer", "create"), ("Dafater Opportunity", "delete")], []),
		(
			AE,
			[
				("Dafater Lead", "create"),
				("Dafater Opportunity", "write"),
				("Quotation", "submit"),
				("Sales Order", "submit"),
				("Contact", "create"),
				("Address", "create"),
				("Event", "create"),
				("Quotation Lost Reason", "read"),
				("Company", "read"),
			],
			[
				("Sales Invoice", "create"),
				("Dafater Opportunity", "delete"),
				("Dafater Sales Stage", "write"),
			],
		),
		(
			SDR,
			[
				("Dafater Lead", "create"),
				("Dafater Prospect", "create"),
				("Territory", "select"),
				("Industry Type", "select"),
				("Customer Group", "select"),
				("Company", "select"),
			],
			[
				("Quotation", "read"),
				("Customer", "read"),
				("Territory", "write"),
				("Dafater Opportunity", "write"),
			],
		),
		(
			OPERATIONS,
			[
				("Dafater Sales Stage", "write"),
				("Dafater CRM Settings", "write"),
				("Territory", "create"),
				("Email Group", "create"),
			],
			[("Dafater Opportunity", "delete"), ("Dafater Lead", "delete"), ("Quotation", "delete")],
		),
		(
			SUPPORT,
			[
				("Issue", "create"),
				("Customer", "read"),
				("Contact", "read"),
				("Dafater Appointment", "create"),
			],
			[
				("Dafater Lead", "read"),
				("Dafater Opportunity", "read"),
				("Quotation", "read"),
				("Customer", "write"),
			],
		),
	],
)
def test_each_profile_can_do_its_job_and_no_more(profile, may, may_not) -> None:
	user = profile_user(profile)
	refused = [pair for pair in may if not frappe.has_permission(pair[0], pair[1], user=user)]
	allowed = [pair for pair in may_not if frappe.has_permission(pair[0], pair[1], user=user)]
	assert (refused, allowed) == ([], [])


def test_link_search_works_for_a_development_rep(as_user) -> None:
	from frappe.desk.search import search_link

	user = profile_user(SDR)
	with as_user(user):
		for doctype in ("Territory", "Industry Type", "Company", "Dafater Lead Source", "Dafater Region"):
			assert isinstance(search_link(doctype, "", page_length=5), list | type(None)), doctype


def test_grants_are_given_back() -> None:
	before = frappe.db.count("Custom DocPerm", {"parent": "Territory"})
	assert before > 0
	roles.remove_grants()
	assert frappe.db.count("Custom DocPerm", {"parent": "Territory"}) == 0
	assert frappe.db.count("Custom DocPerm", {"role": ("in", list(roles.ROLES))}) == 0


def test_a_site_keeps_its_own_permission_rules_when_grants_are_given_back() -> None:
	from frappe.permissions import add_permission

	add_permission("Territory", "HR User")
	roles.remove_grants()
	kept = frappe.get_all("Custom DocPerm", {"parent": "Territory"}, pluck="role")
	assert "HR User" in kept
	assert not set(kept) & set(roles.ROLES)


# ---- boards


def columns_of_pipeline() -> list[str]:
	return [row.column_name for row in frappe.get_doc("Kanban Board", boards.PIPELINE).columns]


def test_pipeline_follows_the_stages() -> None:
	assert columns_of_pipeline() == [stage[0] for stage in STAGES]
	stage = frappe.get_doc(
		{
			"doctype": "Dafater Sales Stage",
			"stage_name": "Site Visit",
			"sequence": 25,
			"probability": 30,
			"outcome": "Open",
		}
	).insert()
	assert columns_of_pipeline()[2] == "Site Visit"
	frappe.rename_doc("Dafater Sales Stage", "Site Visit", "زيارة ميدانية")
	assert columns_of_pipeline()[2] == "زيارة ميدانية"
	stage = frappe.get_doc("Dafater Sales Stage", "زيارة ميدانية")
	stage.disabled = 1
	stage.save()
	assert columns_of_pipeline() == [row[0] for row in STAGES]


def test_colours_and_archived_columns_survive_a_sync() -> None:
	board = frappe.get_doc("Kanban Board", boards.PIPELINE)
	board.columns[1].update({"indicator": "Pink", "status": "Archived"})
	board.save()
	frappe.get_doc(
		{
			"doctype": "Dafater Sales Stage",
			"stage_name": "Pilot",
			"sequence": 35,
			"probability": 60,
			"outcome": "Open",
		}
	).insert()
	column = frappe.get_doc("Kanban Board", boards.PIPELINE).columns[1]
	assert (column.column_name, column.indicator, column.status) == ("Qualification", "Pink", "Archived")


def test_a_deleted_board_stays_deleted() -> None:
	frappe.delete_doc("Kanban Board", boards.LEADS)
	boards.ensure_boards()
	assert not frappe.db.exists("Kanban Board", boards.LEADS)


def test_moving_a_card_saves_through_the_controller(as_user) -> None:
	from frappe.client import set_value
	from frappe.desk.doctype.kanban_board.kanban_board import update_order_for_single_card

	user = profile_user(AE)
	with as_user(user):
		deal = make_opportunity()
		empty = {"old_index": "0", "new_index": "0", "from_colname": "Prospecting"}
		board = frappe.get_doc("Kanban Board", boards.PIPELINE)
		next(row for row in board.columns if row.column_name == "Prospecting").order = json.dumps([deal.name])
		board.save(ignore_permissions=True)
		update_order_for_single_card(boards.PIPELINE, deal.name, to_colname="Proposal", **empty)
		deal.reload()
		assert (deal.sales_stage, deal.probability) == ("Proposal", 50)
		assert frappe.db.count("Dafater Stage History", {"opportunity": deal.name}) == 2
		with pytest.raises(frappe.MandatoryError, match="reason"):
			set_value("Dafater Opportunity", deal.name, "sales_stage", "Closed Lost")


# ---- workspaces


WORKSPACES = {
	MANAGER: {"Dafater CRM", "Dafater Sales Management", "Dafater CRM Setup"},
	AE: {"Dafater CRM"},
	SDR: {"Dafater CRM"},
	OPERATIONS: {"Dafater CRM", "Dafater Sales Management", "Dafater CRM Setup"},
	SUPPORT: {"Dafater Support"},
}


@pytest.mark.parametrize("profile", WORKSPACES)
def test_each_role_sees_its_workspaces(profile: str, as_user) -> None:
	from frappe.desk.desktop import get_desktop_page, get_workspace_sidebar_items

	with as_user(profile_user(profile)):
		pages = [
			page for page in get_workspace_sidebar_items()["pages"] if page["name"].startswith("Dafater ")
		]
		assert {page["name"] for page in pages} == WORKSPACES[profile]
		for page in pages:
			content = get_desktop_page(
				json.dumps({"name": page["name"], "title": page["title"], "public": 1})
			)
			assert content["shortcuts"]["items"], page["name"]
			assert content["cards"]["items"], page["name"]


def test_no_workspace_for_somebody_outside_sales(as_user) -> None:
	from frappe.desk.desktop import get_workspace_sidebar_items

	user = make_user(OUTSIDER, "Stock User")
	with as_user(user):
		names = [page["name"] for page in get_workspace_sidebar_items()["pages"]]
	assert [name for name in names if name.startswith("Dafater ")] == []


def test_workspace_blocks_name_widgets_that_exist() -> None:
	"""A block whose label is not among the widgets is an empty box in the desk."""
	tables = {
		"shortcut": "shortcuts",
		"number_card": "number_cards",
		"chart": "charts",
		"quick_list": "quick_lists",
	}
	for name in frappe.get_all("Workspace", {"module": "Dafater CRM"}, pluck="name"):
		workspace = frappe.get_doc("Workspace", name)
		for block in json.loads(workspace.content):
			kind = block["type"]
			if kind == "card":
				labels = [row.label for row in workspace.links if row.type == "Card Break"]
			elif kind in tables:
				labels = [row.label for row in workspace.get(tables[kind])]
			else:
				continue
			assert block["data"][f"{kind}_name"] in labels, (name, block["data"])


def card_value(name: str) -> float:
	from frappe.desk.doctype.number_card.number_card import get_result

	card = frappe.get_doc("Number Card", name)
	filters = json.loads(card.filters_json)
	for doctype, field, condition, _expression in json.loads(card.dynamic_filters_json or "[]"):
		filters.append([doctype, field, condition, f"{frappe.utils.nowdate()} 23:59:59"])
	return get_result(card.as_json(), filters)


def test_every_number_card_runs() -> None:
	for card in frappe.get_all("Number Card", {"module": "Dafater CRM"}, pluck="name"):
		assert card_value(card) >= 0, card


def test_cards_and_charts_count_only_rows_that_the_user_sees(as_user) -> None:
	from dafater_crm.dafater_crm.dashboard_chart_source.dafater_leads_by_source.dafater_leads_by_source import (
		get as leads_by_source,
	)
	from dafater_crm.dafater_crm.dashboard_chart_source.dafater_opportunities_by_stage.dafater_opportunities_by_stage import (
		get as by_stage,
	)

	mine, other = profile_user(AE), make_user("setup-other-ae@dafater.example", *roles.PROFILES[AE])
	with as_user(other):
		make_lead(source="Website")
		make_opportunity(items=[{"item_name": "x", "qty": 1, "rate": 5000}])
	with as_user(mine):
		assert card_value("Dafater Open Leads") == 0
		make_lead(source="WhatsApp")
		make_opportunity(items=[{"item_name": "y", "qty": 2, "rate": 350}])
		assert card_value("Dafater Open Leads") == 1
		assert card_value("Dafater Pipeline Value") == 700
		assert by_stage()["datasets"][0]["values"] == [700, 0, 0, 0]
		assert leads_by_source() == {"labels": ["WhatsApp"], "datasets": [{"name": "Leads", "values": [1]}]}


def test_charts_refuse_who_may_not_read(as_user) -> None:
	from dafater_crm.dafater_crm.dashboard_chart_source.dafater_leads_per_month.dafater_leads_per_month import (
		get as leads_per_month,
	)

	user = make_user(OUTSIDER, "Stock User")
	with as_user(user), pytest.raises(frappe.PermissionError):
		leads_per_month()


# ---- sample data


@pytest.fixture
def nothing_committed(monkeypatch) -> None:
	"""ERPNext commits when a Contact with a phone is made; the sample data must not reach the other tests."""
	monkeypatch.setattr(frappe.db, "commit", lambda: None)


@pytest.mark.slow
def test_sample_data_is_entered_by_its_users_once(nothing_committed) -> None:
	from dafater_crm.setup import demo

	first = demo.load()
	assert frappe.session.user == "Administrator"
	assert demo.load() == first
	data = masters.load_data("demo_records")
	assert first["Dafater Lead"] >= len(data["leads"]) == 25
	omar, fahad = "omar.haddad@dafater.example", "fahad.alqahtani@dafater.example"
	lead = frappe.get_doc("Dafater Lead", {"email_id": "sara.ghamdi@nabd-pharmacy.example"})
	assert (lead.owner, lead.mobile_no, lead.qualification_status) == (omar, "+966559876543", "Qualified")
	deal = frappe.get_doc("Dafater Opportunity", {"title": "تحديث نقاط البيع في تسعة أسواق"})
	assert (deal.owner, deal.sales_stage, deal.status) == (fahad, "Closed Won", "Won")
	assert deal.base_opportunity_amount == 18 * 3300 + 36 * 480 + 2 * 2400
	assert frappe.db.count("Dafater Stage History", {"opportunity": deal.name}) == 5
	lost = frappe.get_doc("Dafater Opportunity", {"title": "أجهزة المستودع المركزي"})
	assert {row.lost_reason for row in lost.lost_reasons} == {"Price Too High", "Chose a Competitor"}


@pytest.mark.slow
def test_prepared_company_sells_with_vat_and_takes_payments(nothing_committed) -> None:
	from dafater_crm.setup.demo import prepare_company

	company = prepare_company()
	assert set(company.users) == {"manager", "executive", "sdr", "operations", "support", "accountant"}
	template = frappe.get_doc("Sales Taxes and Charges Template", company.tax_template)
	assert [row.rate for row in template.taxes] == [15]
	for mode in company.mode_of_payment.values():
		accounts = frappe.get_doc("Mode of Payment", mode).accounts
		assert any(row.company == company.company and row.default_account for row in accounts)
	employee = frappe.get_doc("Employee", {"user_id": company.users["sdr"]})
	boss = frappe.db.get_value("Employee", employee.reports_to, "user_id")
	assert boss == company.users["executive"]
	assert "Employee" in frappe.get_roles(company.users["sdr"])
