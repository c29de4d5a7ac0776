// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Conversation", {
	refresh(frm) {
		frm.add_custom_button(__("Open in the Inbox"), () => frappe.set_route("dafater-inbox", frm.doc.name));
	},
});
