// ERPNext's Issue form (hook `doctype_js`): the opportunities of its lead or customer, in any status.
frappe.ui.form.on("Issue", {
	setup(frm) {
		dafater_crm.party_forms.limit_opportunities(frm, (doc) =>
			doc.dafater_lead ? ["Dafater Lead", doc.dafater_lead] : ["Customer", doc.customer]
		);
	},
});
