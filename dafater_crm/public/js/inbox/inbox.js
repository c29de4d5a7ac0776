// The page of the inbox: list, messages and side panel, and which of them a narrow screen shows.
import { read, send } from "./api";
import { Composer } from "./composer";
import { button, debounced, el, gathered, icon } from "./dom";
import { ConversationList } from "./list";
import { Live } from "./live";
import { add_shortcuts } from "./shortcuts";
import { SidePanel } from "./side";
import { Thread } from "./thread";
import { STATUSES, STATUS_COLOURS, label_of } from "./words";

const PAGE = "dafater-inbox";

export class Inbox {
	constructor(page) {
		this.page = page;
		this.list = new ConversationList({ open: (name, how) => this.open(name, how) });
		this.thread = new Thread({
			on_reply: (message) => this.composer.reply(message),
			on_window: (window) => this.composer.set_window(window),
			on_resend: (message) => this.composer.deliver(message),
		});
		this.composer = new Composer({ thread: this.thread });
		this.side = new SidePanel({ changed: () => this.reload(), back: () => this.go(this.name) });
		this.root = el("div", { class: "dafater-inbox", dataset: { view: "list" } }, this.list.node, this.middle(), this.side.node);
		$(page.main).append(this.root);
		$(page.wrapper).addClass("dafater-inbox-page");
		this.composer.files.take_drops(this.middle_node, () => Boolean(this.head?.can_write) && this.composer.mode === "reply" && this.composer.takes_files());
		this.read_counts = gathered(() => this.list.refresh_counts().catch(() => {}), 800);
		this.live = new Live({
			page_is_visible: () => this.is_visible(),
			list: (names) => this.refresh_list(names),
			thread: (names) => this.refresh_thread(names),
			everything: () => this.poll(),
			present: (people) => this.show_present(people),
		});
		page.set_secondary_action(__("Keyboard"), () => frappe.ui.keys.show_keyboard_shortcut_dialog(), "keyboard");
		window.addEventListener("resize", debounced(() => this.fit(), 100));
		document.addEventListener("visibilitychange", () => document.hidden || this.mark_seen());
		window.addEventListener("pagehide", () => this.composer.rescue(this.thread.refused()));
	}

	middle() {
		this.head_node = el("header", { class: "inbox-head" });
		this.present_node = el("div", { class: "inbox-present", role: "status", "aria-live": "polite" });
		this.empty_node = el(
			"div",
			{ class: "inbox-empty" },
			icon("es-line-inbox"),
			el("p", { text: __("Choose a conversation.") }),
			el("p", { class: "text-muted", text: __("Press ? for the keys.") })
		);
		this.open_node = el("div", { class: "inbox-open", hidden: true }, this.head_node, this.thread.node, this.present_node, this.composer.node);
		this.middle_node = el("section", { class: "inbox-thread", "aria-label": __("Conversation") }, this.empty_node, this.open_node);
		return this.middle_node;
	}

	is_visible() {
		return this.root.getClientRects().length > 0;
	}

	/** The page came to the screen, or its address changed. */
	show() {
		add_shortcuts(this.page, this);
		const [, name, part] = frappe.get_route();
		if (!this.shown) {
			this.shown = true;
			this.list.load();
			this.read_counts();
		} else {
			this.live.on_interval();
		}
		this.show_conversation(name || null);
		this.root.dataset.view = name ? (part === "details" ? "side" : "thread") : "list";
		this.fit();
	}

	/** The panes fill what is left of the window. */
	fit() {
		if (this.is_visible()) {
			this.root.style.setProperty("--inbox-top", `${Math.round(this.root.getBoundingClientRect().top + window.scrollY)}px`);
		}
	}

	go(name, part) {
		frappe.set_route(...[PAGE, name, part].filter(Boolean));
	}

	open(name, { focus = false } = {}) {
		this.focus_after = focus;
		name === this.name && this.root.dataset.view !== "list" ? this.composer.focus() : this.go(name);
	}

	back() {
		if (this.root.dataset.view === "side") {
			this.go(this.name);
		} else {
			this.go();
			this.list.move(0);
		}
	}

	async show_conversation(name) {
		if (name === this.name) {
			return;
		}
		this.composer.rescue(this.thread.refused());
		this.name = name;
		this.head = null;
		this.list.select(name);
		this.live.watch(name);
		this.open_node.hidden = true;
		this.empty_node.hidden = Boolean(name);
		this.side.clear();
		if (!name) {
			return;
		}
		let head;
		try {
			head = await read.conversation({ name });
		} catch {
			if (name === this.name) {
				this.go();
			}
			return;
		}
		if (name !== this.name) {
			return;
		}
		this.show_head(head);
		this.open_node.dataset.name = name;
		this.open_node.hidden = false;
		this.composer.load(head);
		await this.thread.load(name, head);
		this.mark_seen();
		if (this.focus_after) {
			this.focus_after = false;
			this.composer.focus();
		}
	}

	show_head(head) {
		this.head = head;
		this.thread.head = head;
		const { conversation, people } = head;
		const agent = conversation.assigned_to ? people[conversation.assigned_to]?.name || conversation.assigned_to : __("Nobody yet");
		this.head_node.replaceChildren(
			button({ icon_name: "arrow-left", title: __("Back to the list"), css: "icon-btn inbox-back", on_click: () => this.go() }),
			el(
				"div",
				{ class: "inbox-head-who" },
				el("h3", {}, el("bdi", { text: conversation.title || conversation.name })),
				el(
					"div",
					{ class: "inbox-head-marks" },
					el("span", { class: `indicator-pill no-indicator-dot ${STATUS_COLOURS[conversation.status]}`, text: label_of(STATUSES, conversation.status) }),
					el("bdi", { class: "text-muted", text: agent })
				)
			),
			...this.head_buttons(head)
		);
		this.side.load(head);
	}

	head_buttons({ conversation, can_write }) {
		const buttons = [];
		if (can_write && !conversation.assigned_to) {
			buttons.push(button({ label: __("Take It"), css: "btn-primary btn-sm", on_click: () => this.side.take() }));
		}
		if (can_write && conversation.status !== "Resolved") {
			buttons.push(button({ icon_name: "tick", label: __("Resolve"), title: __("Resolve the conversation (E)"), on_click: () => this.resolve() }));
		}
		buttons.push(
			button({ icon_name: "es-line-details", title: __("Customer and actions"), css: "btn-default icon-btn inbox-details", on_click: () => this.toggle_side() })
		);
		return buttons;
	}

	/** On a narrow screen the side panel is a view of its own, elsewhere it is shown or hidden beside the messages. */
	toggle_side() {
		if (window.matchMedia("(max-width: 1199px)").matches) {
			this.go(this.name, this.root.dataset.view === "side" ? null : "details");
		} else {
			this.root.classList.toggle("is-without-side");
		}
	}

	show_present(people) {
		const typing = people.filter((person) => person.typing).map((person) => person.name);
		const looking = people.filter((person) => !person.typing).map((person) => person.name);
		const comma = __(", ", null, "between names");
		const parts = [
			typing.length && __("{0} is writing…", [typing.join(comma)]),
			looking.length && __("Also looking: {0}", [looking.join(comma)]),
		].filter(Boolean);
		this.present_node.textContent = parts.join(" · ");
		this.present_node.classList.toggle("is-typing", typing.length > 0);
	}

	write(mode) {
		this.composer.set_mode(mode, true);
	}

	resolve() {
		if (this.head?.can_write && this.head.conversation.status !== "Resolved") {
			this.side.resolve();
		}
	}

	/** Something was done here: head, list and messages are read again. */
	async reload() {
		const name = this.name;
		if (name) {
			await this.refresh_head(name);
			this.thread.refresh().catch(() => {});
			this.refresh_list([name]);
		}
	}

	async refresh_head(name) {
		let head;
		try {
			head = await read.conversation_again({ name });
		} catch (answer) {
			if (name === this.name && [403, 404].includes(answer?.status || answer?.httpStatus || answer?.xhr?.status)) {
				this.lost();
			}
			return;
		}
		if (name === this.name) {
			this.composer.set_window(head.window);
			this.show_head(head);
		}
	}

	/** Somebody else has it now, and the reader may no longer see it. */
	lost() {
		frappe.show_alert({ message: __("This conversation went to somebody else."), indicator: "blue" });
		this.go();
	}

	async refresh_list(names) {
		await this.list.refresh(names).catch(() => {});
		this.read_counts();
		if (names.includes(this.name)) {
			this.refresh_head(this.name);
		}
	}

	async refresh_thread(names) {
		await this.thread.refresh(names).catch(() => {});
		this.mark_seen();
	}

	async poll() {
		if (!this.shown || !this.is_visible()) {
			return;
		}
		await this.list.poll().catch(() => {});
		this.read_counts();
		if (this.name && this.head) {
			await this.refresh_head(this.name);
			await this.refresh_thread([]);
		}
	}

	/** Whoever looks at the messages has seen them. */
	mark_seen() {
		const row = this.list.rows.get(this.name) || this.head?.conversation;
		if (this.head?.can_write && row?.unread && !document.hidden && this.is_visible()) {
			row.unread = 0;
			this.head.conversation.unread = 0;
			this.list.render();
			send.mark_seen({ conversation: this.name }).catch(() => {});
		}
	}
}
