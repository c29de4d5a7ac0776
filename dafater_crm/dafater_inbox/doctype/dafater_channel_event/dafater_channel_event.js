// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

const SECONDS = 15; // in which a worker that is not busy has tried it

frappe.ui.form.on("Dafater Channel Event", {
	refresh(frm) {
		// JSON and exceptions run from left to right on a page that does not
		for (const field of ["body", "body_hash", "error"]) {
			$(frm.fields_dict[field].disp_area).attr("dir", "ltr");
		}
		if (frm.doc.status !== "Failed") return;
		frm.add_custom_button(__("Try Again"), async () => {
			const { name } = frm.doc;
			await frappe.call({
				method: "dafater_crm.api.deliveries.try_again",
				args: { delivery: name },
				freeze: true,
			});
			frappe.show_alert({ message: __("The delivery is being tried again."), indicator: "blue" });
			frm.clear_custom_buttons();
			tell(await outcome(frm, name));
			if (frm.doc.name === name) await frm.reload_doc();
		});
	},
});

/** What became of it, once a worker has counted the attempt; null when none did in time. */
async function outcome({ doctype }, name) {
	for (let waited = 0; waited < SECONDS; waited++) {
		await new Promise((resolve) => setTimeout(resolve, 1000));
		const { message } = await frappe.db.get_value(doctype, name, ["status", "attempts"]);
		if (message.attempts) return message.status;
	}
	return null;
}

function tell(status) {
	if (status === "Failed") {
		frappe.show_alert({ message: __("The delivery failed again. The error on it says why."), indicator: "red" }, 10);
	} else if (status) {
		frappe.show_alert({ message: __("The delivery was processed."), indicator: "green" });
	} else {
		frappe.show_alert({ message: __("The delivery waits for a worker. Look again in a minute."), indicator: "orange" }, 10);
	}
}
