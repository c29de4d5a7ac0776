// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Lead Details"] = {
	filters: dafater_crm.reports.filters(
		"company",
		"from_date",
		"to_date",
		"territory",
		"source",
		"market_segment",
		"campaign",
		"lead_owner",
		dafater_crm.reports.select("status", __("Status"), [
			"",
			"New",
			"Open",
			"Contacted",
			"Qualified",
			"Opportunity",
			"Quotation",
			"Converted",
			"Disqualified",
			"Do Not Contact",
		]),
		"most_rows"
	),
};
