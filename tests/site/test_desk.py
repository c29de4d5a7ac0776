"""What the desk asks for when a form or list of ours opens: it answers, for a normal user, without an error."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.form.load import get_additional_timeline_content
from frappe.desk.notifications import get_open_count

from dafater_crm.api import leads as leads_api
from tests.site.factories import SELLER, make_item, make_lead, make_opportunity, make_prospect, make_user

USER = "seller@desk.example"


@pytest.fixture(autouse=True)
def seller():
	make_user(USER, *SELLER)
	make_item()
	frappe.set_user(USER)


@pytest.mark.parametrize("make", [make_lead, make_prospect, make_opportunity])
def test_the_connections_of_a_form_are_counted(make):
	doc = make()
	items = [
		item
		for group in frappe.get_meta(doc.doctype).get_dashboard_data().transactions
		for item in group["items"]
	]
	assert items
	counted = get_open_count(doc.doctype, doc.name, frappe.as_json(items))
	assert counted["count"]["external_links_found"] is not None


@pytest.mark.parametrize("doctype", ["Quotation", "Sales Order", "Sales Invoice", "Issue"])
def test_erpnexts_forms_show_the_opportunity(doctype):
	data = frappe.get_meta(doctype).get_dashboard_data()
	assert data["internal_links"]["Dafater Opportunity"] == "dafater_opportunity"


def test_the_history_of_a_lead_is_reachable_from_what_came_of_it():
	lead = make_lead(lead_owner=USER)
	lead.add_comment("Comment", "اتصلنا به وأبدى اهتمامه")
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"sent_or_received": "Received",
			"subject": "طلب عرض",
			"content": "<p>نرجو <b>العرض</b></p>",
			"reference_doctype": lead.doctype,
			"reference_name": lead.name,
			"sender": lead.email_id,
		}
	).insert(ignore_permissions=True)
	made = leads_api.convert(lead.name)
	for doctype, name in (
		("Dafater Opportunity", made["opportunity"]),
		("Dafater Prospect", made["prospect"]),
	):
		items = [item["template_data"] for item in get_additional_timeline_content(doctype, name)]
		assert {item["kind"] for item in items} == {"Message", "Comment"}
		assert "نرجو العرض" in {item["text"] for item in items}


def test_a_reader_who_may_not_see_the_lead_does_not_see_its_history():
	lead = make_lead(lead_owner=USER)
	lead.add_comment("Comment", "سري")
	made = leads_api.convert(lead.name)
	frappe.set_user(make_user("other@desk.example", *SELLER))
	assert get_additional_timeline_content("Dafater Opportunity", made["opportunity"]) == []


def test_a_sent_message_makes_a_lead_contacted_and_notes_the_last_contact():
	from tests.site.factories import status_of

	lead = make_lead(lead_owner=USER)
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"sent_or_received": "Sent",
			"subject": "أهلاً",
			"content": "مرحباً",
			"reference_doctype": lead.doctype,
			"reference_name": lead.name,
			"sender": USER,
		}
	).insert(ignore_permissions=True)
	assert status_of(lead) == "Contacted"
	assert frappe.db.get_value(lead.doctype, lead.name, "last_contact_on")


def test_a_call_that_is_done_counts_as_contact():
	from tests.site.factories import status_of

	lead = make_lead(lead_owner=USER)
	frappe.get_doc(
		{
			"doctype": "Dafater Activity",
			"activity_type": "Call",
			"subject": "مكالمة أولى",
			"status": "Done",
			"assigned_to": USER,
			"reference_doctype": lead.doctype,
			"reference_name": lead.name,
		}
	).insert()
	assert status_of(lead) == "Contacted"


def test_an_issue_finds_its_lead_and_opportunity_by_e_mail():
	lead = make_lead(lead_owner=USER)
	opportunity = make_opportunity(lead)
	frappe.set_user("Administrator")
	issue = frappe.get_doc(
		{"doctype": "Issue", "subject": "عطل", "raised_by": f"Sara <{lead.email_id.upper()}>"}
	).insert()
	assert (issue.dafater_lead, issue.dafater_opportunity) == (lead.name, opportunity.name)


def test_auto_close_closes_only_what_nobody_touched_and_only_when_switched_on():
	from frappe.utils import add_days, now_datetime

	from dafater_crm.records import auto_close

	old, fresh, quoted = make_opportunity(), make_opportunity(), make_opportunity()
	long_ago = add_days(now_datetime(), -120)
	for doc in (old, quoted):
		frappe.db.set_value(doc.doctype, doc.name, {"creation": long_ago, "stage_changed_on": long_ago})
	frappe.db.set_value(quoted.doctype, quoted.name, {"document_status": "Quotation", "status": "Quotation"})
	found = auto_close.untouched(90)
	assert old.name in found
	assert fresh.name not in found and quoted.name not in found
	assert auto_close.run() == 0, "off by default"


def test_required_activities_are_planned_once_and_warn_or_block():
	from dafater_crm.api import opportunities

	opportunity = make_opportunity()
	planned = frappe.get_all(
		"Dafater Activity",
		filters={"reference_name": opportunity.name},
		fields=["subject", "status", "assigned_to"],
	)
	assert {row.subject for row in planned} == {"Initial Call", "Qualification Call"}
	assert {row.assigned_to for row in planned} == {USER}
	opportunities.set_stage(opportunity.name, "Qualification")
	assert "still open" in frappe.get_message_log()[-1]["message"]
	frappe.db.set_single_value("Dafater CRM Settings", "stage_activities", "Block")
	frappe.clear_document_cache("Dafater CRM Settings", "Dafater CRM Settings")
	with pytest.raises(frappe.ValidationError, match="Finish or cancel them"):
		opportunities.set_stage(opportunity.name, "Proposal")
	frappe.db.rollback()
	frappe.clear_document_cache("Dafater CRM Settings", "Dafater CRM Settings")


def test_stage_history_keeps_who_when_and_how_long():
	from dafater_crm.api import opportunities

	opportunity = make_opportunity()
	frappe.db.set_value(
		opportunity.doctype,
		opportunity.name,
		"stage_changed_on",
		frappe.utils.add_days(opportunity.creation, -2),
	)
	opportunities.set_stage(opportunity.name, "Proposal")
	rows = frappe.get_all(
		"Dafater Stage History",
		filters={"opportunity": opportunity.name, "to_stage": "Proposal"},
		fields=["from_stage", "changed_by", "cause", "time_in_stage"],
	)
	assert [(row.from_stage, row.changed_by, row.cause) for row in rows] == [("Prospecting", USER, "Person")]
	assert 2 * 86400 <= rows[0].time_in_stage < 2 * 86400 + 600


def test_the_connections_are_cached_in_english_for_users_of_every_language():
	frappe.local.lang = "ar"
	for doctype in ("Dafater Lead", "Dafater Prospect", "Dafater Opportunity"):
		labels = [
			group["label"]
			for group in frappe.get_meta(doctype, cached=False).get_dashboard_data().transactions
		]
		assert labels and all(label.isascii() for label in labels), labels
