// Copyright (c) 2026, Dafater and contributors
// For license information, please see license.txt

// frappe.ui.form.on("Dafater Lead Import Row", {
// 	refresh(frm) {

// 	},
// });
