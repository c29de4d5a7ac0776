// What the channel still allows: a countdown to the end of the 24 hours, and what is left afterwards.
import { button, el } from "./dom";
import { hours_and_minutes, seconds_between } from "./moments";

const WARNS = 2 * 3600; // seconds before the end
const SAYS = {
	"Templates Only": () => __("The 24 hours since the customer's last message are over. Only an approved template can be sent."),
	"Human Agent": () => __("The 24 hours are over. A person may still answer within 7 days of the customer's last message."),
	Closed: () => __("The customer has to write first. The channel takes no message now."),
};

export class WindowBar {
	constructor({ on_template, on_change }) {
		this.on_change = on_change;
		this.text = el("span", { role: "timer", "aria-live": "off" });
		this.template = button({ label: __("Choose a Template"), css: "btn-xs btn-primary", on_click: on_template });
		this.node = el("div", { class: "inbox-window" }, this.text, this.template);
		setInterval(() => this.tick(), 15000);
	}

	load(head) {
		this.blocked = head.identity?.blocked;
		this.channel = head.conversation.channel;
		this.update(head.window);
	}

	/** `window`: {state, closes_on, now} of the server. */
	update(window) {
		this.state = window.state;
		this.ends = window.closes_on ? Date.now() + seconds_between(window.now, window.closes_on) * 1000 : null;
		this.tick(true);
	}

	get may_write() {
		return ["Open", "Human Agent"].includes(this.state) && !this.blocked;
	}

	tick(anew = false) {
		const before = [this.state, this.has_something_to_say].join();
		const left = this.ends === null ? null : Math.floor((this.ends - Date.now()) / 1000);
		if (this.state === "Open" && left !== null && left <= 0) {
			this.state = this.after();
		}
		this.left = this.state === "Open" ? left : null;
		this.show();
		if (anew || before !== [this.state, this.has_something_to_say].join()) {
			this.on_change();
		}
	}

	/** What the server will say when the time is up; it has the last word at the next reading. */
	after() {
		return this.channel === "WhatsApp" ? "Templates Only" : "Human Agent";
	}

	get has_something_to_say() {
		return Boolean(this.blocked) || this.state !== "Open" || (this.left !== null && this.left !== undefined);
	}

	show() {
		const urgent = this.left !== null && this.left !== undefined && this.left < WARNS;
		this.node.classList.toggle("is-urgent", urgent || this.state !== "Open");
		this.template.hidden = this.state !== "Templates Only" || Boolean(this.blocked);
		if (this.blocked) {
			this.text.textContent = __("This person is blocked. Nothing can be sent.");
		} else if (this.state === "Open") {
			this.text.textContent = this.left === null || this.left === undefined ? "" : __("Time left to answer freely: {0}", [hours_and_minutes(this.left)]);
		} else {
			this.text.textContent = SAYS[this.state]?.() || "";
		}
	}
}
