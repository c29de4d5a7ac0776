frappe.listview_settings["Dafater Lead"] = {
	add_fields: ["status", "lead_owner", "organisation_name", "mobile_no", "next_follow_up"],
	filters: [["status", "not in", ["Converted", "Disqualified", "Do Not Contact"]]],
	hide_name_column: true,

	onload(list) {
		if (frappe.model.can_write("Dafater Lead")) {
			list.page.add_actions_menu_item(__("Merge Two Leads"), () => dafater_crm.merge_leads.selected(list), true);
		}
		if (frappe.model.can_read("Dafater Nurture Sequence") && frappe.model.can_write("Dafater Lead")) {
			list.page.add_actions_menu_item(__("Add to a Sequence"), () => dafater_crm.follow_up.enrol_list(list), true);
		}
	},

	get_indicator(doc) {
		const colour = {
			New: "blue",
			Open: "orange",
			Contacted: "yellow",
			Qualified: "cyan",
			Opportunity: "purple",
			Quotation: "purple",
			Converted: "green",
			Disqualified: "gray",
			"Do Not Contact": "red",
		}[doc.status];
		return [__(doc.status), colour || "gray", `status,=,${doc.status}`];
	},
};
