frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Pipeline by Month"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_pipeline_by_month.dafater_pipeline_by_month.get",
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
	],
};
