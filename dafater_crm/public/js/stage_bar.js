// The sales stages in order above an opportunity, with the present one marked; a click moves the opportunity.
frappe.provide("dafater_crm.stage_bar");

const FRESH_FOR = 5 * 60 * 1000;
let cached = { at: 0, stages: null };

/** Resolve to the enabled stages in their order: [{name, sequence, probability, outcome}]. */
dafater_crm.stage_bar.stages = function () {
	if (!cached.stages || Date.now() - cached.at > FRESH_FOR) {
		const stages = frappe.db.get_list("Dafater Sales Stage", {
			fields: ["name", "sequence", "probability", "outcome"],
			filters: { disabled: 0 },
			order_by: "sequence asc",
			limit: 50,
		});
		cached = { at: Date.now(), stages };
		stages.catch(() => (cached = { at: 0, stages: null }));
	}
	return cached.stages;
};

/**
 * Draw the bar on an opportunity's form.
 * @param {function} move called with the chosen stage; it asks, calls the server and reloads the form.
 */
dafater_crm.stage_bar.show = async function (frm, move) {
	const name = frm.doc.name;
	const stages = await dafater_crm.stage_bar.stages();
	const layout = $(frm.layout.wrapper);
	layout.find(".dafater-stage-bar").remove();
	if (frm.is_new() || frm.doc.name !== name) {
		return;
	}
	layout.prepend(bar(frm, with_present(stages, frm.doc.sales_stage), move));
};

/** A stage that was disabled later is still where the opportunity stands. */
function with_present(stages, present) {
	if (!present || stages.some((stage) => stage.name === present)) {
		return stages;
	}
	return [...stages, { name: present, outcome: "Open", probability: null }];
}

function bar(frm, stages, move) {
	const present = stages.findIndex((stage) => stage.name === frm.doc.sales_stage);
	const list = $('<ol class="dafater-stages"></ol>').attr("aria-label", __("Sales Stages"));
	stages.forEach((stage, index) => list.append(step(frm, stage, index, present, move)));
	return $('<nav class="dafater-stage-bar"></nav>').attr("aria-label", __("Sales Stages")).append(list);
}

function step(frm, stage, index, present, move) {
	const button = $('<button type="button" class="dafater-stage"></button>');
	button.append($('<span class="dafater-stage-name"></span>').text(__(stage.name)));
	if (stage.probability !== null) {
		button.append($("<bdi class='dafater-stage-percent'></bdi>").text(`${cint(stage.probability)}%`));
	}
	button.attr("data-outcome", stage.outcome);
	if (index === present) {
		button.attr("aria-current", "step");
	} else if (index < present && stage.outcome === "Open") {
		button.addClass("is-passed");
	}
	const movable = index !== present && frm.perm[0]?.write && !frm.is_read_only?.();
	button.prop("disabled", !movable);
	button.on("click", () => move(stage));
	return $("<li></li>").append(button);
}
