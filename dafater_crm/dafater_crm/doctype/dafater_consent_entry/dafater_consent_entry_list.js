// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Consent Entry"] = {
	add_fields: ["action"],
	get_indicator(doc) {
		const colour = doc.action === "Granted" ? "green" : "red";
		return [__(doc.action), colour, `action,=,${doc.action}`];
	},
};
