// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Duplicate Candidate", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.status !== "Open") return;
		frm.add_custom_button(__("Not a Duplicate"), () =>
			frappe
				.call("dafater_crm.api.duplicates.dismiss", { name: frm.doc.name })
				.then(() => frm.reload_doc()),
		);
		show_comparison(frm);
	},
});

function show_comparison(frm) {
	const args = { keep: frm.doc.lead_a, remove: frm.doc.lead_b };
	frappe.call({ method: "dafater_crm.api.duplicates.compare", type: "GET", args }).then(({ message }) => {
		const wrapper = frm.fields_dict.compare_html.$wrapper.empty();
		const escape = (value) => frappe.utils.escape_html(String(value ?? ""));
		const rows = message.fields
			.map(
				(row) => `<tr data-field="${row.field}"><th>${row.label}</th>
				<td><label><input type="radio" name="${row.field}" value="keep" ${row.keep ? "checked" : ""}>
				<bdi>${escape(row.keep)}</bdi></label></td>
				<td><label><input type="radio" name="${row.field}" value="remove" ${row.keep ? "" : "checked"}>
				<bdi>${escape(row.remove)}</bdi></label></td></tr>`,
			)
			.join("");
		const reasons = JSON.parse(frm.doc.reasons || "[]").map((code) => `<li>${reason(code)}</li>`);
		wrapper.html(`<ul>${reasons.join("")}</ul>
			<table class="table table-bordered"><thead><tr><th></th>
			<th>${__("Stays")}: <bdi>${escape(message.keep)}</bdi> (${escape(frm.doc.lead_a)})</th>
			<th>${__("Goes")}: <bdi>${escape(message.remove)}</bdi> (${escape(frm.doc.lead_b)})</th>
			</tr></thead><tbody>${rows}</tbody></table>`);
		frm.add_custom_button(__("Merge"), () => merge(frm, args, wrapper)).addClass("btn-primary");
	});
}

function merge(frm, args, wrapper) {
	const take = wrapper
		.find("input[value=remove]:checked")
		.map((_place, input) => input.name)
		.get();
	const question = __(
		"Merge the two leads? Everything of the second goes to the first. It can be undone for thirty days.",
	);
	frappe.confirm(question, () =>
		frappe.call("dafater_crm.api.duplicates.merge", { ...args, take }).then(({ message }) => {
			frappe.show_alert({ message: __("The leads have been merged."), indicator: "green" });
			frappe.set_route("Form", "Dafater Lead", message.lead);
		}),
	);
}

function reason(code) {
	return {
		same_mobile: __("The mobile number is the same."),
		same_phone: __("The phone number is the same."),
		same_email: __("The e-mail address is the same."),
		similar_mobile: __("The mobile numbers differ in one digit."),
		similar_email: __("The e-mail addresses differ in one letter."),
		same_national_id: __("The national ID is the same."),
		same_cr_number: __("The commercial registration is the same."),
		same_vat_number: __("The VAT number is the same."),
		same_city: __("The city is the same."),
		mobile_differs: __("The mobile numbers differ."),
		email_differs: __("The e-mail addresses differ."),
		city_differs: __("The cities differ."),
		company_and_person: __("One is a company, the other a person."),
	}[code] || (code.endsWith("_differs") ? __("Another part of the name differs.") : __("The names agree."));
}
