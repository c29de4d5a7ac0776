// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Form Submission"] = {
	add_fields: ["state"],
	get_indicator(doc) {
		const color = { Accepted: "green", Duplicate: "blue", Refused: "orange", Spam: "red" }[doc.state];
		return [__(doc.state), color, `state,=,${doc.state}`];
	},
};
