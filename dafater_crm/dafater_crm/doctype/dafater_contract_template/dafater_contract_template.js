// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater Contract Template", {
	async refresh(frm) {
		const { message } = await frappe.call({
			method: "dafater_crm.api.contracts.template_variables",
			type: "GET",
		});
		const rows = (message || []).map(({ variable, meaning }) =>
			$("<tr>").append($("<td>").append($("<code>").text(`{{ ${variable} }}`)), $("<td>").text(meaning))
		);
		const table = $('<table class="table table-bordered">').append($("<tbody>").append(rows));
		frm.get_field("variables_help").$wrapper.empty().append(table);
	},
});
