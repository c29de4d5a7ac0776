// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Lead Owner Efficiency"] = {
	filters: [
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
		},
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.add_days(frappe.datetime.add_months(frappe.datetime.get_today(), -12), 1),
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.get_today(),
		},
		{
			fieldname: "territory",
			label: __("Territory"),
			fieldtype: "Link",
			options: "Territory",
		},
		{
			fieldname: "source",
			label: __("Source"),
			fieldtype: "Link",
			options: "Dafater Lead Source",
		},
		{
			fieldname: "market_segment",
			label: __("Market Segment"),
			fieldtype: "Link",
			options: "Dafater Market Segment",
		},
		{
			fieldname: "campaign",
			label: __("Campaign"),
			fieldtype: "Link",
			options: "Dafater Campaign",
		},
		{
			fieldname: "lead_owner",
			label: __("Lead Owner"),
			fieldtype: "Link",
			options: "User",
		},
	],

	// a number of leads opens the list of exactly those leads
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (column.fieldname !== "leads" || !data || !value) return shown;
		const address = dafater_leads_of_lead_owner(data);
		return `<a href="${frappe.utils.escape_html(address)}">${shown}</a>`;
	},
};

function dafater_leads_of_lead_owner(data) {
	const chosen = (name) => frappe.query_report.get_filter_value(name);
	const filters = new URLSearchParams();
	filters.set("creation", JSON.stringify(["Between", [chosen("from_date"), chosen("to_date")]]));
	if (chosen("territory")) {
		filters.set("territory", JSON.stringify(["descendants of (inclusive)", chosen("territory")]));
	}
	for (const name of ["company", "source", "market_segment", "campaign", "lead_owner"]) {
		if (chosen(name)) filters.set(name, chosen(name));
	}
	filters.set("lead_owner", data.lead_owner || JSON.stringify(["is", "not set"]));
	return `/app/dafater-lead?${filters}`;
}
