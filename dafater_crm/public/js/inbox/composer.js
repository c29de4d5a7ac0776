// Where an answer or a note is written: drafts, files, saved replies, mentions, and templates when the 24 hours are over.
import { message_of, presence, send } from "./api";
import { Attachments } from "./attachments";
import { button, debounced, el, icon } from "./dom";
import { draft_of, keep_draft } from "./drafts";
import { pending_message } from "./pending";
import { QuickReplies } from "./quick_replies";
import { choose_template } from "./templates";
import { TypingHelp } from "./typing_help";
import { WindowBar } from "./window_bar";
import { gist } from "./words";

const SAYS_TYPING_EVERY = 4000; // milliseconds

export class Composer {
	/** `thread` shows what is on its way. */
	constructor({ thread }) {
		this.thread = thread;
		this.mode = "reply";
		this.files = new Attachments({ changed: () => this.refresh_send() });
		this.choices = new QuickReplies({ changed: () => (this.keep(), this.refresh_send()), back: () => this.input.focus() });
		this.window_bar = new WindowBar({ on_template: () => this.offer_templates(), on_change: () => this.render() });
		this.build_input();
		this.help = new TypingHelp({ input: this.input, changed: () => this.on_input() });
		this.node = el(
			"form",
			{ class: "inbox-composer", "aria-label": __("Write a message"), on: { submit: (event) => (event.preventDefault(), this.submit()) } },
			el("div", { class: "inbox-above" }, this.mode_tabs(), this.window_bar.node),
			(this.quote = el("div", { class: "inbox-replying", hidden: true })),
			this.files.node,
			(this.line = el("div", { class: "inbox-writing" }, this.help.nodes, this.input, this.tools())),
			this.choices.node
		);
		this.keep = debounced(() => this.keep_now(), 300);
	}

	build_input() {
		this.input = el("textarea", {
			class: "form-control",
			rows: "1",
			dir: "auto",
			"aria-label": __("Message"),
			"aria-autocomplete": "list",
			enterkeyhint: "send",
			on: {
				input: () => this.on_input(),
				keydown: (event) => this.on_key(event),
				paste: (event) => this.takes_files() && this.files.add([...event.clipboardData.files]) && event.preventDefault(),
			},
		});
	}

	mode_tabs() {
		const tab = (mode, label) =>
			el("button", { type: "button", role: "tab", class: "inbox-mode", dataset: { mode }, text: label, on: { click: () => this.set_mode(mode, true) } });
		this.modes = [tab("reply", __("Reply")), tab("note", __("Internal Note"))];
		return el("div", { class: "inbox-modes", role: "tablist", "aria-label": __("Kind of message") }, this.modes);
	}

	tools() {
		this.send_button = button({ label: __("Send"), css: "btn-primary", type: "submit" });
		this.attach_button = button({ icon_name: "attachment", title: __("Attach files"), css: "icon-btn", on_click: () => this.files.pick() });
		const saved = button({ icon_name: "es-line-quotes-alt", title: __("Saved Replies"), css: "icon-btn", on_click: () => this.offer_replies() });
		this.choices_button = button({ icon_name: "es-line-bullet-list", title: __("Quick Replies"), css: "icon-btn", on_click: () => this.choices.open() });
		this.template_button = button({ icon_name: "es-line-notes", title: __("Send a Template"), css: "icon-btn", on_click: () => this.offer_templates() });
		this.reply_tools = [this.attach_button, saved, this.choices_button, this.template_button];
		return el("div", { class: "inbox-tools" }, this.reply_tools, this.send_button);
	}

	/** Ready for a conversation. `head`: what the server said about it. */
	load(head) {
		this.head = head;
		this.name = head.conversation.name;
		this.help.load(this.name);
		this.files.load(this.name);
		const draft = draft_of(this.name);
		this.input.value = draft.text || "";
		this.choices.load(head.limits, draft.buttons || []);
		this.set_reply(draft.reply_to || null);
		this.set_mode(draft.mode || "reply");
		this.window_bar.load(head);
		this.node.hidden = !head.can_write;
		this.render();
		this.grow();
	}

	set_window(window) {
		this.window_bar.update(window);
	}

	set_mode(mode, by_hand = false) {
		this.mode = mode;
		for (const tab of this.modes) {
			tab.setAttribute("aria-selected", String(tab.dataset.mode === mode));
		}
		this.node.classList.toggle("is-note", mode === "note");
		this.render();
		if (by_hand) {
			this.keep();
			this.focus();
		}
	}

	/** A note is always possible; an answer only while the channel takes one. */
	render() {
		if (!this.head) {
			return;
		}
		const note = this.mode === "note";
		const blocked = !note && !this.window_bar.may_write;
		this.line.hidden = blocked;
		this.window_bar.node.hidden = note || !this.window_bar.has_something_to_say;
		this.reply_tools.forEach((tool) => (tool.hidden = note));
		this.attach_button.hidden = note || !this.takes_files();
		this.template_button.hidden = note || this.head.account?.channel !== "WhatsApp";
		this.files.node.hidden = note || blocked;
		this.choices_button.hidden = note || !this.choices.possible;
		this.choices.node.classList.toggle("is-away", note || blocked);
		this.send_button.querySelector("span").textContent = note ? __("Add Note") : __("Send");
		this.input.placeholder = note
			? __("A note that only colleagues see; @ names one of them")
			: __("Write an answer; / for saved replies");
		this.refresh_send();
	}

	takes_files() {
		return Boolean(this.head?.limits.files);
	}

	refresh_send() {
		const text = this.input.value.trim();
		const files = this.mode === "reply" ? this.files.ready() : [];
		const held = this.mode === "reply" && (this.choices.problem(text, this.files.files.length) || this.files.busy());
		this.send_button.disabled = !(text || files.length) || Boolean(held);
	}

	set_reply(message) {
		this.reply_to = message;
		this.quote.hidden = !message;
		if (message) {
			this.quote.replaceChildren(
				icon("reply"),
				el("span", { class: "inbox-quote-text", dir: "auto", text: message.gist || gist(message) }),
				button({ icon_name: "close", title: __("Do not reply to this message"), css: "btn-xs icon-btn", on_click: () => (this.set_reply(null), this.keep()) })
			);
		}
	}

	reply(message) {
		this.set_mode("reply");
		this.set_reply({ name: message.name, gist: gist(message).slice(0, 160) });
		this.keep();
		this.focus();
	}

	focus() {
		if (!this.line.hidden) {
			this.input.focus();
		}
	}

	on_input() {
		this.grow();
		this.keep();
		this.refresh_send();
		this.help.suggest(this.mode);
		this.say_typing();
	}

	say_typing() {
		if (this.input.value && Date.now() - (this.said_typing || 0) > SAYS_TYPING_EVERY) {
			this.said_typing = Date.now();
			presence.typing({ name: this.name }).catch(() => {});
		}
	}

	offer_replies() {
		this.set_mode("reply");
		this.focus();
		this.help.offer_replies();
	}

	/** What was refused goes back into the box before another conversation takes its place. */
	rescue(messages) {
		const texts = messages.filter((message) => message.args?.text).map((message) => message.args.text);
		if (texts.length) {
			this.input.value = [...texts, this.input.value].filter(Boolean).join("\n");
			const buttons = messages.flatMap((message) => message.args?.buttons || []);
			this.choices.show([...buttons, ...this.choices.labels()]);
		}
		this.keep_now();
	}

	on_key(event) {
		if (event.isComposing || this.help.on_key(event)) {
			return;
		}
		if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey) {
			event.preventDefault();
			this.submit();
		} else if (event.key === "Escape") {
			event.stopPropagation(); // the same key goes back to the list when nothing is being written
			this.input.blur();
		}
	}

	grow() {
		this.input.style.blockSize = "auto";
		this.input.style.blockSize = `${Math.min(this.input.scrollHeight + 2, 180)}px`;
	}

	keep_now() {
		if (this.name) {
			keep_draft(this.name, { text: this.input.value, mode: this.mode, reply_to: this.reply_to, buttons: this.choices.labels() });
		}
	}

	submit() {
		this.refresh_send();
		if (this.send_button.disabled) {
			return;
		}
		const text = this.input.value.trim();
		const note = this.mode === "note";
		const buttons = note ? [] : this.choices.labels();
		const kind = buttons.length ? { message_type: "Buttons", content: { buttons } } : { message_type: "Text" };
		const message = this.outgoing({ text, direction: note ? "Note" : "Outgoing", ...kind });
		message.args = note
			? { conversation: this.name, text, mentions: this.help.mentioned(text), client_key: message.client_key }
			: {
					conversation: this.name,
					text,
					client_key: message.client_key,
					attachments: this.files.ready().map((file) => file.name),
					reply_to: this.reply_to?.name || null,
					buttons,
			  };
		if (!note) {
			message.body = text || this.files.ready().map((file) => file.file_name).join(", ");
			this.files.load(this.name);
			this.choices.show([]);
		}
		this.clear();
		this.deliver(message);
	}

	outgoing(values) {
		return pending_message(this.name, this.reply_to, values);
	}

	clear() {
		this.input.value = "";
		this.help.forget_mentions();
		this.set_reply(null);
		this.keep_now();
		this.grow();
		this.refresh_send();
		this.said_typing = 0;
	}

	/** Sends, or sends again under the same key: the server takes it once. */
	async deliver(message) {
		const here = () => this.name === message.conversation;
		if (here()) {
			this.thread.show_pending({ ...message, status: message.direction === "Note" ? "" : "Queued", error: null });
		}
		try {
			await (message.direction === "Note" ? send.note : send.send)(message.args);
		} catch (answer) {
			const error = message_of(answer || {});
			if (here()) {
				this.thread.show_pending({ ...message, status: "Failed", error });
			} else {
				frappe.show_alert({ message: frappe.utils.escape_html(error), indicator: "red" });
				const { text, buttons } = message.args;
				keep_draft(message.conversation, { text, buttons, mode: message.direction === "Note" ? "note" : "reply" });
			}
			return;
		}
		if (here()) {
			await this.thread.refresh();
			this.thread.drop_pending(message.client_key);
		}
	}

	async offer_templates() {
		const chosen = await choose_template(this.name);
		if (chosen) {
			const message = this.outgoing({ text: chosen.preview, direction: "Outgoing", message_type: "Template" });
			message.args = { conversation: this.name, template: chosen.template, values: chosen.values, client_key: message.client_key };
			this.deliver(message);
		}
	}
}
