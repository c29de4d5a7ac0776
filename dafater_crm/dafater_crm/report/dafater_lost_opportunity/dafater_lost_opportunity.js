// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.query_reports["Dafater Lost Opportunity"] = {
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
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
		},
		{
			fieldname: "lost_reason",
			label: __("Lost Reason"),
			fieldtype: "MultiSelectList",
			options: "Dafater Opportunity Lost Reason",
			get_data: (text) => frappe.db.get_link_options("Dafater Opportunity Lost Reason", text),
		},
		{
			fieldname: "competitor",
			label: __("Competitor"),
			fieldtype: "MultiSelectList",
			options: "Dafater Competitor",
			get_data: (text) => frappe.db.get_link_options("Dafater Competitor", text),
		},
		{ fieldname: "opportunity_owner", label: __("Owner"), fieldtype: "Link", options: "User" },
		{ fieldname: "territory", label: __("Territory"), fieldtype: "Link", options: "Territory" },
		{
			fieldname: "party_type",
			label: __("Party Type"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				{ value: "Dafater Lead", label: __("Dafater Lead") },
				{ value: "Dafater Prospect", label: __("Dafater Prospect") },
				{ value: "Customer", label: __("Customer") },
			],
			on_change: (report) => report.set_filter_value("party_name", ""),
		},
		{
			fieldname: "party_name",
			label: __("Party"),
			fieldtype: "Dynamic Link",
			options: "party_type",
			depends_on: "eval:doc.party_type",
		},
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
		report.page.add_inner_button(__("Open the List"), () => {
			const chosen = {
				status: "Lost",
				lost_on: ["between", [report.get_filter_value("from_date"), report.get_filter_value("to_date")]],
			};
			const equal = ["company", "opportunity_owner", "party_type", "party_name", "source"];
			for (const name of [...equal, "opportunity_type", "campaign", "market_segment"]) {
				const value = report.get_filter_value(name);
				if (value) chosen[name] = value;
			}
			const territory = report.get_filter_value("territory");
			if (territory) chosen.territory = ["descendants of (inclusive)", territory];
			const reasons = report.get_filter_value("lost_reason") || [];
			if (reasons.length) {
				chosen["Dafater Opportunity Lost Reason Detail.lost_reason"] = ["in", reasons];
			}
			const competitors = report.get_filter_value("competitor") || [];
			if (competitors.length) chosen["Dafater Opportunity Competitor.competitor"] = ["in", competitors];
			frappe.set_route("List", "Dafater Opportunity", chosen);
		});
	},

	formatter(value, row, column, data, default_formatter) {
		if (data && data.is_total_row) {
			// in print the row of totals comes without its currency
			data = { ...data, currency: frappe.query_report.data[0].currency };
		}
		return default_formatter(value, row, column, data);
	},
};
