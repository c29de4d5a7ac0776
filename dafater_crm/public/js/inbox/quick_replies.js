// Buttons below an answer, of which the customer taps one: WhatsApp's reply buttons, quick replies of Messenger and Instagram.
import { button, el } from "./dom";

export class QuickReplies {
	/** `changed()` is called when a label changes, `back()` when the keyboard goes back to the text. */
	constructor({ changed, back }) {
		this.changed = changed;
		this.back = back;
		this.limits = { buttons: 0, button_length: 0 };
		this.list = el("ul", {});
		this.hint = el("small", { class: "text-muted", role: "status" });
		this.node = el("div", { class: "inbox-quick-replies", role: "group", "aria-label": __("Quick Replies"), hidden: true }, this.list, this.hint);
		const more = button({ icon_name: "add", title: __("Add a button"), css: "btn-xs icon-btn", on_click: () => this.add("", true) });
		this.more = el("li", { class: "inbox-more" }, more);
	}

	/** `limits`: {buttons, button_length} of the channel. */
	load(limits, labels) {
		this.limits = limits;
		this.show(labels);
	}

	get possible() {
		return this.limits.buttons > 0;
	}

	get inputs() {
		return [...this.list.querySelectorAll("input")];
	}

	labels() {
		return this.inputs.map((input) => input.value.trim()).filter(Boolean);
	}

	show(labels) {
		this.list.replaceChildren();
		labels.slice(0, this.limits.buttons).forEach((label) => this.add(label));
		this.refresh();
	}

	/** Opens with a first empty button; pressed again, the last empty one or a further one takes the keyboard. */
	open() {
		const empty = this.inputs.find((input) => !input.value.trim());
		empty ? empty.focus() : this.add("", true);
	}

	add(label, by_hand = false) {
		if (this.inputs.length >= this.limits.buttons) {
			return this.back();
		}
		const input = el("input", {
			type: "text",
			class: "form-control input-xs",
			dir: "auto",
			maxlength: String(this.limits.button_length),
			size: String(Math.min(this.limits.button_length, 14)),
			autocomplete: "off",
			enterkeyhint: "next",
			on: { input: () => this.changed(), keydown: (event) => this.on_key(event, input) },
		});
		input.value = label;
		const drop = button({ icon_name: "close", css: "btn-xs icon-btn", title: __("Remove the button"), on_click: () => this.remove(input) });
		this.list.append(el("li", {}, input, drop));
		this.refresh();
		if (by_hand) {
			input.focus();
			this.changed();
		}
	}

	remove(input) {
		const at = this.inputs.indexOf(input);
		input.closest("li").remove();
		this.refresh();
		this.changed();
		const next = this.inputs[Math.max(0, at - 1)];
		next ? next.focus() : this.back();
	}

	/** Enter goes on to the next button and from an empty one to the text, Backspace takes an empty one away. */
	on_key(event, input) {
		if (event.isComposing) {
			return;
		}
		if (event.key === "Enter") {
			event.preventDefault(); // it would send the message
			const next = this.inputs[this.inputs.indexOf(input) + 1];
			!input.value.trim() ? this.back() : next ? next.focus() : this.add("", true);
		} else if (event.key === "Escape") {
			event.stopPropagation();
			this.back();
		} else if (event.key === "Backspace" && !input.value) {
			event.preventDefault();
			this.remove(input);
		}
	}

	refresh() {
		const { inputs } = this;
		this.node.hidden = !inputs.length;
		inputs.forEach((input, index) => input.setAttribute("aria-label", __("Button {0} of at most {1}", [index + 1, this.limits.buttons])));
		this.more.remove();
		if (inputs.length && inputs.length < this.limits.buttons) {
			this.list.append(this.more);
		}
	}

	/** What keeps the message from going, said below the buttons; "" when nothing does. */
	problem(text, files) {
		const labels = this.labels();
		let said = "";
		if (labels.length && files) {
			said = __("Buttons go below a text alone. Remove the files or the buttons.");
		} else if (labels.length && !text) {
			said = __("Write the text that stands above the buttons.");
		} else if (new Set(labels).size < labels.length) {
			said = __("Two buttons say the same. Write something else on one of them.");
		}
		if (this.hint.textContent !== said) {
			this.hint.textContent = said;
		}
		return said;
	}
}
