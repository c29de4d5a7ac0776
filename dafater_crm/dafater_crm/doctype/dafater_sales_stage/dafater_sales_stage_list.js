// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.listview_settings["Dafater Sales Stage"] = {
	add_fields: ["outcome", "disabled"],
	get_indicator(doc) {
		if (doc.disabled) {
			return [__("Disabled"), "gray", "disabled,=,1"];
		}
		const colour = { Open: "blue", Won: "green", Lost: "red" }[doc.outcome];
		return [__(doc.outcome), colour, `outcome,=,${doc.outcome}`];
	},
};
