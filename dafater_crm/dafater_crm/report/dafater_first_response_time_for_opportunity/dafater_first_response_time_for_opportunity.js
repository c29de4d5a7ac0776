// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater First Response Time for Opportunity"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -12),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
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
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
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
	],

	onload(report) {
		// a figure opens the list of the opportunities behind it
		$(report.page.wrapper).off("click.dafater").on("click.dafater", "a.dafater-opportunities-of", (event) => {
			event.preventDefault();
			const { first, last } = event.currentTarget.dataset;
			const chosen = { creation: ["between", [first, last]] };
			for (const name of ["company", "opportunity_owner", "source", "opportunity_type"]) {
				const value = report.get_filter_value(name);
				if (value) chosen[name] = value;
			}
			const territory = report.get_filter_value("territory");
			if (territory) chosen.territory = ["descendants of (inclusive)", territory];
			frappe.set_route("List", "Dafater Opportunity", chosen);
		});
	},

	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data || column.fieldname !== "opportunities" || !data.first_day) return shown;
		return `<a href="#" class="dafater-opportunities-of" data-first="${data.first_day}" data-last="${data.last_day}">${shown}</a>`;
	},
};
