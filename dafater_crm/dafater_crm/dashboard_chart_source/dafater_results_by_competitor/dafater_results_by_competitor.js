frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Results by Competitor"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_results_by_competitor.dafater_results_by_competitor.get",
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
	],
};
