// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Campaign"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colour = {
			Planned: "blue",
			Active: "green",
			Paused: "orange",
			Completed: "darkgrey",
			Cancelled: "gray",
		}[doc.status];
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
