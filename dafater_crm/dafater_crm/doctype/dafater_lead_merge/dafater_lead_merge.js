// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Lead Merge", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.status !== "Merged" || frm.doc.undo_until < frappe.datetime.get_today()) return;
		frm.add_custom_button(__("Undo the Merge"), () =>
			frappe.confirm(__("Take the merge back? The removed lead returns with everything that was its own."), () =>
				frappe.call("dafater_crm.api.duplicates.undo", { name: frm.doc.name }).then(({ message }) => {
					if (message.left.length)
						frappe.msgprint(
							__("These fields were changed since and stay as they are: {0}", [
								message.left.map((field) => __(frappe.meta.get_label("Dafater Lead", field))).join(", "),
							]),
						);
					frappe.set_route("Form", "Dafater Lead", message.lead);
				}),
			),
		);
	},
});
