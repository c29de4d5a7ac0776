// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater First Response Time for Opportunity"] = {
	filters: dafater_crm.reports.filters(
		"from_date",
		"to_date",
		{
			fieldname: "group_by",
			label: __("One Row For Each"),
			fieldtype: "Select",
			options: [
				{ value: "", label: __("Day or Month") },
				{ value: "Day", label: __("Day") },
				{ value: "Month", label: __("Month") },
			],
		},
		"company",
		"opportunity_owner",
		"territory",
		"source",
		"opportunity_type",
		{ fieldname: "medians", label: __("Medians and 90%"), fieldtype: "Check" }
	),

	// a number opens the list of the opportunities behind it
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data || column.fieldname !== "opportunities" || !data.first_day) return shown;
		const { chosen, figure } = dafater_crm.reports;
		return figure(shown, "Dafater Opportunity", {
			...chosen("company", "opportunity_owner", "territory", "source", "opportunity_type"),
			creation: ["between", [data.first_day, data.last_day]],
		});
	},
};
