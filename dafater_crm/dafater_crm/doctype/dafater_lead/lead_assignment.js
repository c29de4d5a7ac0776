// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

// The lead's owner: handing it over by hand, and why it has this one.

frappe.ui.form.on("Dafater Lead", {
	refresh(frm) {
		frm.toggle_display(["section_assignment", "section_assignment_log"], !frm.is_new());
		if (!frm.is_new() && frm.perm[0]?.write) {
			frm.add_custom_button(__("Hand Over"), () => hand_over(frm), __("Actions"));
		}
		show_assignments(frm);
	},

	on_tab_change(frm) {
		show_assignments(frm);
	},
});

function hand_over(frm) {
	const fields = [
		{
			fieldname: "user",
			fieldtype: "Link",
			label: __("New Lead Owner"),
			options: "User",
			reqd: 1,
			get_query: () => ({ filters: { enabled: 1, user_type: "System User" } }),
		},
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
	];
	const send = async ({ user, reason }) => {
		if (frm.is_dirty()) {
			await frm.save();
		}
		await frappe.xcall("dafater_crm.api.assignment.hand_over", { lead: frm.doc.name, user, reason });
		frappe.show_alert({ message: __("The lead is handed over."), indicator: "green" });
		frm.reload_doc();
	};
	frappe.prompt(fields, send, __("Hand Over the Lead"), __("Hand Over"));
}

async function show_assignments(frm) {
	const field = frm.fields_dict.assignment_html;
	if (frm.is_new() || !field || frm.get_active_tab?.()?.df.fieldname !== "tab_tracking") {
		return;
	}
	const name = frm.doc.name;
	const answer = await frappe.call({ method: "dafater_crm.api.assignment.why", type: "GET", args: { lead: name } });
	const rows = answer.message;
	if (frm.doc.name === name) {
		field.$wrapper.html(rows.length ? table_of(rows) : `<p class="text-muted">${__("Nothing was assigned by rules or by hand yet.")}</p>`);
	}
}

function table_of(rows) {
	const headings = [__("Logged On"), __("Cause"), __("Assigned To"), __("Reasons"), __("Waited")];
	const head = headings.map((text) => `<th>${text}</th>`).join("");
	return `<div class="table-responsive"><table class="table table-bordered">
		<thead><tr>${head}</tr></thead><tbody>${rows.map(row_of).join("")}</tbody></table></div>`;
}

function row_of(row) {
	const text = (value) => frappe.utils.escape_html(value || "");
	const lines = [row.rule ? __("Rule: {0}", [text(row.rule)]) : "", ...row.reasons.map(text), text(row.note)];
	const people = row.previous ? __("{0}, previously {1}", [text(row.agent) || __("Nobody"), text(row.previous)]) : text(row.agent) || __("Nobody");
	return `<tr>
		<td class="text-nowrap">${frappe.datetime.str_to_user(row.on)}</td>
		<td>${text(row.cause)}</td>
		<td>${people}</td>
		<td>${lines.filter(Boolean).join("<br>")}</td>
		<td class="text-nowrap">${row.waited ? frappe.utils.get_formatted_duration(row.waited) : ""}</td>
	</tr>`;
}
