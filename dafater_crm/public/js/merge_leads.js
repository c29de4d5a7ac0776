// Merging two leads, field by field: on the form of a possible duplicate, from a lead, and from two leads of the list.
frappe.provide("dafater_crm.merge_leads");

const LEAD = "Dafater Lead";

Object.assign(dafater_crm.merge_leads, {
	// The two leads side by side in `wrapper`, the value that stays chosen in each row. `args`: {keep, remove}, their names.
	// False where somebody was quicker than the server, and another pair is asked for by now.
	async show(wrapper, args, reasons = []) {
		wrapper.data("asked", args);
		const { message } = await frappe.call({ method: "dafater_crm.api.duplicates.compare", type: "GET", args });
		if (wrapper.data("asked") !== args) return false;
		wrapper.html(comparison(message, args, reasons));
		return true;
	},

	// Ask once more, merge, and open the lead that stays.
	merge(wrapper, args, done) {
		const take = wrapper
			.find("input[value=remove]:checked")
			.map((_place, input) => input.name)
			.get();
		const question = __(
			"Merge the two leads? Everything of the second goes to the first. It can be undone for thirty days.",
		);
		frappe.confirm(question, async () => {
			const { message } = await frappe.call("dafater_crm.api.duplicates.merge", { ...args, take });
			frappe.show_alert({ message: __("The leads have been merged."), indicator: "green" });
			done?.();
			frappe.set_route("Form", LEAD, message.lead);
		});
	},

	open_dialog,

	// From the form of a lead: which one is the same?
	with_another(frm) {
		const fields = [
			{
				fieldname: "other",
				fieldtype: "Link",
				label: __("Lead to Merge"),
				options: LEAD,
				reqd: 1,
				get_query: () => ({ filters: { name: ["!=", frm.doc.name] } }),
			},
		];
		const next = async ({ other }) => {
			await dafater_crm.follow_up.save_first(frm);
			open_dialog(frm.doc.name, other);
		};
		frappe.prompt(fields, next, __("Merge with Another Lead"), __("Compare"));
	},

	// From the list: the two that are ticked.
	selected(list) {
		const names = list.get_checked_items(true);
		if (names.length !== 2) {
			frappe.msgprint(__("Choose exactly two leads to merge."));
			return;
		}
		open_dialog(...names.sort());
	},
});

function open_dialog(keep, remove) {
	let shown = { keep, remove };
	const show = async (args) => {
		if (await dafater_crm.merge_leads.show(wrapper, args)) shown = args;
	};
	const dialog = new frappe.ui.Dialog({
		title: __("Merge Two Leads"),
		size: "large",
		fields: [{ fieldname: "comparison", fieldtype: "HTML" }],
		primary_action_label: __("Merge"),
		primary_action: () => dafater_crm.merge_leads.merge(wrapper, shown, () => dialog.hide()),
		secondary_action_label: __("Keep the Other Lead"),
		secondary_action: () => show({ keep: shown.remove, remove: shown.keep }),
	});
	const wrapper = dialog.fields_dict.comparison.$wrapper;
	// a reader who may not see one of the two gets Frappe's message and no dialog
	show(shown).then(() => dialog.show());
}

function comparison(message, args, reasons) {
	const escape = (value) => frappe.utils.escape_html(String(value ?? ""));
	const choice = (row, side, chosen) => `<td><label><input type="radio" name="${row.field}" value="${side}"
		${chosen ? "checked" : ""}> <bdi>${escape(row[side])}</bdi></label></td>`;
	const rows = message.fields.map(
		(row) => `<tr data-field="${row.field}"><th>${row.label}</th>
			${choice(row, "keep", row.keep)}${choice(row, "remove", !row.keep)}</tr>`,
	);
	const told = reasons.map((sentence) => `<li>${escape(sentence)}</li>`);
	const body = rows.length
		? rows.join("")
		: `<tr><td colspan="3" class="text-muted">${__("The two leads differ in no field.")}</td></tr>`;
	return `<ul>${told.join("")}</ul>
		<table class="table table-bordered"><thead><tr><th></th>
		<th>${__("Stays")}: <bdi>${escape(message.keep)}</bdi> (${escape(args.keep)})</th>
		<th>${__("Goes")}: <bdi>${escape(message.remove)}</bdi> (${escape(args.remove)})</th>
		</tr></thead><tbody>${body}</tbody></table>`;
}
