// Who may be this lead already: its possible doubles, and contacts, customers and prospects with its phone, e-mail or numbers.
// Shown above the form, while a new lead is typed as well. The merge of two leads is in merge_leads.js.

const COMPARED = ["mobile_no", "phone", "whatsapp_no", "email_id", "vat_number", "cr_number"];
const OWN = "dafater-lead-duplicates";

frappe.provide("dafater_crm.lead_duplicates");

Object.assign(dafater_crm.lead_duplicates, {
	COMPARED,

	// On refresh of the form of a lead.
	show(frm) {
		frm.dafater_doubles = [];
		show_known(frm);
		if (!frm.is_new()) show_doubles(frm);
	},

	// When one of COMPARED was typed.
	show_known,
});

// The search runs after the save: what it found is asked for with the form, and shown until somebody has decided.
function show_doubles(frm) {
	const args = { name: frm.doc.name };
	frappe.call({ method: "dafater_crm.api.duplicates.of_lead", type: "GET", args }).then(({ message }) => {
		if (frm.doc.name !== args.name) return;
		frm.dafater_doubles = message || [];
		render(frm);
	});
}

function show_known(frm) {
	const values = Object.fromEntries(COMPARED.map((field) => [field, frm.doc[field] || ""]));
	const typed = JSON.stringify([frm.doc.name, values]);
	frm.dafater_typed = typed;
	frm.dafater_known = [];
	if (!Object.values(values).some(Boolean)) return render(frm);
	const args = { values, lead: frm.is_new() ? null : frm.doc.name };
	frappe.call({ method: "dafater_crm.api.duplicates.known_parties", args }).then(({ message }) => {
		// somebody typed on, or went to another lead
		if (frm.dafater_typed !== typed) return;
		frm.dafater_known = message || [];
		render(frm);
	});
}

function render(frm) {
	const doubles = frm.dafater_doubles || [];
	const known = frm.dafater_known || [];
	const lines = [...doubles.map(line_of_double), ...known.map((row) => line_of_known(frm, row))];
	// Frappe appends what it is given to what stands there, which may be somebody else's
	frm.layout.message.find(`.${OWN}`).parent().remove();
	if (!frm.layout.message.children(":not(.close-message)").length) frm.set_intro("");
	if (!lines.length) return;
	frm.layout.message.children(".close-message").remove();
	const certain = known.length || doubles.some((row) => row.certain);
	frm.set_intro(`<div class="${OWN}">${lines.join("<br>")}</div>`, certain ? "orange" : "blue");
}

function line_of_double(row) {
	const escape = frappe.utils.escape_html;
	if (!row.readable) {
		return __("This may be a lead of {0} already.", [escape(row.owner_name || __("somebody else"))]);
	}
	const link = frappe.utils.get_form_link("Dafater Duplicate Candidate", row.candidate);
	const title = `<bdi>${escape(row.title)}</bdi>`;
	const line = __("This may be {0} already ({1}%).", [title, Math.round(row.score)]);
	return `<a href="${link}">${line}</a> ${escape(row.told.join(" "))}`;
}

function line_of_known(frm, row) {
	const escape = frappe.utils.escape_html;
	const link = frappe.utils.get_form_link(row.doctype, row.name);
	const title = `<a href="${link}"><bdi>${escape(row.title)}</bdi></a>`;
	const label = __(frappe.meta.get_label(frm.doctype, row.matched_on), null, frm.doctype);
	if (row.contact) {
		const contact = `<bdi>${escape(row.contact)}</bdi>`;
		return __("Customer {0} is known with the same {1}, of the contact {2}.", [title, label, contact]);
	}
	return {
		Customer: () => __("Customer {0} is known with the same {1}.", [title, label]),
		Contact: () => __("Contact {0} is known with the same {1}.", [title, label]),
		"Dafater Prospect": () => __("Prospect {0} is known with the same {1}.", [title, label]),
	}[row.doctype]();
}
