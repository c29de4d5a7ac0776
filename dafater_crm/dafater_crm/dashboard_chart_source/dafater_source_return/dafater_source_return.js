frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Dafater Source Return"] = {
	method: "dafater_crm.dafater_crm.dashboard_chart_source.dafater_source_return.dafater_source_return.get",
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
	],
};
