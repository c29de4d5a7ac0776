frappe.listview_settings["Dafater Opportunity"] = {
	add_fields: ["status", "sales_stage", "party_title", "opportunity_amount", "currency", "expected_closing"],
	filters: [["status", "in", ["Open", "Quotation", "Partially Ordered"]]],
	hide_name_column: true,

	get_indicator(doc) {
		const colour = {
			Open: "orange",
			Quotation: "blue",
			"Partially Ordered": "yellow",
			Won: "green",
			Lost: "red",
			Closed: "gray",
		}[doc.status];
		return [__(doc.status), colour || "gray", `status,=,${doc.status}`];
	},
};
