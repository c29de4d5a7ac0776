// Elements without markup: everything that people wrote becomes text, never HTML.

/** An element. `attributes`: class, text, dataset, on ({event: handler}) and attributes by name; null and false are left out. */
export function el(tag, attributes = {}, ...children) {
	const node = document.createElement(tag);
	const { text, dataset, on, ...rest } = attributes;
	for (const [name, value] of Object.entries(rest)) {
		if (value !== null && value !== undefined && value !== false) {
			node.setAttribute(name, value === true ? "" : value);
		}
	}
	Object.assign(node.dataset, dataset || {});
	for (const [event, handler] of Object.entries(on || {})) {
		node.addEventListener(event, handler);
	}
	if (text !== undefined && text !== null) {
		node.textContent = text;
	}
	node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
	return node;
}

/** One of Frappe's icons, hidden from screen readers: what it stands for is said beside it. */
export function icon(name) {
	const holder = el("span", { class: "inbox-icon", "aria-hidden": "true" });
	$(holder).append(frappe.utils.icon(name, "sm"));
	return holder;
}

/** A button with an icon, a label, or both; `title` is what is said where only the icon is shown. */
export function button({ label, icon_name, title, css = "btn-default", on_click, ...rest }) {
	const named = title ? { title, "aria-label": label ? null : title } : {};
	return el(
		"button",
		{ type: "button", class: `btn btn-sm ${css}`, ...named, on: { click: on_click }, ...rest },
		icon_name ? icon(icon_name) : null,
		label ? el("span", { text: label }) : null
	);
}

/** Changes the children of a node to `wanted` and leaves alone those that are there already, so that a voice message plays on. */
export function reconcile(parent, wanted) {
	const keep = new Set(wanted);
	[...parent.childNodes].filter((node) => !keep.has(node)).forEach((node) => node.remove());
	wanted.forEach((node, index) => {
		if (parent.childNodes[index] !== node) {
			parent.insertBefore(node, parent.childNodes[index] || null);
		}
	});
}

const LINK = /\bhttps?:\/\/[^\s<>"'\u200e\u200f]+[^\s<>"'.,;:!?)\]}\u060c\u061b\u061f\u200e\u200f]/gi;

/** A text of several lines with its web addresses as links. */
export function rich_text(value) {
	const node = el("div", { class: "inbox-text", dir: "auto" });
	let last = 0;
	for (const match of value.matchAll(LINK)) {
		node.append(value.slice(last, match.index));
		node.append(el("a", { href: match[0], target: "_blank", rel: "noopener noreferrer nofollow", text: match[0] }));
		last = match.index + match[0].length;
	}
	node.append(value.slice(last));
	return node;
}

/** The initials or picture of a person. */
export function avatar(name, image) {
	if (image && /^(\/|https:\/\/)/.test(image)) {
		return el("img", { class: "inbox-avatar", src: image, alt: "", loading: "lazy" });
	}
	const words = String(name || "?")
		.replace(/[^\p{L}\p{N} ]/gu, "")
		.split(" ")
		.filter(Boolean);
	const letters = words.slice(0, 2).map((word) => [...word][0]);
	return el("span", { class: "inbox-avatar", "aria-hidden": "true", text: letters.join("\u200c") || "#" });
}

export const number = (value) => String(value ?? 0);

/** Runs `action` once for all calls within `delay`, and not later than that however many follow. */
export function gathered(action, delay) {
	let timer = null;
	return () => {
		timer =
			timer ||
			setTimeout(() => {
				timer = null;
				action();
			}, delay);
	};
}

/** Runs `action` when no call has come for `delay`. */
export function debounced(action, delay) {
	let timer = null;
	return (...args) => {
		clearTimeout(timer);
		timer = setTimeout(() => action(...args), delay);
	};
}
