// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Nurture Sequence"] = {
	add_fields: ["enabled", "problem"],

	get_indicator(doc) {
		if (!doc.enabled) {
			return [__("Disabled"), "gray", "enabled,=,0"];
		}
		return doc.problem ? [__("Problem"), "orange", "problem,is,set"] : [__("Enabled"), "green", "enabled,=,1"];
	},
};
