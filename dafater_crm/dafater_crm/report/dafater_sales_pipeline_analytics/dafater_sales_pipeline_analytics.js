// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Sales Pipeline Analytics"] = {
	filters: dafater_crm.reports.filters(
		dafater_crm.reports.select("based_on", __("Rows"), ["Owner", "Stage"], { default: "Owner", reqd: 1 }),
		dafater_crm.reports.select("range", __("Columns"), ["Monthly", "Quarterly"], { default: "Monthly", reqd: 1 }),
		"measure",
		["from_date", { default: frappe.datetime.month_start() }],
		["to_date", { default: frappe.datetime.add_days(frappe.datetime.add_months(frappe.datetime.month_start(), 12), -1) }],
		"company",
		"opportunity_owner",
		"sales_stage",
		"territory",
		"source",
		"opportunity_type",
		"campaign",
		"market_segment"
	),

	// a figure opens the list of the opportunities behind it; the row of totals has no key
	formatter(value, row, column, data, default_formatter) {
		const { chosen, exactly, figure, with_currency } = dafater_crm.reports;
		const shown = default_formatter(value, row, column, with_currency(data));
		if (data?.key === undefined || !(column.no_date || column.first_day) || !value) return shown;
		const fields = { Owner: "opportunity_owner", Stage: "sales_stage" };
		return figure(shown, "Dafater Opportunity", {
			...chosen("company", "opportunity_owner", "sales_stage", "territory", "source", "opportunity_type"),
			...chosen("campaign", "market_segment"),
			status: ["in", ["Open", "Quotation", "Partially Ordered"]],
			expected_closing: column.no_date ? ["is", "not set"] : ["between", [column.first_day, column.last_day]],
			[fields[frappe.query_report.get_filter_value("based_on")]]: exactly(data.key),
		});
	},
};
