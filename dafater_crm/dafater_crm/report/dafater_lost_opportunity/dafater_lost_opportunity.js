// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Lost Opportunity"] = {
	filters: dafater_crm.reports.filters(
		"from_date",
		"to_date",
		"company",
		"lost_reason",
		"competitor",
		"opportunity_owner",
		"territory",
		"party_type",
		"party_name",
		"source",
		"opportunity_type",
		"campaign",
		"market_segment",
		"most_rows"
	),

	onload(report) {
		report.page.add_inner_button(__("Open the List"), () => {
			const { chosen, period } = dafater_crm.reports;
			const { lost_reason, competitor, ...others } = chosen(
				"company",
				"opportunity_owner",
				"territory",
				"party_type",
				"party_name",
				"source",
				"opportunity_type",
				"campaign",
				"market_segment",
				"lost_reason",
				"competitor"
			);
			if (lost_reason) others["Dafater Opportunity Lost Reason Detail.lost_reason"] = lost_reason;
			if (competitor) others["Dafater Opportunity Competitor.competitor"] = competitor;
			frappe.set_route("List", "Dafater Opportunity", { ...others, status: "Lost", lost_on: period() });
		});
	},

	formatter(value, row, column, data, default_formatter) {
		return default_formatter(value, row, column, dafater_crm.reports.with_currency(data));
	},
};
