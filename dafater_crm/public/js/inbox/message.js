// One message as a bubble: text, files, place, quote, reactions, and what became of it.
import { button, el, icon, rich_text } from "./dom";
import { media_node } from "./media";
import { clock, full } from "./moments";
import { KINDS, TICKS, gist, label_of } from "./words";

const EMOJIS = ["👍", "❤️", "🙏", "😂", "😮", "✅"];

/**
 * The bubble of a message. `context`: quotes, name_of(user), can_write, reactions (null is any emoji), and what its buttons do:
 * reply(message), react(message, emoji), resend(message), jump(name).
 */
export function message_node(message, context) {
	const side = { Incoming: "is-incoming", Outgoing: "is-outgoing", Note: "is-note" }[message.direction] || "is-incoming";
	return el(
		"article",
		{
			class: `inbox-message ${side}${message.status === "Failed" ? " is-failed" : ""}`,
			dataset: { name: message.name },
			"aria-label": spoken(message, context),
		},
		author_line(message, context),
		quote_node(message, context),
		...content_nodes(message),
		foot(message, context),
		failure(message, context),
		reactions(message),
		message.pending ? null : menu(message, context)
	);
}

function spoken(message, context) {
	const who = message.direction === "Incoming" ? __("Customer") : context.name_of(message.author) || __("We");
	return `${who}, ${clock(message.message_on)}`;
}

function author_line(message, context) {
	if (message.direction === "Incoming") {
		return null;
	}
	const name = message.author ? context.name_of(message.author) : message.via_app ? __("From the provider's app") : __("Automatic");
	return el(
		"div",
		{ class: "inbox-author" },
		message.direction === "Note" ? [icon("lock"), el("strong", { text: __("Internal note") })] : null,
		el("bdi", { text: name })
	);
}

function quote_node(message, context) {
	const quoted = message.reply_to && context.quotes[message.reply_to];
	if (!quoted || message.deleted_on) {
		return null;
	}
	const who = quoted.direction === "Incoming" ? context.title : context.name_of(quoted.author) || __("We");
	return el(
		"button",
		{ type: "button", class: "inbox-quote", on: { click: () => context.jump(message.reply_to) } },
		el("bdi", { class: "inbox-quote-who", text: who }),
		el("span", { class: "inbox-quote-text", dir: "auto", text: gist(quoted) })
	);
}

function content_nodes(message) {
	if (message.deleted_on) {
		return [el("em", { class: "text-muted", text: __("This message was deleted") })];
	}
	const content = parsed(message.content);
	const nodes = [...origin(content), ...message.attachments.map((file) => media_node(file)), special_or_nothing(message, content)];
	if (message.body && !["Location", "Contacts"].includes(message.message_type)) {
		nodes.push(message.direction === "Note" ? note_text(message) : rich_text(message.body));
	}
	nodes.push(choices_node(content));
	return nodes.filter(Boolean);
}

/** Mentioned colleagues stand out. */
function note_text(message) {
	const node = el("div", { class: "inbox-text", dir: "auto" });
	String(message.body)
		.split(/(@[\p{L}\p{N}_.\u200c-]+(?:@[\w.-]+)?)/u)
		.forEach((part, index) => node.append(index % 2 ? el("bdi", { class: "inbox-mention", text: part }) : part));
	return node;
}

/** Where a message came from: passed on, or by way of an advertisement. */
function origin(content) {
	const headline = content.referral?.headline || content.referral?.body;
	return [
		content.forwarded ? el("em", { class: "inbox-origin", text: __("Forwarded") }) : null,
		typeof headline === "string" ? el("span", { class: "inbox-origin" }, __("From an advertisement:"), " ", el("bdi", { text: headline })) : null,
	];
}

/** Providers change their shapes without notice: a part that cannot be drawn must not take the conversation with it. */
function special_or_nothing(message, content) {
	try {
		return special(message, content);
	} catch {
		return el("span", { class: "text-muted", text: label_of(KINDS, message.message_type) });
	}
}

/** What a kind of message has beside its text and files. */
function special(message, content) {
	const kind = message.message_type;
	if (kind === "Location") {
		return location_node(content, message.body);
	}
	if (kind === "Contacts") {
		return contacts_node(content);
	}
	if (kind === "Order") {
		return order_node(content);
	}
	if (kind === "Template") {
		return el("span", { class: "inbox-kind", text: __("Template") });
	}
	if (kind === "Unsupported") {
		return el("p", { class: "text-muted", text: __("This kind of message cannot be shown here. Open it in the provider's app.") });
	}
	if (kind === "System" || (kind === "Sticker" && !message.attachments.length)) {
		return el("span", { class: "text-muted", text: label_of(KINDS, kind) });
	}
	return null;
}

function location_node(content, body) {
	const latitude = Number(content.latitude);
	const longitude = Number(content.longitude);
	const label = content.name || content.address || body || __("Location");
	if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) {
		return el("span", { text: label });
	}
	const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
	return el(
		"a",
		{ class: "inbox-place", href, target: "_blank", rel: "noopener noreferrer" },
		icon("es-line-location"),
		el("span", {}, el("bdi", { text: label }), el("small", { class: "text-muted", dir: "ltr", text: `${latitude}, ${longitude}` }))
	);
}

function contacts_node(content) {
	const list = (content.contacts || []).map((person) => {
		const reached = [...(person.phones || []), ...(person.emails || [])];
		const name = person.name || person.organisation || __("Contact Card");
		return el("li", {}, el("bdi", { text: name }), ...reached.map((way) => el("bdi", { class: "inbox-way text-muted", dir: "ltr", text: way })));
	});
	return el("ul", { class: "inbox-contacts" }, list.length ? list : el("li", { text: __("Contact Card") }));
}

function order_node(content) {
	const lines = (content.items || []).map(({ item, quantity, price, currency }) => {
		const cost = price ? ` · ${price} ${currency || ""}` : "";
		return el("li", {}, el("bdi", { text: `${item || ""} × ${quantity || 1}${cost}` }));
	});
	return el("div", { class: "inbox-order" }, el("strong", { text: __("Order") }), el("ul", {}, lines));
}

/** The buttons below a text, of which the customer taps one. */
function choices_node({ buttons }) {
	const labels = (Array.isArray(buttons) ? buttons : []).map((entry) => entry?.label || entry?.title || entry).filter((label) => typeof label === "string");
	const nodes = labels.map((label) => el("span", { class: "inbox-choice", dir: "auto", text: label }));
	return nodes.length ? el("div", { class: "inbox-choices" }, nodes) : null;
}

function foot(message) {
	const marks = [];
	if (message.edited_on && !message.deleted_on) {
		marks.push(el("span", { text: __("edited"), title: full(message.edited_on) }));
	}
	marks.push(el("time", { text: clock(message.message_on), title: full(message.message_on) }));
	const tick = message.direction === "Outgoing" && TICKS[message.status];
	if (tick) {
		const when = message.read_on || message.delivered_on || message.sent_on || message.failed_on;
		const label = when ? `${tick.label()}, ${full(when)}` : tick.label();
		marks.push(el("span", { class: `inbox-tick is-${message.status.toLowerCase()}`, role: "img", "aria-label": label, title: label, text: tick.mark }));
	}
	return el("div", { class: "inbox-foot" }, marks);
}

function failure(message, context) {
	if (message.status !== "Failed") {
		return null;
	}
	const said = [message.error, message.error_code && `(${message.error_code})`].filter(Boolean).join(" ");
	const reason = message.reason || message.error || __("The message was not sent.");
	const again = context.can_write ? button({ label: __("Send Again"), css: "btn-xs btn-default", on_click: () => context.resend(message) }) : null;
	const drop = message.pending ? button({ label: __("Discard"), css: "btn-xs btn-default", on_click: () => context.discard(message) }) : null;
	return el("div", { class: "inbox-failure", role: "alert" }, el("span", { dir: "auto", title: said, text: reason }), again, drop);
}

function reactions(message) {
	const given = [
		[message.reaction, __("The customer reacted")],
		[message.our_reaction, __("We reacted")],
	].filter(([emoji]) => emoji);
	if (!given.length) {
		return null;
	}
	return el("div", { class: "inbox-reactions" }, given.map(([emoji, label]) => el("span", { role: "img", title: label, "aria-label": `${label}: ${emoji}`, text: emoji })));
}

function menu(message, context) {
	if (!context.can_write || message.deleted_on || message.direction === "Note") {
		return null;
	}
	const emojis = EMOJIS.filter((emoji) => !context.reactions || context.reactions.includes(emoji));
	const picker = el("div", { class: "inbox-emojis", hidden: true, role: "group", "aria-label": __("Reactions") });
	const chosen = message.our_reaction || "";
	for (const emoji of emojis) {
		picker.append(
			el("button", {
				type: "button",
				class: "btn btn-xs",
				text: emoji,
				"aria-pressed": String(emoji === chosen),
				on: { click: () => context.react(message, emoji === chosen ? "" : emoji) },
			})
		);
	}
	const toggle = button({
		icon_name: "es-line-add-emoji",
		title: __("React"),
		css: "btn-xs icon-btn",
		on_click: () => (picker.hidden = !picker.hidden),
	});
	const reply = button({ icon_name: "reply", title: __("Reply to this message"), css: "btn-xs icon-btn", on_click: () => context.reply(message) });
	return el("div", { class: "inbox-menu" }, reply, message.direction === "Incoming" && emojis.length ? toggle : null, picker);
}

function parsed(content) {
	try {
		return (typeof content === "string" ? JSON.parse(content) : content) || {};
	} catch {
		return {};
	}
}
