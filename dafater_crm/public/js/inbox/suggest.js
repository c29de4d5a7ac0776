// A list that opens above a text box while one types: saved replies after "/", colleagues after "@".
import { el } from "./dom";

export class Suggest {
	/** `pick(entry)` is called with what was chosen; an entry has `label`, and perhaps `detail`. */
	constructor({ input, label, pick }) {
		this.input = input;
		this.pick = pick;
		this.id = `inbox-suggest-${frappe.utils.get_random(6)}`;
		this.node = el("ul", { class: "inbox-suggest", role: "listbox", id: this.id, "aria-label": label, hidden: true });
		this.entries = [];
	}

	get is_open() {
		return !this.node.hidden;
	}

	show(entries, empty_text) {
		this.entries = entries;
		this.active = 0;
		this.node.replaceChildren(
			...entries.map((entry, index) =>
				el(
					"li",
					{
						role: "option",
						id: `${this.id}-${index}`,
						// the text box must not lose the focus
						on: { mousedown: (event) => event.preventDefault(), click: () => this.choose(index) },
					},
					el("bdi", { class: "inbox-suggest-label", text: entry.label }),
					entry.detail ? el("span", { class: "text-muted", dir: "auto", text: entry.detail }) : null
				)
			)
		);
		if (!entries.length && empty_text) {
			this.node.append(el("li", { class: "text-muted", role: "presentation", text: empty_text }));
		}
		this.node.hidden = !entries.length && !empty_text;
		this.input.setAttribute("aria-controls", this.id);
		this.mark();
	}

	hide() {
		this.node.hidden = true;
		this.entries = [];
		this.input.removeAttribute("aria-activedescendant");
	}

	mark() {
		[...this.node.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === this.active)));
		const active = this.node.children[this.active];
		if (active?.id) {
			this.input.setAttribute("aria-activedescendant", active.id);
			active.scrollIntoView({ block: "nearest" });
		}
	}

	/** True when the key was for the list. */
	on_key(event) {
		if (!this.is_open) {
			return false;
		}
		const steps = { ArrowDown: 1, ArrowUp: -1 };
		if (event.key === "Escape") {
			this.hide();
		} else if (steps[event.key] && this.entries.length) {
			this.active = (this.active + steps[event.key] + this.entries.length) % this.entries.length;
			this.mark();
		} else if (["Enter", "Tab"].includes(event.key) && this.entries.length) {
			this.choose(this.active);
		} else {
			return false;
		}
		event.preventDefault();
		event.stopPropagation();
		return true;
	}

	choose(index) {
		const entry = this.entries[index];
		this.hide();
		this.pick(entry);
	}
}
