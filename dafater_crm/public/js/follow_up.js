// What leads and opportunities share in following up: log what took place, add to a sequence, act after a save.
frappe.provide("dafater_crm.follow_up");

const ACTIVITY = "Dafater Activity";
const KINDS = ["Call", "Meeting", "Visit", "Note", "E-mail"];

/** Save unsaved changes; rejects where the form refuses, with Frappe's message shown. */
dafater_crm.follow_up.save_first = async function (frm) {
	if (frm.is_dirty()) {
		await frm.save();
	}
};

/**
 * A dialog for a call, visit or note that took place, its outcome and the next follow-up.
 * `note_field`: where the form keeps the note of the next follow-up.
 */
dafater_crm.follow_up.log_activity = async function (frm, note_field) {
	await frappe.model.with_doctype(ACTIVITY);
	const send = (values) => log(frm, note_field, values);
	frappe.prompt(activity_fields(frm, note_field), send, __("Log an Activity"), __("Save"));
};

function activity_fields(frm, note_field) {
	const outcomes = frappe.meta.get_docfield(ACTIVITY, "outcome").options;
	return [
		{ fieldname: "activity_type", fieldtype: "Select", label: __("Activity Type"), options: KINDS.join("\n"), default: "Call", reqd: 1 },
		{ fieldname: "subject", fieldtype: "Data", label: __("Subject") },
		{ fieldname: "outcome", fieldtype: "Select", label: __("Outcome"), options: outcomes },
		{ fieldname: "notes", fieldtype: "Small Text", label: __("Notes") },
		{ fieldname: "next_follow_up", fieldtype: "Date", label: __("Next Follow-up"), default: frm.doc.next_follow_up },
		{ fieldname: "follow_up_note", fieldtype: "Data", label: __("Follow-up Note"), default: frm.doc[note_field] },
	];
}

async function log(frm, note_field, values) {
	const changed = (given, known) => (given || "") !== (known || "");
	const moved = changed(values.next_follow_up, frm.doc.next_follow_up);
	const noted = changed(values.follow_up_note, frm.doc[note_field]);
	const reference = { reference_doctype: frm.doctype, reference_name: frm.doc.name };
	try {
		await dafater_crm.follow_up.save_first(frm);
		await frappe.xcall("dafater_crm.api.activities.log", { ...reference, set_follow_up: moved || noted ? 1 : 0, ...values });
	} catch {
		return; // Frappe has shown the server's message
	}
	frappe.show_alert({ message: __("The activity is logged."), indicator: "green" });
	frm.reload_doc();
}

/** Ask for a sequence that takes records of `doctype`, and hand it to `send`. */
dafater_crm.follow_up.choose_sequence = function (doctype, send) {
	const field = {
		fieldname: "sequence",
		fieldtype: "Link",
		label: __("Nurture Sequence"),
		options: "Dafater Nurture Sequence",
		get_query: () => ({ filters: { enabled: 1, applies_to: doctype } }),
		reqd: 1,
	};
	frappe.prompt([field], ({ sequence }) => send(sequence), __("Add to a Sequence"), __("Add"));
};

/** Resolve to what the server did with `names`: `enrolled`, and `skipped` with reasons. */
dafater_crm.follow_up.enrol = function (sequence, names) {
	return frappe.xcall("dafater_crm.api.nurture.enrol_records", { sequence, names });
};

/** The dialog of one form: says that the record was added, or why not. */
dafater_crm.follow_up.enrol_form = function (frm) {
	dafater_crm.follow_up.choose_sequence(frm.doctype, async (sequence) => {
		let result;
		try {
			await dafater_crm.follow_up.save_first(frm);
			result = await dafater_crm.follow_up.enrol(sequence, [frm.doc.name]);
		} catch {
			return; // Frappe has shown the server's message
		}
		if (result.enrolled) {
			frappe.show_alert({ message: __("Added to the sequence."), indicator: "green" });
		} else {
			frappe.msgprint(result.skipped.map(({ reason }) => frappe.utils.escape_html(reason)).join("<br>"));
		}
	});
};

/** The dialog of a list: says how many were added, and for which reasons others were not. */
dafater_crm.follow_up.enrol_list = function (list) {
	const names = list.get_checked_items(true);
	dafater_crm.follow_up.choose_sequence(list.doctype, async (sequence) => {
		const result = await dafater_crm.follow_up.enrol(sequence, names);
		const left = result.skipped.map(({ reason, count }) => `<li>${count}: ${frappe.utils.escape_html(reason)}</li>`);
		frappe.msgprint({
			title: __("Add to a Sequence"),
			message: `<p>${__("{0} records were added.", [result.enrolled])}</p><ul>${left.join("")}</ul>`,
		});
	});
};
