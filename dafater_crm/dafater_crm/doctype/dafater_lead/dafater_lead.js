// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

const OUT_OF_FUNNEL = ["Disqualified", "Do Not Contact"];

frappe.ui.form.on("Dafater Lead", {
	setup(frm) {
		frm.set_query("campaign", () => ({ filters: { status: ["not in", ["Completed", "Cancelled"]] } }));
		["source", "market_segment", "region"].forEach((fieldname) => {
			frm.set_query(fieldname, () => ({ filters: { disabled: 0 } }));
		});
		frm.set_query("lead_owner", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},

	refresh(frm) {
		frappe.dynamic_link = { doc: frm.doc, fieldname: "name", doctype: frm.doctype };
		frm.toggle_display("address_html", !frm.is_new());
		dafater_crm.customer_view.on_tab(frm);
		dafater_crm.lead_duplicates.show(frm);
		if (frm.is_new()) {
			frappe.contacts.clear_address_and_contact(frm);
			return;
		}
		frappe.contacts.render_address_and_contact(frm);
		add_create_buttons(frm);
		add_action_buttons(frm);
	},

	on_tab_change(frm) {
		dafater_crm.customer_view.on_tab(frm);
	},
});

dafater_crm.lead_duplicates.COMPARED.forEach((fieldname) => {
	frappe.ui.form.on("Dafater Lead", fieldname, (frm) => dafater_crm.lead_duplicates.show_known(frm));
});

function add_create_buttons(frm) {
	if (OUT_OF_FUNNEL.includes(frm.doc.status)) {
		return;
	}
	const documents = [
		["Dafater Opportunity", __("Opportunity"), "selling.make_opportunity_from_lead"],
		["Quotation", __("Quotation"), "selling.make_quotation_from_lead"],
		["Issue", __("Issue"), "service.make_issue_from_lead"],
	];
	documents
		.filter(([doctype]) => frappe.model.can_create(doctype))
		.forEach(([, label, method]) => {
			const open = () => frappe.model.open_mapped_doc({ method: `dafater_crm.api.${method}`, frm });
			frm.add_custom_button(label, open, __("Create"));
		});
	if (frappe.model.can_create("Dafater Appointment")) {
		frm.add_custom_button(__("Appointment"), () => new_appointment(frm), __("Create"));
	}
}

function add_action_buttons(frm) {
	if (!frm.perm[0]?.write) {
		return;
	}
	frm.add_custom_button(__("Merge with Another Lead"), () => dafater_crm.merge_leads.with_another(frm), __("Actions"));
	const { status, qualification_status } = frm.doc;
	if (OUT_OF_FUNNEL.includes(status)) {
		return;
	}
	if (status !== "Converted") {
		frm.add_custom_button(__("Convert"), () => convert(frm)).addClass("btn-primary-light");
		if (qualification_status !== "Qualified") {
			frm.add_custom_button(__("Qualify"), () => act(frm, "qualify", { name: frm.doc.name }, __("The lead is qualified.")));
		}
		frm.add_custom_button(__("Disqualify"), () => disqualify(frm), __("Actions"));
	}
	frm.add_custom_button(__("Log an Activity"), () => dafater_crm.follow_up.log_activity(frm, "follow_up_note"));
	frm.add_custom_button(__("Add to a Sequence"), () => dafater_crm.follow_up.enrol_form(frm), __("Actions"));
	if (frappe.model.can_read("Customer")) {
		frm.add_custom_button(__("Link to a Customer"), () => link_customer(frm), __("Actions"));
	}
}

function new_appointment(frm) {
	frappe.new_doc("Dafater Appointment", {
		subject: frm.doc.title,
		party_type: frm.doctype,
		party_name: frm.doc.name,
		contact_name: frm.doc.lead_name || frm.doc.title,
		contact_mobile: frm.doc.mobile_no,
		contact_email: frm.doc.email_id,
	});
}

function disqualify(frm) {
	const reasons = frappe.meta.get_docfield(frm.doctype, "disqualify_reason").options;
	const fields = [
		{ fieldname: "reason", fieldtype: "Select", label: __("Disqualify Reason"), options: reasons, reqd: 1 },
		{ fieldname: "details", fieldtype: "Small Text", label: __("Disqualify Details") },
	];
	const send = ({ reason, details }) =>
		act(frm, "disqualify", { name: frm.doc.name, reason, details }, __("The lead is disqualified."));
	frappe.prompt(fields, send, __("Disqualify the Lead"), __("Disqualify"));
}

function link_customer(frm) {
	const fields = [{ fieldname: "customer", fieldtype: "Link", label: __("Customer"), options: "Customer", reqd: 1 }];
	const send = ({ customer }) => {
		const args = { party_type: frm.doctype, party_name: frm.doc.name, customer };
		act(frm, "link_customer", args, __("The customer is linked."));
	};
	frappe.prompt(fields, send, __("Link to a Customer"), __("Link"));
}

function convert(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Convert the Lead"),
		fields: convert_fields(frm),
		primary_action_label: __("Convert"),
		primary_action: (values) => send_conversion(frm, dialog, values),
	});
	dialog.show();
}

function convert_fields(frm) {
	const may = (doctype) => frappe.model.can_create(doctype);
	const known = frm.doc.prospect;
	return [
		{
			fieldname: "make_prospect",
			fieldtype: "Check",
			label: __("Make a Prospect"),
			default: may("Dafater Prospect") && !known ? 1 : 0,
			hidden: known || !may("Dafater Prospect") ? 1 : 0,
			depends_on: "eval:!doc.prospect",
		},
		{
			fieldname: "prospect",
			fieldtype: "Link",
			label: __("Existing Prospect"),
			options: "Dafater Prospect",
			default: known,
			read_only: known ? 1 : 0,
			description: known ? "" : __("Choose one if the company is a prospect already."),
		},
		{
			fieldname: "make_opportunity",
			fieldtype: "Check",
			label: __("Make an Opportunity"),
			default: may("Dafater Opportunity") ? 1 : 0,
			hidden: may("Dafater Opportunity") ? 0 : 1,
		},
		{
			fieldname: "make_customer",
			fieldtype: "Check",
			label: __("Make a Customer"),
			hidden: may("Customer") ? 0 : 1,
			description: __("Not needed for a quotation: the first sales order makes the customer."),
		},
	];
}

async function send_conversion(frm, dialog, values) {
	if (!values.make_prospect && !values.prospect && !values.make_opportunity && !values.make_customer) {
		frappe.throw(__("Choose what the lead becomes."));
	}
	dialog.disable_primary_action();
	try {
		await dafater_crm.follow_up.save_first(frm);
		const args = {
			name: frm.doc.name,
			make_prospect: values.prospect ? 0 : cint(values.make_prospect),
			make_opportunity: cint(values.make_opportunity),
			make_customer: cint(values.make_customer),
			prospect: values.prospect || null,
		};
		const made = await frappe.xcall("dafater_crm.api.leads.convert", args);
		dialog.hide();
		frappe.show_alert({ message: __("The lead is converted."), indicator: "green" });
		await frm.reload_doc();
		open_made(made);
	} catch {
		// Frappe has shown the server's message; the dialog stays for another try
	} finally {
		dialog.enable_primary_action();
	}
}

function open_made(made) {
	if (made.opportunity) {
		frappe.set_route("Form", "Dafater Opportunity", made.opportunity);
	} else if (made.customer) {
		frappe.set_route("Form", "Customer", made.customer);
	} else if (made.prospect) {
		frappe.set_route("Form", "Dafater Prospect", made.prospect);
	}
}

async function act(frm, method, values, done) {
	try {
		await dafater_crm.follow_up.save_first(frm);
		await frappe.xcall(`dafater_crm.api.leads.${method}`, values);
	} catch {
		return; // Frappe has shown the server's message
	}
	frappe.show_alert({ message: done, indicator: "green" });
	frm.reload_doc();
}
