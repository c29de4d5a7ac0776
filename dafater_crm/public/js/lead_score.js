// Why a lead has its score: the stored reasons, in the reader's language. Beside the figures on the form of a lead.

frappe.ui.form.on("Dafater Lead", {
	refresh(frm) {
		const place = frm.fields_dict.score_html?.$wrapper;
		if (!place) {
			return;
		}
		place.empty();
		if (!frm.is_new()) {
			place.append(points_part(frm.doc), chance_part(frm.doc));
		}
	},
});

const FEATURE_LABELS = {
	has_email: () => __("E-mail Is Known"),
	has_mobile: () => __("Mobile Number Is Known"),
	answered_within_an_hour: () => __("Answered Within an Hour"),
	interactions_in_the_first_days: () => __("Interactions in the First Three Days"),
};

function read_json(text) {
	try {
		return JSON.parse(text || "{}") || {};
	} catch {
		return {};
	}
}

function points_part(doc) {
	const reasons = read_json(doc.score_reasons).reasons || [];
	const part = $('<div class="mb-4">').append(heading(__("Why This Score")));
	if (!reasons.length) {
		return part.append(muted(__("No rule gives this lead points.")));
	}
	return part.append(reasons.map(reason_row));
}

function reason_row({ r: rule, p: points, n: times, g: group }) {
	const signed = `${points > 0 ? "+" : "−"}${Math.abs(points)}`;
	const colour = points > 0 ? "green" : "red";
	const details = times > 1 ? [__(group), __("{0} times", [times])] : [__(group)];
	return $('<div class="mb-1">').append(
		$(`<span class="indicator-pill no-indicator-dot ${colour}" dir="ltr">`).text(signed),
		" ",
		$("<bdi>").text(__(rule)),
		" ",
		$('<span class="text-muted small">').text(details.join(" · "))
	);
}

function chance_part(doc) {
	const learnt = read_json(doc.learnt_reasons);
	if (!learnt.state) {
		return "";
	}
	const part = $("<div>").append(heading(__("Chance Learnt From Closed Leads")));
	if (learnt.state === "Too Little Data") {
		const { won, won_needed, closed, closed_needed } = learnt;
		return part.append(
			muted(
				__("Too little data to learn from: {0} of {1} won leads, {2} of {3} closed leads.", [
					won,
					won_needed,
					closed,
					closed_needed,
				])
			)
		);
	}
	if (learnt.state !== "In Use") {
		return part.append(muted(__("What was learnt foretells no better than the average, so no chance is shown.")));
	}
	const percent = (value) => format_number(value, null, 1);
	part.append(
		$("<div>").text(
			__("{0} % of leads like this one were won; the average is {1} %.", [
				percent(doc.learnt_score),
				percent(learnt.average),
			])
		)
	);
	const factors = [...(learnt.up || []), ...(learnt.down || [])];
	return part.append(factors.map((factor) => factor_row(doc, factor)));
}

function factor_row(doc, { f: feature, v: value, x: ratio }) {
	const label = FEATURE_LABELS[feature]?.() || __(frappe.meta.get_label(doc.doctype, feature));
	const colour = ratio > 1 ? "green" : "red";
	return $('<div class="mb-1">').append(
		$(`<span class="indicator-pill no-indicator-dot ${colour}" dir="ltr">`).text(
			`× ${format_number(ratio, null, 2)}`
		),
		" ",
		$("<bdi>").text(label),
		": ",
		// a range such as 500+ has no letter that would tell its direction
		$("<bdi>").attr("dir", /^[\d+-]+$/.test(value) ? "ltr" : "auto").text(value ? __(value) : __("Not Set"))
	);
}

function heading(text) {
	return $('<div class="text-muted mb-2">').text(text);
}

function muted(text) {
	return $('<div class="text-muted small">').text(text);
}
