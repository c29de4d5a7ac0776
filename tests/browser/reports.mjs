// Opens the nine reports in English and in Arabic on a site with the sample data, as the two users who see every record.
//
//   node reports.mjs [--url http://dafater.localhost:8000] [--password Dafater-Demo-2026] [--only lost,stage]
//                    [--languages en,ar] [--shots FOLDER] [--docs ../../docs/screenshots]
//
// For each: filters, definition, figures and chart are there; the headings are in the reader's language; a figure opens
// the list of exactly the records behind it; CSV and Excel come down; the print view runs in the reader's direction. An
// unexpected message, an error on the console or a refused request fails the walk. It reads only.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Desk, expect, launch, tell } from "./browser.mjs";

const { values: options } = parseArgs({
	options: {
		url: { type: "string", default: process.env.SITE_URL || "http://dafater.localhost:8000" },
		password: { type: "string", default: "Dafater-Demo-2026" },
		only: { type: "string", default: "" },
		languages: { type: "string", default: "en,ar" },
		shots: { type: "string", default: "" },
		docs: { type: "string", default: "" },
	},
});

const USERS = { ar: "noura.alotaibi@dafater.example", en: "sara.khan@dafater.example" };
const ARABIC = /[\u0600-\u06ff]/;
// report -> number of filters; whether the sample data has rows for it; DocType that its figures lead to
const REPORTS = {
	"Dafater Campaign Efficiency": { filters: 8, rows: true, leads_to: "Dafater Lead" },
	"Dafater First Response Time for Opportunity": { filters: 9, rows: true, leads_to: "Dafater Opportunity" },
	"Dafater Lead Conversion Time": { filters: 9, rows: false },
	"Dafater Lead Details": { filters: 10, rows: true },
	"Dafater Lead Owner Efficiency": { filters: 8, rows: true, leads_to: "Dafater Lead" },
	"Dafater Lost Opportunity": { filters: 14, rows: true, button: "Open the List", leads_to: "Dafater Opportunity" },
	"Dafater Opportunity Summary by Sales Stage": { filters: 12, rows: true, leads_to: "Dafater Opportunity" },
	"Dafater Prospects Engaged But Not Converted": { filters: 10, rows: false },
	"Dafater Sales Pipeline Analytics": { filters: 13, rows: true, leads_to: "Dafater Opportunity" },
};
// the pictures of the guides
const PICTURES = ["Dafater Opportunity Summary by Sales Stage", "Dafater Lead Details"];

async function main() {
	const wanted = Object.entries(REPORTS).filter(([name]) =>
		options.only.split(",").some((part) => name.toLowerCase().includes(part.toLowerCase()))
	);
	const browser = await launch();
	try {
		for (const language of options.languages.split(",")) {
			const desk = await Desk.open(browser, {
				url: options.url,
				user: USERS[language],
				password: options.password,
				shots: options.shots || null,
				label: language,
				start: "/app/dafater-lead",
			});
			// Frappe's chart library draws once more into an element that has just been replaced
			desk.expected.push(/page error: Failed to execute 'removeChild'/);
			for (const [name, facts] of wanted) {
				await walk(desk, language, name, facts);
			}
			await desk.context.close();
		}
	} finally {
		await browser.close();
	}
}

async function walk(desk, language, name, facts) {
	await open(desk, name);
	const seen = await look(desk);
	const step = `${name}: `;
	expect(seen.filters === facts.filters, `${step}${seen.filters} filters, not ${facts.filters}`);
	expect(seen.definition.length > 60, `${step}no definition above the figures`);
	expect(!/<[a-z]/i.test(seen.text), `${step}tags in the cells`);
	if (facts.rows) {
		expect(seen.rows > 0 && seen.cards > 0 && seen.charts > 0, `${step}${seen.rows} rows, ${seen.cards} figures, ${seen.charts} charts`);
		const titles = [...seen.headings, seen.definition, ...seen.labels];
		const strange = titles.filter((title) => ARABIC.test(title) !== (language === "ar"));
		expect(!strange.length, `${step}not in the reader's language: ${strange.join("; ")}`);
	}
	await desk.check(name);
	await desk.picture(name);
	await keep_picture(desk, language, name);
	let drilled = "no figure to follow";
	if (seen.rows) {
		await exported(desk, step, language);
		await printed(desk, step, language);
	}
	if (seen.rows && facts.leads_to) {
		drilled = await drill_down(desk, step, facts, seen.rows);
	}
	await desk.check(`${name}, end`);
	console.log(`${language}  ${name}: ${seen.rows} rows, ${seen.cards} figures, ${seen.charts} chart; ${drilled}`);
}

async function open(desk, name) {
	await desk.goto(`/app/query-report/${encodeURIComponent(name)}`);
	// set once the server has answered
	await desk.page.waitForFunction(
		(wanted) => window.frappe.query_report?.report_name === wanted && frappe.query_report.execution_time,
		name
	);
	await desk.idle();
	// charts are drawn in steps
	await desk.page.waitForTimeout(1500);
}

function look(desk) {
	return desk.page.evaluate(() => {
		const report = frappe.query_report;
		const page = document.querySelector(".page-container:not([style*='display: none'])") || document;
		const all = (selector) => [...page.querySelectorAll(selector)].filter((node) => node.getClientRects().length);
		return {
			filters: report.filters.length,
			rows: (report.data || []).length - (report.raw_data?.add_total_row ? 1 : 0),
			cards: all(".report-summary .summary-item").length,
			labels: all(".report-summary .summary-label").map((node) => node.textContent.trim()),
			charts: all(".frappe-chart").length,
			headings: (report.columns || []).filter((column) => !column.hidden).map((column) => column.name || column.label),
			definition: all(".form-message, .report-status, .report-message").map((node) => node.textContent.trim()).join(" "),
			text: all(".dt-scrollable").map((node) => node.textContent).join(" "),
		};
	});
}

/** CSV and Excel through the dialog that the menu opens. */
async function exported(desk, step, language) {
	for (const [format, ending] of [
		["CSV", ".csv"],
		["Excel", ".xlsx"],
	]) {
		await desk.page.evaluate(() => frappe.query_report.export_report());
		await desk.page.waitForSelector(".modal.show [data-fieldname='file_format']");
		await desk.page.evaluate((value) => frappe.query_report.export_dialog.set_value("file_format", value), format);
		await desk.page.waitForTimeout(300);
		const coming = desk.page.waitForEvent("download");
		await desk.page.locator(".modal.show .btn-modal-primary:visible").click();
		const file = await coming;
		const content = readFileSync(await file.path());
		expect(file.suggestedFilename().endsWith(ending), `${step}${file.suggestedFilename()} is no ${format} file`);
		if (format === "CSV") {
			const heading = content.toString("utf8").split("\n")[0];
			expect(ARABIC.test(heading) === (language === "ar"), `${step}headings of the file: ${heading}`);
		} else {
			expect(content.subarray(0, 2).toString() === "PK", `${step}the Excel file is none`);
		}
		await desk.page.evaluate(() => frappe.query_report.export_dialog.hide());
		await desk.page.waitForTimeout(400);
	}
}

async function printed(desk, step, language) {
	const coming = desk.context.waitForEvent("page");
	await desk.page.evaluate(() => frappe.query_report.print_report({ orientation: "Landscape" }));
	const paper = await coming;
	await paper.waitForSelector("table");
	const seen = await paper.evaluate(() => ({
		direction: document.documentElement.dir || getComputedStyle(document.body).direction,
		computed: getComputedStyle(document.querySelector("table")).direction,
		rows: document.querySelectorAll("tbody tr").length,
		headings: [...document.querySelectorAll("thead th")].map((node) => node.textContent.trim()).join(" "),
	}));
	if (options.shots) {
		mkdirSync(options.shots, { recursive: true });
		await paper.screenshot({ path: join(options.shots, `${language}-print-${step.replace(/[^a-z]+/gi, "-")}.png`) });
	}
	await paper.close();
	const wanted = language === "ar" ? "rtl" : "ltr";
	expect(seen.computed === wanted, `${step}the printed table runs ${seen.computed}`);
	expect(seen.rows > 0, `${step}the print view has no rows`);
	expect(ARABIC.test(seen.headings) === (language === "ar"), `${step}headings in print: ${seen.headings}`);
}

/** Follows a figure: the list has as many records as the figure says. */
async function drill_down(desk, step, { leads_to, button }, rows) {
	let wanted;
	if (button) {
		wanted = rows;
		await desk.page.evaluate((text) => frappe.query_report.page.inner_toolbar.find(`[data-label="${encodeURIComponent(__(text))}"]`).click(), button);
	} else {
		const figure = desk.page.locator(".dt-scrollable a[href*='?']:visible").first();
		wanted = Number((await figure.textContent()).replace(/[^\d]/g, ""));
		await figure.click();
	}
	await desk.page.waitForFunction(
		(doctype) => window.cur_list?.doctype === doctype && frappe.get_route()[0] === "List" && frappe.get_route()[1] === doctype,
		leads_to
	);
	await desk.idle();
	await desk.page.waitForTimeout(500);
	const found = await desk.page.evaluate(async () => ({
		total: await frappe.db.count(cur_list.doctype, { filters: cur_list.get_filters_for_args() }),
		filters: cur_list.get_filters_for_args().map((filter) => filter.slice(1, 4)),
	}));
	expect(found.filters.length > 0, `${step}the list has no filter`);
	expect(found.total === wanted, `${step}the figure is ${wanted}, the list has ${found.total}: ${JSON.stringify(found.filters)}`);
	await desk.picture(`${step}list`);
	return `a figure of ${wanted} leads to ${found.total} records`;
}

async function keep_picture(desk, language, name) {
	if (!options.docs || !PICTURES.includes(name)) return;
	mkdirSync(options.docs, { recursive: true });
	await desk.page.setViewportSize({ width: 1280, height: 800 });
	await desk.page.waitForTimeout(1200);
	const file = `report-${frappe_slug(name.replace("Dafater ", ""))}-${language}.png`;
	await desk.page.screenshot({ path: join(options.docs, file) });
	await desk.page.setViewportSize({ width: 1380, height: 1000 });
}

const frappe_slug = (name) => name.toLowerCase().replace(/ /g, "-");

await main();
tell();
