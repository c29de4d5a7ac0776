// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Duplicate Candidate", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.status !== "Open") return;
		frm.add_custom_button(__("Not a Duplicate"), () =>
			frappe
				.call("dafater_crm.api.duplicates.dismiss", { name: frm.doc.name })
				.then(() => frm.reload_doc()),
		);
		frm.kept = frm.doc.lead_a;
		show_comparison(frm);
	},
});

function other_lead(frm) {
	return frm.kept === frm.doc.lead_a ? frm.doc.lead_b : frm.doc.lead_a;
}

function show_comparison(frm) {
	const args = { keep: frm.kept, remove: other_lead(frm) };
	frappe.call({ method: "dafater_crm.api.duplicates.compare", type: "GET", args }).then(({ message }) => {
		// somebody was quicker than the server
		if (args.keep !== frm.kept) return;
		const wrapper = frm.fields_dict.compare_html.$wrapper.empty();
		const escape = (value) => frappe.utils.escape_html(String(value ?? ""));
		const rows = message.fields
			.map(
				(row) => `<tr data-field="${row.field}"><th>${row.label}</th>
				<td><label><input type="radio" name="${row.field}" value="keep" ${row.keep ? "checked" : ""}>
				<bdi>${escape(row.keep)}</bdi></label></td>
				<td><label><input type="radio" name="${row.field}" value="remove" ${row.keep ? "" : "checked"}>
				<bdi>${escape(row.remove)}</bdi></label></td></tr>`,
			)
			.join("");
		const reasons = (frm.doc.__onload?.reasons || []).map((sentence) => `<li>${escape(sentence)}</li>`);
		wrapper.html(`<ul>${reasons.join("")}</ul>
			<table class="table table-bordered"><thead><tr><th></th>
			<th>${__("Stays")}: <bdi>${escape(message.keep)}</bdi> (${escape(args.keep)})</th>
			<th>${__("Goes")}: <bdi>${escape(message.remove)}</bdi> (${escape(args.remove)})</th>
			</tr></thead><tbody>${rows}</tbody></table>`);
		add_merge_buttons(frm, args, wrapper);
	});
}

function add_merge_buttons(frm, args, wrapper) {
	const buttons = {
		[__("Keep the Other Lead")]: () => {
			frm.kept = other_lead(frm);
			show_comparison(frm);
		},
		[__("Merge")]: () => merge(frm, args, wrapper),
	};
	for (const [label, press] of Object.entries(buttons)) {
		// a button of that name would keep what it did for the other choice
		frm.remove_custom_button(label);
		frm.add_custom_button(label, press);
	}
	frm.change_custom_button_type(__("Merge"), null, "primary");
}

function merge(frm, args, wrapper) {
	const take = wrapper
		.find("input[value=remove]:checked")
		.map((_place, input) => input.name)
		.get();
	const question = __(
		"Merge the two leads? Everything of the second goes to the first. It can be undone for thirty days.",
	);
	frappe.confirm(question, () =>
		frappe.call("dafater_crm.api.duplicates.merge", { ...args, take }).then(({ message }) => {
			frappe.show_alert({ message: __("The leads have been merged."), indicator: "green" });
			frappe.set_route("Form", "Dafater Lead", message.lead);
		}),
	);
}
