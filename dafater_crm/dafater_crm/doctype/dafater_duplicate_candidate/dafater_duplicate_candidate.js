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

async function show_comparison(frm) {
	const args = { keep: frm.kept, remove: other_lead(frm) };
	const wrapper = frm.fields_dict.compare_html.$wrapper;
	const shown = await dafater_crm.merge_leads.show(wrapper, args, frm.doc.__onload?.reasons);
	if (shown) add_merge_buttons(frm, args, wrapper);
}

function add_merge_buttons(frm, args, wrapper) {
	const buttons = {
		[__("Keep the Other Lead")]: () => {
			frm.kept = other_lead(frm);
			show_comparison(frm);
		},
		[__("Merge")]: () => dafater_crm.merge_leads.merge(wrapper, args),
	};
	for (const [label, press] of Object.entries(buttons)) {
		// a button of that name would keep what it did for the other choice
		frm.remove_custom_button(label);
		frm.add_custom_button(label, press);
	}
	frm.change_custom_button_type(__("Merge"), null, "primary");
}
