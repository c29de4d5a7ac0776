// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Lead Details"] = {
	filters: [
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
		},
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.add_days(frappe.datetime.add_months(frappe.datetime.get_today(), -12), 1),
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			reqd: 1,
			default: frappe.datetime.get_today(),
		},
		{
			fieldname: "territory",
			label: __("Territory"),
			fieldtype: "Link",
			options: "Territory",
		},
		{
			fieldname: "source",
			label: __("Source"),
			fieldtype: "Link",
			options: "Dafater Lead Source",
		},
		{
			fieldname: "market_segment",
			label: __("Market Segment"),
			fieldtype: "Link",
			options: "Dafater Market Segment",
		},
		{
			fieldname: "campaign",
			label: __("Campaign"),
			fieldtype: "Link",
			options: "Dafater Campaign",
		},
		{
			fieldname: "lead_owner",
			label: __("Lead Owner"),
			fieldtype: "Link",
			options: "User",
		},
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				{ value: "New", label: __("New") },
				{ value: "Open", label: __("Open") },
				{ value: "Contacted", label: __("Contacted") },
				{ value: "Qualified", label: __("Qualified") },
				{ value: "Opportunity", label: __("Opportunity") },
				{ value: "Quotation", label: __("Quotation") },
				{ value: "Converted", label: __("Converted") },
				{ value: "Disqualified", label: __("Disqualified") },
				{ value: "Do Not Contact", label: __("Do Not Contact") },
			],
		},
		{
			fieldname: "most_rows",
			label: __("Most Rows"),
			fieldtype: "Int",
			default: 2000,
		},
	],
};
