// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Sales Pipeline Analytics"] = {
	filters: [
		{
			fieldname: "based_on",
			label: __("Rows"),
			fieldtype: "Select",
			options: [
				{ value: "Owner", label: __("Owner") },
				{ value: "Stage", label: __("Stage") },
			],
			default: "Owner",
			reqd: 1,
		},
		{
			fieldname: "range",
			label: __("Columns"),
			fieldtype: "Select",
			options: [
				{ value: "Monthly", label: __("Monthly") },
				{ value: "Quarterly", label: __("Quarterly") },
			],
			default: "Monthly",
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
			default: frappe.datetime.month_start(),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.add_months(frappe.datetime.month_start(), 12), -1),
			reqd: 1,
		},
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
		},
		{ fieldname: "opportunity_owner", label: __("Owner"), fieldtype: "Link", options: "User" },
		{
			fieldname: "sales_stage",
			label: __("Sales Stage"),
			fieldtype: "Link",
			options: "Dafater Sales Stage",
		},
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
		$(report.page.wrapper).off("click.dafater").on("click.dafater", "a.dafater-pipeline-figure", (event) => {
			event.preventDefault();
			const { column, key } = event.currentTarget.dataset;
			const cell = report.columns.find((found) => found.fieldname === column);
			const chosen = {};
			for (const name of ["company", "opportunity_owner", "sales_stage", "source", "opportunity_type", "campaign", "market_segment"]) {
				const value = report.get_filter_value(name);
				if (value) chosen[name] = value;
			}
			const territory = report.get_filter_value("territory");
			if (territory) chosen.territory = ["descendants of (inclusive)", territory];
			const field = { Owner: "opportunity_owner", Stage: "sales_stage" }[report.get_filter_value("based_on")];
			// "" is the row or column of what is not filled in
			const exactly = (value) => (value ? value : ["is", "not set"]);
			if (key !== undefined) chosen[field] = exactly(key);
			chosen.status = ["in", ["Open", "Quotation", "Partially Ordered"]];
			if (cell && cell.no_date) chosen.expected_closing = ["is", "not set"];
			else chosen.expected_closing = ["between", [cell.first_day, cell.last_day]];
			frappe.set_route("List", "Dafater Opportunity", chosen);
		});
	},

	formatter(value, row, column, data, default_formatter) {
		if (data && data.is_total_row) {
			// in print the row of totals comes without its currency
			data = { ...data, currency: frappe.query_report.data[0].currency };
		}
		const shown = default_formatter(value, row, column, data);
		const figure = Boolean(column.no_date || column.first_day);
		// the row of totals has no key
		if (!data || data.key === undefined || !figure || !value) return shown;
		const key = frappe.utils.escape_html(data.key || "");
		return `<a href="#" class="dafater-pipeline-figure" data-column="${column.fieldname}" data-key="${key}">${shown}</a>`;
	},
};
