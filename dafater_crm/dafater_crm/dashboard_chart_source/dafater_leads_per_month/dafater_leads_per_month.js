frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Leads per Month"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_leads_per_month.dafater_leads_per_month.get",
	filters: [],
};
