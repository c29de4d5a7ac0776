// ERPNext's Quotation form (hook `doctype_js`) for a quotation to a lead or prospect of ours.
//
// ERPNext's controller asks its server for a "Customer" or for the taxes of a party type that it does not know, and
// both fail. The methods concerned are replaced on the form's controller: for our parties they ask our server, for
// every other party they are ERPNext's own.
(() => {
	const ours = (frm) => dafater_crm.party_forms.is_ours(frm.doc.quotation_to);
	// what belongs to one party and must not stay when another one is chosen
	const OF_THE_PARTY = [
		"customer_name",
		"customer_group",
		"territory",
		"customer_address",
		"address_display",
		"shipping_address_name",
		"shipping_address",
		"contact_person",
		"contact_display",
		"contact_email",
		"contact_mobile",
		"contact_phone",
	];

	frappe.ui.form.on("Quotation", {
		setup(frm) {
			replace_methods(frm);
			const { limit_opportunities, OPEN_STATUSES } = dafater_crm.party_forms;
			limit_opportunities(frm, (doc) => [doc.quotation_to, doc.party_name], OPEN_STATUSES);
		},

		quotation_to(frm) {
			point_queries_to_party(frm);
		},

		set_label(frm) {
			if (ours(frm)) {
				frm.fields_dict.customer_address.set_label(__("Address"));
			}
		},
	});

	function replace_methods(frm) {
		const cscript = frm.cscript;
		if (cscript.dafater_wrapped) {
			return;
		}
		cscript.dafater_wrapped = true;
		for (const [name, method] of Object.entries(METHODS)) {
			const original = cscript[name];
			if (!original) {
				continue; // another version of ERPNext works without it
			}
			cscript[name] = function (...args) {
				return ours(frm) ? method(frm, () => original.apply(cscript, args)) : original.apply(cscript, args);
			};
		}
	}

	const METHODS = {
		party_name: fill_party,
		set_dynamic_field_label(frm) {
			frm.set_df_property("party_name", "label", __(frm.doc.quotation_to).replace("Dafater ", ""));
			frm.fields_dict.party_name.get_query = null;
		},
		async tax_category(frm) {
			if (!frm.updating_party_details) {
				await frm.cscript.update_item_tax_map();
				await set_taxes(frm);
			}
		},
		customer_address(frm) {
			erpnext.utils.get_address_display(frm, "customer_address");
			return set_tax_category(frm);
		},
		shipping_address_name(frm) {
			erpnext.utils.get_address_display(frm, "shipping_address_name", "shipping_address");
			return set_tax_category(frm);
		},
		async make_sales_order(frm, original) {
			const { quotation_to, party_name } = frm.doc;
			if (await dafater_crm.party_forms.ensure_customer(quotation_to, party_name)) {
				original();
			}
		},
	};

	async function fill_party(frm) {
		const { company, quotation_to: party_type, party_name, transaction_date: on_date } = frm.doc;
		if (!party_name || !erpnext.utils.validate_mandatory(frm, __("Company"), company, "party_name")) {
			return;
		}
		point_queries_to_party(frm);
		const args = { party_type, party_name, company, on_date };
		const details = await ask("dafater_crm.api.selling.party_details", args);
		// while the server worked, the user may have chosen somebody else
		if (!details || frm.doc.party_name !== party_name || frm.doc.quotation_to !== party_type) {
			return;
		}
		frm.updating_party_details = true;
		try {
			await frm.set_value(form_values(frm, details));
		} finally {
			frm.updating_party_details = false;
		}
		frm.refresh();
	}

	// Rows of taxes are set only when nothing else brings them: a new template loads its rows by itself.
	function form_values(frm, { taxes, ...details }) {
		const values = Object.fromEntries(OF_THE_PARTY.map((fieldname) => [fieldname, ""]));
		Object.assign(values, details);
		if (taxes && details.taxes_and_charges === frm.doc.taxes_and_charges && !frm.doc.taxes?.length) {
			values.taxes = taxes;
		}
		for (const fieldname of Object.keys(values)) {
			if (!frm.fields_dict[fieldname]) {
				delete values[fieldname];
			}
		}
		return values;
	}

	async function set_tax_category(frm) {
		if (frm.updating_party_details || !frm.doc.party_name) {
			return;
		}
		const { tax_category, customer_address, shipping_address_name } = frm.doc;
		const found = await ask("erpnext.accounts.party.get_address_tax_category", {
			tax_category,
			billing_address: customer_address,
			shipping_address: shipping_address_name,
		});
		if (found === null) {
			return;
		}
		if (found === (tax_category || "")) {
			await set_taxes(frm);
		} else {
			await frm.set_value("tax_category", found); // whose handler sets the taxes
		}
	}

	// ERPNext's tax rules for "a lead, nobody in particular": it knows three party types, and none of ours.
	async function set_taxes(frm) {
		const { company, transaction_date, customer_group, tax_category } = frm.doc;
		if (!company || !transaction_date || !frm.doc.party_name) {
			return;
		}
		const template = await ask("erpnext.accounts.party.set_taxes", {
			party: "",
			party_type: "Lead",
			posting_date: transaction_date,
			company,
			customer_group,
			tax_category,
			billing_address: frm.doc.customer_address,
			shipping_address: frm.doc.shipping_address_name,
		});
		if (template) {
			await frm.set_value("taxes_and_charges", template);
		}
	}

	// The answer ("" for none); null when the server refuses, and then Frappe has shown why.
	async function ask(method, args) {
		try {
			return (await frappe.call({ method, args })).message ?? "";
		} catch (error) {
			return null;
		}
	}

	// Addresses and contacts are looked up, and new ones linked, through this.
	function point_queries_to_party(frm) {
		if (ours(frm)) {
			frappe.dynamic_link = { doc: frm.doc, fieldname: "party_name", doctype: frm.doc.quotation_to };
		}
	}
})();
