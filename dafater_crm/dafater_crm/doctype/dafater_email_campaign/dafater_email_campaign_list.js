// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Email Campaign"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colour = {
			Draft: "gray",
			Scheduled: "blue",
			"In Progress": "green",
			Paused: "orange",
			Completed: "darkgrey",
			Cancelled: "gray",
		}[doc.status];
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
