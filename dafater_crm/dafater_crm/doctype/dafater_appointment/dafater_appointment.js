// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Appointment", {
	setup(frm) {
		frm.set_query("agent", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},

	refresh(frm) {
		if (frm.is_new() || !frm.perm[0]?.write) {
			return;
		}
		if (frm.doc.status !== "Completed") {
			frm.add_custom_button(__("Reschedule"), () => reschedule(frm));
		}
		if (["Unverified", "Scheduled"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Cancel Appointment"), () => cancel(frm));
		}
	},
});

function reschedule(frm) {
	const fields = [
		{ fieldname: "starts_on", fieldtype: "Datetime", label: __("Starts On"), reqd: 1, default: frm.doc.starts_on },
		{
			fieldname: "duration_minutes",
			fieldtype: "Int",
			label: __("Duration in Minutes"),
			reqd: 1,
			default: frm.doc.duration_minutes,
		},
	];
	frappe.prompt(fields, (values) => call(frm, "reschedule", values), __("Reschedule"), __("Move"));
}

function cancel(frm) {
	const fields = [{ fieldname: "reason", fieldtype: "Small Text", label: __("Cancel Reason"), reqd: 1 }];
	frappe.prompt(fields, (values) => call(frm, "cancel", values), __("Cancel Appointment"), __("Cancel Appointment"));
}

function call(frm, method, values) {
	frappe.call({
		method: `dafater_crm.api.appointments.${method}`,
		args: { name: frm.doc.name, ...values },
		freeze: true,
		callback: () => frm.reload_doc(),
	});
}
