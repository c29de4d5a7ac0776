// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Channel Event", {
	refresh(frm) {
		if (frm.doc.status !== "Failed") return;
		frm.add_custom_button(__("Try Again"), async () => {
			await frappe.call({
				method: "dafater_crm.api.deliveries.try_again",
				args: { delivery: frm.doc.name },
				freeze: true,
			});
			await frm.reload_doc();
		});
	},
});
