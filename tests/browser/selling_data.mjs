// The people, prices and parties of the selling walk, made over the desk of an administrator.
const PASSWORD = "Walk-the-desk-2026";
const SELLER = ["Dafater Account Executive", "Sales User", "Accounts User"];
// may order, but neither create customers nor borrow the right to
const CLERK = ["Dafater Sales Development Rep", "Maintenance User"];
// may order, but not see our parties
const STRANGER = ["Maintenance User"];

export async function make_data(admin) {
	const stamp = Date.now().toString(36);
	let made = 0;
	const unique = (name) => `${name} ${stamp}${made++}`;
	const insert = (doc) => admin.call("frappe.client.insert", { doc });
	const users = {
		en: await user(admin, "walk.en@selling.example", "en", SELLER),
		ar: await user(admin, "walk.ar@selling.example", "ar", SELLER),
		clerk: await user(admin, "walk.clerk@selling.example", "en", CLERK),
		stranger: await user(admin, "walk.stranger@selling.example", "en", STRANGER),
	};
	const defaults = await admin.page.evaluate(() => ({
		company: frappe.defaults.get_default("company"),
		price_list: frappe.boot.sysdefaults.selling_price_list || "Standard Selling",
	}));
	const item_group = await first(admin, "Item Group", { is_group: 0 });
	const item = async (code) => {
		const doc = { doctype: "Item", item_code: code, item_group, stock_uom: "Nos", is_stock_item: 0 };
		await insert(doc);
		const price = { doctype: "Item Price", item_code: code, price_list: defaults.price_list, price_list_rate: 77 };
		await insert(price);
		return code;
	};
	await default_taxes(admin, insert, defaults.company);
	return {
		...defaults,
		password: PASSWORD,
		users,
		stamp,
		item: await item(`WALK-${stamp}`),
		other_item: await item(`WALK-ALT-${stamp}`),
		prospect: (name, owner) => prospect(insert, unique(name), defaults.company, owner),
		lead: (name, owner) => lead(insert, unique(name), defaults.company, owner),
		customer: (name) => customer(admin, insert, unique(name)),
		erpnext_lead: (name) => insert({ doctype: "Lead", lead_name: name, company_name: unique(name) }),
		opportunity: (party, values) => opportunity(insert, party, { company: defaults.company, ...values }),
		lost_reason: await lost_reason(admin, insert),
	};
}

async function first(admin, doctype, filters) {
	const rows = await admin.call("frappe.client.get_list", { doctype, filters, limit_page_length: 1 });
	return rows[0]?.name;
}

/** 15 % by default, as a Saudi company has it. */
async function default_taxes(admin, insert, company) {
	const template = "Sales Taxes and Charges Template";
	if (await first(admin, template, { company, is_default: 1, disabled: 0 })) {
		return;
	}
	const account = { company, root_type: "Liability", account_type: "Tax" };
	let account_head = await first(admin, "Account", { ...account, is_group: 0 });
	if (!account_head) {
		const parent_account = await first(admin, "Account", { ...account, is_group: 1 });
		account_head = (await insert({ doctype: "Account", account_name: "Walk VAT", parent_account, ...account })).name;
	}
	const row = { charge_type: "On Net Total", account_head, description: "VAT 15%", rate: 15 };
	await insert({ doctype: template, title: "Walk VAT 15%", company, is_default: 1, taxes: [row] });
}

async function user(admin, email, language, roles) {
	if (!(await first(admin, "User", { name: email }))) {
		const doc = { doctype: "User", email, first_name: email.split("@")[0], send_welcome_email: 0, language };
		await admin.call("frappe.client.insert", { doc });
	}
	const doc = await admin.call("frappe.client.get", { doctype: "User", name: email });
	const wanted = { language, new_password: PASSWORD, roles: roles.map((role) => ({ role })) };
	await admin.call("frappe.client.save", { doc: { ...doc, ...wanted } });
	return email;
}

async function prospect(insert, name, company, prospect_owner) {
	const doc = await insert({ doctype: "Dafater Prospect", prospect_name: name, company, prospect_owner });
	return { ...doc, ...(await address_and_contact(insert, doc, name)) };
}

async function customer(admin, insert, name) {
	const doc = await insert({
		doctype: "Customer",
		customer_name: name,
		customer_type: "Company",
		customer_group: await first(admin, "Customer Group", { is_group: 0 }),
		territory: await first(admin, "Territory", { is_group: 0 }),
	});
	return { ...doc, ...(await address_and_contact(insert, doc, name)) };
}

async function lead(insert, name, company, lead_owner) {
	const mobile_no = `05${String(Date.now()).slice(-8)}`;
	return insert({ doctype: "Dafater Lead", lead_name: name, organisation_name: name, mobile_no, company, lead_owner });
}

async function address_and_contact(insert, party, title) {
	const links = [{ link_doctype: party.doctype, link_name: party.name }];
	const address = await insert({
		doctype: "Address",
		address_title: title,
		address_type: "Billing",
		address_line1: "King Fahd Road 12",
		city: "Riyadh",
		country: "Saudi Arabia",
		is_primary_address: 1,
		links,
	});
	const contact = await insert({
		doctype: "Contact",
		first_name: `Huda ${title}`,
		is_primary_contact: 1,
		email_ids: [{ email_id: `huda-${party.name.toLowerCase().replace(/[^a-z0-9]/g, "")}@walk.example`, is_primary: 1 }],
		links,
	});
	return { address: address.name, contact: contact.name };
}

async function opportunity(insert, party, values) {
	const today = new Date().toISOString().slice(0, 10);
	return insert({
		doctype: "Dafater Opportunity",
		party_type: party.doctype,
		party_name: party.name,
		transaction_date: today,
		expected_closing: today,
		...values,
	});
}

async function lost_reason(admin, insert) {
	const name = "Walk: too expensive";
	if (!(await first(admin, "Quotation Lost Reason", { name }))) {
		await insert({ doctype: "Quotation Lost Reason", order_lost_reason: name });
	}
	return name;
}
