// Two agents and a stranger in the inbox: what one does, the other sees, and who may not read hears nothing.
//
//   node inbox.mjs [--url http://dafater.localhost:8000] [--password admin] [--shots FOLDER] [--docs ../../docs/screenshots]
//
// Needs the whole bench: web, a worker (received messages are written by a job), and Frappe's socket server. Makes its own users, account and
// conversations. Fails on an unexpected message, an error on the console or a refused request.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Desk, expect, launch, tell } from "./browser.mjs";
import { PASSWORD, deliver, given_up, pdf, prepare, signed_in } from "./inbox_data.mjs";

const { values: options } = parseArgs({
	options: {
		url: { type: "string", default: process.env.SITE_URL || "http://dafater.localhost:8000" },
		password: { type: "string", default: "admin" },
		shots: { type: "string", default: "" },
		docs: { type: "string", default: "" },
	},
});
const INBOX = "/app/dafater-inbox";
const ARABIC = /[\u0600-\u06ff]/;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

async function main() {
	const browser = await launch();
	try {
		const context = await browser.newContext();
		const api = await signed_in(context, options.url, "Administrator", options.password);
		const data = await prepare(api, options.url);
		const open = (key, label) =>
			Desk.open(browser, { url: options.url, user: data[key].email, password: PASSWORD, shots: options.shots || null, label, start: INBOX });
		const huda = await open("agent", "ar");
		const khalid = await open("colleague", "en");
		const steps = [reads, pictures, writes, attaches, offers_choices, acts, sees_each_other, tells_nobody_else, hears_no_text, keyboard, closed_window, takes_no_files, tries_again, narrow, polls];
		for (const step of steps) {
			await step({ huda, khalid, data, api, browser, open });
			await huda.check(step.name);
			await khalid.check(step.name);
			console.log(`ok  ${step.name}`);
		}
	} finally {
		await browser.close();
	}
}

/** List, folders, search, and everything a message may hold. */
async function reads({ huda, data }) {
	const { page } = huda;
	await ready(huda);
	expect((await page.locator(".inbox-row").count()) === 3, "three conversations are hers");
	await page.locator(".inbox-tab[data-folder=all]").click();
	await page.waitForFunction(() => document.querySelectorAll(".inbox-row").length >= 8);
	const titles = await page.locator(".inbox-row-title").allTextContents();
	expect(!titles.includes("عميل فريق آخر"), "the list shows a conversation of another team");
	await page.locator(".inbox-search input").fill(data.main.phone.replace("+966", "0"));
	await page.waitForFunction((title) => [...document.querySelectorAll(".inbox-row-title")].some((node) => node.textContent === title), data.main.title);
	await page.locator(".inbox-search input").fill("");
	await huda.idle();
	await open_conversation(huda, data.main);
	await page.locator(".inbox-picture").scrollIntoViewIfNeeded();
	await page.waitForFunction(() => document.querySelector(".inbox-picture").naturalWidth > 0);
	await huda.picture("conversation");
	const seen = await page.evaluate(() => ({
		messages: document.querySelectorAll(".inbox-message").length,
		place: document.querySelector(".inbox-place")?.href,
		file: document.querySelector(".inbox-file")?.textContent,
		failed: document.querySelector(".inbox-failure span")?.textContent,
		code: document.querySelector(".inbox-failure span")?.title,
		quote: document.querySelector(".inbox-quote")?.textContent,
		reaction: document.querySelector(".inbox-reactions")?.textContent,
		text: document.querySelector(".inbox-stream").textContent,
		link: document.querySelector(".inbox-text a")?.href,
		ticks: [...document.querySelectorAll(".inbox-tick")].map((node) => node.className),
		window: document.querySelector(".inbox-window")?.textContent,
		direction: getComputedStyle(document.querySelector(".dafater-inbox")).direction,
	}));
	expect(seen.messages === 9, `${seen.messages} messages, not 9`);
	expect(seen.direction === "rtl", "the inbox does not run from right to left");
	expect(/openstreetmap.*21\.4858/.test(seen.place), "the place has no map");
	expect(/pdf/.test(seen.file), "the document is missing");
	expect(ARABIC.test(seen.failed) && /131026/.test(seen.code), `the reason of the failed message: ${seen.failed}`);
	expect(/نعم/.test(seen.quote), "the quote is missing");
	expect(/👍/.test(seen.reaction), "the reaction is missing");
	expect(!/رسالة محذوفة/.test(seen.text), "a deleted message is shown");
	expect(seen.link === "https://example.com/prices", "the address is no link");
	expect(seen.ticks.some((tick) => /is-seen/.test(tick)) && seen.ticks.some((tick) => /is-failed/.test(tick)), "ticks are missing");
	expect(/2:|1:/.test(seen.window), `no countdown: ${seen.window}`);
}

/** Draft, saved reply, answer, note with a mention. */
async function writes({ huda, khalid, data }) {
	const { page } = huda;
	const box = page.locator(".inbox-writing textarea");
	await box.fill("نص لم يكتمل");
	await page.waitForTimeout(500);
	await open_conversation(huda, data.closed);
	await open_conversation(huda, data.main);
	expect((await box.inputValue()) === "نص لم يكتمل", "the draft was lost");
	await box.fill(`/shukr-${data.run}`);
	await page.locator(".inbox-suggest li[role=option]").first().waitFor();
	await box.press("Enter");
	expect(/سارة العتيبي/.test(await box.inputValue()) && /هدى/.test(await box.inputValue()), "the saved reply is not filled in");
	await box.press("Shift+Enter");
	await box.pressSequentially("سطر ثان");
	await box.press("Enter");
	await message_with(page, "سطر ثان");
	expect((await box.inputValue()) === "", "the box was not emptied");
	await page.locator(".inbox-mode[data-mode=note]").click();
	await box.pressSequentially(`راجع السعر @khalid.${data.run}`);
	await page.locator(".inbox-suggest li[role=option]").filter({ hasText: data.colleague.email }).click();
	await box.pressSequentially("من فضلك");
	await box.press("Enter");
	await message_with(page, "من فضلك");
	const told = await huda_notified(khalid, data);
	expect(told >= 1, "the mentioned colleague was not told");
}

async function huda_notified(khalid, data) {
	for (let tries = 0; tries < 40; tries++) {
		const found = await khalid.call("frappe.client.get_count", {
			doctype: "Notification Log",
			filters: { document_name: data.main.name, for_user: data.colleague.email },
		});
		if (found) {
			return found;
		}
		await khalid.page.waitForTimeout(500);
	}
	return 0;
}

/** A file is uploaded, shown with the message, and private. */
async function attaches({ huda }) {
	const { page } = huda;
	await page.locator(".inbox-mode[data-mode=reply]").click();
	await page.locator(".inbox-composer input[type=file]").setInputFiles({ name: "أسعار.pdf", mimeType: "application/pdf", buffer: pdf() });
	await page.locator(".inbox-attachments li").waitFor();
	await page.locator(".inbox-tools .btn-primary:not([disabled])").waitFor();
	await page.locator(".inbox-tools .btn-primary").click();
	const link = page.locator(".inbox-message .inbox-file", { hasText: "أسعار" });
	await link.waitFor();
	expect((await link.getAttribute("href")).startsWith("/private/files/"), "the file is not private");
	expect((await page.locator(".inbox-attachments li").count()) === 0, "the file still waits");
}

/** Buttons below an answer: by keyboard, at most as many as the channel has, kept in the draft, and shown with the message. */
async function offers_choices({ huda, khalid, data }) {
	const { page } = huda;
	const inputs = page.locator(".inbox-quick-replies input");
	const send_button = page.locator(".inbox-tools .btn-primary");
	const hint = page.locator(".inbox-quick-replies [role=status]");
	await page.locator(".inbox-tools [title='أزرار الرد السريع']").click();
	await page.keyboard.type("نعم");
	expect((await send_button.isDisabled()) && ARABIC.test(await hint.textContent()), "buttons go without a text, or nothing says why not");
	await page.keyboard.press("Enter");
	await page.keyboard.type("نعم");
	await page.locator(".inbox-writing textarea").fill("هل وصل الطلب؟");
	expect(await send_button.isDisabled(), "two buttons that say the same can be sent");
	await inputs.nth(1).fill("لا");
	expect(!(await hint.textContent()), "the hint stays");
	await inputs.nth(1).press("Enter");
	await page.keyboard.type("ثالث زر نصه أطول من عشرين حرفًا");
	expect((await inputs.nth(2).inputValue()).length === 20, "a label is longer than the channel takes");
	expect((await inputs.count()) === 3 && !(await page.locator(".inbox-more button").isVisible()), "WhatsApp takes three buttons");
	await huda.picture("quick replies");
	const left = await page.evaluate(() => ((box) => box.scrollHeight - box.scrollTop - box.clientHeight)(document.querySelector(".inbox-messages")));
	expect(left < 2, `the composer hides ${left} pixels of the newest message`);
	await page.setViewportSize(NARROW);
	await fits(page, "quick replies");
	await huda.picture("quick replies narrow");
	await page.setViewportSize(WIDE);
	await page.waitForTimeout(500);
	await open_conversation(huda, data.closed);
	expect(!(await page.locator(".inbox-quick-replies").isVisible()), "buttons of another conversation");
	await open_conversation(huda, data.main);
	expect((await inputs.count()) === 3, "the draft lost its buttons");
	await inputs.nth(2).fill("");
	await inputs.nth(2).press("Backspace");
	expect((await inputs.count()) === 2, "an empty button stays");
	await inputs.nth(1).press("Escape");
	await page.waitForFunction(() => document.activeElement.matches(".inbox-writing textarea"));
	await page.keyboard.press("Enter");
	const sent = page.locator(".inbox-message:not(.is-failed)", { hasText: "هل وصل الطلب؟" });
	await sent.locator(".inbox-choice").nth(1).waitFor();
	await huda.idle(); // until then the message may stand there twice: as it was written, and as the server has it
	await huda.picture("choices sent");
	const shown = await sent.locator(".inbox-choice").allTextContents();
	expect(shown.join() === "نعم,لا", `the message shows other buttons: ${shown}`);
	expect((await inputs.count()) === 0, "the buttons still wait");
	await open_conversation(khalid, data.main);
	await khalid.page.locator(".inbox-tools [title='Quick Replies']").click();
	await khalid.page.keyboard.type("Yes");
	await khalid.picture("quick replies");
	await khalid.page.keyboard.press("Control+A");
	await khalid.page.keyboard.press("Delete");
	await khalid.page.keyboard.press("Backspace");
	expect((await khalid.page.locator(".inbox-quick-replies input").count()) === 0, "the last empty button stays");
}

/** Class, a conversation that nobody has, and a lead made of it. */
async function acts({ huda, data }) {
	const { page } = huda;
	await page.locator(".inbox-actions select").nth(1).selectOption("Complaint");
	await page.locator(".inbox-deed", { hasText: "شكوى" }).waitFor();
	await page.locator(".inbox-row", { hasText: "نورة الشمري" }).first().click();
	await page.locator(`.inbox-open[data-name]:not([hidden]) .inbox-head .btn-primary`).click();
	await page.waitForFunction((me) => document.querySelector(".inbox-head-marks bdi").textContent.includes(me), data.agent.first_name);
	await page.locator(".inbox-buttons .btn", { hasText: "إنشاء عميل محتمل" }).click();
	await page.locator(".inbox-links a").waitFor();
	await page.locator(".inbox-view .dafater-view").waitFor();
	await huda.picture("lead made");
	await page.goBack();
	await open_conversation(huda, data.main);
}

/** The colleague sees who looks and writes, the answer, and a new message of the customer, without doing anything. */
async function sees_each_other({ huda, khalid, data }) {
	await ready(khalid);
	expect(await khalid.page.evaluate(() => frappe.realtime.socket?.connected), "the socket server is not there");
	await open_conversation(khalid, data.main);
	await khalid.page.waitForFunction(() => document.querySelector(".inbox-present").textContent.includes("هدى"));
	await huda.page.waitForFunction(() => document.querySelector(".inbox-present").textContent.includes("Khalid"));
	await huda.page.locator(".inbox-mode[data-mode=reply]").click();
	await huda.page.locator(".inbox-writing textarea").pressSequentially("أكتب الآن", { delay: 30 });
	await khalid.page.waitForFunction(() => document.querySelector(".inbox-present").classList.contains("is-typing"));
	await khalid.picture("typing");
	await huda.page.locator(".inbox-writing textarea").press("Enter");
	const started = Date.now();
	await message_with(khalid.page, "أكتب الآن");
	const waited = Date.now() - started;
	expect(waited < 5000, `the colleague saw the answer after ${waited} ms`);
	await deliver(data, { phone: data.main.phone, title: data.main.title, text: "رسالة جديدة من العميلة" });
	await Promise.all([message_with(huda.page, "رسالة جديدة من العميلة"), message_with(khalid.page, "رسالة جديدة من العميلة")]);
	const newcomer = { phone: `+9665${String(Date.now()).slice(-8)}`, title: "عميل جديد", text: "هل لديكم فرع في أبها؟" };
	await khalid.page.locator(".inbox-tab[data-folder=all]").click();
	await deliver(data, newcomer);
	await khalid.page.waitForFunction((text) => document.querySelector(".inbox-row .inbox-row-text")?.textContent.includes(text), newcomer.text);
}

/** G13: whoever may not read a conversation gets neither its rows nor its events, however the subscription is asked for. */
async function tells_nobody_else({ data, open, huda }) {
	const rami = await open("stranger", "stranger");
	await ready(rami);
	await rami.page.evaluate((name) => {
		window.heard = [];
		frappe.realtime.socket.onAny((event, ...values) => window.heard.push([event, JSON.stringify(values)]));
		frappe.realtime.emit("doc_subscribe", "Dafater Conversation", name);
		frappe.realtime.emit("doc_open", "Dafater Conversation", name);
	}, data.main.name);
	await rami.page.waitForTimeout(1500);
	rami.expected.push(/HTTP 40[34]/, /status of 40[34]/);
	for (const [method, args] of [
		["dafater_crm.api.inbox.thread", { name: data.main.name }],
		["dafater_crm.api.inbox.conversation", { name: data.main.name }],
		["dafater_crm.api.inbox.viewing", { name: data.main.name }],
	]) {
		const refused = await rami.page.evaluate(([path, values]) => frappe.xcall(path, values).then(() => false, () => true), [method, args]);
		expect(refused, `${method} answered somebody who may not read`);
	}
	await rami.page.evaluate(() => window.heard.splice(0));
	const text = "سر لا يسمعه غيرهم";
	await huda.page.locator(".inbox-writing textarea").pressSequentially(text);
	await huda.page.locator(".inbox-writing textarea").press("Enter");
	await message_with(huda.page, text);
	await rami.page.waitForTimeout(2000);
	const heard = await rami.page.evaluate(() => window.heard);
	const events = heard.map(([event]) => event);
	expect(!events.includes("dafater_inbox_thread") && !events.includes("dafater_inbox_presence"), `heard: ${events}`);
	expect(!JSON.stringify(heard).includes("سر"), "an event carries what was said");
	const named = heard.filter(([event]) => event === "dafater_inbox_list").map(([, values]) => Object.keys(JSON.parse(values)[0]).join());
	expect(named.length > 0, "the room of the list is silent");
	expect(named.every((keys) => keys === "conversation"), `the list's event carries more than a name: ${named}`);
	data.strangers_frames = rami.frames;
	await rami.messages();
	await rami.context.close();
}

/** G13: what the push server sends names conversations and people; what was said is only in answers to those who may read. */
async function hears_no_text({ huda, khalid, data }) {
	const spoken = ["سطر ثان", "راجع السعر", "أكتب الآن", "رسالة جديدة من العميلة", "فرع في أبها", "سر لا يسمعه"];
	for (const desk of [huda, khalid]) {
		const heard = desk.frames.join("\n");
		for (const event of ["dafater_inbox_thread", "dafater_inbox_presence", "dafater_inbox_list"]) {
			expect(heard.includes(event), `${desk.label} heard no ${event}`);
		}
		expect(heard.includes(data.main.name), `${desk.label} heard nothing of the conversation`);
	}
	const everything = [...huda.frames, ...khalid.frames, ...data.strangers_frames];
	for (const text of spoken) {
		const found = everything.find((frame) => frame.includes(text));
		expect(!found, `a frame carries what was said: ${found}`);
	}
}

/** j, k, Enter, r, n, /, ? and e. */
async function keyboard({ khalid, data }) {
	const { page } = khalid;
	await page.locator(".inbox-tab[data-folder=all]").click();
	await khalid.idle();
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("j");
	await page.keyboard.press("j");
	const second = await page.evaluate(() => [document.activeElement.getAttribute("role"), document.activeElement.dataset.name]);
	expect(second[0] === "option", "j does not reach the list");
	await page.keyboard.press("k");
	expect((await page.evaluate(() => document.activeElement.dataset.name)) !== second[1], "k does not go back");
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.matches(".inbox-writing textarea"));
	await page.keyboard.press("Escape");
	await page.keyboard.press("n");
	await page.waitForFunction(() => document.activeElement.matches(".inbox-composer.is-note textarea"));
	await page.keyboard.press("Escape");
	await page.keyboard.press("r");
	await page.waitForFunction(() => document.activeElement.matches(".inbox-composer:not(.is-note) textarea"));
	expect((await page.locator(".inbox-writing textarea").inputValue()) === "", "the key was written into the box");
	await page.keyboard.press("Escape");
	await page.keyboard.press("/");
	await page.locator(".inbox-suggest li").first().waitFor();
	await page.keyboard.press("Escape");
	await page.keyboard.press("Escape");
	await page.keyboard.press("Shift+?");
	await page.locator(".modal.show").filter({ hasText: "Resolve the conversation" }).waitFor();
	// Frappe knows its dialog once it has faded in; until then Escape belongs to the page
	await page.waitForFunction(() => window.cur_dialog);
	await khalid.picture("keys");
	await page.keyboard.press("Escape");
	await page.waitForFunction(() => !document.querySelector(".modal.show"));
	await open_conversation(khalid, data.closed);
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("e");
	await page.waitForFunction(() => document.querySelector(".inbox-head .indicator-pill")?.textContent === "Resolved");
}

/** After the 24 hours only a template can be sent. */
async function closed_window({ huda, data }) {
	const { page } = huda;
	await open_conversation(huda, data.closed);
	expect(!(await page.locator(".inbox-writing textarea").isVisible()), "the box is offered after the 24 hours");
	await huda.picture("closed window");
	await page.locator(".inbox-window .btn").click();
	const dialog = page.locator(".modal.show");
	await dialog.locator(".inbox-template-value input").nth(1).fill("SO-77");
	expect(/Northern Star Trading/.test(await dialog.locator(".inbox-template-preview").textContent()), "the name is not filled in");
	await huda.picture("template");
	await dialog.locator(".btn-modal-primary").click();
	await message_with(page, "SO-77");
}

/** Instagram: no files, up to 13 buttons, and a day after the customer wrote a person may still answer. */
async function takes_no_files({ huda, khalid, data }) {
	for (const desk of [huda, khalid]) {
		const { page } = desk;
		await open_conversation(desk, data.instagram);
		const tools = await page.locator(".inbox-tools button:visible").evaluateAll((nodes) => nodes.map((node) => node.title || node.textContent));
		expect(tools.length === 3, `an Instagram conversation offers: ${tools}`);
		expect(/7/.test(await page.locator(".inbox-window").textContent()), "nothing says for how long one may answer");
		await page.locator(".inbox-writing textarea").evaluate((box) => {
			const clipboard = new DataTransfer();
			clipboard.items.add(new File(["x"], "a.png", { type: "image/png" }));
			box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }));
		});
		expect((await page.locator(".inbox-attachments li").count()) === 0, "a pasted file waits to be sent");
		await page.locator(".inbox-message .inbox-menu button[title]").nth(1).click({ force: true });
		const emojis = await page.locator(".inbox-emojis:not([hidden]) button").allTextContents();
		expect(emojis.join() === "❤️", `Instagram shows a heart alone, not ${emojis}`);
		await desk.picture("instagram");
	}
	await huda.page.setViewportSize(NARROW);
	await fits(huda.page, "instagram");
	await huda.picture("instagram narrow");
	await huda.page.setViewportSize(WIDE);
}

/** A delivery that was given up: operations look at it, try it again, and the message is there. */
async function tries_again({ khalid, data, open }) {
	const text = "رسالة تأخرت";
	const name = await given_up(data, { phone: data.main.phone, title: data.main.title, text });
	const mona = await open("operator", "operator");
	const { page } = mona;
	await mona.goto(`/app/dafater-channel-event/${name}`);
	await mona.form("Dafater Channel Event");
	await mona.picture("given up");
	const again = page.locator(".page-actions button:visible", { hasText: "المحاولة مرة أخرى" });
	await again.click();
	await page.waitForFunction(() => cur_frm.doc.status === "Done" && !cur_frm.doc.__unsaved, null, { timeout: 30000 });
	await mona.idle();
	expect(ARABIC.test(await page.locator("#alert-container").textContent()), "nothing says what became of it");
	expect((await again.count()) === 0, "what is done is offered to be tried again");
	await mona.picture("tried again");
	await mona.check("tries_again");
	await mona.context.close();
	await open_conversation(khalid, data.main);
	await message_with(khalid.page, text);
}

/** At 360 pixels: list, messages and side panel one after the other, nothing wider than the screen. */
async function narrow({ huda, data }) {
	const { page } = huda;
	await page.setViewportSize(NARROW);
	await huda.goto(INBOX);
	await ready(huda);
	await fits(page, "list");
	await huda.picture("narrow list");
	await page.locator(`.inbox-row[data-name="${data.main.name}"]`).click();
	await page.locator(".inbox-message").first().waitFor();
	expect(!(await page.locator(".inbox-list").isVisible()), "the list stays beside the messages");
	await fits(page, "messages");
	await huda.picture("narrow messages");
	await page.locator(".inbox-details").click();
	await page.locator(".inbox-side .inbox-facts").waitFor();
	await huda.idle();
	await fits(page, "side");
	await huda.picture("narrow side");
	await page.goBack();
	await page.locator(".inbox-writing textarea").waitFor();
	await page.locator(".inbox-head .inbox-back").first().click();
	await page.locator(".inbox-row").first().waitFor();
	await page.setViewportSize(WIDE);
}

/** Without the socket the page asks every 20 seconds. */
async function polls({ khalid, data }) {
	const { page } = khalid;
	await open_conversation(khalid, data.main);
	await page.evaluate(() => frappe.realtime.socket.disconnect());
	await deliver(data, { phone: data.main.phone, title: data.main.title, text: "رسالة بلا اتصال مباشر" });
	await page.locator(".inbox-message", { hasText: "رسالة بلا اتصال مباشر" }).waitFor({ timeout: 45000 });
}

/** Wide, narrow and dark, in both languages; those of the guides with --docs. */
async function pictures({ huda, khalid, data }) {
	await ready(khalid);
	for (const desk of [huda, khalid]) {
		await desk.page.locator(".inbox-tab[data-folder=all]").click();
		await open_conversation(desk, data.main);
		await keep(desk, "inbox", WIDE);
		await desk.page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
		await desk.picture("dark");
		await desk.page.evaluate(() => document.documentElement.setAttribute("data-theme", "light"));
		await keep(desk, "inbox-narrow", NARROW);
		await desk.page.setViewportSize(WIDE);
	}
}

async function keep(desk, name, size) {
	await desk.page.setViewportSize(size);
	await desk.page.waitForTimeout(800);
	await desk.page.evaluate(() => document.querySelector(".inbox-messages").scrollTo(0, 1e6));
	await desk.idle();
	await fits(desk.page, name);
	await desk.picture(name);
	if (options.docs) {
		mkdirSync(options.docs, { recursive: true });
		await desk.page.screenshot({ path: join(options.docs, `${name}-${desk.label}.png`) });
	}
}

async function ready(desk) {
	await desk.page.locator(".inbox-row, .inbox-notice p").first().waitFor();
	await desk.idle();
}

async function open_conversation(desk, { name }) {
	await desk.page.evaluate((wanted) => frappe.set_route("dafater-inbox", wanted), name);
	await desk.page.locator(`.inbox-open[data-name="${name}"]:not([hidden]) .inbox-message`).first().waitFor();
	await desk.idle();
}

function message_with(page, text) {
	return page.locator(".inbox-message:not(.is-failed)", { hasText: text }).first().waitFor();
}

async function fits(page, what) {
	const { wide, shown } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, shown: window.innerWidth }));
	expect(wide <= shown, `${what}: ${wide} pixels wide on a screen of ${shown}`);
}

await main();
tell();
