// Beside the messages: who it is, what can be done with the conversation, and the customer view.
import { act, read } from "./api";
import { button, el, icon } from "./dom";
import { make_record, offer_invoice, offer_link, offer_snooze } from "./deeds";
import { full } from "./moments";
import { CHANNELS, CLASSES, PRIORITIES, STATUSES, label_of } from "./words";

export class SidePanel {
	/** `changed()` is called after the server has done something. */
	constructor({ changed, back }) {
		this.changed = changed;
		this.body = el("div", { class: "inbox-scroll" });
		this.node = el(
			"aside",
			{ class: "inbox-side", "aria-label": __("Customer and actions") },
			el("div", { class: "inbox-head inbox-side-head" }, button({ icon_name: "arrow-left", title: __("Back to the messages"), css: "icon-btn inbox-back", on_click: back }), el("strong", { text: __("Customer and Actions") })),
			this.body
		);
	}

	load(head) {
		const another = this.head?.conversation.name !== head.conversation.name;
		this.head = head;
		this.actions_node = this.actions();
		const view_state = JSON.stringify(head.party);
		if (another || this.view_state !== view_state) {
			this.view_state = view_state;
			this.view_node = this.customer_view();
		}
		const scroll = another ? 0 : this.body.scrollTop;
		this.body.replaceChildren(this.person(), this.actions_node, this.records(), this.view_node);
		this.body.scrollTop = scroll;
	}

	clear() {
		this.head = null;
		this.view_state = null;
		this.body.replaceChildren();
	}

	person() {
		const { conversation, identity, account } = this.head;
		const lines = [
			[__("Number"), identity?.phone, "ltr"],
			[__("E-mail"), identity?.email_id, "ltr"],
			[__("User Name"), identity?.username && `@${identity.username}`, "ltr"],
			[__("Channel"), [label_of(CHANNELS, conversation.channel), account?.name].filter(Boolean).join(" · "), "auto"],
			[__("First Message"), full(conversation.first_inbound_on), "ltr"],
			[__("Snoozed Until"), conversation.status === "Snoozed" ? full(conversation.snoozed_until) : "", "ltr"],
		].filter(([, value]) => value);
		const facts = lines.flatMap(([label, value, dir]) => [el("dt", { text: label }), el("dd", {}, el("bdi", { dir, text: value }))]);
		const flags = [
			identity?.no_marketing ? __("Wants no marketing messages") : "",
			account?.health === "Trouble" || account?.health === "Stopped" ? __("The account has trouble. Ask a manager to look at it.") : "",
		].filter(Boolean);
		return el(
			"section",
			{ class: "inbox-card" },
			el("h4", {}, el("bdi", { text: identity?.display_name || conversation.title || "" })),
			el("dl", { class: "inbox-facts" }, facts),
			flags.map((flag) => el("p", { class: "inbox-flag", text: flag }))
		);
	}

	actions() {
		const { conversation, can_write } = this.head;
		const box = el("section", { class: "inbox-card inbox-actions" }, el("h4", { text: __("Conversation") }));
		if (!can_write) {
			box.append(el("p", { class: "text-muted", text: __("You may read this conversation but not act on it.") }));
			return box;
		}
		box.append(
			this.choice(__("Status"), statuses_from(conversation.status), conversation.status, (value) => this.set_status(value)),
			this.choice(__("Class"), { "": () => __("None"), ...CLASSES }, conversation.conversation_class, (value) => this.do("set_class", { conversation_class: value })),
			this.choice(__("Priority"), PRIORITIES, conversation.priority, (value) => this.do("set_priority", { priority: value })),
			this.colleague_choice(conversation.assigned_to, (value) => this.do("assign", { user: value || null })),
			this.link_field(__("Team"), "Dafater Team", conversation.team, (value) => this.do("set_team", { team: value }))
		);
		const mine = conversation.assigned_to === frappe.session.user;
		box.append(
			el(
				"div",
				{ class: "inbox-buttons" },
				mine ? null : button({ label: __("Take It"), css: "btn-primary btn-sm", on_click: () => this.take() }),
				conversation.status === "Resolved" ? null : button({ label: __("Snooze"), on_click: () => this.snooze() })
			)
		);
		return box;
	}

	/** What the conversation is linked to, and what can be made out of it. */
	records() {
		const { links, can_write } = this.head;
		const labels = { customer: __("Customer"), opportunity: __("Opportunity"), lead: __("Lead", null, "Dafater Inbox"), issue: __("Issue") };
		const lines = Object.entries(links).map(([field, link]) =>
			el(
				"li",
				{},
				el("span", { class: "text-muted", text: `${labels[field]}: ` }),
				link.title === null
					? el("span", { class: "text-muted", text: __("Your roles do not let you read it.") })
					: el("a", { href: frappe.utils.get_form_link(link.doctype, link.name), dir: "auto", text: link.title })
			)
		);
		const box = el("section", { class: "inbox-card" }, el("h4", { text: __("Records") }), lines.length ? el("ul", { class: "inbox-links" }, lines) : null);
		if (can_write) {
			const make = (label, action, doctype) =>
				frappe.model.can_create(doctype) ? button({ label, css: "btn-default btn-xs", on_click: () => make_record(this.head, action, this.changed) }) : null;
			box.append(
				el(
					"div",
					{ class: "inbox-buttons" },
					links.lead || links.customer ? null : make(__("Make a Lead"), "make_lead", "Dafater Lead"),
					make(__("Make an Opportunity"), "make_opportunity", "Dafater Opportunity"),
					make(__("Make an Issue"), "make_issue", "Issue"),
					make(__("Make a Quotation"), "make_quotation", "Quotation"),
					button({ label: __("Link a Record"), css: "btn-default btn-xs", on_click: () => offer_link(this.head, this.changed) }),
					frappe.model.can_read("Sales Invoice")
						? button({ label: __("Send an Invoice"), css: "btn-default btn-xs", on_click: () => offer_invoice(this.head, this.changed) })
						: null
				)
			);
		}
		return box;
	}

	customer_view() {
		const { party } = this.head;
		const holder = el("section", { class: "inbox-card inbox-view" });
		if (party) {
			// the panel asks for a document as forms have it
			const doc = { doctype: party.doctype, doc: { name: party.name, modified: "" } };
			dafater_crm.customer_view.load(doc, holder);
		} else {
			const linked = ["customer", "opportunity", "lead"].some((field) => this.head.links[field]);
			const why = linked ? __("Your roles do not let you read it.") : __("No lead or customer is known for this person yet.");
			holder.append(el("p", { class: "text-muted" }, icon("customer"), " ", why));
		}
		return holder;
	}

	choice(label, words, chosen, on_change) {
		const select = el("select", { class: "form-control input-xs", on: { change: () => on_change(select.value) } }, Object.entries(words).map(([value, text]) => el("option", { value, text: text() })));
		select.value = chosen || "";
		return el("label", { class: "inbox-choice-line" }, el("span", { text: label }), select);
	}

	/** Colleagues by name; all of them are asked for when somebody opens the list. */
	colleague_choice(chosen, on_change) {
		const me = frappe.session.user;
		const known = { "": __("Nobody yet"), [me]: __("You") };
		if (chosen && chosen !== me) {
			known[chosen] = this.head.people[chosen]?.name || chosen;
		}
		const words = Object.fromEntries(Object.entries(known).map(([user, name]) => [user, () => name]));
		const line = this.choice(__("Assigned To"), words, chosen, on_change);
		const select = line.querySelector("select");
		const fill = async () => {
			const colleagues = await read.mentionable({ name: this.head.conversation.name, limit: 200 });
			const missing = colleagues.filter(({ user }) => !known[user]);
			select.append(...missing.map(({ user, name }) => el("option", { value: user, text: name })));
		};
		select.addEventListener("focus", fill, { once: true });
		return line;
	}

	/** One of Frappe's link fields, whose choice is sent at once. */
	link_field(label, doctype, value, on_change) {
		const line = el("div", { class: "inbox-choice-line" });
		const control = frappe.ui.form.make_control({
			parent: line,
			df: {
				fieldtype: "Link",
				fieldname: frappe.scrub(label) || doctype,
				options: doctype,
				label,
				placeholder: __("Nobody yet"),
				only_select: true,
				change: () => {
					const chosen = control.get_value() || "";
					if (ready && chosen !== (value || "")) {
						on_change(chosen || null);
					}
				},
			},
			render_input: true,
			only_input: false,
		});
		let ready = false;
		Promise.resolve(control.set_value(value || "")).then(() => (ready = true));
		return line;
	}

	take() {
		// what nobody has goes to whoever is first; what a colleague has is taken over
		const taken = this.head.conversation.assigned_to;
		return taken ? this.do("assign", { user: frappe.session.user }) : this.do("take", {});
	}

	resolve() {
		return this.do("set_status", { status: "Resolved" });
	}

	set_status(status) {
		return status === "Snoozed" ? this.snooze() : this.do("set_status", { status });
	}

	snooze() {
		offer_snooze((until) => this.do("snooze", { until }), () => this.load(this.head));
	}

	async do(action, args) {
		try {
			await act(action, { conversation: this.head.conversation.name, ...args });
		} catch {
			this.load(this.head); // the choice on the screen was not taken
			return;
		}
		this.changed();
	}
}

/** "New" is where a conversation begins; nobody puts it back there. */
function statuses_from(status) {
	const { New, ...others } = STATUSES;
	return status === "New" ? { New, ...others } : others;
}
