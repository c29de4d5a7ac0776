// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Lead Owner Efficiency"] = {
	filters: dafater_crm.reports.filters(
		"company",
		"from_date",
		"to_date",
		"territory",
		"source",
		"market_segment",
		"campaign",
		"lead_owner"
	),

	// a number of leads opens the list of exactly those leads
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (column.fieldname !== "leads" || !data || !value) return shown;
		const { chosen, exactly, figure, period } = dafater_crm.reports;
		return figure(shown, "Dafater Lead", {
			...chosen("company", "territory", "source", "market_segment", "campaign", "lead_owner"),
			creation: period(),
			lead_owner: exactly(data.lead_owner),
		});
	},
};
