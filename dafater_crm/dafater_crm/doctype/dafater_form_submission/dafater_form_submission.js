// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Form Submission", {
	refresh(frm) {
		if (["Spam", "Refused"].includes(frm.doc.state) && frm.doc.form && !frm.doc.lead) {
			frm.add_custom_button(__("Make the Lead"), () =>
				frappe
					.xcall("dafater_crm.api.capture.release", { name: frm.doc.name })
					.then(() => frm.reload_doc())
			);
		}
	},
});
