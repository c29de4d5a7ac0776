// A file of leads is checked, imported and taken back; a lead gets a call logged and a sequence. In Arabic and in English.
//
//   node leads.mjs [--url http://dafater.localhost:8000] [--password Dafater-Demo-2026] [--shots FOLDER]
//                  [--docs ../../docs/screenshots]
//
// Needs the sample data and a worker. What it imports it takes back; a lead with a call and a sequence of its own stay. Fails on an unexpected
// message, an error on the console or a refused request.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Desk, expect, launch, tell } from "./browser.mjs";

const { values: options } = parseArgs({
	options: {
		url: { type: "string", default: process.env.SITE_URL || "http://dafater.localhost:8000" },
		password: { type: "string", default: "Dafater-Demo-2026" },
		shots: { type: "string", default: "" },
		docs: { type: "string", default: "" },
	},
});
// a manager and somebody of sales operations, who may import and delete leads
const USERS = { ar: "noura.alotaibi@dafater.example", en: "sara.khan@dafater.example" };
const IMPORT = "Dafater Lead Import";
const LEAD = "Dafater Lead";
const RUN = String(Date.now()).slice(-6);
// two good rows, one person twice, one without a name, one with a wrong number
const FILE = `الاسم,الجوال,البريد الإلكتروني,المنشأة,المدينة
سلمان العجمي,055 ${RUN.slice(0, 3)} ${RUN.slice(3)}1,salman.${RUN}@file.example,مؤسسة رواد البناء,الرياض
نوف الشهري,+96655${RUN}2,nouf.${RUN}@file.example,شركة واحة النخيل,جدة
سلمان العجمى,0096655${RUN}1,,,الرياض
,055${RUN}4,,,الدمام
هيا القرني,12,,مركز الأفق,أبها
`;

async function main() {
	const browser = await launch();
	try {
		for (const label of ["ar", "en"]) {
			const desk = await sign_in(browser, USERS[label], label);
			for (const step of [checks, imports, takes_back, logs_a_call, joins_a_sequence]) {
				await step(desk, browser);
				await desk.check(step.name);
				console.log(`ok  ${label} ${step.name}`);
			}
			await desk.context.close();
		}
	} finally {
		await browser.close();
	}
}

function sign_in(browser, user, label) {
	const { url, password } = options;
	return Desk.open(browser, { url, user, password, shots: options.shots || null, label, start: "/app/dafater-lead-import" });
}

/** The file is attached as a person would, its columns are recognised, and the check says what would become of each row. */
async function checks(desk) {
	await desk.new_form(IMPORT);
	const file = await upload(desk, `leads-${RUN}.csv`);
	await desk.set({ title: desk.label === "ar" ? "معرض الرياض" : "Riyadh Fair", file });
	await desk.save();
	const columns = await desk.page.evaluate(() => cur_frm.doc.columns.map(({ heading, field }) => [heading, field]));
	const wanted = { الاسم: "lead_name", الجوال: "mobile_no", "البريد الإلكتروني": "email_id", المنشأة: "organisation_name", المدينة: "city" };
	for (const [heading, field] of columns) expect(wanted[heading] === field, `${heading} is taken for ${field}`);
	expect(columns.length === 5, "a column is missing");
	const shown = await desk.page.locator(".grid-body [data-fieldname=field] .static-area").allTextContents();
	expect(shown.every((text) => !text.includes("_")), `the grid shows the names of fields: ${shown}`);
	await desk.click_button("Check the File");
	await status(desk, "Checked");
	await desk.expect("check", { created: 2, merged: 1, refused: 2 });
	const cells = desk.page.locator("[data-fieldname=result_html] td:last-child");
	await cells.first().waitFor();
	const reasons = await cells.allTextContents();
	const arabic = /[\u0600-\u06ff]/;
	expect(reasons.some((text) => text) && reasons.filter((text) => text).every((text) => arabic.test(text) === (desk.label === "ar")), `reasons in the wrong language: ${reasons}`);
	await desk.page.evaluate(() => cur_frm.fields_dict.result_html.$wrapper[0].scrollIntoView({ block: "center" }));
	await picture(desk, "lead-import");
	expect((await leads(desk)).length === 0, "the check made leads");
}

async function imports(desk) {
	await desk.click_button("Import the Leads");
	await desk.page.locator(".modal.show .btn-modal-primary:visible").click();
	await status(desk, "Completed");
	const made = await leads(desk);
	expect(made.length === 2, `${made.length} leads, not 2`);
	expect(made.every(({ mobile_no }) => mobile_no.startsWith("+9665")), "a number is not in the international form");
	const { refused_file } = await desk.values(["refused_file"]);
	const refused = await (await desk.context.request.get(options.url + refused_file)).text();
	expect(refused.trim().split("\n").length === 3, "the file of refused rows does not hold two rows");
	await desk.picture("imported");
}

/** Whoever may delete leads; sales operations may not, and asks the manager. */
async function takes_back(desk, browser) {
	const may = desk.user === USERS.ar;
	expect((await desk.has_button("Undo the Import")) === may, "the button to undo does not follow the right to delete leads");
	if (may) {
		await desk.click_button("Undo the Import");
		await desk.page.locator(".modal.show .btn-modal-primary:visible").click();
	} else {
		const manager = await sign_in(browser, USERS.ar, "manager");
		await manager.call("dafater_crm.api.lead_import.undo", await desk.values(["name"]));
		await manager.context.close();
	}
	await status(desk, "Undone");
	expect((await leads(desk)).length === 0, "leads are still there");
}

/** The dialog offers the outcomes of the activity's own field; the call is on the lead, and the next follow-up too. */
async function logs_a_call(desk) {
	const doc = { doctype: LEAD, lead_name: "هند الدوسري", mobile_no: `+96655${RUN}${desk.label === "ar" ? 7 : 8}`, lead_owner: desk.user };
	desk.lead = (await desk.call("frappe.client.insert", { doc: JSON.stringify(doc) })).name;
	await desk.page.evaluate((name) => frappe.set_route("Form", "Dafater Lead", name), desk.lead);
	await desk.form(LEAD);
	await desk.click_button("Log an Activity");
	const dialog = desk.page.locator(".modal.show");
	await desk.page.waitForFunction(() => window.cur_dialog?.fields_dict.outcome);
	const outcomes = await dialog.locator("[data-fieldname=outcome] option").count();
	expect(outcomes === 8, `${outcomes} outcomes, not 8`);
	await desk.page.evaluate(() => cur_dialog.set_values({ outcome: "Interested", next_follow_up: frappe.datetime.add_days(frappe.datetime.nowdate(), 2), follow_up_note: "عرض السعر" }));
	await desk.picture("log an activity");
	await dialog.locator(".btn-modal-primary").click();
	await desk.page.waitForFunction(() => cur_frm.doc.follow_up_note === "عرض السعر" && !cur_frm.is_dirty());
	const filters = { reference_name: desk.lead };
	const logged = await list(desk, "Dafater Activity", filters, ["activity_type", "outcome", "status"]);
	expect(logged.length === 1 && logged[0].outcome === "Interested" && logged[0].status === "Done", "the call is not logged");
}

async function joins_a_sequence(desk) {
	const steps = [{ kind: "Task", task_subject: "اتصال متابعة" }];
	const sequence = { doctype: "Dafater Nurture Sequence", title: `متابعة ${RUN} ${desk.label}`, applies_to: LEAD, enabled: 1, enrolment: "By Hand", purpose: "Service", steps };
	const name = (await desk.call("frappe.client.insert", { doc: JSON.stringify(sequence) })).name;
	await desk.click_button("Add to a Sequence");
	await desk.page.waitForFunction(() => window.cur_dialog?.fields_dict.sequence);
	await desk.page.evaluate((value) => cur_dialog.set_value("sequence", value), name);
	await desk.idle();
	await desk.picture("add to a sequence");
	await desk.page.keyboard.press("Tab"); // the list of sequences lies over the button
	await desk.page.locator(".modal.show .btn-modal-primary").click();
	await desk.page.waitForFunction(() => !window.cur_dialog);
	await desk.idle();
	const enrolled = await list(desk, "Dafater Nurture Enrolment", { reference_name: desk.lead, sequence: name }, ["status"]);
	expect(enrolled.length === 1, "the lead is not in the sequence");
}

async function upload(desk, file_name) {
	const token = await desk.page.evaluate(() => frappe.csrf_token);
	const file = { name: file_name, mimeType: "text/csv", buffer: Buffer.from(`\ufeff${FILE}`) };
	const answer = await desk.context.request.post(`${options.url}/api/method/upload_file`, { headers: { "X-Frappe-CSRF-Token": token }, multipart: { file, is_private: "1" } });
	expect(answer.ok(), `the file is refused: ${answer.status()}`);
	return (await answer.json()).message.file_url;
}

/** The form reads the import again by itself while the worker is at it. */
async function status(desk, wanted) {
	await desk.page.waitForFunction((value) => cur_frm.doc.status === value, wanted, { timeout: 60000 });
	await desk.idle();
}

function leads(desk) {
	return list(desk, LEAD, { email_id: ["like", `%.${RUN}@file.example`] }, ["name", "mobile_no"]);
}

function list(desk, doctype, filters, fields) {
	return desk.call("frappe.client.get_list", { doctype, filters, fields });
}

async function picture(desk, name) {
	await desk.picture(name);
	if (options.docs) {
		mkdirSync(options.docs, { recursive: true });
		await desk.page.waitForTimeout(800);
		await desk.page.evaluate(() => document.querySelectorAll("#alert-container .desk-alert").forEach((node) => node.remove()));
		await desk.page.screenshot({ path: join(options.docs, `${name}-${desk.label}.png`) });
	}
}

await main();
tell();
