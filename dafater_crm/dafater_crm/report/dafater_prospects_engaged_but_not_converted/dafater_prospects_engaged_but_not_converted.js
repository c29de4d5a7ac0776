// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Prospects Engaged But Not Converted"] = {
	filters: [
		{
			fieldname: "minimum_interactions",
			label: __("Minimum Interactions"),
			fieldtype: "Int",
			default: 2,
			reqd: 1,
		},
		{
			fieldname: "minimum_age",
			label: __("Minimum Age (Days)"),
			fieldtype: "Int",
			default: 30,
		},
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
		},
		{ fieldname: "lead", label: __("Lead Number"), fieldtype: "Link", options: "Dafater Lead" },
		{ fieldname: "lead_owner", label: __("Lead Owner"), fieldtype: "Link", options: "User" },
		{ fieldname: "territory", label: __("Territory"), fieldtype: "Link", options: "Territory" },
		{ fieldname: "source", label: __("Source"), fieldtype: "Link", options: "Dafater Lead Source" },
		{ fieldname: "campaign", label: __("Campaign"), fieldtype: "Link", options: "Dafater Campaign" },
		{
			fieldname: "market_segment",
			label: __("Market Segment"),
			fieldtype: "Link",
			options: "Dafater Market Segment",
		},
		{ fieldname: "most_rows", label: __("Most Rows"), fieldtype: "Int", default: 2000 },
	],

	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data || column.fieldname !== "interactions") return shown;
		// the lead's form shows them in its timeline
		return `<a href="/app/dafater-lead/${encodeURIComponent(data.lead)}">${shown}</a>`;
	},
};
