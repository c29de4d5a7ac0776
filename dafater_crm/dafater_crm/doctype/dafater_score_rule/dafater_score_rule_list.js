// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Score Rule"] = {
	add_fields: ["enabled", "problem"],
	get_indicator(doc) {
		if (doc.problem) {
			return [__(doc.problem), "red", `problem,=,${doc.problem}`];
		}
		return doc.enabled ? [__("Enabled"), "green", "enabled,=,1"] : [__("Disabled"), "gray", "enabled,=,0"];
	},
};
