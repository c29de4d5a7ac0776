// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Appointment"] = {
	add_fields: ["status"],
	filters: [["status", "in", ["Unverified", "Scheduled"]]],
	get_indicator(doc) {
		const colour = {
			Unverified: "orange",
			Scheduled: "blue",
			Completed: "green",
			"No Show": "red",
			Cancelled: "gray",
		}[doc.status];
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
