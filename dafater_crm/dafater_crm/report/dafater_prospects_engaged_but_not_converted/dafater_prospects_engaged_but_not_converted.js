// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Prospects Engaged But Not Converted"] = {
	filters: dafater_crm.reports.filters(
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
		"company",
		"lead",
		"lead_owner",
		"territory",
		"source",
		"campaign",
		"market_segment",
		"most_rows"
	),

	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data || column.fieldname !== "interactions") return shown;
		// the lead's form shows them in its timeline
		return `<a href="${frappe.utils.get_form_link("Dafater Lead", data.lead)}">${shown}</a>`;
	},
};
