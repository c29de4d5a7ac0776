"""Every whitelisted method is classified: a new one fails here until somebody has said who may call it."""

from __future__ import annotations

import ast
from pathlib import Path

import frappe
import pytest

import dafater_crm

PACKAGE = Path(dafater_crm.__file__).parent

# method -> where its permission test is
CHARTS = "dafater_crm.dashboard_chart_source"
CLASSIFIED = {
	"api.appointments.cancel": "test_appointment",
	"api.appointments.get_events": "test_appointment",
	"api.appointments.reschedule": "test_appointment",
	"api.calendar.hijri": "below: any desk user, no records",
	"api.capture.create_lead": "test_capture_api",
	"api.capture.create_leads": "test_capture_api",
	"api.capture.release": "test_capture_api",
	"api.contracts.apply_template": "test_contract",
	"api.contracts.mark_sent": "test_contract",
	"api.contracts.mark_signed": "test_contract",
	"api.contracts.template_variables": "test_contract",
	"api.contracts.terminate": "test_contract",
	"api.customer_view.get": "test_customer_view",
	"api.leads.convert": "test_access",
	"api.leads.disqualify": "test_access",
	"api.leads.link_customer": "test_access",
	"api.leads.qualify": "test_access",
	"api.opportunities.close": "test_access",
	"api.opportunities.item_price": "below",
	"api.opportunities.reopen": "test_access",
	"api.opportunities.set_lost": "test_access",
	"api.opportunities.set_stage": "test_access",
	"api.opportunity_search.for_party": "below",
	"api.selling.ensure_customer": "test_access",
	"api.selling.make_opportunity_from_lead": "test_access",
	"api.selling.make_opportunity_from_prospect": "test_access",
	"api.selling.make_quotation": "test_access",
	"api.selling.make_quotation_from_lead": "test_access",
	"api.selling.make_quotation_from_prospect": "test_access",
	"api.selling.make_sales_order": "test_access",
	"api.selling.order_quotation": "below",
	"api.selling.party_details": "test_access",
	"api.service.make_appointment": "test_access",
	"api.service.make_contract": "test_access",
	"api.service.make_issue_from_lead": "test_access",
	"api.service.make_issue_from_opportunity": "test_access",
	f"{CHARTS}.dafater_leads_by_source.dafater_leads_by_source.get": "below",
	f"{CHARTS}.dafater_leads_per_month.dafater_leads_per_month.get": "below",
	f"{CHARTS}.dafater_opportunities_by_stage.dafater_opportunities_by_stage.get": "below",
}


def whitelisted() -> set[str]:
	found = set()
	for path in PACKAGE.rglob("*.py"):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.FunctionDef) and any(
				"whitelist" in ast.unparse(decorator) for decorator in node.decorator_list
			):
				module = path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
				found.add(f"{module}.{node.name}")
	return found


def test_every_whitelisted_method_is_classified():
	assert whitelisted() == set(CLASSIFIED)


@pytest.mark.parametrize("name", sorted(CLASSIFIED))
def test_no_method_is_open_to_guests(name):
	method = frappe.get_attr(f"dafater_crm.{name}")
	assert method in frappe.whitelisted
	assert method not in frappe.guest_methods
	assert frappe.allowed_http_methods_for_whitelisted_func[method] != []


def test_a_user_without_rights_reads_no_price_and_orders_nothing():
	from dafater_crm.api import opportunities, selling
	from tests.site.factories import make_item, make_user

	item = make_item()
	frappe.set_user(make_user("nobody@whitelist.example", "Dafater Support Agent"))
	with pytest.raises(frappe.PermissionError):
		opportunities.item_price(item)
	with pytest.raises((frappe.PermissionError, frappe.DoesNotExistError)):
		selling.order_quotation("SAL-QTN-0000-00000")
	search = frappe.get_attr("dafater_crm.api.opportunity_search.for_party")
	with pytest.raises(frappe.PermissionError):
		search("Dafater Opportunity", "", "name", 0, 10, {})
	for name in CLASSIFIED:
		if name.startswith(CHARTS):
			with pytest.raises(frappe.PermissionError):
				frappe.get_attr(f"dafater_crm.{name}")()
