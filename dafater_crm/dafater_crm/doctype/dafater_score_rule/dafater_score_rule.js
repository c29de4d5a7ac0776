// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Score Rule", {
	async refresh(frm) {
		show_problem(frm);
		frm.add_custom_button(__("Count Matching Leads"), () => preview(frm));
		if (!frm.scorable) {
			const answer = await frappe.call({ method: "dafater_crm.api.scoring.fields", type: "GET" });
			frm.scorable = answer.message;
		}
		const choices = frm.scorable.map(({ value, label }) => ({ value, label }));
		frm.fields_dict.lead_field.set_data(choices);
		describe_value(frm);
	},

	lead_field: describe_value,
	operator: describe_value,
});

function show_problem(frm) {
	if (frm.doc.problem) {
		frm.dashboard.set_headline(__("This rule is broken: {0}.", [__(frm.doc.problem)]), "red");
	}
}

function describe_value(frm) {
	const field = (frm.scorable || []).find(({ value }) => value === frm.doc.lead_field);
	const several = ["Is One Of", "Is None Of", "Contains", "Does Not Contain"].includes(frm.doc.operator);
	// the box holds the field's name in the database: say what it is called on the form
	frm.set_df_property("lead_field", "description", frappe.utils.escape_html(field?.label || ""));
	const parts = [];
	if (Array.isArray(field?.options)) {
		parts.push(__("Choices: {0}.", [field.options.join(__(", "))]));
	} else if (field?.kind === "link") {
		parts.push(__("The name of a record of {0}, in English or Arabic.", [__(field.options)]));
	}
	if (field?.kind === "range") {
		parts.push(__("A range counts when every number in it meets the comparison."));
	}
	if (several) {
		parts.push(__("Several values: one a line."));
	}
	frm.set_df_property("value", "description", frappe.utils.escape_html(parts.join(" ")));
}

async function preview(frm) {
	const rule = JSON.stringify(frm.doc);
	const { matching, open } = await frappe.xcall("dafater_crm.api.scoring.preview", { rule });
	frappe.msgprint({
		title: __("Matching Leads"),
		message: __("{0} of {1} open leads that you see would match this rule now.", [matching, open]),
		indicator: matching ? "green" : "orange",
	});
}
