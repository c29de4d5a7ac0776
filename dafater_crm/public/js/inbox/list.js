// The list of conversations: pages by key, unread marks, and what changed meanwhile put where it belongs.
import { read } from "./api";
import { avatar, button, el, number } from "./dom";
import { Filters } from "./filters";
import { full, short } from "./moments";
import { CHANNELS, CLASSES, CLASS_COLOURS, PRIORITIES, STATUSES, STATUS_COLOURS, label_of } from "./words";

const MOST_AT_ONCE = 50;

export class ConversationList {
	constructor({ open }) {
		this.open = open;
		this.rows = new Map();
		this.people = {};
		this.nodes = new Map();
		this.filters = new Filters(() => this.load());
		this.box = el("ul", {
			class: "inbox-rows",
			role: "listbox",
			"aria-label": __("Conversations"),
			on: { keydown: (event) => this.on_key(event) },
		});
		this.sentinel = el("div", { class: "inbox-sentinel" });
		this.notice = el("div", { class: "inbox-notice", role: "status" });
		this.scroller = el("div", { class: "inbox-scroll" }, this.box, this.notice, this.sentinel);
		this.node = el("section", { class: "inbox-list", "aria-label": __("Conversations") }, this.filters.node, this.scroller);
		new IntersectionObserver((seen) => seen[0].isIntersecting && this.load_more(), { root: this.scroller, rootMargin: "300px" }).observe(
			this.sentinel
		);
	}

	/** The first page anew. */
	load() {
		this.first = this.load_first();
		return this.first;
	}

	async load_first() {
		const ticket = (this.ticket = {});
		this.more = false;
		this.box.setAttribute("aria-busy", "true");
		this.say(this.rows.size ? "" : __("Loading..."));
		let page;
		try {
			page = await read.some_conversations(this.filters.args());
		} catch {
			if (ticket === this.ticket) {
				this.say(__("The conversations could not be loaded."), () => this.load());
			}
			return;
		}
		if (ticket === this.ticket) {
			this.rows.clear();
			this.box.removeAttribute("aria-busy");
			this.take(page);
			this.scroller.scrollTop = 0;
		}
	}

	async load_more() {
		const last = this.sorted().at(-1);
		if (!this.more || this.loading || !last) {
			return;
		}
		this.loading = true;
		const ticket = this.ticket;
		try {
			const page = await read.some_conversations({ ...this.filters.args(), before: [last.last_message_on, last.name] });
			if (ticket === this.ticket) {
				this.take(page);
			}
		} catch {
			this.say(__("The conversations could not be loaded."), () => this.load_more());
		} finally {
			this.loading = false;
		}
	}

	take({ rows, more, people }) {
		Object.assign(this.people, people);
		rows.forEach((row) => this.rows.set(row.name, row));
		this.more = more;
		this.render();
	}

	/** Reads again what changed: rows that still fit stay or come, the others go. */
	async refresh(names) {
		if (names.length > MOST_AT_ONCE) {
			return this.load();
		}
		await this.first; // a page that is on its way may be older than this news
		const ticket = this.ticket;
		const { rows, people } = await read.some_conversations({ ...this.filters.args(), names, limit: MOST_AT_ONCE });
		if (ticket !== this.ticket) {
			return;
		}
		const last = this.sorted().at(-1);
		names.forEach((name) => this.rows.delete(name));
		Object.assign(this.people, people);
		for (const row of rows) {
			// what belongs to a page that is not loaded yet comes with that page
			if (!this.more || !last || newest_first(row, last) < 0) {
				this.rows.set(row.name, row);
			}
		}
		this.render();
	}

	async refresh_counts() {
		this.filters.show_counts(await read.counts());
	}

	/** The first page again, without losing the place of the reader: what polling does. */
	async poll() {
		await this.first;
		const ticket = this.ticket;
		const page = await read.some_conversations({ ...this.filters.args(), limit: Math.min(Math.max(this.rows.size, 30), 100) });
		if (ticket !== this.ticket) {
			return;
		}
		Object.assign(this.people, page.people);
		const oldest = page.rows.at(-1);
		for (const row of [...this.rows.values()]) {
			if (!page.more || (oldest && newest_first(row, oldest) < 0)) {
				this.rows.delete(row.name);
			}
		}
		page.rows.forEach((row) => this.rows.set(row.name, row));
		this.more = this.more || page.more;
		this.render();
	}

	sorted() {
		return [...this.rows.values()].sort(newest_first);
	}

	render() {
		const focused = document.activeElement?.closest?.(".inbox-row")?.dataset.name;
		const rows = this.sorted();
		const nodes = rows.map((row) => this.row_node(row));
		this.box.replaceChildren(...nodes);
		this.rove(focused || this.selected || rows[0]?.name);
		if (focused) {
			this.nodes.get(focused)?.node.focus({ preventScroll: true });
		}
		this.say(rows.length ? "" : this.empty_text());
	}

	empty_text() {
		return this.filters.search ? __("Nothing was found.") : __("No conversation here. New ones come by themselves.");
	}

	/** One row; drawn anew only when something of it changed. */
	row_node(row) {
		const state = JSON.stringify([row, this.people[row.assigned_to], row.name === this.selected, frappe.datetime.get_today()]);
		const known = this.nodes.get(row.name);
		if (known?.state === state) {
			return known.node;
		}
		const node = this.draw(row);
		this.nodes.set(row.name, { node, state });
		return node;
	}

	draw(row) {
		const assigned = this.people[row.assigned_to];
		const unread = row.unread > 0;
		return el(
			"li",
			{
				class: `inbox-row${unread ? " is-unread" : ""}`,
				role: "option",
				tabindex: "-1",
				"aria-selected": String(row.name === this.selected),
				dataset: { name: row.name },
				on: { click: () => this.open(row.name) },
			},
			avatar(row.title),
			el(
				"div",
				{ class: "inbox-row-main" },
				el(
					"div",
					{ class: "inbox-row-top" },
					el("bdi", { class: "inbox-row-title", text: row.title || row.name }),
					el("time", { class: "inbox-row-time", title: full(row.last_message_on), text: short(row.last_message_on) })
				),
				el(
					"div",
					{ class: "inbox-row-top" },
					el("span", { class: "inbox-row-text" }, el("bdi", { text: preview(row) })),
					unread
						? el("span", { class: "inbox-unread", text: number(row.unread), "aria-label": __("{0} unread", [number(row.unread)]) })
						: null
				),
				el(
					"div",
					{ class: "inbox-row-marks" },
					mark(label_of(CHANNELS, row.channel), "gray"),
					row.conversation_class ? mark(label_of(CLASSES, row.conversation_class), CLASS_COLOURS[row.conversation_class]) : null,
					["High", "Urgent"].includes(row.priority) ? mark(label_of(PRIORITIES, row.priority), "red") : null,
					row.status === "Open" ? null : mark(label_of(STATUSES, row.status), STATUS_COLOURS[row.status]),
					el("bdi", {
						class: "inbox-row-agent",
						text: row.assigned_to ? assigned?.name || row.assigned_to : row.team || __("Nobody yet"),
					})
				)
			)
		);
	}

	select(name) {
		this.selected = name;
		this.render();
	}

	/** Only one row can be reached by Tab; arrows and j/k walk on from there. */
	rove(name) {
		for (const node of this.box.children) {
			node.tabIndex = node.dataset.name === name ? 0 : -1;
		}
		if (!this.box.querySelector('[tabindex="0"]') && this.box.firstChild) {
			this.box.firstChild.tabIndex = 0;
		}
	}

	move(step) {
		const rows = [...this.box.children];
		const current = rows.findIndex((node) => node.tabIndex === 0);
		const inside = this.box.contains(document.activeElement);
		const next = rows[inside ? Math.min(Math.max(current + step, 0), rows.length - 1) : Math.max(current, 0)];
		if (next) {
			this.rove(next.dataset.name);
			next.focus();
			next.scrollIntoView({ block: "nearest" });
		}
	}

	on_key(event) {
		const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -1e6, End: 1e6 };
		if (steps[event.key]) {
			this.move(steps[event.key]);
			event.preventDefault();
		} else if (event.key === "Enter" || event.key === " ") {
			const row = event.target.closest(".inbox-row");
			if (row) {
				this.open(row.dataset.name, { focus: true });
				event.preventDefault();
			}
		}
	}

	say(text, again) {
		this.notice.replaceChildren(
			...(text ? [el("p", { class: "text-muted", text })] : []),
			...(again ? [button({ label: __("Try Again"), on_click: again })] : [])
		);
	}
}

function newest_first(a, b) {
	const order = String(b.last_message_on || "").localeCompare(String(a.last_message_on || ""));
	return order || (a.name < b.name ? 1 : a.name > b.name ? -1 : 0);
}

function preview(row) {
	const said = row.last_message || row.subject || "";
	return row.last_direction === "Outgoing" ? __("We: {0}", [said]) : said;
}

function mark(label, colour) {
	return el("span", { class: `indicator-pill no-indicator-dot ${colour}`, text: label });
}
