// Above the list: folders, search and filters. Says `changed` whenever the reader wants other conversations.
import { button, debounced, el, number } from "./dom";
import { CHANNELS, CLASSES, FOLDERS, PRIORITIES, STATUSES } from "./words";

const KEPT = "dafater-inbox-filters";
const SHOWN = ["status", "conversation_class", "channel", "priority", "account"];

export class Filters {
	constructor(changed) {
		this.changed = changed;
		this.values = { folder: "mine", ...this.kept() };
		this.search = "";
		this.tabs = {};
		this.node = el("div", { class: "inbox-filters" }, this.folder_tabs(), this.search_line(), this.more_filters());
		this.show_folder();
		this.mark_filtered();
	}

	/** Arguments of the server's list. */
	args() {
		const { folder, status, ...equal } = this.values;
		const statuses = { all: [], "": null, undefined: null }[status] ?? (status && status !== "all" ? [status] : null);
		return {
			folder,
			statuses: status === "all" ? [] : statuses,
			filters: equal,
			search: this.search || null,
		};
	}

	kept() {
		try {
			return JSON.parse(localStorage.getItem(KEPT)) || {};
		} catch {
			return {};
		}
	}

	keep() {
		localStorage.setItem(KEPT, JSON.stringify(this.values));
		this.mark_filtered();
		this.changed();
	}

	folder_tabs() {
		const tabs = Object.entries(FOLDERS).map(([folder, label]) => {
			this.tabs[folder] = el(
				"button",
				{
					type: "button",
					role: "tab",
					class: "inbox-tab",
					dataset: { folder },
					on: { click: () => this.choose_folder(folder) },
				},
				el("span", { text: label() }),
				el("span", { class: "inbox-tab-count" })
			);
			return this.tabs[folder];
		});
		const move = (event) => this.move_between_tabs(event);
		return el("div", { class: "inbox-tabs", role: "tablist", "aria-label": __("Folders"), on: { keydown: move } }, tabs);
	}

	/** Arrows walk between the tabs in the direction in which they are shown. */
	move_between_tabs(event) {
		const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
		if (!["ArrowLeft", "ArrowRight"].includes(event.key)) {
			return;
		}
		const folders = Object.keys(FOLDERS);
		const step = event.key === forward ? 1 : -1;
		const next = folders[(folders.indexOf(this.values.folder) + step + folders.length) % folders.length];
		this.choose_folder(next);
		this.tabs[next].focus();
		event.preventDefault();
	}

	choose_folder(folder) {
		this.values.folder = folder;
		this.show_folder();
		this.keep();
	}

	show_folder() {
		for (const [folder, tab] of Object.entries(this.tabs)) {
			const chosen = folder === this.values.folder;
			tab.setAttribute("aria-selected", chosen);
			tab.tabIndex = chosen ? 0 : -1;
		}
	}

	show_counts(counts) {
		for (const [folder, { active, unread }] of Object.entries(counts)) {
			const count = this.tabs[folder]?.querySelector(".inbox-tab-count");
			if (count) {
				count.textContent = active ? number(active) : "";
				count.classList.toggle("is-unread", unread > 0);
				count.title = unread ? __("{0} with unread messages", [number(unread)]) : "";
			}
		}
	}

	search_line() {
		const later = debounced(() => this.changed(), 350);
		this.search_input = el("input", {
			type: "search",
			class: "form-control input-sm",
			placeholder: __("Name, number or words"),
			"aria-label": __("Search conversations"),
			dir: "auto",
			on: {
				input: () => {
					this.search = this.search_input.value.trim();
					later();
				},
			},
		});
		this.toggle = button({
			icon_name: "filter",
			title: __("Filters"),
			"aria-expanded": "false",
			on_click: () => this.toggle_filters(),
		});
		return el("div", { class: "inbox-search" }, this.search_input, this.toggle);
	}

	more_filters() {
		const options = {
			status: { "": () => __("Not Resolved"), ...STATUSES, all: () => __("Every Status") },
			conversation_class: { "": () => __("Every Class"), ...CLASSES },
			channel: { "": () => __("Every Channel"), ...CHANNELS },
			priority: { "": () => __("Every Priority"), ...PRIORITIES },
			account: { "": () => __("Every Account") },
		};
		const labels = {
			status: __("Status"),
			conversation_class: __("Class"),
			channel: __("Channel"),
			priority: __("Priority"),
			account: __("Account"),
		};
		this.selects = {};
		const nodes = SHOWN.map((field) => {
			this.selects[field] = select(options[field], labels[field], this.values[field], (value) => {
				this.values[field] = value;
				this.keep();
			});
			return this.selects[field];
		});
		this.filter_box = el("div", { class: "inbox-filter-box", hidden: true }, nodes);
		return this.filter_box;
	}

	async toggle_filters() {
		this.filter_box.hidden = !this.filter_box.hidden;
		this.toggle.setAttribute("aria-expanded", String(!this.filter_box.hidden));
		if (!this.filter_box.hidden && !this.accounts_loaded) {
			this.accounts_loaded = true;
			const accounts = await frappe.db.get_list("Dafater Channel Account", { limit: 100, order_by: "name" });
			this.selects.account.append(...accounts.map(({ name }) => el("option", { value: name, text: name })));
			this.selects.account.value = this.values.account || "";
		}
	}

	mark_filtered() {
		const filtered = SHOWN.some((field) => this.values[field]);
		this.toggle.classList.toggle("btn-primary-light", filtered);
	}
}

function select(options, label, chosen, changed) {
	const node = el(
		"select",
		{ class: "form-control input-xs", "aria-label": label, on: { change: () => changed(node.value) } },
		Object.entries(options).map(([value, text]) => el("option", { value, text: text() }))
	);
	node.value = chosen || "";
	return node;
}
