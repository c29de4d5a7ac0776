// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Nurture Enrolment", {
	refresh(frm) {
		frm.disable_save();
		if (frm.is_new()) {
			return;
		}
		show_history(frm);
		const { status } = frm.doc;
		if (status === "Active") {
			add(frm, __("Pause"), "pause");
		}
		if (status === "Paused") {
			add(frm, __("Resume"), "resume");
		}
		if (["Active", "Paused"].includes(status)) {
			add(frm, __("Skip Next Step"), "skip_step", __("Leave out the next step?"));
			add(frm, __("Stop"), "stop_enrolment", __("Stop this sequence for good?"));
		}
	},
});

function add(frm, label, method, question) {
	const act = async () => {
		await frappe.xcall(`dafater_crm.api.nurture.${method}`, { name: frm.doc.name });
		frm.reload_doc();
	};
	frm.add_custom_button(label, () => (question ? frappe.confirm(question, act) : act()));
}

async function show_history(frm) {
	const rows = await frappe.xcall("dafater_crm.api.nurture.history", { name: frm.doc.name });
	const cell = (value) => `<td>${frappe.utils.escape_html(value ?? "")}</td>`;
	const lines = rows.map((row) => {
		const when = frappe.datetime.str_to_user(row.modified);
		return `<tr>${[row.step_no, __(row.kind), __(row.state), when, row.reason].map(cell).join("")}</tr>`;
	});
	const heads = [__("Step"), __("Kind"), __("Step Result"), __("Date"), __("Reason")];
	const head = heads.map((text) => `<th>${text}</th>`).join("");
	const table = `<table class="table table-bordered"><thead><tr>${head}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
	frm.fields_dict.history_html.$wrapper.html(
		lines.length ? table : `<p class="text-muted">${__("No step has run yet.")}</p>`
	);
}
