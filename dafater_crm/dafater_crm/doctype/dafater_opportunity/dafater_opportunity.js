// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

const HIJRI_FIELDS = [
	"expected_closing",
	"documents_deadline",
	"enquiries_deadline",
	"submission_deadline",
	"opening_date",
	"bid_bond_expiry",
	"final_bond_expiry",
];
const OPEN_STATUSES = ["Open", "Quotation", "Partially Ordered"];

frappe.ui.form.on("Dafater Opportunity", {
	setup(frm) {
		set_party_queries(frm);
		set_other_queries(frm);
		// the prefix keeps our names apart from ERPNext's; among our own three kinds it only takes room
		const kinds = [__("Dafater Lead"), __("Dafater Prospect"), __("Customer")];
		const values = ["Dafater Lead", "Dafater Prospect", "Customer"];
		frm.set_df_property(
			"party_type",
			"options",
			values.map((value, index) => ({ value, label: kinds[index].replace("Dafater ", "") }))
		);
	},

	refresh(frm) {
		frappe.dynamic_link = { doc: frm.doc, fieldname: "party_name", doctype: frm.doc.party_type };
		dafater_crm.hijri.show(frm, HIJRI_FIELDS);
		dafater_crm.stage_bar.show(frm, (stage) => move_to(frm, stage));
		dafater_crm.customer_view.on_tab(frm);
		show_money_fields(frm);
		if (!frm.is_new()) {
			add_create_buttons(frm);
			add_action_buttons(frm);
		}
	},

	on_tab_change(frm) {
		dafater_crm.customer_view.on_tab(frm);
	},

	party_type(frm) {
		frm.set_value({ party_name: "", contact_person: "", customer_address: "" });
	},

	party_name(frm) {
		frappe.dynamic_link = { doc: frm.doc, fieldname: "party_name", doctype: frm.doc.party_type };
	},

	currency: fetch_rate,
	company: fetch_rate,
	transaction_date: fetch_rate,

	conversion_rate(frm) {
		set_totals(frm);
	},

	opportunity_amount(frm) {
		set_totals(frm);
	},

	probability(frm) {
		set_totals(frm);
	},

	sales_stage(frm) {
		dafater_crm.stage_bar.show(frm, (stage) => move_to(frm, stage));
	},
});

frappe.ui.form.on("Dafater Opportunity Item", {
	async item_code(frm, cdt, cdn) {
		const { item_code } = locals[cdt][cdn];
		if (!item_code) {
			return;
		}
		const { currency, company } = frm.doc;
		const args = { item_code, price_list: null, currency, company };
		const item = await frappe.xcall("dafater_crm.api.opportunities.item_price", args, "GET");
		// the row may have another item by now
		if (locals[cdt]?.[cdn]?.item_code === item_code) {
			const { item_name, uom, description, rate } = item;
			await frappe.model.set_value(cdt, cdn, { item_name, uom, description, rate });
			set_totals(frm);
		}
	},

	qty: set_totals,
	rate: set_totals,
	periods: set_totals,
	billing: set_totals,
	items_remove: set_totals,
});

function set_party_queries(frm) {
	const filters = {
		"Dafater Lead": { status: ["not in", ["Disqualified", "Do Not Contact"]] },
		"Dafater Prospect": { status: ["!=", "Inactive"] },
		Customer: { disabled: 0 },
	};
	frm.set_query("party_name", () => ({ filters: filters[frm.doc.party_type] || {} }));
	const of_party = (query) => () => ({
		query,
		filters: { link_doctype: frm.doc.party_type, link_name: frm.doc.party_name },
	});
	frm.set_query("contact_person", of_party("frappe.contacts.doctype.contact.contact.contact_query"));
	frm.set_query("customer_address", of_party("frappe.contacts.doctype.address.address.address_query"));
}

function set_other_queries(frm) {
	["sales_stage", "opportunity_type", "source", "market_segment"].forEach((fieldname) => {
		frm.set_query(fieldname, () => ({ filters: { disabled: 0 } }));
	});
	frm.set_query("opportunity_owner", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	frm.set_query("lost_reasons", () => ({ filters: { disabled: 0 } }));
	frm.set_query("competitor", "competitors", () => ({ filters: { disabled: 0 } }));
	frm.set_query("item_code", "items", () => ({ filters: { disabled: 0, is_sales_item: 1, has_variants: 0 } }));
}

function add_create_buttons(frm) {
	const { status, document_status } = frm.doc;
	const open = OPEN_STATUSES.includes(status);
	const documents = [
		["Quotation", __("Quotation"), "selling.make_quotation", open],
		["Sales Order", __("Sales Order"), "selling.make_sales_order", document_status && document_status !== "Ordered"],
		["Dafater Appointment", __("Appointment"), "service.make_appointment", open],
		["Dafater Contract", __("Contract"), "service.make_contract", open || status === "Won"],
		["Issue", __("Issue"), "service.make_issue_from_opportunity", true],
	];
	documents
		.filter(([doctype, , , wanted]) => wanted && frappe.model.can_create(doctype))
		.forEach(([, label, method]) => {
			const make = () => frappe.model.open_mapped_doc({ method: `dafater_crm.api.${method}`, frm });
			frm.add_custom_button(label, make, __("Create"));
		});
}

function add_action_buttons(frm) {
	if (!frm.perm[0]?.write) {
		return;
	}
	frm.add_custom_button(__("Log an Activity"), () => dafater_crm.follow_up.log_activity(frm, "next_step"));
	if (OPEN_STATUSES.includes(frm.doc.status)) {
		frm.add_custom_button(__("Add to a Sequence"), () => dafater_crm.follow_up.enrol_form(frm), __("Actions"));
		frm.add_custom_button(__("Set as Lost"), () => set_lost(frm), __("Actions"));
		const question = __("Close this opportunity without an outcome?");
		const close = () => frappe.confirm(question, () => act(frm, "close", {}));
		frm.add_custom_button(__("Close"), close, __("Actions"));
	} else {
		frm.add_custom_button(__("Reopen"), () => act(frm, "reopen", {}), __("Actions"));
	}
}

/** A click on the stage bar. Losing asks for reasons, winning asks once more. */
function move_to(frm, stage) {
	if (stage.outcome === "Lost") {
		set_lost(frm);
		return;
	}
	const move = () => act(frm, "set_stage", { stage: stage.name });
	if (stage.outcome === "Won") {
		frappe.confirm(__("Set this opportunity as won?"), move);
	} else if (frm.doc.status === "Lost" || frm.doc.status === "Won") {
		const name = frappe.utils.escape_html(__(stage.name));
		frappe.confirm(__("This opportunity has an outcome. Open it again at the stage {0}?", [name]), move);
	} else {
		move();
	}
}

function set_lost(frm) {
	const fields = [
		{
			fieldname: "lost_reasons",
			fieldtype: "Table MultiSelect",
			label: __("Lost Reasons"),
			options: "Dafater Opportunity Lost Reason Detail",
			reqd: 1,
			get_query: () => ({ filters: { disabled: 0 } }),
		},
		{
			fieldname: "competitors",
			fieldtype: "Table MultiSelect",
			label: __("Competitors"),
			options: "Dafater Opportunity Competitor",
			get_query: () => ({ filters: { disabled: 0 } }),
		},
		{ fieldname: "details", fieldtype: "Small Text", label: __("Lost Details") },
	];
	const send = (values) =>
		act(frm, "set_lost", {
			lost_reasons: values.lost_reasons.map((row) => row.lost_reason),
			competitors: (values.competitors || []).map((row) => row.competitor),
			details: values.details || null,
		});
	frappe.prompt(fields, send, __("Set as Lost"), __("Set as Lost"));
}

async function act(frm, method, values) {
	try {
		await dafater_crm.follow_up.save_first(frm);
		await frappe.xcall(`dafater_crm.api.opportunities.${method}`, { name: frm.doc.name, ...values });
	} catch {
		return; // Frappe has shown the server's message
	}
	await frm.reload_doc();
}

function company_currency(frm) {
	return frappe.get_doc(":Company", frm.doc.company)?.default_currency || frappe.boot.sysdefaults.currency;
}

/** The rate and the company's currency only where they say something; the amount only where no items give it. */
function show_money_fields(frm) {
	const own = company_currency(frm);
	const foreign = frm.doc.currency && frm.doc.currency !== own;
	frm.set_df_property("opportunity_amount", "read_only", frm.doc.items?.length ? 1 : 0);
	frm.toggle_display(["conversion_rate", "base_opportunity_amount", "base_total"], Boolean(foreign));
	if (foreign) {
		const note = __("How many {0} one {1} is worth.", [own, frm.doc.currency]);
		frm.set_df_property("conversion_rate", "description", note);
	}
}

async function fetch_rate(frm) {
	show_money_fields(frm);
	const own = company_currency(frm);
	const { currency, transaction_date } = frm.doc;
	if (!currency || currency === own) {
		await frm.set_value("conversion_rate", 1);
		return;
	}
	const args = { from_currency: currency, to_currency: own, transaction_date, args: "for_selling" };
	const rate = await frappe.xcall("erpnext.setup.utils.get_exchange_rate", args);
	if (frm.doc.currency === currency) {
		await frm.set_value("conversion_rate", flt(rate));
	}
}

/** Totals for the eye; the server computes them again when the opportunity is saved. */
function set_totals(frm) {
	const totals = { one_off_total: 0, recurring_total: 0 };
	(frm.doc.items || []).forEach((row) => {
		const periods = row.billing === "One-off" ? 1 : Math.max(1, cint(row.periods));
		row.amount = flt(flt(row.qty) * flt(row.rate) * periods, precision("amount", row));
		totals[row.billing === "One-off" ? "one_off_total" : "recurring_total"] += row.amount;
	});
	const doc = frm.doc;
	Object.assign(doc, totals, { total: totals.one_off_total + totals.recurring_total });
	if (doc.items?.length) {
		doc.opportunity_amount = doc.total;
	}
	const rate = flt(doc.conversion_rate);
	doc.base_total = flt(doc.total * rate);
	doc.base_opportunity_amount = flt(flt(doc.opportunity_amount) * rate);
	doc.weighted_amount = flt((doc.base_opportunity_amount * flt(doc.probability)) / 100);
	["items", "total", "one_off_total", "recurring_total", "base_total"].forEach((field) => frm.refresh_field(field));
	["opportunity_amount", "base_opportunity_amount", "weighted_amount"].forEach((field) => frm.refresh_field(field));
}
