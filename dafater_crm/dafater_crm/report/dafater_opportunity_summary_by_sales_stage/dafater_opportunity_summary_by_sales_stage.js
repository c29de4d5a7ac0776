// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Opportunity Summary by Sales Stage"] = {
	filters: [
		{
			fieldname: "based_on",
			label: __("Rows"),
			fieldtype: "Select",
			options: [
				{ value: "Owner", label: __("Owner") },
				{ value: "Source", label: __("Source") },
				{ value: "Type", label: __("Type") },
				{ value: "Territory", label: __("Territory") },
			],
			default: "Owner",
			reqd: 1,
		},
		{
			fieldname: "measure",
			label: __("Measure"),
			fieldtype: "Select",
			options: [
				{ value: "Count", label: __("Count") },
				{ value: "Amount", label: __("Amount") },
				{ value: "Weighted Amount", label: __("Weighted Amount") },
			],
			default: "Count",
			reqd: 1,
		},
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.quarter_start(),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.quarter_end(),
			reqd: 1,
		},
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
		},
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
		{ fieldname: "opportunity_owner", label: __("Owner"), fieldtype: "Link", options: "User" },
		{ fieldname: "territory", label: __("Territory"), fieldtype: "Link", options: "Territory" },
		{ fieldname: "source", label: __("Source"), fieldtype: "Link", options: "Dafater Lead Source" },
		{
			fieldname: "opportunity_type",
			label: __("Opportunity Type"),
			fieldtype: "Link",
			options: "Dafater Opportunity Type",
		},
		{ fieldname: "campaign", label: __("Campaign"), fieldtype: "Link", options: "Dafater Campaign" },
		{
			fieldname: "market_segment",
			label: __("Market Segment"),
			fieldtype: "Link",
			options: "Dafater Market Segment",
		},
	],

	onload(report) {
		// a figure opens the list of the opportunities behind it
		$(report.page.wrapper).off("click.dafater").on("click.dafater", "a.dafater-stage-figure", (event) => {
			event.preventDefault();
			const { column, key } = event.currentTarget.dataset;
			const cell = report.columns.find((found) => found.fieldname === column);
			const chosen = {};
			for (const name of ["company", "opportunity_owner", "source", "opportunity_type", "campaign", "market_segment"]) {
				const value = report.get_filter_value(name);
				if (value) chosen[name] = value;
			}
			const territory = report.get_filter_value("territory");
			if (territory) chosen.territory = ["descendants of (inclusive)", territory];
			const field = { Owner: "opportunity_owner", Source: "source", Type: "opportunity_type", Territory: "territory" }[report.get_filter_value("based_on")];
			// "" is the row or column of what is not filled in
			const exactly = (value) => (value ? value : ["is", "not set"]);
			if (key !== undefined) chosen[field] = exactly(key);
			chosen.transaction_date = [
				"between",
				[report.get_filter_value("from_date"), report.get_filter_value("to_date")],
			];
			const statuses = report.get_filter_value("status") || [];
			if (statuses.length) chosen.status = ["in", statuses];
			if (cell && cell.stage !== undefined) chosen.sales_stage = exactly(cell.stage);
			frappe.set_route("List", "Dafater Opportunity", chosen);
		});
	},

	formatter(value, row, column, data, default_formatter) {
		if (data && data.is_total_row) {
			// in print the row of totals comes without its currency
			data = { ...data, currency: frappe.query_report.data[0].currency };
		}
		const shown = default_formatter(value, row, column, data);
		const figure = column.fieldname === "total" || column.stage !== undefined;
		// the row of totals has no key
		if (!data || data.key === undefined || !figure || !value) return shown;
		const key = frappe.utils.escape_html(data.key || "");
		return `<a href="#" class="dafater-stage-figure" data-column="${column.fieldname}" data-key="${key}">${shown}</a>`;
	},
};
