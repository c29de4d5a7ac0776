// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Nurture Sequence", {
	setup(frm) {
		frm.set_query("email_account", () => ({ filters: { enable_outgoing: 1 } }));
		frm.set_query("message_template", "steps", () => ({ filters: sendable_templates(frm) }));
	},

	async refresh(frm) {
		frm.set_intro(frm.doc.problem ? frappe.utils.escape_html(frm.doc.problem) : "", "orange");
		await offer_what_exists(frm);
		offer_fields(frm);
		show_variables(frm);
		if (!frm.is_new()) {
			add_buttons(frm);
		}
	},

	applies_to: offer_fields,
});

/** Kinds of steps that nothing can run yet are not offered. A new sequence was not loaded, so it asks. */
async function offer_what_exists(frm) {
	if (frm.is_new() && !frm.doc.__onload) {
		frm.doc.__onload = await frappe.xcall("dafater_crm.api.nurture.form_choices");
	}
	const { step_kinds, time_zones } = frm.doc.__onload || {};
	if (!step_kinds) {
		return;
	}
	const options = step_kinds.map((value) => ({ value, label: __(value) }));
	frm.fields_dict.steps.grid.update_docfield_property("kind", "options", options);
	frm.fields_dict.time_zone.set_data(time_zones);
}

/** Approved templates that need no file; a marketing template in a service sequence would go round consent. */
function sendable_templates(frm) {
	return {
		enabled: 1,
		approval: "Approved",
		account: ["in", frm.doc.__onload?.whatsapp_accounts || []],
		header_type: ["in", ["None", "Text"]],
		category: ["in", frm.doc.purpose === "Promotional" ? ["Utility", "Marketing"] : ["Utility"]],
	};
}

async function offer_fields(frm) {
	const doctype = frm.doc.applies_to;
	if (!doctype) {
		return;
	}
	const fields = await frappe.xcall("dafater_crm.api.nurture.condition_fields", { doctype });
	const options = fields.map(({ value, label }) => ({ value, label: label, description: value }));
	["conditions", "exit_conditions"].forEach((table) => {
		frm.fields_dict[table].grid.update_docfield_property("field", "options", options);
	});
}

function show_variables(frm) {
	const rows = (frm.doc.__onload?.variables || []).map(([name, meaning]) => {
		const code = frappe.utils.escape_html(`{{ ${name} }}`);
		return `<li><code dir="ltr">${code}</code> ${frappe.utils.escape_html(meaning)}</li>`;
	});
	const title = __("Words in double braces are filled in for each person:");
	frm.fields_dict.variables_html.$wrapper.html(
		rows.length ? `<p class="text-muted">${title}</p><ul class="text-muted">${rows.join("")}</ul>` : ""
	);
}

function add_buttons(frm) {
	frm.add_custom_button(__("Enrolments"), () => {
		frappe.set_route("List", "Dafater Nurture Enrolment", { sequence: frm.doc.name });
	});
	if (frm.perm[0]?.write && frm.doc.enrolment === "When Conditions Match") {
		frm.add_custom_button(__("Who Would Be Enrolled"), () => preview(frm));
	}
}

async function preview(frm) {
	const result = await frappe.xcall("dafater_crm.api.nurture.preview", { sequence: frm.doc.name });
	const lines = result.skipped.map(({ reason, count }) => `<li>${count}: ${frappe.utils.escape_html(reason)}</li>`);
	const rest = lines.length ? `<p>${__("Left out:")}</p><ul>${lines.join("")}</ul>` : "";
	frappe.msgprint({
		title: __("Who Would Be Enrolled"),
		message: `<p>${__("{0} records match and can be enrolled now.", [result.enrolled])}</p>${rest}`,
	});
}
