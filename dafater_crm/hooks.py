app_name = "dafater_crm"
app_title = "Dafater CRM"
app_publisher = "Dafater"
app_description = "CRM for Saudi businesses on ERPNext"
app_email = "hello@dafater.example"
app_license = "gpl-3.0"
required_apps = ["frappe/erpnext"]
export_python_type_annotations = True
before_install = "dafater_crm.setup.install.before_install"
before_uninstall = "dafater_crm.setup.uninstall.before_uninstall"
after_app_install = "dafater_crm.setup.install.after_app_install"
after_install = "dafater_crm.setup.install.after_install"
after_migrate = "dafater_crm.setup.install.after_migrate"
after_uninstall = "dafater_crm.setup.uninstall.after_uninstall"
setup_wizard_complete = "dafater_crm.setup.install.after_setup_wizard"
app_include_css = "dafater_crm.bundle.css"
app_include_js = "dafater_crm.bundle.js"
extend_bootinfo = "dafater_crm.api.boot.extend_bootinfo"
calendars = ["Dafater Appointment"]
ignore_links_on_delete = [
	"Dafater Activity",
	"Dafater Assignment Log",
	"Dafater Consent Entry",
	"Dafater Contact Identity",
	"Dafater Conversation",
	"Dafater Lead Event",
	"Dafater Follow Up Reminder",
	"Dafater Nurture Enrolment",
	"Dafater Nurture Ledger",
	"Dafater Duplicate Candidate",
	"Dafater Lead Import Row",
	"Dafater Lead Merge",
	"Dafater Party Link",
	"Dafater Stage History",
	"Dafater Status History",
]
additional_timeline_content = {
	record: ["dafater_crm.api.timeline.earlier_history"]
	for record in ("Dafater Opportunity", "Dafater Prospect")
}
company_data_to_be_ignored = ["Dafater Campaign", "Dafater CRM Settings"]
global_search_doctypes = {
	"Default": [
		{"doctype": f"Dafater {record}"}
		for record in ("Lead", "Prospect", "Opportunity", "Contract", "Appointment")
	]
}
override_whitelisted_methods = {  # nosemgrep: overriding-hook - see "Methods of Frappe's" in docs/architecture.md
	"frappe.utils.global_search.search": "dafater_crm.api.desk_search.search",
	"frappe.desk.query_report.export_query": "dafater_crm.api.report_export.export_query",
}
dafater_message_sent = {"Sales Invoice": ["dafater_crm.erpnext.invoice_sending.note_sent"]}
make_email_body_message = ["dafater_crm.records.report_files.finish_attachments"]
after_request = ["dafater_crm.api.webhook.after_request"]
page_renderer = ["dafater_crm.website.lead_form.LeadFormPage"]
override_doctype_dashboards = {
	"Issue": ["dafater_crm.erpnext.dashboards.add_opportunity"],
	"Quotation": ["dafater_crm.erpnext.dashboards.add_opportunity"],
	"Sales Invoice": ["dafater_crm.erpnext.dashboards.add_opportunity"],
	"Sales Order": ["dafater_crm.erpnext.dashboards.add_opportunity"],
}
permission_query_conditions = {
	"Dafater Activity": "dafater_crm.queries.access.query_conditions",
	"Dafater Agent": "dafater_crm.queries.access.query_conditions",
	"Dafater Appointment": "dafater_crm.queries.access.query_conditions",
	"Dafater Consent Entry": "dafater_crm.queries.access.query_conditions",
	"Dafater Contract": "dafater_crm.queries.access.query_conditions",
	"Dafater Conversation": "dafater_crm.queries.inbox_access.query_conditions",
	"Dafater Conversation Log": "dafater_crm.queries.inbox_access.part_conditions",
	"Dafater Duplicate Candidate": "dafater_crm.queries.access.lead_row_conditions",
	"Dafater Lead": "dafater_crm.queries.access.query_conditions",
	"Dafater Nurture Enrolment": "dafater_crm.queries.access.query_conditions",
	"Dafater Lead Merge": "dafater_crm.queries.access.lead_row_conditions",
	"Dafater Message": "dafater_crm.queries.inbox_access.part_conditions",
	"Dafater Message Attachment": "dafater_crm.queries.inbox_access.part_conditions",
	"Dafater Opportunity": "dafater_crm.queries.access.query_conditions",
	"Dafater Prospect": "dafater_crm.queries.access.query_conditions",
}
has_permission = {
	"Dafater Activity": "dafater_crm.queries.access.has_permission",
	"Dafater Agent": "dafater_crm.queries.access.has_permission",
	"Dafater Appointment": "dafater_crm.queries.access.has_permission",
	"Dafater Consent Entry": "dafater_crm.queries.access.has_permission",
	"Dafater Contract": "dafater_crm.queries.access.has_permission",
	"Dafater Conversation": "dafater_crm.queries.inbox_access.has_permission",
	"Dafater Conversation Log": "dafater_crm.queries.inbox_access.has_part_permission",
	"Dafater Duplicate Candidate": "dafater_crm.queries.access.has_lead_row_permission",
	"Dafater Lead": "dafater_crm.queries.access.has_permission",
	"Dafater Nurture Enrolment": "dafater_crm.queries.access.has_permission",
	"Dafater Lead Merge": "dafater_crm.queries.access.has_lead_row_permission",
	"Dafater Message": "dafater_crm.queries.inbox_access.has_part_permission",
	"Dafater Message Attachment": "dafater_crm.queries.inbox_access.has_part_permission",
	"Dafater Opportunity": "dafater_crm.queries.access.has_permission",
	"Dafater Prospect": "dafater_crm.queries.access.has_permission",
}

doc_events = {
	"Communication": {
		"after_insert": "dafater_crm.erpnext.communication.after_insert",
		"before_insert": "dafater_crm.erpnext.communication.before_insert",
	},
	("Company", "Holiday List"): {"on_update": "dafater_crm.records.response_times.holidays_changed"},
	# Frappe runs on_change when a document is deleted as well
	"Dafater Activity": {"on_change": "dafater_crm.erpnext.communication.activity_changed"},
	"Dafater Consent Entry": {"after_insert": "dafater_crm.erpnext.opt_out.consent_given"},
	("Dafater Lead", "Dafater Opportunity"): {
		"on_trash": "dafater_crm.erpnext.opt_out.record_deleted",
		"on_update": "dafater_crm.erpnext.opt_out.record_changed",
	},
	"Dafater Sales Stage": {
		"after_delete": "dafater_crm.setup.boards.sync_pipeline_board",
		"after_rename": "dafater_crm.setup.boards.sync_pipeline_board",
		"on_update": "dafater_crm.setup.boards.sync_pipeline_board",
	},
	"Email Unsubscribe": {"after_insert": "dafater_crm.erpnext.opt_out.unsubscribed"},
	("DocShare", "ToDo"): {"on_change": "dafater_crm.queries.granted.forget"},
	"Employee": {
		"on_trash": "dafater_crm.queries.access.forget_teams",
		"on_update": "dafater_crm.queries.access.forget_teams",
	},
	"Issue": {
		"before_insert": "dafater_crm.erpnext.issue.before_insert",
		"validate": "dafater_crm.erpnext.issue.validate",
	},
	"Personal Data Deletion Request": {"on_update": "dafater_crm.records.inbox.erasure.when_requested"},
	"Payment Entry": {"validate": "dafater_crm.erpnext.payment_entry.validate"},
	("Item Group", "Territory", "User"): {
		"after_rename": "dafater_crm.records.assignment_pool.forget",
		"on_trash": "dafater_crm.records.assignment_pool.forget",
		"on_update": "dafater_crm.records.assignment_pool.forget",
	},
	"Quotation": {
		"after_delete": "dafater_crm.erpnext.quotation.after_delete",
		"before_validate": "dafater_crm.erpnext.quotation.before_validate",
		"on_change": "dafater_crm.erpnext.quotation.on_change",
	},
	("Sales Invoice", "Sales Order"): {
		"after_delete": "dafater_crm.erpnext.selling.after_delete",
		"before_validate": "dafater_crm.erpnext.selling.before_validate",
		"on_change": "dafater_crm.erpnext.selling.on_change",
	},
}

doctype_js = {
	"Customer": "public/js/customer.js",
	"Dafater Lead": ["dafater_crm/doctype/dafater_lead/lead_assignment.js", "public/js/lead_score.js"],
	"Issue": ["public/js/erpnext/party_forms.js", "public/js/erpnext/issue.js"],
	"Quotation": ["public/js/erpnext/party_forms.js", "public/js/erpnext/quotation.js"],
	"Sales Invoice": ["public/js/erpnext/party_forms.js", "public/js/erpnext/sales_invoice.js"],
	"Sales Order": ["public/js/erpnext/party_forms.js", "public/js/erpnext/sales_order.js"],
}
doctype_list_js = {
	"Dafater Lead": "dafater_crm/doctype/dafater_lead/lead_assignment_list.js",
	"Quotation": "public/js/erpnext/quotation_list.js",
}
user_data_fields = [
	{
		"doctype": "Dafater Contact Identity",
		"filter_by": "email_id",
		"redact_fields": ["display_name", "phone"],
	},
	{
		"doctype": "Dafater Form Submission",
		"filter_by": "email_id",
		"redact_fields": ["person_name", "mobile_no", "received_values", "ip_address", "user_agent"],
	},
	{
		"doctype": "Dafater Lead",
		"filter_by": "email_id",
		"redact_fields": [
			*("lead_name", "lead_name_latin", "title", "mobile_no", "phone", "whatsapp_no", "national_id"),
		],
	},
	{
		"doctype": "Dafater Prospect",
		"filter_by": "email_id",
		"redact_fields": ["mobile_no", "phone", "whatsapp_no"],
	},
]

scheduler_events = {
	"cron": {
		"* * * * *": ["dafater_crm.records.inbox.every_minute.run"],
		"*/5 * * * *": ["dafater_crm.records.assignment_upkeep.run", "dafater_crm.records.nurture.drain.run"],
		"2-59/5 * * * *": ["dafater_crm.records.inbox.upkeep.run"],
	},
	"daily_long": [
		"dafater_crm.dafater_crm.doctype.dafater_contract.lifecycle.recompute_statuses",
		"dafater_crm.records.auto_close.run",
		"dafater_crm.records.form_intake.forget_addresses",
		"dafater_crm.records.inbox.retention.run",
		"dafater_crm.records.duplicate_search.run",
		"dafater_crm.records.recompute.repair_all",
		"dafater_crm.records.rescoring.daily",
	],
	"hourly": ["dafater_crm.records.import_run.resume_silent"],
	"weekly_long": ["dafater_crm.records.learnt.rebuild"],
	"hourly_long": ["dafater_crm.records.follow_up.run", "dafater_crm.records.nurture.enrol.run"],
}
