// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

// the field types that records/assignment_conditions.py can compare
const COMPARABLE = ["Check", "Currency", "Data", "Date", "Datetime", "Float", "Int", "Link", "Percent", "Select", "Small Text", "Text"];

frappe.ui.form.on("Dafater Assignment Rule", {
	setup(frm) {
		frm.set_query("team", () => ({ filters: { disabled: 0 } }));
		frm.set_query("agent", "agents", () => ({ filters: { enabled: 1 } }));
		frm.set_query("escalate_to", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},

	refresh(frm) {
		frm.set_intro(frm.doc.problem || "", "orange");
		frappe.model.with_doctype("Dafater Lead", () => offer_fields(frm));
	},
});

function offer_fields(frm) {
	const fields = frappe.meta
		.get_docfields("Dafater Lead")
		.filter((df) => df.label && !df.hidden && COMPARABLE.includes(df.fieldtype))
		.map((df) => ({ value: df.fieldname, label: __(df.label, null, "Dafater Lead") }));
	const labels = Object.fromEntries(fields.map(({ value, label }) => [value, label]));
	const grid = frm.fields_dict.conditions.grid;
	grid.update_docfield_property("field", "options", fields);
	grid.update_docfield_property("field", "formatter", (value) => frappe.utils.escape_html(labels[value] || value || ""));
	// stored choices are English, one a line
	const shown = (value) => (value || "").split("\n").map((one) => frappe.utils.escape_html(__(one)));
	grid.update_docfield_property("value", "formatter", (value) => shown(value).join(" · "));
	grid.refresh();
}
