// The server's methods that the inbox uses.

const call = (method) => (args) => frappe.xcall(method, args);
/** For what runs by itself: a failure is no dialog in somebody's face. */
const quiet = (method) => (args) =>
	new Promise((resolve, reject) => {
		frappe.call({ method, args, silent: true, callback: (r) => resolve(r.message), error: reject });
	});

export const read = {
	conversations: call("dafater_crm.api.inbox.conversations"),
	some_conversations: quiet("dafater_crm.api.inbox.conversations"),
	counts: quiet("dafater_crm.api.inbox.counts"),
	conversation: call("dafater_crm.api.inbox.conversation"),
	conversation_again: quiet("dafater_crm.api.inbox.conversation"),
	thread: call("dafater_crm.api.inbox.thread"),
	thread_again: quiet("dafater_crm.api.inbox.thread"),
	saved_replies: call("dafater_crm.api.inbox.saved_replies"),
	templates: call("dafater_crm.api.inbox.templates"),
	mentionable: quiet("dafater_crm.api.inbox.mentionable"),
};

export const presence = {
	viewing: quiet("dafater_crm.api.inbox.viewing"),
	typing: quiet("dafater_crm.api.inbox.typing"),
};

export const send = {
	send: quiet("dafater_crm.api.inbox_send.send"),
	note: quiet("dafater_crm.api.inbox_send.note"),
	react: call("dafater_crm.api.inbox_send.react"),
	resend: call("dafater_crm.api.inbox_send.resend"),
	mark_seen: quiet("dafater_crm.api.inbox_send.mark_seen"),
};

const ACTIONS = {
	assign: "dafater_crm.api.conversations.assign",
	link: "dafater_crm.api.conversations.link",
	make_issue: "dafater_crm.api.conversations.make_issue",
	make_lead: "dafater_crm.api.conversations.make_lead",
	make_opportunity: "dafater_crm.api.conversations.make_opportunity",
	make_quotation: "dafater_crm.api.conversations.make_quotation",
	send_invoice: "dafater_crm.api.conversations.send_invoice",
	set_class: "dafater_crm.api.conversations.set_class",
	set_priority: "dafater_crm.api.conversations.set_priority",
	set_status: "dafater_crm.api.conversations.set_status",
	set_team: "dafater_crm.api.conversations.set_team",
	snooze: "dafater_crm.api.conversations.snooze",
	take: "dafater_crm.api.conversations.take",
};

export const act = (action, args) => frappe.xcall(ACTIONS[action], args);

const UPLOAD = "dafater_crm.api.inbox_send.upload";

/** Uploads one file for a message of the conversation; `on_progress` gets 0 to 1. */
export function upload(conversation, file, on_progress) {
	return new Promise((resolve, reject) => {
		const form = new FormData();
		form.append("conversation", conversation);
		form.append("file", file, file.name);
		const request = new XMLHttpRequest();
		request.open("POST", `/api/method/${UPLOAD}`);
		request.setRequestHeader("Accept", "application/json");
		request.setRequestHeader("X-Frappe-CSRF-Token", frappe.csrf_token);
		request.upload.addEventListener("progress", (event) => on_progress(event.loaded / event.total));
		request.addEventListener("load", () => {
			const answer = parsed(request.responseText);
			request.status === 200 ? resolve(answer.message) : reject(new Error(message_of(answer)));
		});
		request.addEventListener("error", () => reject(new Error(__("The connection was lost. Try again."))));
		request.send(form);
	});
}

function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return {};
	}
}

/** What the server says about a refusal, as plain text. */
export function message_of(answer) {
	try {
		const messages = JSON.parse((answer.responseJSON || answer)._server_messages).map((row) => JSON.parse(row).message);
		return strip_html(messages.join(" "));
	} catch {
		return __("This did not work. Try again.");
	}
}
