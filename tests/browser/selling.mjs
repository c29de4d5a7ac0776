// Walks ERPNext's own Quotation, Sales Order and Sales Invoice forms with our parties, in English and in Arabic.
//
//   node selling.mjs --url http://mysite.localhost:8000 [--password admin] [--shots shots] [--languages en,ar]
//
// For a test site: it makes users, items, parties and submitted documents, and leaves them there. Any message that
// the walk does not expect, any error on the console and any refused request fails it.
import { parseArgs } from "node:util";
import { Desk, launch, tell } from "./browser.mjs";
import { make_data } from "./selling_data.mjs";

const { values: options } = parseArgs({
	options: {
		url: { type: "string", default: process.env.SITE_URL || "http://dafater.localhost:8000" },
		password: { type: "string", default: "admin" },
		shots: { type: "string", default: "shots" },
		languages: { type: "string", default: "en,ar" },
	},
});

const WALKS = { ours, from_opportunity, from_link, switch_party, opportunities, alternatives, stock_customer, stock_lead, lost, list_filter };

// user -> part of the one message that they get
const REFUSALS = { clerk: "you may not create customers", stranger: "You may not see" };

async function main() {
	const browser = await launch();
	let failed = 0;
	try {
		const open = (user, password, label) => Desk.open(browser, { ...options, user, password, label });
		const admin = await open("Administrator", options.password, "admin");
		const data = await make_data(admin);
		for (const language of options.languages.split(",")) {
			const desk = await open(data.users[language], data.password, language);
			desk.admin = admin;
			for (const [name, walk] of Object.entries(WALKS)) {
				failed += await attempt(`${language} ${name}`, desk, () => walk(desk, data, language));
			}
		}
		for (const [name, reason] of Object.entries(REFUSALS)) {
			const desk = await open(data.users[name], data.password, name);
			desk.admin = admin;
			failed += await attempt(`${name} refused`, desk, () => refused(desk, data, reason));
		}
	} finally {
		await browser.close();
	}
	process.exitCode = failed ? 1 : 0;
}

async function attempt(name, desk, walk) {
	try {
		await walk();
		console.log(`ok      ${name}`);
		return 0;
	} catch (error) {
		console.log(`FAILED  ${name}\n  ${error.message}`);
		await desk.picture(`failed ${name}`).catch(() => null);
		desk.problems.length = 0;
		await desk.goto("/app/quotation");
		return 1;
	}
}

/** Choose the type and the party by hand, as a person does. */
async function quote(desk, party_type, party_title) {
	await desk.new_form("Quotation");
	await choose_type(desk, party_type);
	await desk.choose("party_name", party_title);
	await desk.check("choosing the party");
}

async function choose_type(desk, party_type) {
	if ((await desk.values(["quotation_to"])).quotation_to !== party_type) {
		// a translation may give ERPNext's type and ours one name; the second line names the module
		const module = party_type.startsWith("Dafater") ? "Dafater CRM" : "";
		const words = await desk.page.evaluate((texts) => texts.map((text) => __(text)), [party_type, module]);
		await desk.choose("quotation_to", ...words);
		await desk.expect("type", { quotation_to: party_type });
	}
}

/** Prospect by hand → quotation → order → invoice, with a negotiated rate all the way. */
async function ours(desk, data, language) {
	const party = await data.prospect(language === "ar" ? "شركة الواحة" : "Oasis Trading", desk.user);
	await quote(desk, "Dafater Prospect", party.prospect_name);
	await desk.expect("party details", {
		party_name: party.name,
		customer_name: party.prospect_name,
		customer_address: party.address,
		contact_person: party.contact,
	});
	const { address_display, taxes_and_charges } = await desk.values(["address_display", "taxes_and_charges"]);
	if (!address_display || !taxes_and_charges) {
		throw new Error("the address or the tax template was not filled in");
	}
	await desk.add_item({ item_code: data.item, qty: 10 });
	await desk.expect("list price", { "items.0.rate": 77 });
	await desk.set_rate(0, 60);
	await desk.picture("quotation to a prospect");

	// each of these asked ERPNext's server about a party type that it does not know
	await desk.set({ customer_address: "" });
	await desk.set({ customer_address: party.address });
	await desk.set({ shipping_address_name: party.address });
	await desk.check("changing the addresses");
	const offered = await desk.offered("customer_address", party.prospect_name);
	await desk.page.keyboard.press("Escape");
	if (!offered.length) {
		throw new Error("the address field does not offer the party's address");
	}
	await desk.expect("after the addresses", { "items.0.rate": 60, customer_address: party.address });
	await desk.save();
	await desk.check("saving the quotation");
	await desk.expect("saved quotation", { "items.0.rate": 60, net_total: 600, grand_total: 690 });
	await desk.submit();
	await desk.check("submitting the quotation");
	await desk.picture("submitted quotation");

	await desk.click_button("Sales Order");
	await desk.form("Sales Order");
	await desk.check("making the order");
	await desk.page.waitForFunction(() => cur_frm.doc.customer);
	await desk.expect("new order", { customer_name: party.prospect_name, "items.0.rate": 60, dafater_party: party.name });
	await desk.picture("new order");
	await desk.set({ delivery_date: await desk.page.evaluate(() => frappe.datetime.add_days(frappe.datetime.get_today(), 7)) });
	await desk.save();
	await desk.check("saving the order");
	await desk.expect("saved order", { "items.0.rate": 60, grand_total: 690 });
	await desk.submit();
	await desk.check("submitting the order");

	await desk.click_button("Sales Invoice");
	await desk.form("Sales Invoice");
	await desk.check("making the invoice");
	await desk.expect("new invoice", { customer_name: party.prospect_name, "items.0.rate": 60 });
	await desk.save();
	await desk.check("saving the invoice");
	await desk.submit();
	await desk.check("submitting the invoice");
	await desk.expect("invoice", { grand_total: 690, dafater_party: party.name, docstatus: 1 });
	await desk.picture("submitted invoice");
}

/** A quotation that our server has filled opens in the form as it came, and saves as it came. */
async function from_opportunity(desk, data) {
	const party = await data.prospect("Mapped Party", desk.user);
	const items = [{ item_code: data.item, qty: 10, rate: 60 }];
	const source = await data.opportunity(party, { title: "Mapped", opportunity_owner: desk.user, items });
	await desk.page.evaluate((source_name) => {
		frappe.model.open_mapped_doc({ method: "dafater_crm.api.selling.make_quotation", source_name });
	}, source.name);
	await desk.form("Quotation");
	await desk.check("opening");
	const wanted = { party_name: party.name, customer_address: party.address, "items.0.rate": 60, grand_total: 690 };
	await desk.expect("mapped", wanted);
	await desk.save();
	await desk.check("saving");
	await desk.expect("saved", { ...wanted, dafater_opportunity: source.name });
}

/** A link elsewhere that opens a new quotation to our party: its details are filled as if chosen by hand. */
async function from_link(desk, data) {
	const party = await data.prospect("Linked Party", desk.user);
	await desk.page.evaluate((party_name) => {
		frappe.new_doc("Quotation", { quotation_to: "Dafater Prospect", party_name });
	}, party.name);
	await desk.form("Quotation");
	await desk.check("opening");
	await desk.expect("linked", { party_name: party.name });
	await desk.add_item({ item_code: data.item, qty: 1 });
	await desk.save();
	await desk.check("saving");
	await desk.expect("saved", { customer_name: party.prospect_name, customer_address: party.address, grand_total: 88.55 });
}

/** Another party takes the place of the first: nothing of the first one stays, and rates do. */
async function switch_party(desk, data) {
	const party = await data.prospect("First Party", desk.user);
	const lead = await data.lead("Second Party", desk.user);
	await quote(desk, "Dafater Prospect", party.prospect_name);
	await desk.add_item({ item_code: data.item, qty: 1 });
	await desk.set_rate(0, 60);
	await choose_type(desk, "Dafater Lead");
	await desk.choose("party_name", lead.organisation_name);
	await desk.check("choosing the second party");
	const found = await desk.values(["customer_address", "contact_person", "customer_name", "items.0.rate"]);
	if (found.customer_address || found.contact_person === party.contact) {
		throw new Error(`something of the first party stayed: ${JSON.stringify(found)}`);
	}
	await desk.expect("second party", { customer_name: lead.organisation_name, "items.0.rate": 60 });
	await desk.save();
	await desk.check("saving");
	await desk.expect("saved", { "items.0.rate": 60, grand_total: 69, dafater_party: lead.name });
}

/** The opportunity field offers those of the chosen party only. */
async function opportunities(desk, data) {
	const party = await data.prospect("Opportunity Party", desk.user);
	const other = await data.prospect("Somebody Else", desk.user);
	const mine = await data.opportunity(party, { title: `Fit-out ${data.stamp}`, opportunity_owner: desk.user });
	await data.opportunity(other, { title: `Fit-out elsewhere ${data.stamp}`, opportunity_owner: desk.user });
	await quote(desk, "Dafater Prospect", party.prospect_name);
	const offered = await desk.offered("dafater_opportunity", "Fit-out");
	const titles = offered.filter((text) => text.includes("Fit-out"));
	await desk.picture("opportunities of the party");
	if (titles.length !== 1 || titles[0].includes("elsewhere")) {
		throw new Error(`offered: ${JSON.stringify(offered)}`);
	}
	await desk.page.keyboard.press("Escape");
	await desk.choose("dafater_opportunity", `Fit-out ${data.stamp}`);
	await desk.expect("chosen", { dafater_opportunity: mine.name });
	await desk.check("choosing the opportunity");
}

/** ERPNext's dialog for alternative items comes up for our parties too, and orders what was chosen. */
async function alternatives(desk, data) {
	const party = await data.prospect("Alternative Party", desk.user);
	await quote(desk, "Dafater Prospect", party.prospect_name);
	await desk.add_item({ item_code: data.item, qty: 1 });
	await desk.set_rate(0, 60);
	await desk.add_item({ item_code: data.other_item, qty: 1, is_alternative: 1 });
	await desk.set_rate(1, 50);
	await desk.save();
	await desk.submit();
	await desk.check("submitting");
	await desk.click_button("Sales Order");
	const dialog = desk.page.locator(".modal.show");
	await dialog.locator(".grid-row[data-name]").last().locator(".grid-row-check").dispatchEvent("click");
	await desk.picture("alternative items");
	await dialog.locator(".btn-modal-primary").click();
	await desk.form("Sales Order");
	await desk.check("ordering the alternative");
	await desk.page.waitForFunction(() => cur_frm.doc.customer);
	await desk.expect("order", { "items.0.item_code": data.other_item, "items.0.rate": 50, "items.1.rate": null });
}

/** A customer is ERPNext's business: everything as in stock. */
async function stock_customer(desk, data) {
	const party = await data.customer("Stock Customer");
	await quote(desk, "Customer", party.customer_name);
	await desk.expect("party details", {
		customer_name: party.customer_name,
		customer_address: party.address,
		contact_person: party.contact,
		dafater_party: null,
	});
	await desk.add_item({ item_code: data.item, qty: 2 });
	await desk.expect("price", { "items.0.rate": 77 });
	await desk.save();
	await desk.submit();
	await desk.click_button("Sales Order");
	await desk.form("Sales Order");
	await desk.check("ordering");
	await desk.expect("order", { customer: party.name, "items.0.rate": 77 });
}

async function stock_lead(desk, data) {
	const party = await data.erpnext_lead("Stock Lead");
	await quote(desk, "Lead", party.name);
	await desk.expect("party details", { party_name: party.name, customer_name: party.company_name });
	await desk.add_item({ item_code: data.item, qty: 2 });
	await desk.save();
	await desk.check("saving");
}

async function lost(desk, data) {
	const party = await data.prospect("Lost Party", desk.user);
	await quote(desk, "Dafater Prospect", party.prospect_name);
	await desk.add_item({ item_code: data.item, qty: 1 });
	await desk.save();
	await desk.submit();
	await desk.click_button("Set as Lost");
	await desk.page.locator(".modal.show").waitFor();
	await desk.page.evaluate((reason) => {
		cur_dialog.fields_dict.lost_reason.set_value([{ lost_reason: reason }]);
	}, data.lost_reason);
	await desk.idle();
	await desk.picture("set as lost");
	await desk.page.locator(".modal.show .btn-modal-primary").click();
	await desk.page.waitForFunction(() => cur_frm.doc.status === "Lost");
	await desk.check("set as lost");
}

async function list_filter(desk) {
	await desk.goto("/app/quotation");
	await desk.page.waitForFunction(() => cur_list?.page?.fields_dict?.quotation_to);
	const labels = await desk.page.evaluate(() => ["Dafater Lead", "Dafater Prospect"].map((name) => __(name)));
	const offered = (await Promise.all([desk.offered("quotation_to", "")])).flat();
	await desk.picture("list filter");
	for (const label of labels) {
		if (!offered.some((text) => text.includes(label))) {
			throw new Error(`the filter does not offer ${label}: ${JSON.stringify(offered)}`);
		}
	}
	await desk.check("the list");
}

/** Somebody who may not order for our party gets one message that says why, and stays on the quotation. */
async function refused(desk, data, reason) {
	const party = await data.prospect("Forbidden Party", desk.label === "clerk" ? desk.user : null);
	const items = [{ item_code: data.item, qty: 1, rate: 60 }];
	const doc = { doctype: "Quotation", company: data.company, items };
	const quotation = await desk.admin.call("frappe.client.insert", {
		doc: { ...doc, quotation_to: party.doctype, party_name: party.name },
	});
	await desk.admin.call("frappe.client.submit", { doc: quotation });
	await desk.goto(`/app/quotation/${quotation.name}`);
	await desk.form("Quotation");
	await desk.check("opening");
	desk.expected = [/403/, /PermissionError/];
	await desk.click_button("Sales Order");
	const messages = await desk.messages();
	await desk.picture("refused");
	if (messages.length !== 1 || !messages[0].includes(reason)) {
		throw new Error(`messages: ${JSON.stringify(messages)}`);
	}
	if ((await desk.page.evaluate(() => cur_frm.doctype)) !== "Quotation") {
		throw new Error("the quotation was left");
	}
	await desk.check("afterwards");
}

await main();
tell();
