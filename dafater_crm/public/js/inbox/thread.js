// The messages of one conversation: pages upwards, what changed meanwhile, what is on its way.
import { read, send } from "./api";
import { button, el, reconcile } from "./dom";
import { message_node } from "./message";
import { clock, day, full } from "./moments";
import { DEEDS } from "./words";

export class Thread {
	constructor({ on_reply, on_window, on_resend }) {
		this.on_reply = on_reply;
		this.on_window = on_window;
		this.on_resend = on_resend;
		this.top = el("div", { class: "inbox-sentinel" });
		this.notice = el("div", { class: "inbox-notice", role: "status" });
		this.stream = el("div", { class: "inbox-stream", role: "log", "aria-label": __("Messages"), "aria-live": "polite" });
		this.below = button({ label: __("New Messages"), icon_name: "down", css: "btn-primary inbox-below", hidden: true, on_click: () => this.to_end() });
		this.scroller = el(
			"div",
			{ class: "inbox-scroll inbox-messages", tabindex: "0", "aria-label": __("Messages"), on: { scroll: () => this.on_scroll() } },
			this.top,
			this.notice,
			this.stream
		);
		this.node = el("div", { class: "inbox-thread-body" }, this.scroller, this.below);
		new IntersectionObserver((seen) => seen[0].isIntersecting && this.load_older(), { root: this.scroller, rootMargin: "200px" }).observe(
			this.top
		);
		// the composer grows and shrinks: whoever reads the newest message goes on reading it
		new ResizeObserver(() => this.reads_end && this.to_end()).observe(this.scroller);
		this.reset();
	}

	reset() {
		this.messages = new Map();
		this.nodes = new Map();
		this.log = new Map();
		this.quotes = {};
		this.people = {};
		this.pending = new Map();
		this.more = false;
		this.page_key = null;
	}

	/** Shows a conversation from its end. `head`: what the server said about it. */
	async load(name, head) {
		this.reset();
		this.name = name;
		this.head = head;
		this.stream.replaceChildren();
		this.say(__("Loading..."));
		let page;
		try {
			page = await read.thread({ name });
		} catch (error) {
			if (name === this.name) {
				this.say(__("The messages could not be loaded."), () => this.load(name, head));
			}
			return;
		}
		if (name === this.name) {
			this.more = page.more;
			this.take(page);
			this.say(this.messages.size ? "" : __("No message yet."));
			this.to_end();
		}
	}

	async load_older() {
		if (!this.more || this.loading || !this.page_key) {
			return;
		}
		this.loading = true;
		const name = this.name;
		try {
			const page = await read.thread({ name, before: [this.page_key.message_on, this.page_key.name] });
			if (name === this.name) {
				const from_end = this.scroller.scrollHeight - this.scroller.scrollTop;
				this.more = page.more;
				this.take(page);
				this.scroller.scrollTop = this.scroller.scrollHeight - from_end;
			}
		} finally {
			this.loading = false;
		}
	}

	/** Reads again what changed, or the newest page where nobody says what did. */
	async refresh(names = []) {
		const name = this.name;
		const page = await read.thread_again({ name, ...(names.length ? { names } : {}) });
		if (name !== this.name) {
			return;
		}
		const at_end = this.at_end();
		const before = this.messages.size;
		this.take(page, true);
		if (this.messages.size > before) {
			at_end ? this.to_end() : (this.below.hidden = false);
		}
		this.say(this.messages.size + this.pending.size ? "" : __("No message yet."));
		this.on_window(page.window);
	}

	/** `again`: messages that were read anew; one of an older page, which is not here yet, waits for its page. */
	take({ messages, quotes, log, people }, again = false) {
		Object.assign(this.people, people);
		Object.assign(this.quotes, quotes);
		for (const message of messages) {
			if (again && this.more && this.page_key && earlier(this.page_key, message) === message && !this.messages.has(message.name)) {
				continue;
			}
			this.messages.set(message.name, message);
			if (message.client_key) {
				this.pending.delete(message.client_key);
			}
		}
		if (!again) {
			this.page_key = messages.reduce(earlier, this.page_key);
		}
		log.forEach((entry) => this.log.set(entry.name, entry));
		this.render();
	}

	/** A message of ours that the server has not taken yet; by its client key. */
	show_pending(message) {
		this.pending.set(message.client_key, { ...message, pending: true, attachments: message.attachments || [] });
		this.render();
		this.to_end();
	}

	drop_pending(client_key) {
		this.pending.delete(client_key);
		this.render();
	}

	/** Messages of ours that the server did not take. */
	refused() {
		return [...this.pending.values()].filter((message) => message.status === "Failed");
	}

	sorted() {
		return [...this.messages.values()].sort(in_order);
	}

	render() {
		const nodes = [];
		let last_day = "";
		const log = [...this.log.values()];
		const add_log = (until) => {
			while (log.length && (!until || log[0].logged_on <= until)) {
				nodes.push(this.kept(log[0].name, log[0], () => this.log_node(log[0])));
				log.shift();
			}
		};
		log.sort((a, b) => a.logged_on.localeCompare(b.logged_on));
		for (const message of [...this.sorted(), ...this.pending.values()]) {
			const date = day(message.message_on);
			if (date !== last_day) {
				nodes.push(this.kept(`day ${date}`, date, () => el("div", { class: "inbox-day" }, el("span", { text: date }))));
				last_day = date;
			}
			add_log(message.message_on);
			nodes.push(this.message_node(message));
		}
		add_log();
		reconcile(this.stream, nodes);
	}

	message_node(message) {
		const key = message.pending ? message.client_key : message.name;
		const state = [message, this.quotes[message.reply_to], this.people[message.author], this.head.can_write];
		return this.kept(key, state, () =>
			message_node(message, {
				quotes: this.quotes,
				title: this.head.conversation.title,
				can_write: this.head.can_write,
				reactions: this.head.limits.reactions,
				name_of: (user) => this.name_of(user),
				jump: (name) => this.jump(name),
				reply: (target) => this.on_reply(target),
				react: (target, emoji) => this.react(target, emoji),
				resend: (target) => (target.pending ? this.on_resend(target) : this.resend(target)),
				discard: (target) => this.drop_pending(target.client_key),
			})
		);
	}

	/** The node of `key`, drawn anew only when its state changed. */
	kept(key, state, draw) {
		const text = JSON.stringify(state);
		const known = this.nodes.get(key);
		if (known?.text === text) {
			return known.node;
		}
		const node = draw();
		this.nodes.set(key, { text, node });
		return node;
	}

	log_node(entry) {
		const deed = DEEDS[entry.kind]?.(entry, (user) => this.name_of(user)) || entry.kind;
		const who = entry.done_by && ["Agent", ""].includes(entry.cause || "") ? this.name_of(entry.done_by) : __("Automatic");
		return el("div", { class: "inbox-deed", title: full(entry.logged_on) }, el("bdi", { text: deed }), " · ", el("bdi", { text: who }), " · ", el("time", { text: clock(entry.logged_on) }));
	}

	name_of(user) {
		if (!user) {
			return "";
		}
		return user === frappe.session.user ? __("You") : this.people[user]?.name || frappe.user.full_name(user) || user;
	}

	async react(message, emoji) {
		await send.react({ message: message.name, emoji });
		this.refresh([message.name]);
	}

	async resend(message) {
		await send.resend({ message: message.name });
		this.refresh([message.name]);
	}

	async jump(name) {
		for (let pages = 0; !this.messages.has(name) && this.more && pages < 10; pages++) {
			await this.load_older();
		}
		const node = this.nodes.get(name)?.node;
		if (node) {
			node.scrollIntoView({ block: "center" });
			node.classList.add("is-marked");
			setTimeout(() => node.classList.remove("is-marked"), 1600);
		}
	}

	at_end() {
		return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 80;
	}

	to_end() {
		this.scroller.scrollTop = this.scroller.scrollHeight;
		this.below.hidden = true;
	}

	on_scroll() {
		this.reads_end = this.at_end();
		if (this.reads_end) {
			this.below.hidden = true;
		}
	}

	say(text, again) {
		this.notice.replaceChildren(
			...(text ? [el("p", { class: "text-muted", text })] : []),
			...(again ? [button({ label: __("Try Again"), on_click: again })] : [])
		);
	}
}

/** Providers say whole seconds: what came in the same one stays in the order of its arrival. */
function in_order(a, b) {
	return a.message_on.localeCompare(b.message_on) || a.creation.localeCompare(b.creation) || (a.name < b.name ? -1 : 1);
}

/** The key by which the server pages: moment, then name. */
function earlier(found, message) {
	if (!found || message.message_on < found.message_on || (message.message_on === found.message_on && message.name < found.name)) {
		return message;
	}
	return found;
}
