// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Prospect", {
	setup(frm) {
		frm.set_query("parent_prospect", () => ({ filters: { name: ["!=", frm.doc.name || ""] } }));
		["source", "market_segment", "region"].forEach((fieldname) => {
			frm.set_query(fieldname, () => ({ filters: { disabled: 0 } }));
		});
		frm.set_query("prospect_owner", () => ({ filters: { enabled: 1, user_type: "System User" } }));
		frm.set_query("default_price_list", () => ({ filters: { enabled: 1, selling: 1 } }));
		frm.set_query("customer_group", () => ({ filters: { is_group: 0 } }));
	},

	refresh(frm) {
		frappe.dynamic_link = { doc: frm.doc, fieldname: "name", doctype: frm.doctype };
		frm.toggle_display("address_html", !frm.is_new());
		dafater_crm.customer_view.on_tab(frm);
		if (frm.is_new()) {
			frappe.contacts.clear_address_and_contact(frm);
			return;
		}
		frappe.contacts.render_address_and_contact(frm);
		add_create_buttons(frm);
		if (frm.perm[0]?.write && frappe.model.can_read("Customer")) {
			frm.add_custom_button(__("Link to a Customer"), () => link_customer(frm), __("Actions"));
		}
	},

	on_tab_change(frm) {
		dafater_crm.customer_view.on_tab(frm);
	},
});

function add_create_buttons(frm) {
	if (frm.doc.status === "Inactive") {
		return;
	}
	const mapped = (method) => () => frappe.model.open_mapped_doc({ method: `dafater_crm.api.${method}`, frm });
	const documents = [
		["Dafater Opportunity", __("Opportunity"), mapped("selling.make_opportunity_from_prospect")],
		["Quotation", __("Quotation"), mapped("selling.make_quotation_from_prospect")],
		["Dafater Lead", __("Dafater Lead"), () => new_lead(frm)],
		["Dafater Appointment", __("Appointment"), () => new_appointment(frm)],
	];
	documents
		.filter(([doctype]) => frappe.model.can_create(doctype))
		.forEach(([, label, open]) => frm.add_custom_button(label, open, __("Create")));
}

function new_lead(frm) {
	frappe.new_doc("Dafater Lead", {
		prospect: frm.doc.name,
		organisation_name: frm.doc.prospect_name,
		company: frm.doc.company,
		territory: frm.doc.territory,
	});
}

function new_appointment(frm) {
	frappe.new_doc("Dafater Appointment", {
		subject: frm.doc.prospect_name,
		party_type: frm.doctype,
		party_name: frm.doc.name,
		contact_name: frm.doc.prospect_name,
		contact_mobile: frm.doc.mobile_no,
		contact_email: frm.doc.email_id,
	});
}

function link_customer(frm) {
	const fields = [{ fieldname: "customer", fieldtype: "Link", label: __("Customer"), options: "Customer", reqd: 1 }];
	const send = async ({ customer }) => {
		const args = { party_type: frm.doctype, party_name: frm.doc.name, customer };
		try {
			if (frm.is_dirty()) {
				await frm.save();
			}
			await frappe.xcall("dafater_crm.api.leads.link_customer", args);
		} catch {
			return; // Frappe has shown the server's message
		}
		frappe.show_alert({ message: __("The customer is linked."), indicator: "green" });
		frm.reload_doc();
	};
	frappe.prompt(fields, send, __("Link to a Customer"), __("Link"));
}
