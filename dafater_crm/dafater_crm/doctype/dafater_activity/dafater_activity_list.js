// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Activity"] = {
	add_fields: ["status", "due_on"],
	filters: [["status", "=", "Open"]],
	get_indicator(doc) {
		if (doc.status === "Open" && doc.due_on && doc.due_on < frappe.datetime.now_datetime()) {
			return [__("Overdue"), "red", "status,=,Open|due_on,<,Now"];
		}
		const colour = { Open: "orange", Done: "green", Cancelled: "gray" }[doc.status];
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
