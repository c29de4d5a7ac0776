// ERPNext's Sales Order form (hook `doctype_js`): the customer of our party, and its opportunities.
frappe.ui.form.on("Sales Order", {
	setup(frm) {
		const { OPEN_STATUSES } = dafater_crm.party_forms;
		dafater_crm.party_forms.limit_opportunities(frm, (doc) => ["Customer", doc.customer], OPEN_STATUSES);
	},

	refresh(frm) {
		return dafater_crm.party_forms.fill_customer(frm);
	},
});
