// What happens elsewhere: events of Frappe's socket, or polling while there is none. An event only names what to read again.
import { presence } from "./api";
import { gathered } from "./dom";
import { CONVERSATION } from "./words";

const POLLS_EVERY = 20000; // milliseconds
const SAYS_HERE_EVERY = 20000;
const TYPING_LASTS = 8000;

export class Live {
	/** `list(names)`, `thread(names)`, `everything()` read again; `present(people)` shows who else is there. */
	constructor({ page_is_visible, list, thread, everything, present }) {
		Object.assign(this, { page_is_visible, list, thread, everything, present });
		this.changed_conversations = new Set();
		this.changed_messages = new Set();
		this.people = {};
		// not all browsers ask in the same moment
		this.tell_list = gathered(() => this.flush_list(), 250 + Math.random() * 400);
		this.tell_thread = gathered(() => this.flush_thread(), 60);
		this.listen();
		setInterval(() => this.on_interval(), POLLS_EVERY);
		document.addEventListener("visibilitychange", () => document.hidden || this.on_interval());
	}

	get connected() {
		return Boolean(frappe.realtime.socket?.connected);
	}

	listen() {
		frappe.realtime.on("dafater_inbox_list", ({ conversation }) => {
			this.changed_conversations.add(conversation);
			this.tell_list();
		});
		frappe.realtime.on("dafater_inbox_thread", ({ conversation, message }) => {
			if (conversation === this.name) {
				this.changed_messages.add(message || "");
				this.tell_thread();
			}
		});
		frappe.realtime.on("dafater_inbox_presence", (event) => this.on_presence(event));
		// rooms are forgotten when the connection is lost
		frappe.realtime.socket?.on("connect", () => {
			this.subscribe();
			this.everything();
		});
		this.subscribe();
	}

	subscribe() {
		if (!frappe.realtime.socket) {
			return;
		}
		frappe.realtime.emit("doctype_subscribe", CONVERSATION);
		if (this.name) {
			frappe.realtime.emit("doc_subscribe", CONVERSATION, this.name);
		}
	}

	/** The conversation on the screen, or null. */
	watch(name) {
		if (this.name === name) {
			return;
		}
		if (this.name) {
			this.leave(this.name);
		}
		this.name = name;
		this.people = {};
		this.changed_messages.clear();
		if (name) {
			frappe.realtime.socket && frappe.realtime.emit("doc_subscribe", CONVERSATION, name);
			this.say_here();
		}
		this.show_present();
	}

	leave(name) {
		frappe.realtime.socket && frappe.realtime.emit("doc_unsubscribe", CONVERSATION, name);
		presence.viewing({ name, here: 0 }).catch(() => {});
	}

	async say_here() {
		const name = this.name;
		if (!name || document.hidden || !this.page_is_visible()) {
			return;
		}
		this.said_here = Date.now();
		const people = await presence.viewing({ name, here: 1 }).catch(() => null);
		if (people && name === this.name) {
			this.people = Object.fromEntries(Object.entries(people).map(([user, person]) => [user, { ...person, since: Date.now() }]));
			this.show_present();
		}
	}

	on_presence({ conversation, user, state }) {
		if (conversation !== this.name || user === frappe.session.user) {
			return;
		}
		if (state === "Gone") {
			delete this.people[user];
		} else if (this.people[user]) {
			Object.assign(this.people[user], { state, since: Date.now() });
		} else {
			this.say_here(); // somebody new, whose name is not known here
		}
		this.show_present();
	}

	show_present() {
		const now = Date.now();
		const shown = Object.values(this.people).map(({ name, state, since }) => ({ name, typing: state === "Typing" && now - since < TYPING_LASTS }));
		this.present(shown);
		clearTimeout(this.typing_ends);
		if (shown.some(({ typing }) => typing)) {
			this.typing_ends = setTimeout(() => this.show_present(), TYPING_LASTS);
		}
	}

	async flush_list() {
		if (document.hidden || !this.page_is_visible()) {
			return; // read when somebody looks again
		}
		const names = [...this.changed_conversations];
		this.changed_conversations.clear();
		if (names.length) {
			await this.list(names);
		}
	}

	async flush_thread() {
		const names = [...this.changed_messages];
		this.changed_messages.clear();
		await this.thread(names.includes("") ? [] : names);
	}

	on_interval() {
		if (document.hidden || !this.page_is_visible()) {
			return;
		}
		if (this.name && Date.now() - (this.said_here || 0) > SAYS_HERE_EVERY - 1000) {
			this.say_here();
		}
		if (this.connected) {
			this.flush_list();
		} else {
			this.everything();
		}
	}
}
