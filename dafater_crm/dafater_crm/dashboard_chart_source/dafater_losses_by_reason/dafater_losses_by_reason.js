frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Losses by Reason"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_losses_by_reason.dafater_losses_by_reason.get",
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
	],
};
