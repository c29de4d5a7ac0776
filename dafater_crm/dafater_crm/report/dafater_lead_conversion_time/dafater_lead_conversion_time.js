// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Lead Conversion Time"] = {
	filters: dafater_crm.reports.filters(
		"from_date",
		"to_date",
		"company",
		"territory",
		"source",
		"campaign",
		"market_segment",
		"lead_owner",
		"most_rows"
	),

	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data || column.fieldname !== "tickets" || !data.tickets) return shown;
		return dafater_crm.reports.figure(shown, "Issue", { dafater_lead: data.lead });
	},
};
