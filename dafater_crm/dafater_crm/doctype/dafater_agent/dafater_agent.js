// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Agent", {
	setup(frm) {
		frm.set_query("user", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},

	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		const may_write = Boolean(frm.perm[0]?.write);
		if (frm.doc.enabled && (may_write || frm.doc.user === frappe.session.user)) {
			const label = frm.doc.available ? __("Not Available Now") : __("Available Again");
			frm.add_custom_button(label, () => switch_availability(frm));
		}
		if (may_write && !(frm.doc.enabled && frm.doc.available)) {
			frm.add_custom_button(__("Return Untouched Work"), () => release(frm));
		}
	},
});

async function switch_availability(frm) {
	const args = { available: frm.doc.available ? 0 : 1, agent: frm.doc.name };
	await frappe.xcall("dafater_crm.api.assignment.set_availability", args);
	frm.reload_doc();
}

function release(frm) {
	const question = __("Leads that {0} has not begun go to other agents by the rules, or wait for one. Return them?", [
		frappe.utils.escape_html(frm.doc.full_name || frm.doc.user).bold(),
	]);
	frappe.confirm(question, async () => {
		const done = await frappe.xcall("dafater_crm.api.assignment.release", { agent: frm.doc.name });
		const message = done.queued
			? __("There are many leads. They are shared out in the background.")
			: __("{0} leads went to other agents, {1} wait for one.", [done.assigned, done.waiting]);
		frappe.show_alert({ message, indicator: "green" });
	});
}
