// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Lead Conversion Time"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -12),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
		},
		{ fieldname: "territory", label: __("Territory"), fieldtype: "Link", options: "Territory" },
		{ fieldname: "source", label: __("Source"), fieldtype: "Link", options: "Dafater Lead Source" },
		{ fieldname: "campaign", label: __("Campaign"), fieldtype: "Link", options: "Dafater Campaign" },
		{
			fieldname: "market_segment",
			label: __("Market Segment"),
			fieldtype: "Link",
			options: "Dafater Market Segment",
		},
		{ fieldname: "lead_owner", label: __("Lead Owner"), fieldtype: "Link", options: "User" },
	],

	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data || column.fieldname !== "tickets" || !data.tickets) return shown;
		return `<a href="/app/issue?dafater_lead=${encodeURIComponent(data.lead)}">${shown}</a>`;
	},
};
