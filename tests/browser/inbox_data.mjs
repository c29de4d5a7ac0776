// Users, an account, people and conversations for the walk of the inbox; made over the API as Administrator, with names of their own each time.
import { createHmac, randomUUID } from "node:crypto";
import { deflateSync } from "node:zlib";

export const SECRET = "browser-secret";
export const PASSWORD = "Dafater-Inbox-2026";
const RUN = String(Date.now()).slice(-6, -1);

// numbers of this run: a person is known by the number
const mobile = (index) => `+96655${String(Date.now()).slice(-8, -2)}${index}`;

const USERS = {
	agent: { email: `huda.${RUN}@inbox.example`, first_name: "هدى", last_name: "الزهراني", language: "ar", roles: ["Dafater Support Agent", "Dafater Account Executive", "Sales User"] },
	colleague: { email: `khalid.${RUN}@inbox.example`, first_name: "Khalid", last_name: "Omar", language: "en", roles: ["Dafater Support Agent"] },
	operator: { email: `mona.${RUN}@inbox.example`, first_name: "منى", last_name: "الشهري", language: "ar", roles: ["Dafater Sales Operations"] },
	stranger: { email: `rami.${RUN}@inbox.example`, first_name: "Rami", last_name: "Saleh", language: "en", roles: ["Dafater Support Agent"] },
};

/** A request context of somebody who is signed in, with the token that Frappe wants for changes. */
export async function signed_in(context, url, usr, pwd) {
	const api = context.request;
	const answer = await api.post(`${url}/api/method/login`, { form: { usr, pwd } });
	if (!answer.ok()) {
		throw new Error(`${usr} cannot sign in: ${answer.status()}`);
	}
	const desk = await (await api.get(`${url}/app`)).text();
	api.token = { "X-Frappe-CSRF-Token": desk.match(/csrf_token = "([^"]+)"/)?.[1] || "" };
	return api;
}

/** Everything the walk needs. `api`: a signed-in request context of Administrator. */
export async function prepare(api, url) {
	const data = { run: RUN, api, url };
	const insert = async (doc) => (await post(api, url, "frappe.client.insert", { doc: JSON.stringify(doc) })).message;
	data.insert = insert;
	for (const [key, { roles, ...values }] of Object.entries(USERS)) {
		await insert({ doctype: "User", ...values, new_password: PASSWORD, send_welcome_email: 0, user_type: "System User", roles: roles.map((role) => ({ role })) });
		data[key] = { ...values };
	}
	const members = [data.agent.email, data.colleague.email].map((user) => ({ user }));
	data.team = (await insert({ doctype: "Dafater Team", team_name: `خدمة العملاء ${RUN}`, members })).name;
	data.other_team = (await insert({ doctype: "Dafater Team", team_name: `المبيعات ${RUN}`, members: [{ user: data.stranger.email }] })).name;
	data.number = `9${Date.now()}`.slice(0, 12);
	data.account = (
		await insert({
			doctype: "Dafater Channel Account",
			account_name: `واتساب الرياض ${RUN}`,
			channel: "WhatsApp",
			external_id: data.number,
			app_secret: SECRET,
			verify_token: "open",
			access_token: "none",
			// nothing listens there: a send fails at once and is shown as failed or waiting
			sandbox: 1,
			base_url: "http://127.0.0.1:9",
			lead_rule: "Never",
			team: data.team,
		})
	).name;
	await texts(data);
	const lead = await insert({
		doctype: "Dafater Lead",
		lead_type: "Person",
		lead_name: "سارة العتيبي",
		mobile_no: MAIN.phone,
		lead_owner: data.agent.email,
	});
	data.main = await conversation(data, { ...MAIN, lead: lead.name });
	data.closed = await conversation(data, CLOSED);
	data.instagram = await instagram(data);
	data.theirs = await conversation(data, { ...PLAIN, title: "عميل فريق آخر", team: data.other_team, phone: mobile(2) });
	for (const [index, person] of CROWD.entries()) {
		await conversation(data, { ...PLAIN, ...person, phone: mobile(3 + index), hours_ago: 2 + index * 3 });
	}
	return data;
}

const MAIN = {
	title: "سارة العتيبي",
	phone: mobile(0),
	conversation_class: "Sales",
	priority: "High",
	status: "Open",
	hours_ago: 21.5,
	mine: true,
	messages: [
		{ body: "السلام عليكم، عندكم قهوة محمصة بالجملة؟" },
		{ direction: "Outgoing", status: "Seen", body: "وعليكم السلام ورحمة الله، نعم. كم الكمية المطلوبة؟\nقائمة الأسعار: https://example.com/prices" },
		{ body: "٥٠ كيلو، والتوصيل إلى جدة. هذي صورة من الطلب السابق", kind: "Image" },
		{ message_type: "Location", body: "", content: { latitude: 21.4858, longitude: 39.1925, name: "مستودع جدة" } },
		{ direction: "Note", body: "العميلة تطلب خصم الجملة. @Khalid_Omar تقدر تراجع السعر؟" },
		{ direction: "Outgoing", status: "Delivered", body: "Here is the quotation for 50 kg, delivery to Jeddah included.", kind: "Document" },
		{ direction: "Outgoing", status: "Failed", error: "Message Undeliverable.", error_code: "131026", body: "وهذا رقم مندوب التوصيل." },
		{ body: "رسالة محذوفة", deleted: true },
		{ body: "ممتاز، متى التسليم؟", reply: 1, reaction_ours: "👍", edited: true },
	],
};
const CLOSED = {
	title: "Northern Star Trading",
	phone: mobile(1),
	conversation_class: "Support",
	status: "Pending",
	hours_ago: 49,
	mine: true,
	messages: [{ body: "The last delivery was short of two boxes." }, { direction: "Outgoing", status: "Seen", body: "We are sorry. We will send them tomorrow." }],
};
const PLAIN = { conversation_class: "", status: "New", hours_ago: 1, messages: [{ body: "مساء الخير، متى يفتح فرع الدمام؟" }] };
const CROWD = [
	{ title: "محمد القحطاني", conversation_class: "Complaint", priority: "Urgent", messages: [{ body: "الطلب وصل ناقص والكرتون مفتوح" }] },
	{ title: "نورة الشمري", conversation_class: "Support" },
	{ title: "Fahad Al-Harbi", conversation_class: "Sales", messages: [{ body: "Can I get a price for 200 units?" }] },
	{ title: "عبدالله الدوسري", conversation_class: "Sales" },
	{ title: "ريم الغامدي", conversation_class: "Support" },
	{ title: "مؤسسة النخبة للتجارة", conversation_class: "Sales" },
];

async function conversation(data, plan) {
	const { insert } = data;
	const identity = await insert({ doctype: "Dafater Contact Identity", display_name: plan.title, ...(plan.person || on_whatsapp(data, plan.phone)) });
	const moments = plan.messages.map((_message, index) => ago(plan.hours_ago * 60 - index * 2));
	const inbound = moments.filter((_moment, index) => (plan.messages[index].direction || "Incoming") === "Incoming");
	const last = plan.messages.at(-1);
	const name = (
		await insert({
			doctype: "Dafater Conversation",
			title: plan.title,
			status: plan.status,
			conversation_class: plan.conversation_class,
			priority: plan.priority || "Medium",
			channel: plan.channel || "WhatsApp",
			account: plan.account || data.account,
			lead: plan.lead,
			identity: identity.name,
			open_key: identity.name,
			team: plan.team || data.team,
			assigned_to: plan.mine ? data.agent.email : null,
			last_message: last.body,
			last_message_on: moments.at(-1),
			last_direction: last.direction || "Incoming",
			last_inbound_on: inbound.at(-1),
			first_inbound_on: inbound[0],
			unread: last.direction ? 0 : 1,
			messages: plan.messages.length,
		})
	).name;
	const names = [];
	for (const [index, message] of plan.messages.entries()) {
		names.push(await said({ ...data, account: plan.account || data.account }, name, identity.name, message, moments[index], names));
	}
	return { name, title: plan.title, identity: identity.name, phone: plan.phone, messages: names };
}

function on_whatsapp({ account }, phone) {
	const user_id = `${RUN}:${phone}`;
	return { channel: "WhatsApp", account, phone, user_id, user_key: `WhatsApp:${account}:${user_id}`, phone_key: `WhatsApp:${phone}` };
}

/** Somebody who wrote on Instagram, which takes no files of ours. */
async function instagram(data) {
	const account_name = `إنستغرام ${RUN}`;
	const values = { external_id: `7${data.number}`, app_secret: SECRET, verify_token: "open", access_token: "none", sandbox: 1 };
	const account = { doctype: "Dafater Channel Account", account_name, channel: "Instagram", base_url: "http://127.0.0.1:9", lead_rule: "Never", ...values };
	const { name } = await data.insert({ ...account, team: data.team });
	const person = { channel: "Instagram", account: name, user_id: RUN, user_key: `Instagram:${name}:${RUN}` };
	// long enough ago that only a person may still answer
	const plan = { ...PLAIN, title: "lulwa.coffee", mine: true, hours_ago: 30 };
	return conversation(data, { ...plan, channel: "Instagram", account: name, person });
}

/** A delivery that was given up. Returns its name. */
export async function given_up(data, message) {
	const body = body_of(data, message);
	const event = { doctype: "Dafater Channel Event", account: data.account, channel: "WhatsApp", status: "Failed", attempts: 9, body };
	return (await data.insert({ ...event, received_on: ago(600), error: "QueryTimeoutError: the database was away", body_hash: randomUUID() })).name;
}

async function said(data, conversation, identity, message, moment, names) {
	const direction = message.direction || "Incoming";
	const key = randomUUID();
	const doc = await data.insert({
		doctype: "Dafater Message",
		conversation,
		identity,
		account: data.account,
		direction,
		message_type: message.message_type || message.kind || "Text",
		body: message.body,
		message_on: moment,
		author: direction === "Incoming" ? null : data.agent.email,
		status: message.status || (direction === "Incoming" ? "Received" : ""),
		provider_id: key,
		provider_key: `${data.account}:${key}`,
		error: message.error,
		error_code: message.error_code,
		content: message.content ? JSON.stringify(message.content) : null,
		reply_to: message.reply === undefined ? null : names[message.reply],
		our_reaction: message.reaction_ours,
		edited_on: message.edited ? moment : null,
		deleted_on: message.deleted ? moment : null,
		has_attachments: message.kind ? 1 : 0,
	});
	if (message.kind) {
		await attach(data, conversation, doc.name, message.kind);
	}
	return doc.name;
}

const FILES = {
	Image: { name: "order.png", mime: "image/png", body: () => png(320, 180, [120, 84, 52]) },
	Document: { name: "عرض السعر.pdf", mime: "application/pdf", body: pdf },
};
/** A picture of one colour: signature, header, one compressed block, end. */
function png(width, height, [red, green, blue]) {
	const chunk = (kind, body) => {
		const part = Buffer.concat([Buffer.from(kind), body]);
		const sized = Buffer.alloc(8);
		sized.writeUInt32BE(body.length, 0);
		sized.writeUInt32BE(crc32(part), 4);
		return Buffer.concat([sized.subarray(0, 4), part, sized.subarray(4)]);
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8);
	const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([red, green, blue]))]);
	const rows = deflateSync(Buffer.concat(Array(height).fill(line)));
	const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

function crc32(bytes) {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) {
			crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
		}
	}
	return (crc ^ 0xffffffff) >>> 0;
}

/** One empty page, whole: later releases of Frappe read a PDF file before they keep it. */
export function pdf() {
	const parts = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"];
	let text = "%PDF-1.4\n";
	const places = parts.map((part, index) => {
		const place = text.length;
		text += `${index + 1} 0 obj${part}endobj\n`;
		return `${String(place).padStart(10, "0")} 00000 n \n`;
	});
	const table = `xref\n0 ${parts.length + 1}\n0000000000 65535 f \n${places.join("")}`;
	return Buffer.from(`${text}${table}trailer<</Size ${parts.length + 1}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`);
}

async function attach(data, conversation, message, kind) {
	const file = FILES[kind];
	const answer = await data.api.post(`${data.url}/api/method/upload_file`, {
		headers: data.api.token,
		multipart: {
			file: { name: file.name, mimeType: file.mime, buffer: file.body() },
			is_private: "1",
			doctype: "Dafater Conversation",
			docname: conversation,
		},
	});
	const { name, file_size } = (await answer.json()).message;
	await data.insert({
		doctype: "Dafater Message Attachment",
		message,
		conversation,
		kind,
		file_name: file.name,
		mime_type: file.mime,
		file_size,
		status: "Ready",
		file: name,
	});
}

async function texts(data) {
	await data.insert({ doctype: "Dafater Saved Reply", title: `شكر ${RUN}`, shortcut: `shukr-${RUN}`, body: "شكراً لتواصلك معنا يا {{ name }}، معك {{ agent }}." });
	await data.insert({
		doctype: "Dafater Message Template",
		title: "متابعة الطلب",
		account: data.account,
		template_name: `order_update_${RUN}`,
		language: "ar",
		category: "Utility",
		approval: "Approved",
		body: "مرحباً {{1}}، طلبك رقم {{2}} في الطريق.",
		parameters: [
			{ placeholder: "1", value_from: "Person's Name" },
			{ placeholder: "2", value_from: "Text", example: "SO-1" },
		],
	});
}

function body_of(data, { phone, title, text }) {
	const id = `wamid.${randomUUID()}`;
	const wa_id = phone.slice(1);
	const value = {
		messaging_product: "whatsapp",
		metadata: { display_phone_number: "+966110000000", phone_number_id: data.number },
		contacts: [{ profile: { name: title }, wa_id, user_id: `${data.run}:${phone}` }],
		messages: [{ from: wa_id, from_user_id: `${data.run}:${phone}`, id, timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body: text } }],
	};
	return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "WABA", changes: [{ field: "messages", value }] }] });
}

/** A message as the provider would deliver it, signed. */
export async function deliver(data, message) {
	const raw = body_of(data, message);
	const signature = `sha256=${createHmac("sha256", SECRET).update(raw).digest("hex")}`;
	// as the provider does: without a session
	const answer = await fetch(`${data.url}/api/method/dafater_crm.api.webhook.receive`, {
		method: "POST",
		body: raw,
		headers: { "Content-Type": "application/json", "X-Hub-Signature-256": signature },
	});
	if (!answer.ok) {
		throw new Error(`the webhook answered ${answer.status}: ${await answer.text()}`);
	}
}

export async function post(api, url, method, args) {
	const answer = await api.post(`${url}/api/method/${method}`, { form: args, headers: api.token });
	if (!answer.ok()) {
		throw new Error(`${method}: ${answer.status()} ${(await answer.text()).slice(0, 600)}`);
	}
	return answer.json();
}

/** A moment so many minutes ago, in the site's time zone (that of Riyadh). */
function ago(minutes) {
	const moment = new Date(Date.now() - minutes * 60000 + 3 * 3600000);
	return moment.toISOString().slice(0, 19).replace("T", " ");
}
