// ERPNext's Sales Invoice form (hook `doctype_js`): the customer of our party, and its opportunities.
frappe.ui.form.on("Sales Invoice", {
	setup(frm) {
		// an invoice often follows the order that has already won the opportunity
		const statuses = [...dafater_crm.party_forms.OPEN_STATUSES, "Won"];
		dafater_crm.party_forms.limit_opportunities(frm, (doc) => ["Customer", doc.customer], statuses);
	},

	refresh(frm) {
		return dafater_crm.party_forms.fill_customer(frm);
	},
});
