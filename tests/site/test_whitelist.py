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
	"api.activities.finish": "test_my_day",
	"api.activities.log": "test_my_day",
	"api.activities.postpone": "test_my_day",
	"api.appointments.cancel": "test_appointment",
	"api.appointments.get_events": "test_appointment",
	"api.appointments.reschedule": "test_appointment",
	"api.assignment.assign_now": "test_assignment_rights",
	"api.assignment.hand_over": "test_assignment_rights",
	"api.assignment.release": "test_assignment_rights",
	"api.assignment.set_availability": "test_assignment_rights",
	"api.assignment.why": "test_assignment_rights",
	"api.calendar.hijri": "below: any desk user, no records",
	"api.capture.create_lead": "test_capture_api",
	"api.capture.create_leads": "test_capture_api",
	"api.capture.release": "test_capture_api",
	"api.contracts.apply_template": "test_contract",
	"api.contracts.mark_sent": "test_contract",
	"api.contracts.mark_signed": "test_contract",
	"api.contracts.template_variables": "test_contract",
	"api.contracts.terminate": "test_contract",
	"api.conversations.assign": "test_conversation_actions",
	"api.conversations.invoice_ways": "test_invoice_sending",
	"api.conversations.link": "test_conversation_actions",
	"api.conversations.make_issue": "test_conversation_actions",
	"api.conversations.make_lead": "test_conversation_actions",
	"api.conversations.make_opportunity": "test_conversation_actions",
	"api.conversations.make_quotation": "test_conversation_actions",
	"api.conversations.release": "test_conversation_actions",
	"api.conversations.send_invoice": "test_invoice_sending",
	"api.conversations.set_class": "test_conversation_actions",
	"api.conversations.set_priority": "test_conversation_actions",
	"api.conversations.set_status": "test_conversation_actions",
	"api.conversations.set_team": "test_conversation_actions",
	"api.conversations.snooze": "test_conversation_actions",
	"api.conversations.take": "test_conversation_actions",
	"api.conversations.unlink": "test_conversation_actions",
	"api.customer_view.get": "test_customer_view",
	"api.dashboard.active_deals": "test_dashboards",
	"api.dashboard.expected_revenue": "test_dashboards",
	"api.dashboard.new_customers": "test_dashboards",
	"api.dashboard.new_customers_change": "test_dashboards",
	"api.dashboard.open_issues": "test_dashboards",
	"api.dashboard.overdue_invoices": "test_dashboards",
	"api.dashboard.tasks_on_time": "test_dashboards",
	"api.dashboard.velocity": "test_dashboards",
	"api.dashboard.win_rate": "test_dashboards",
	"api.events.record": "test_lead_events",
	"api.desk_search.search": "test_desk_search",
	"api.report_export.export_query": "test_reports_all_nine",
	"api.duplicates.compare": "test_merge",
	"api.duplicates.dismiss": "test_merge",
	"api.duplicates.known_parties": "test_known_parties",
	"api.duplicates.merge": "test_merge",
	"api.duplicates.of_lead": "test_duplicates",
	"api.duplicates.undo": "test_merge",
	"api.deliveries.try_again": "test_inbox_steps",
	"api.inbox_send.mark_seen": "test_inbox_send",
	"api.inbox_send.note": "test_inbox_send",
	"api.inbox_send.react": "test_inbox_send",
	"api.inbox_send.resend": "test_inbox_send",
	"api.inbox_send.send": "test_inbox_send",
	"api.inbox_send.upload": "test_inbox_send",
	"api.inbox.conversation": "test_inbox_list",
	"api.inbox.conversations": "test_inbox_list",
	"api.inbox.counts": "test_inbox_list",
	"api.inbox.mentionable": "test_inbox_list",
	"api.inbox.saved_replies": "test_inbox_list",
	"api.inbox.templates": "test_inbox_list",
	"api.inbox.thread": "test_inbox_list",
	"api.inbox.typing": "test_inbox_list",
	"api.inbox.viewing": "test_inbox_list",
	"api.lead_import.check": "test_lead_import",
	"api.lead_import.fields": "test_lead_import",
	"api.lead_import.resume": "test_lead_import",
	"api.lead_import.sheets": "test_lead_import",
	"api.lead_import.start": "test_lead_import",
	"api.lead_import.stop": "test_lead_import",
	"api.lead_import.undo": "test_lead_import",
	"api.leads.convert": "test_access",
	"api.leads.disqualify": "test_access",
	"api.leads.link_customer": "test_access",
	"api.leads.qualify": "test_access",
	"api.my_day.get": "test_my_day",
	"api.nurture.condition_fields": "test_nurture_access",
	"api.nurture.enrol_records": "test_nurture_access",
	"api.nurture.form_choices": "test_nurture_access",
	"api.nurture.history": "test_nurture_access",
	"api.nurture.of_record": "test_nurture_access",
	"api.nurture.pause": "test_nurture_access",
	"api.nurture.preview": "test_nurture_access",
	"api.nurture.resume": "test_nurture_access",
	"api.nurture.skip_step": "test_nurture_access",
	"api.nurture.stop_enrolment": "test_nurture_access",
	"api.opportunities.close": "test_access",
	"api.opportunities.item_price": "below",
	"api.opportunities.reopen": "test_access",
	"api.opportunities.set_lost": "test_access",
	"api.opportunities.set_stage": "test_access",
	"api.opportunity_search.for_party": "below",
	"api.scoring.fields": "test_scoring",
	"api.scoring.learnt_state": "test_scoring",
	"api.scoring.preview": "test_scoring",
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
	"api.webhook.receive": "test_inbox_webhook",
	f"{CHARTS}.dafater_leads_by_source.dafater_leads_by_source.get": "below",
	f"{CHARTS}.dafater_leads_per_month.dafater_leads_per_month.get": "below",
	f"{CHARTS}.dafater_expected_revenue_by_stage.dafater_expected_revenue_by_stage.get": "below",
	f"{CHARTS}.dafater_losses_by_reason.dafater_losses_by_reason.get": "below",
	f"{CHARTS}.dafater_open_issues_by_priority.dafater_open_issues_by_priority.get": "test_dashboards",
	f"{CHARTS}.dafater_overdue_invoices_by_age.dafater_overdue_invoices_by_age.get": "test_dashboards",
	f"{CHARTS}.dafater_pipeline_by_month.dafater_pipeline_by_month.get": "below",
	f"{CHARTS}.dafater_results_by_competitor.dafater_results_by_competitor.get": "below",
	f"{CHARTS}.dafater_sales_funnel.dafater_sales_funnel.get": "below",
	f"{CHARTS}.dafater_source_return.dafater_source_return.get": "below",
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


# providers do not log in: the signature of what they deliver is the permission
OPEN = {"api.webhook.receive"}


def test_the_open_methods_are_these():
	methods = {frappe.get_attr(f"dafater_crm.{name}") for name in OPEN}
	assert methods <= set(frappe.guest_methods)


@pytest.mark.parametrize("name", sorted(CLASSIFIED.keys() - OPEN))
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
	for name, where in CLASSIFIED.items():
		if name.startswith(CHARTS) and where == "below":
			with pytest.raises(frappe.PermissionError):
				frappe.get_attr(f"dafater_crm.{name}")()
