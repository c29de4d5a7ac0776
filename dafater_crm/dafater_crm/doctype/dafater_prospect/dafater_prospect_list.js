frappe.listview_settings["Dafater Prospect"] = {
	add_fields: ["status", "kind", "classification", "prospect_owner"],
	filters: [["status", "!=", "Inactive"]],
	hide_name_column: true,

	get_indicator(doc) {
		const colour = {
			New: "blue",
			Active: "orange",
			Opportunity: "purple",
			Quotation: "purple",
			Customer: "green",
			Inactive: "gray",
		}[doc.status];
		return [__(doc.status), colour || "gray", `status,=,${doc.status}`];
	},
};
