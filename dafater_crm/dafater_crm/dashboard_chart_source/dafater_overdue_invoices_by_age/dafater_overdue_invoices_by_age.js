frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Overdue Invoices by Age"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_overdue_invoices_by_age.dafater_overdue_invoices_by_age.get",
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
	],
};
