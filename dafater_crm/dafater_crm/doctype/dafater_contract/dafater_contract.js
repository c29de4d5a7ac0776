// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Contract", {
	setup(frm) {
		frm.set_query("contract_template", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.is_new() || frm.doc.docstatus === 2 || !frm.perm[0]?.write) {
			return;
		}
		if (frm.doc.docstatus === 0 && frm.doc.contract_template) {
			frm.add_custom_button(__("Fill From Template"), () => fill(frm));
		}
		if (!frm.doc.sent_on && !frm.doc.signed_on) {
			frm.add_custom_button(__("Mark as Sent"), () => call(frm, "mark_sent", {}));
		}
		if (!frm.doc.signed_on) {
			frm.add_custom_button(__("Mark as Signed"), () => sign(frm));
		}
		if (frm.doc.docstatus === 1 && frm.doc.status !== "Terminated") {
			frm.add_custom_button(__("Terminate"), () => terminate(frm));
		}
	},
});

function fill(frm) {
	const question = __("The terms are written again from the template. What was typed into them is lost. Go on?");
	frappe.confirm(question, () => call(frm, "apply_template", {}));
}

function sign(frm) {
	const fields = [
		{ fieldname: "signee", fieldtype: "Data", label: __("Signed By"), reqd: 1 },
		{
			fieldname: "signed_on",
			fieldtype: "Datetime",
			label: __("Signed On"),
			reqd: 1,
			default: frappe.datetime.now_datetime(),
		},
	];
	frappe.prompt(fields, (values) => call(frm, "mark_signed", values), __("Mark as Signed"), __("Mark as Signed"));
}

function terminate(frm) {
	const fields = [
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Termination Reason"), reqd: 1 },
		{ fieldname: "on", fieldtype: "Date", label: __("Terminated On"), reqd: 1, default: frappe.datetime.get_today() },
	];
	frappe.prompt(fields, (values) => call(frm, "terminate", values), __("Terminate"), __("Terminate"));
}

async function call(frm, method, args) {
	if (frm.is_dirty()) {
		await frm.save(frm.doc.docstatus === 1 ? "Update" : "Save");
	}
	frappe.call({
		method: `dafater_crm.api.contracts.${method}`,
		args: { name: frm.doc.name, ...args },
		freeze: true,
		callback: () => frm.reload_doc(),
	});
}
