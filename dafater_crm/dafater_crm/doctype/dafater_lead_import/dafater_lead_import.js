// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

const RUNNING = ["Checking", "Importing", "Undoing"];

frappe.ui.form.on("Dafater Lead Import", {
	setup(frm) {
		frappe.call({ method: "dafater_crm.api.lead_import.fields", type: "GET" }).then(({ message }) => {
			const grid = frm.fields_dict.columns.grid;
			const labels = Object.fromEntries((message || []).map(({ value, label }) => [value, label]));
			grid.update_docfield_property("field", "options", message || []);
			// the grid would show the stored name of a field that is not being edited; Frappe looks for the formatter in the meta alone
			frappe.meta.get_docfield("Dafater Lead Import Column", "field").formatter = (value) => labels[value] || value || "";
			grid.refresh();
		});
	},

	onload(frm) {
		// the socket may be away: the form also looks by itself while the worker is busy
		frappe.realtime.on("dafater_lead_import", ({ name }) => name === frm.doc.name && look_again(frm));
		frm.look_timer = setInterval(() => RUNNING.includes(frm.doc.status) && look_again(frm), 3000);
	},

	on_hide(frm) {
		clearInterval(frm.look_timer);
	},

	refresh(frm) {
		frm.set_df_property("columns", "cannot_add_rows", true);
		frm.set_df_property("columns", "cannot_delete_rows", true);
		if (["Draft", "Checked"].includes(frm.doc.status) || (frm.doc.status === "Failed" && !has_rows(frm))) frm.enable_save();
		else frm.disable_save();
		show_progress(frm);
		show_result(frm);
		add_buttons(frm);
		if (!frm.is_new() && /\.xls[xm]$/i.test(frm.doc.file || "")) offer_sheets(frm);
	},
});

// a check counts rows and stores none
function has_rows(frm) {
	return frm.doc.rows_done && frm.doc.phase !== "Checking";
}

function look_again(frm) {
	if (frm.is_dirty() || frappe.get_route()[2] !== frm.doc.name) return;
	frm.reload_doc();
}

function add_buttons(frm) {
	if (frm.is_new() || frm.is_dirty()) return;
	const status = frm.doc.status;
	const press = (method, confirmation) => {
		const go = () => frappe.call(method, { name: frm.doc.name }).then(() => frm.reload_doc());
		return confirmation ? frappe.confirm(confirmation, go) : go();
	};
	if (["Draft", "Checked"].includes(status)) {
		frm.add_custom_button(__("Check the File"), () => press("dafater_crm.api.lead_import.check"));
		const start = frm.add_custom_button(__("Import the Leads"), () =>
			press("dafater_crm.api.lead_import.start", __("Import the leads of {0} now?", [frappe.utils.escape_html(frm.doc.title).bold()])),
		);
		if (status === "Checked") start.removeClass("btn-default").addClass("btn-primary");
	}
	if (["Stopped", "Failed"].includes(status))
		frm.add_custom_button(__("Continue"), () => press("dafater_crm.api.lead_import.resume"));
	if (["Checking", "Importing"].includes(status)) frm.add_custom_button(__("Stop"), () => press("dafater_crm.api.lead_import.stop"));
	if (["Completed", "Stopped", "Failed"].includes(status) && has_rows(frm) && frappe.model.can_delete("Dafater Lead"))
		frm.add_custom_button(__("Undo the Import"), () =>
			press(
				"dafater_crm.api.lead_import.undo",
				__(
					"Take back {0} new leads and empty the fields that were filled up? Leads that somebody has worked with since stay.",
					[String(frm.doc.created).bold()],
				),
			),
		);
}

function show_progress(frm) {
	frm.dashboard.clear_headline();
	if (frm.doc.error) frm.dashboard.set_headline_alert(frappe.utils.escape_html(frm.doc.error), "red");
	if (!RUNNING.includes(frm.doc.status)) return;
	const done = frm.doc.rows_done || 0;
	const total = frm.doc.total_rows;
	if (total) {
		frm.dashboard.show_progress(__(frm.doc.status), (100 * done) / total, __("{0} of {1} rows", [done, total]));
	} else {
		frm.dashboard.set_headline(`${__(frm.doc.status)}: ${__("{0} rows", [done])}`);
	}
}

function show_result(frm) {
	const wrapper = frm.fields_dict.result_html.$wrapper.empty();
	const doc = frm.doc;
	if (!doc.rows_done) return;
	const figures = [
		[doc.status === "Checked" ? __("Would be created") : __("New Leads"), doc.created, "green"],
		[doc.status === "Checked" ? __("Would be filled up") : __("Filled Up"), doc.merged, "blue"],
		[__("Skipped"), doc.skipped, "gray"],
		[__("Refused"), doc.refused, "red"],
		[__("Possible Duplicates"), doc.doubtful, "orange"],
	];
	const pills = figures
		.map(([label, count, colour]) => `<span class="indicator-pill ${colour}">${label}: ${format_number(count || 0, null, 0)}</span>`)
		.join(" ");
	wrapper.append(`<p>${pills}</p>`);
	if (doc.status === "Checked") show_examples(wrapper, JSON.parse(doc.examples || "{}"));
	else
		$(`<p><a>${__("Show what became of each row")}</a></p>`)
			.appendTo(wrapper)
			.find("a")
			.on("click", () => frappe.set_route("List", "Dafater Lead Import Row", { lead_import: doc.name }));
}

function show_examples(wrapper, examples) {
	const escape = frappe.utils.escape_html;
	for (const outcome of ["Refused", "Filled Up", "Skipped", "Created"]) {
		if (!(examples[outcome] || []).length) continue;
		const rows = examples[outcome]
			.map(
				(row) =>
					`<tr><td>${row.row}</td><td><bdi>${escape(row.name || "")}</bdi></td>
					<td><bdi>${escape((row.reasons || []).join(" "))}</bdi></td></tr>`,
			)
			.join("");
		wrapper.append(
			`<h6>${__(outcome)}</h6><table class="table table-bordered table-sm">
			<thead><tr><th>${__("Row")}</th><th>${__("Name")}</th><th>${__("Reasons")}</th></tr></thead>
			<tbody>${rows}</tbody></table>`,
		);
	}
}

function offer_sheets(frm) {
	frappe.call({ method: "dafater_crm.api.lead_import.sheets", type: "GET", args: { name: frm.doc.name } }).then(({ message }) => {
		frm.set_df_property("sheet", "options", message || []);
	});
}
