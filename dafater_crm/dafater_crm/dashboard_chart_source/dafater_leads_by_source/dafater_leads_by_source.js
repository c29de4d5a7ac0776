frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Leads by Source"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_leads_by_source.dafater_leads_by_source.get",
	filters: [],
};
