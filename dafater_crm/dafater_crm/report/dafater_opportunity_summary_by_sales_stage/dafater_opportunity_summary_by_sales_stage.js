// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Opportunity Summary by Sales Stage"] = {
	filters: dafater_crm.reports.filters(
		dafater_crm.reports.select("based_on", __("Rows"), ["Owner", "Source", "Type", "Territory"], {
			default: "Owner",
			reqd: 1,
		}),
		"measure",
		["from_date", { default: frappe.datetime.quarter_start() }],
		["to_date", { default: frappe.datetime.quarter_end() }],
		"company",
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "MultiSelectList",
			get_data: () =>
				["Open", "Quotation", "Partially Ordered", "Won", "Lost", "Closed"].map((status) => ({
					value: status,
					description: __(status, null, "Dafater Opportunity"),
				})),
		},
		"opportunity_owner",
		"territory",
		"source",
		"opportunity_type",
		"campaign",
		"market_segment"
	),

	// a figure opens the list of the opportunities behind it; the row of totals has no key
	formatter(value, row, column, data, default_formatter) {
		const { chosen, exactly, figure, period, with_currency } = dafater_crm.reports;
		const shown = default_formatter(value, row, column, with_currency(data));
		const counted = column.fieldname === "total" || column.stage !== undefined;
		if (data?.key === undefined || !counted || !value) return shown;
		const fields = { Owner: "opportunity_owner", Source: "source", Type: "opportunity_type", Territory: "territory" };
		return figure(shown, "Dafater Opportunity", {
			...chosen("company", "opportunity_owner", "territory", "source", "opportunity_type", "campaign"),
			...chosen("market_segment", "status"),
			...(column.stage === undefined ? {} : { sales_stage: exactly(column.stage) }),
			transaction_date: period(),
			[fields[frappe.query_report.get_filter_value("based_on")]]: exactly(data.key),
		});
	},
};
