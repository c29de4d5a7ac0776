frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Open Issues by Priority"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_open_issues_by_priority.dafater_open_issues_by_priority.get",
	filters: [],
};
