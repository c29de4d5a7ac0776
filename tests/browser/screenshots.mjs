// Takes the pictures of docs/screenshots on a site with the sample data, in Arabic and in English.
//
//   node screenshots.mjs [--url http://dafater.localhost:8000] [--password Dafater-Demo-2026]
//                        [--out ../../docs/screenshots] [--only lead,kanban] [--languages ar,en]
//
// The customer view shows money where the tour was taken on the site (`bench execute dafater_crm.setup.tour.run --kwargs
// "{'again': 1}"`) and its two users have ERPNext's role Accounts User as well; take the other pictures before. The same
// holds for the manager's dashboard, which shows issues to whoever has Support Team, too.
//
// It reads only: nothing on the site is changed but the "last seen" of the users. A page that scrolls sideways, an error
// on the console or a refused request fails the run, so a picture of a broken page is not kept by mistake.
import { mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Desk, launch } from "./browser.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
	options: {
		url: { type: "string", default: process.env.SITE_URL || "http://dafater.localhost:8000" },
		password: { type: "string", default: "Dafater-Demo-2026" },
		out: { type: "string", default: join(HERE, "..", "..", "docs", "screenshots") },
		only: { type: "string", default: "" },
		languages: { type: "string", default: "ar,en" },
	},
});

const VIEWPORT = { width: 1280, height: 800 };
const LARGEST = 200 * 1024;
// the two users of the sample data who see every record, one in each language
const USERS = { ar: "noura.alotaibi@dafater.example", en: "sara.khan@dafater.example" };
// two who see their own records, for the pages of SELLERS_PAGES
const SELLERS = { ar: "fahad.alqahtani@dafater.example", en: "omar.haddad@dafater.example" };

// picture -> how to get to the page
const PAGES = {
	"lead-form": lead_form,
	"opportunity-kanban": opportunity_kanban,
	workspace,
	"opportunity-form": opportunity_form,
	"customer-view": customer_view,
	"dashboard-manager": (desk) => dashboard(desk, "Dafater Sales Management"),
};
const SELLERS_PAGES = { "dashboard-seller": (desk) => dashboard(desk, "Dafater My Sales") };

async function main() {
	mkdirSync(options.out, { recursive: true });
	const browser = await launch();
	try {
		for (const language of options.languages.split(",")) {
			await take(browser, USERS[language], language, PAGES);
			await take(browser, SELLERS[language], language, SELLERS_PAGES);
		}
	} finally {
		await browser.close();
	}
}

async function take(browser, user, language, pages) {
	const wanted = Object.entries(pages).filter(([name]) => options.only.split(",").some((part) => name.includes(part)));
	if (!wanted.length) return;
	const desk = await sign_in(browser, user, language);
	for (const [name, show] of wanted) {
		await show(desk);
		await settle(desk);
		await keep(desk, `${name}-${language}`);
	}
	await desk.context.close();
}

async function sign_in(browser, user, language) {
	const context = await browser.newContext({ viewport: VIEWPORT });
	const form = { usr: user, pwd: options.password };
	const answer = await context.request.post(`${options.url}/api/method/login`, { form });
	if (!answer.ok()) {
		throw new Error(`${user} cannot sign in (${answer.status()}): load the sample data first`);
	}
	const desk = new Desk(context, await context.newPage(), { url: options.url, label: language, user, shots: null });
	// Frappe's chart library draws once more into an element that the workspace has just replaced
	desk.expected.push(/page error: Failed to execute 'removeChild'/);
	await desk.goto("/app/dafater-lead");
	return desk;
}

/** Requests done, fonts and charts drawn, no message left in a corner. */
async function settle(desk) {
	await desk.idle();
	await desk.page.evaluate(() => document.fonts.ready);
	await desk.page.waitForTimeout(1500);
	await desk.page.evaluate(() => document.querySelectorAll("#alert-container .desk-alert").forEach((node) => node.remove()));
	await desk.page.mouse.move(2, VIEWPORT.height - 2);
}

async function keep(desk, name) {
	const width = await desk.page.evaluate(() => document.documentElement.scrollWidth);
	if (width > VIEWPORT.width) {
		desk.problems.push(`the page is ${width} pixels wide and scrolls sideways`);
	}
	await desk.check(name);
	const path = resolve(join(options.out, `${name}.png`));
	await desk.page.screenshot({ path });
	if (statSync(path).size > LARGEST) {
		rmSync(path);
		throw new Error(`${name}.png is larger than ${LARGEST} bytes`);
	}
	console.log(`${name}.png  ${Math.round(statSync(path).size / 1024)} KB`);
}

/** Name of the newest record that the user's own list shows for these filters. */
function first(desk, doctype, filters) {
	return desk.page.evaluate(
		async ([of_type, by]) => (await frappe.db.get_list(of_type, { filters: by, limit: 1 }))[0]?.name,
		[doctype, filters]
	);
}

async function open_form(desk, doctype, filters) {
	const name = await first(desk, doctype, filters);
	if (!name) {
		throw new Error(`no ${doctype} with ${JSON.stringify(filters)}: load the sample data first`);
	}
	await desk.page.evaluate((route) => frappe.set_route(route), ["Form", doctype, name]);
	await desk.page.waitForFunction((wanted) => cur_frm?.doc?.name === wanted && cur_frm.layout, name);
	await desk.idle();
}

async function lead_form(desk) {
	await open_form(desk, "Dafater Lead", { organisation_name: "صيدليات نبض الحياة" });
}

async function opportunity_kanban(desk) {
	await desk.goto("/app/dafater-opportunity/view/kanban/Dafater Opportunity Pipeline");
	await desk.page.waitForSelector(".kanban-card:not(.new-card-area)");
}

async function workspace(desk) {
	await desk.goto("/app/dafater-sales-management");
	await desk.page.waitForSelector(".number-widget-box .number");
	await desk.page.waitForSelector(".frappe-chart");
}

async function dashboard(desk, name) {
	await desk.goto(`/app/dashboard-view/${encodeURIComponent(name)}`);
	await desk.page.waitForSelector(".number-widget-box .number");
	await desk.page.waitForSelector(".dashboard-widget-box .frappe-chart");
}

async function opportunity_form(desk) {
	await open_form(desk, "Dafater Opportunity", { title: "منافسة توريد أجهزة الفروع وصيانتها" });
	await desk.page.waitForSelector(".dafater-stage");
}

async function customer_view(desk) {
	let party = {};
	for (const prospect_name of ["شركة جبال السروات للمقاولات", "شركة آفاق الخليج للتجارة"]) {
		party = { prospect_name };
		if (await first(desk, "Dafater Prospect", party)) {
			break;
		}
	}
	await open_form(desk, "Dafater Prospect", party);
	await desk.page.evaluate(() => cur_frm.fields_dict.customer_view_html.tab.set_active());
	await desk.page.waitForSelector(".dafater-view-card");
}

await main();
