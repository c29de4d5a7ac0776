frappe.listview_settings["Dafater Assignment Rule"] = {
	add_fields: ["enabled", "problem"],

	get_indicator(doc) {
		if (!doc.enabled) {
			return [__("Disabled"), "gray", "enabled,=,0"];
		}
		return doc.problem ? [__("Problem"), "orange", "problem,is,set"] : [__("Enabled"), "green", "enabled,=,1"];
	},
};
