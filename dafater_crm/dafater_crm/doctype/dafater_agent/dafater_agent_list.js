frappe.listview_settings["Dafater Agent"] = {
	add_fields: ["enabled", "available"],

	get_indicator(doc) {
		if (!doc.enabled) {
			return [__("Disabled"), "gray", "enabled,=,0"];
		}
		return doc.available ? [__("Available"), "green", "available,=,1"] : [__("Not Available"), "orange", "available,=,0"];
	},
};
