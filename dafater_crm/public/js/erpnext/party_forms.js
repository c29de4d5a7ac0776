// Shared by our scripts on ERPNext's selling forms, and loaded before them (hook `doctype_js`).
// Frappe joins the scripts of all apps into one function, so nothing here is declared at the top level.
frappe.provide("dafater_crm.party_forms");

Object.assign(dafater_crm.party_forms, {
	OPEN_STATUSES: ["Open", "Quotation", "Partially Ordered"],

	is_ours(party_type) {
		return ["Dafater Lead", "Dafater Prospect"].includes(party_type);
	},

	// The Customer of our party, made and committed if need be; null after an error, which Frappe has shown.
	async ensure_customer(party_type, party_name) {
		try {
			const answer = await frappe.call({
				method: "dafater_crm.api.selling.ensure_customer",
				args: { party_type, party_name },
				freeze: true,
			});
			return answer.message || null;
		} catch (error) {
			return null;
		}
	},

	// A new order or invoice of our party gets its Customer by assignment: set_value would price every row anew.
	async fill_customer(frm) {
		const { name, customer, is_return, dafater_party_type, dafater_party } = frm.doc;
		const wanted = frm.is_new() && !customer && !is_return && dafater_party;
		if (!wanted || !this.is_ours(dafater_party_type) || frm.dafater_asked_for === name) {
			return;
		}
		frm.dafater_asked_for = name; // one question, and one message, for each document
		const found = await this.ensure_customer(dafater_party_type, dafater_party);
		// by now the user may be in another document, or have chosen a customer
		if (found && frm.doc.name === name && !frm.doc.customer) {
			frm.doc.customer = found.customer;
			frm.doc.customer_name = found.customer_name;
			frm.refresh_fields(["customer", "customer_name"]);
		}
	},

	// `dafater_opportunity` offers the opportunities of the document's party that the user may read.
	// `party` returns [type, name] of a document; `statuses` empty means any.
	limit_opportunities(frm, party, statuses) {
		const field = frm.fields_dict.dafater_opportunity;
		if (!field) {
			return;
		}
		const of_party = () => {
			const [party_type, party_name] = party(frm.doc);
			return party_name ? { party_type, party_name } : {};
		};
		frm.set_query("dafater_opportunity", () => {
			const chosen = of_party();
			// Frappe would list the filters by their technical names
			field.df.filter_description = chosen.party_name
				? __("Opportunities of this party")
				: __("Opportunities of this company");
			const filters = { company: frm.doc.company, statuses: statuses || [], ...chosen };
			return { query: "dafater_crm.api.opportunity_search.for_party", filters };
		});
		// "Create a new …" in the list of results
		field.df.get_route_options_for_new_doc = () => ({ company: frm.doc.company, ...of_party() });
	},
});
