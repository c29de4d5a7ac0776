// ERPNext's Customer form (hook `doctype_js`): the customer view as a section of the dashboard.
frappe.ui.form.on("Customer", {
	refresh(frm) {
		dafater_crm.customer_view.on_dashboard(frm);
	},
});
