"""The two dashboards in the desk: who sees which card and chart, nothing cached for others, nothing that grows."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.doctype.dashboard.dashboard import get_permitted_cards, get_permitted_charts

from tests.site import dashboard_rows as rows
from tests.site.dashboard_rows import BOSS, COMPANY, DESK, HELPS, MINE, OTHER, PLAIN, SELLS, YEAR
from tests.site.statements import counted

MANAGERS, SELLERS = "Dafater Sales Management", "Dafater My Sales"
DEALS = {"Active Deals", "Expected Revenue", "Win Rate", "Tasks Done on Time", "Overdue Invoices"}
CUSTOMERS = {"New Customers This Month", "New Customers Change"}
CHARTS = {"Sales Funnel", "Expected Revenue by Stage", "Pipeline by Month", "Losses by Reason"}
MORE_CHARTS = CHARTS | {"Results by Competitor", "Source Return"}


@pytest.fixture(autouse=True)
def cast(clean_state: None) -> None:
	rows.make_cast()


def cards_of(dashboard: str) -> set[str]:
	return {card.card.removeprefix("Dafater ") for card in get_permitted_cards(dashboard)}


def charts_of(dashboard: str) -> set[str]:
	return {chart.chart.removeprefix("Dafater ") for chart in get_permitted_charts(dashboard)}


def methods(dashboard: str) -> dict[str, str]:
	"""Card or chart of the dashboard -> the method that its widget calls."""
	doc = frappe.get_doc("Dashboard", dashboard)
	found = {row.card: frappe.db.get_value("Number Card", row.card, "method") for row in doc.cards}
	for row in doc.charts:
		key = frappe.scrub(frappe.db.get_value("Dashboard Chart", row.chart, "source"))
		found[row.chart] = f"dafater_crm.dafater_crm.dashboard_chart_source.{key}.{key}.get"
	return found


ALL = sorted(
	[
		f"dafater_crm.api.dashboard.{name}"
		for name in (
			"active_deals",
			"expected_revenue",
			"new_customers",
			"new_customers_change",
			"open_issues",
			"overdue_invoices",
			"tasks_on_time",
			"velocity",
			"win_rate",
		)
	]
	+ [
		f"dafater_crm.dafater_crm.dashboard_chart_source.dafater_{name}.dafater_{name}.get"
		for name in (
			"expected_revenue_by_stage",
			"losses_by_reason",
			"open_issues_by_priority",
			"overdue_invoices_by_age",
			"pipeline_by_month",
			"results_by_competitor",
			"sales_funnel",
			"source_return",
		)
	]
)


def test_the_dashboards_show_all_methods_and_no_others():
	assert sorted(methods(MANAGERS).values()) == ALL
	assert set(methods(SELLERS).values()) < set(ALL)


@pytest.mark.parametrize(
	("user", "cards", "charts"),
	[
		(BOSS, DEALS | {"Sales Velocity per Day"}, MORE_CHARTS | {"Overdue Invoices by Age"}),
		(MINE, DEALS | {"Sales Velocity per Day"}, MORE_CHARTS),
		(SELLS, DEALS | CUSTOMERS | {"Sales Velocity per Day"}, MORE_CHARTS),
		(
			HELPS,
			DEALS | {"Sales Velocity per Day", "Issues Waiting"},
			MORE_CHARTS | {"Overdue Invoices by Age", "Open Issues by Priority"},
		),
		(PLAIN, set(), set()),
	],
)
def test_what_a_role_sees_of_the_managers_dashboard(user, cards, charts):
	frappe.set_user(user)
	assert cards_of(MANAGERS) == cards
	assert charts_of(MANAGERS) == charts


def test_what_a_seller_sees_of_the_own_dashboard():
	frappe.set_user(MINE)
	assert (cards_of(SELLERS), charts_of(SELLERS)) == (DEALS, CHARTS)
	frappe.set_user(SELLS)
	assert cards_of(SELLERS) == DEALS | {"New Customers This Month"}
	frappe.set_user(PLAIN)
	assert (cards_of(SELLERS), charts_of(SELLERS)) == (set(), set())


@pytest.mark.parametrize("user", [BOSS, MINE, SELLS, DESK, HELPS, "Administrator"])
def test_whatever_is_shown_answers(user):
	rows.build()
	frappe.set_user(user)
	for dashboard in (MANAGERS, SELLERS):
		wanted = methods(dashboard)
		shown = [f"Dafater {name}" for name in cards_of(dashboard) | charts_of(dashboard)]
		assert shown
		for name in shown:
			answer = frappe.call(wanted[name], chart_name=name, filters="{}", refresh="1")
			assert isinstance(answer, dict | str), name


def test_a_plain_user_gets_no_figure_from_any_method():
	rows.build()
	rows.add_invoices()
	frappe.set_user(PLAIN)
	for name in ALL:
		try:
			answer = frappe.call(name, filters="{}")
		except frappe.PermissionError:
			continue
		words = answer if isinstance(answer, str) else answer["labels"][0]
		assert "You may not read" in words, name


def test_a_single_shared_document_opens_no_figures():
	rows.build()
	rows.add_invoices()
	invoice = frappe.get_all("Sales Invoice", {"company": COMPANY}, pluck="name", limit=1)[0]
	frappe.share.add_docshare("Sales Invoice", invoice, BOSS, flags={"ignore_share_permission": True})
	frappe.set_user(BOSS)
	assert "You may not read" in frappe.call("dafater_crm.api.dashboard.overdue_invoices", filters=YEAR)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_answer_is_kept_for_the_next_reader(language):
	rows.build()
	source = "dafater_crm.dafater_crm.dashboard_chart_source.dafater_sales_funnel.dafater_sales_funnel.get"
	stage = source.replace("sales_funnel", "expected_revenue_by_stage")
	ask = {"chart_name": "Dafater Expected Revenue by Stage", "filters": YEAR, "refresh": "0"}
	frappe.set_user(BOSS)
	everything = frappe.call(stage, **ask)
	frappe.set_user(OTHER)
	frappe.local.lang = language
	own = frappe.call(stage, **ask)
	assert (len(everything["labels"]), len(own["labels"])) == (2, 1)
	assert everything["datasets"][1]["name"] == "Expected Revenue"
	assert own["datasets"][1]["name"] == {"en": "Expected Revenue", "ar": "الإيراد المتوقع"}[language]
	assert not frappe.cache.get_value("chart-data:Dafater Expected Revenue by Stage")


def test_a_site_without_issues():
	"""ERPNext's support module is leaving ERPNext."""
	frappe.db.delete("DocType", {"name": "Issue"})
	frappe.db.value_cache.clear()
	assert "You may not read" in frappe.call("dafater_crm.api.dashboard.open_issues", filters="{}")
	chart = "dafater_crm.dafater_crm.dashboard_chart_source.dafater_open_issues_by_priority"
	assert "You may not read" in frappe.call(f"{chart}.dafater_open_issues_by_priority.get")["labels"][0]
	assert frappe.call("dafater_crm.api.dashboard.active_deals", filters="{}")["value"] >= 0


@pytest.mark.parametrize("method", ALL)
def test_the_number_of_statements_does_not_grow(method):
	rows.build()

	def statements() -> int:
		frappe.call(method, filters=YEAR)
		with counted() as found:
			frappe.call(method, filters=YEAR)
		assert len(found) <= 4, "\n".join(found)
		return len(found)

	rows.bulk_market(10)
	few = statements()
	rows.bulk_market(990)
	assert statements() == few
	frappe.set_user(MINE)
	try:
		frappe.call(method, filters=YEAR)
		with counted() as found:
			frappe.call(method, filters=YEAR)
	except frappe.PermissionError:
		return
	assert len(found) <= 8, "\n".join(found)


def test_every_report_is_on_the_workspaces():
	reports = set(frappe.get_all("Report", {"module": "Dafater CRM"}, pluck="name"))
	for name, dashboards in (("Dafater CRM", {SELLERS}), ("Dafater Sales Management", {MANAGERS, SELLERS})):
		workspace = frappe.get_doc("Workspace", name)
		assert {row.link_to for row in workspace.links if row.link_type == "Report"} >= reports
		assert {row.link_to for row in workspace.shortcuts if row.type == "Dashboard"} == dashboards
