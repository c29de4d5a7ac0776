frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Opportunities by Stage"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_opportunities_by_stage.dafater_opportunities_by_stage.get",
	filters: [],
};
