// A Chromium that walks a Frappe desk and remembers everything that went wrong on the way, and the counting of what a walk checks.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
// the desk works without its push server, which a test site need not run
const HARMLESS = [/socket\.io/, /ERR_CONNECTION_REFUSED/, /favicon/];

async function playwright() {
	if (!existsSync(join(HERE, "node_modules", "playwright-core"))) {
		execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: HERE, stdio: "inherit" });
	}
	return import("playwright-core");
}

export async function launch() {
	const { chromium } = await playwright();
	const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
	return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

let passed = 0;

export function expect(holds, message) {
	if (!holds) throw new Error(message);
	passed++;
}

/** Last line of a walk that came to its end; `make test-browser` reads the number. */
export function tell() {
	console.log(`${passed} checks passed`);
}

export class Desk {
	/** One signed-in user in a browser context of their own. `shots` is a folder, or null for no pictures. */
	static async open(browser, { url, user, password, shots, label, start = "/app/quotation" }) {
		const context = await browser.newContext({ viewport: { width: 1380, height: 1000 } });
		const answer = await context.request.post(`${url}/api/method/login`, { form: { usr: user, pwd: password } });
		if (!answer.ok()) {
			throw new Error(`${user} cannot sign in: ${answer.status()}`);
		}
		const desk = new Desk(context, await context.newPage(), { url, shots, label, user });
		await desk.goto(start);
		return desk;
	}

	constructor(context, page, options) {
		Object.assign(this, { context, page, ...options, problems: [], pictures: 0, expected: [], frames: [] });
		page.setDefaultTimeout(20000);
		this.listen_to_socket();
		page.on("pageerror", (error) => this.note(`page error: ${error.message}`));
		page.on("console", (message) => {
			if (message.type() === "error") {
				this.note(`console: ${message.text()} (${message.location().url})`);
			}
		});
		page.on("response", async (response) => {
			if (response.status() >= 400) {
				this.note(`HTTP ${response.status()}: ${response.url()}`);
			}
		});
	}

	/** Keeps everything that the push server sends this page, in `frames`: its first answers are requests, then a socket. */
	listen_to_socket() {
		const keep = (text) => this.frames.push(String(text).replace(/\\u([0-9a-f]{4})/gi, (_all, code) => String.fromCharCode(parseInt(code, 16))));
		this.page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => keep(payload)));
		this.page.on("response", (response) => {
			if (response.url().includes("/socket.io/") && response.request().method() === "GET") {
				response.text().then(keep, () => null);
			}
		});
	}

	note(problem) {
		if (![...HARMLESS, ...this.expected].some((pattern) => pattern.test(problem))) {
			this.problems.push(problem);
		}
	}

	async goto(path) {
		await this.page.goto(this.url + path, { waitUntil: "domcontentloaded" });
		// a first page after caches were cleared takes its time
		await this.page.waitForFunction(() => window.frappe?.msgprint && frappe.boot && window.cur_page, null, { timeout: 90000 });
		// a msgprint is a dialog that nobody asked for: remember its text
		await this.page.evaluate(() => {
			if (!window.dafater_messages) {
				window.dafater_messages = [];
				const show = frappe.msgprint;
				frappe.msgprint = function (message, ...rest) {
					const parsed = typeof message === "string" && message.startsWith("{") ? JSON.parse(message) : message;
					// a list comes back here one by one; an alert is the small note in the corner
					if (parsed && !Array.isArray(parsed) && !parsed.alert && !parsed.show_alert) {
						window.dafater_messages.push(String(parsed.message ?? parsed));
					}
					return show.call(this, message, ...rest);
				};
			}
		});
	}

	/** Messages shown since the last call. */
	async messages() {
		await this.idle();
		return this.page.evaluate(() => window.dafater_messages.splice(0));
	}

	/** Fails when a message, an error on the console or a refused request has come up. */
	async check(step) {
		for (const message of await this.messages()) {
			this.problems.push(`dialog: ${message}`);
		}
		if (this.problems.length) {
			await this.picture(`failed ${step}`);
			throw new Error(`${this.label}, ${step}:\n  ${this.problems.splice(0).join("\n  ")}`);
		}
		passed++;
	}

	/** Waits until no request is running and none has started for a moment. */
	async idle() {
		for (let quiet = 0; quiet < 3; ) {
			await this.page.waitForFunction(() => !frappe.request.ajax_count);
			await this.page.waitForTimeout(120);
			quiet = (await this.page.evaluate(() => frappe.request.ajax_count)) ? 0 : quiet + 1;
		}
	}

	async picture(name) {
		if (this.shots) {
			mkdirSync(this.shots, { recursive: true });
			const number = String(++this.pictures).padStart(2, "0");
			const file = `${this.label}-${number}-${name.replace(/[^a-z0-9]+/gi, "-")}.png`;
			await this.page.screenshot({ path: join(this.shots, file) });
		}
	}

	async call(method, args) {
		try {
			return await this.page.evaluate(([name, values]) => frappe.xcall(name, values), [method, args]);
		} catch (error) {
			throw new Error(`${method}: ${(await this.messages()).join("; ") || error.message}`);
		}
	}

	/** Values of the open document; `fields` may be `items.0.rate`. */
	values(fields) {
		return this.page.evaluate((wanted) => {
			const read = (path) => path.split(".").reduce((value, key) => value?.[key], cur_frm.doc);
			return Object.fromEntries(wanted.map((path) => [path, read(path) ?? null]));
		}, fields);
	}

	async expect(step, wanted) {
		const found = await this.values(Object.keys(wanted));
		for (const [field, value] of Object.entries(wanted)) {
			if (found[field] !== value) {
				await this.picture(`failed ${step}`);
				throw new Error(`${this.label}, ${step}: ${field} is ${found[field]}, not ${value}`);
			}
			passed++;
		}
	}

	async new_form(doctype) {
		await this.page.evaluate((name) => frappe.new_doc(name), doctype);
		await this.form(doctype);
	}

	async form(doctype) {
		await this.page.waitForFunction(
			(name) => cur_frm?.doctype === name && frappe.get_route()[1] === name && cur_frm.doc?.name === frappe.get_route()[2],
			doctype
		);
		await this.idle();
	}

	/** What a link field offers for a text typed by hand. */
	async offered(fieldname, text, scope = ".page-container:visible") {
		await this.page.evaluate((name) => cur_page.page.frm?.scroll_to_field(name, false), fieldname); // opens its tab
		const input = this.page.locator(`${scope} [data-fieldname="${fieldname}"] input:visible`).first();
		await input.click();
		await input.fill("");
		await input.pressSequentially(text, { delay: 15 });
		await this.page.waitForTimeout(700);
		await this.idle();
		return this.page
			.locator(`${scope} [data-fieldname="${fieldname}"] .awesomplete [role="option"]:visible`)
			.evaluateAll((nodes) => nodes.map((node) => node.textContent.trim()));
	}

	/** Type into a link field and pick the entry that shows `text`, and `also` where several do. */
	async choose(fieldname, text, also = "") {
		const before = (await this.values([fieldname]))[fieldname];
		await this.offered(fieldname, text);
		const scope = `.page-container:visible [data-fieldname="${fieldname}"] .awesomplete [role="option"]:visible`;
		await this.page.locator(scope).filter({ hasText: text }).filter({ hasText: also }).first().click();
		// leaving the field sooner than a person can would discard the choice
		await this.page.waitForFunction(
			([name, old]) => cur_frm.doc[name] && cur_frm.doc[name] !== old,
			[fieldname, before],
			{ timeout: 8000 }
		);
		await this.idle();
		await this.page.keyboard.press("Tab");
		await this.idle();
	}

	set(values) {
		return this.page.evaluate((fields) => cur_frm.set_value(fields), values);
	}

	async add_item(values) {
		await this.page.evaluate(async ({ item_code, ...rest }) => {
			const empty = cur_frm.doc.items.find((row) => !row.item_code);
			const row = empty || cur_frm.add_child("items");
			await frappe.model.set_value(row.doctype, row.name, "item_code", item_code);
			await frappe.after_ajax();
			await new Promise((resolve) => setTimeout(resolve, 500));
			for (const [fieldname, value] of Object.entries(rest)) {
				await frappe.model.set_value(row.doctype, row.name, fieldname, value);
			}
		}, values);
		await this.idle();
	}

	async set_rate(index, rate) {
		await this.page.evaluate(
			([at, value]) => frappe.model.set_value(cur_frm.doc.items[at].doctype, cur_frm.doc.items[at].name, "rate", value),
			[index, rate]
		);
		await this.idle();
	}

	async click_button(label) {
		await this.page.evaluate((text) => cur_frm.custom_buttons[__(text)].trigger("click"), label);
		await this.idle();
	}

	async has_button(label) {
		return this.page.evaluate((text) => Boolean(cur_frm.custom_buttons[__(text)]), label);
	}

	async save() {
		await this.page.locator(".page-container:visible .standard-actions .primary-action:visible").click();
		await this.page.waitForFunction(() => !cur_frm.is_new() && !cur_frm.is_dirty());
		await this.idle();
	}

	async submit() {
		await this.page.locator(".page-container:visible .standard-actions .primary-action:visible").click();
		await this.page.locator(".modal.show .btn-modal-primary:visible, .modal.show .btn-primary:visible").first().click();
		await this.page.waitForFunction(() => cur_frm.doc.docstatus === 1);
		await this.idle();
	}
}
