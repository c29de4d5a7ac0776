// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Contract"] = {
	add_fields: ["status", "end_date"],
	has_indicator_for_draft: true,
	has_indicator_for_cancelled: true,
	get_indicator(doc) {
		const colour = {
			Draft: "gray",
			Sent: "blue",
			Signed: "cyan",
			Active: "green",
			Fulfilled: "darkgrey",
			Lapsed: "red",
			Expired: "orange",
			Terminated: "red",
			Cancelled: "gray",
		}[doc.status];
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
