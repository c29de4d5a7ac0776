// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Region"] = {
	add_fields: ["disabled"],
	get_indicator(doc) {
		return doc.disabled
			? [__("Disabled"), "gray", "disabled,=,1"]
			: [__("Enabled"), "green", "disabled,=,0"];
	},
};
