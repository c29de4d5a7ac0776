frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Expected Revenue by Stage"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_expected_revenue_by_stage.dafater_expected_revenue_by_stage.get",
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
	],
};
