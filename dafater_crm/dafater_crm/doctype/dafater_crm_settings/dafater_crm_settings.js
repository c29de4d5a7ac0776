// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.ui.form.on("Dafater CRM Settings", {
	async refresh(frm) {
		const place = frm.fields_dict.learnt_html.$wrapper.empty();
		if (frappe.model.can_read("Dafater Learnt Model")) {
			const answer = await frappe.call({ method: "dafater_crm.api.scoring.learnt_state", type: "GET" });
			const models = answer.message || [];
			place.append(models.length ? models.map(model_part) : muted(__("Nothing has been learnt yet.")));
		}
	},
});

function model_part(model) {
	const { won, lost, measured_on } = model;
	const part = $('<div class="mb-3">').append(
		$("<div>").append($("<b>").text(model.team || __("All Teams")), ": ", $("<span>").text(__(model.state))),
		muted(__("{0} won and {1} lost leads.", [won, lost]))
	);
	if (measured_on) {
		const figures = [measured_on, figure(model.auc, 3), figure(model.log_loss, 4), figure(model.base_log_loss, 4)];
		part.append(
			muted(
				__(
					"Measured on the newest {0} leads: AUC {1} (guessing: 0.5), log loss {2} (the average alone: {3}; smaller is better).",
					figures
				)
			)
		);
	}
	return part;
}

function figure(value, places) {
	return Number(value || 0).toFixed(places);
}

function muted(text) {
	return $('<div class="text-muted small">').text(text);
}
