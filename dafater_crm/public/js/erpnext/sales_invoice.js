// ERPNext's Sales Invoice form (hook `doctype_js`): the customer of our party, its opportunities, and sending the PDF.
frappe.ui.form.on("Sales Invoice", {
	setup(frm) {
		// an invoice often follows the order that has already won the opportunity
		const statuses = [...dafater_crm.party_forms.OPEN_STATUSES, "Won"];
		dafater_crm.party_forms.limit_opportunities(frm, (doc) => ["Customer", doc.customer], statuses);
	},

	refresh(frm) {
		if (frm.doc.docstatus === 1 && frm.perm[0]?.email) {
			frm.add_custom_button(__("Send to Customer"), () => dafater_crm.send_invoice.start(frm));
		}
		return dafater_crm.party_forms.fill_customer(frm);
	},
});

// A submitted invoice goes to its customer: at once where there is one way, else by choice.
frappe.provide("dafater_crm.send_invoice");

Object.assign(dafater_crm.send_invoice, {
	async start(frm) {
		// the same key for a repeated click: it is sent once
		const key = frappe.utils.get_random(20);
		const answer = await this.call(frm, { client_key: key });
		if (answer?.choose) {
			this.choose(frm, answer.choose, key);
		} else if (answer) {
			this.done(frm, answer);
		}
	},

	async call(frm, args) {
		try {
			const answer = await frappe.call({
				method: "dafater_crm.api.conversations.send_invoice",
				args: { invoice: frm.doc.name, ...args },
				freeze: true,
				freeze_message: __("The invoice is being prepared."),
			});
			return answer.message || null;
		} catch (error) {
			return null; // Frappe has shown it
		}
	},

	choose(frm, ways, key) {
		const dialog = new frappe.ui.Dialog({
			title: __("Send to Customer"),
			fields: [
				{
					fieldname: "way",
					fieldtype: "Select",
					label: __("Send By"),
					options: ways.map((way) => ({ value: way.key, label: way.label })),
					default: ways[0].key,
					reqd: 1,
				},
			],
			primary_action_label: __("Send"),
			primary_action: async ({ way }) => {
				const answer = await this.call(frm, { way, client_key: key });
				if (answer) {
					dialog.hide();
					this.done(frm, answer);
				}
			},
		});
		dialog.show();
	},

	done(frm, { sent_to, channel }) {
		const text = __("The invoice goes to {0} by {1}.", [frappe.utils.escape_html(sent_to), __(channel)]);
		frappe.show_alert({ message: text, indicator: "green" });
		frm.reload_doc();
	},
});
