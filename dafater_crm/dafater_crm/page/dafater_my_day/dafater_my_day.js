// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.pages["dafater-my-day"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("My Day"), single_column: true });
	wrapper.my_day = new MyDay(page);
};

frappe.pages["dafater-my-day"].on_page_show = (wrapper) => wrapper.my_day.load();

const FOLLOWED = ["Dafater Lead", "Dafater Opportunity", "Dafater Prospect"];
const OWNER = {
	"Dafater Lead": "lead_owner",
	"Dafater Opportunity": "opportunity_owner",
	"Dafater Prospect": "prospect_owner",
};
const FINISHED = {
	"Dafater Lead": ["Converted", "Disqualified", "Do Not Contact"],
	"Dafater Opportunity": ["Won", "Lost", "Closed"],
	"Dafater Prospect": ["Inactive"],
};

/** Titles and empty texts of the lists, and the filters of the full list behind "more". */
const SECTIONS = {
	follow_ups: {
		title: () => __("Due Follow-ups"),
		empty: () => __("No follow-up is due."),
		filters: (doctype, day) => ({
			[OWNER[doctype]]: day.person,
			next_follow_up: ["<=", day.today],
			status: ["not in", FINISHED[doctype]],
		}),
	},
	activities: {
		title: () => __("Activities Due"),
		empty: () => __("No activity is due."),
		filters: (_doctype, day) => ({
			assigned_to: day.person,
			status: "Open",
			due_on: ["<=", `${day.today} 23:59:59`],
		}),
	},
	appointments: {
		title: () => __("Appointments Today"),
		empty: () => __("No appointment today."),
		filters: (_doctype, day) => ({ agent: day.person, starts_on: ["between", [day.today, day.today]] }),
	},
	replies: {
		title: () => __("Waiting for Your Answer"),
		empty: () => __("Every message is answered."),
	},
	new_leads: {
		title: () => __("New Leads Nobody Has Contacted"),
		empty: () => __("Every new lead has been contacted."),
		filters: (_doctype, day) => ({
			lead_owner: day.person,
			status: ["in", ["New", "Open"]],
			last_contact_on: ["is", "not set"],
		}),
	},
	closing: {
		title: () => __("Deals Closing This Week"),
		empty: () => __("No deal closes this week."),
		filters: (_doctype, day) => ({
			opportunity_owner: day.person,
			expected_closing: ["<=", day.week_end],
			status: ["not in", FINISHED["Dafater Opportunity"]],
		}),
	},
};

const company_currency = (company) =>
	frappe.get_doc(":Company", company)?.default_currency || frappe.boot.sysdefaults.currency;
const text = (value) => frappe.utils.escape_html(value ?? "");

class MyDay {
	constructor(page) {
		this.page = page;
		this.$body = $('<div class="dafater-my-day"></div>').appendTo(page.main);
		page.set_secondary_action(__("Refresh"), () => this.load(), "refresh");
		this.$body.on("click", "[data-action]", (event) => this.act($(event.currentTarget)));
	}

	async load() {
		const person = this.person || null;
		this.day = await frappe.xcall("dafater_crm.api.my_day.get", { person });
		this.offer_team();
		this.render();
	}

	/** A team leader chooses whose day to look at. */
	offer_team() {
		if (this.choice || !this.day.team.length) {
			return;
		}
		const own = { value: frappe.session.user, label: __("My own day") };
		const team = this.day.team.map(({ name, full_name }) => ({ value: name, label: full_name || name }));
		this.choice = this.page.add_field({
			fieldname: "person",
			fieldtype: "Select",
			label: __("Whose Day"),
			options: [own, ...team],
			default: frappe.session.user,
			change: () => {
				const chosen = this.choice.get_value();
				if (chosen && chosen !== this.day.person) {
					this.person = chosen;
					this.load();
				}
			},
		});
	}

	render() {
		this.rows = {};
		const parts = this.day.sections.map((section) => this.section_html(section));
		this.$body.html(`<div class="my-day-grid">${parts.join("")}</div>`);
	}

	section_html({ key, total, rows, parts }) {
		const { title, empty, filters } = SECTIONS[key];
		const lines = rows.map((row) => this.row_html(key, row));
		const body = lines.length ? `<ul>${lines.join("")}</ul>` : `<p class="text-muted">${empty()}</p>`;
		const more = total > rows.length && filters ? this.more_html(key, parts) : "";
		return `<section aria-labelledby="my-day-${key}">
			<h2 id="my-day-${key}">${title()} <span class="my-day-total">${total}</span></h2>
			${body}${more}
		</section>`;
	}

	more_html(key, parts) {
		const links = Object.entries(parts).map(
			([doctype, total]) =>
				`<button class="btn btn-xs btn-link" data-action="more" data-section="${key}" data-doctype="${text(doctype)}">
					${__("All {0}: {1}", [total, __(doctype).replace("Dafater ", "")])}</button>`
		);
		return `<div class="my-day-more">${links.join("")}</div>`;
	}

	row_html(key, row) {
		const id = `${key}/${row.doctype}/${row.name}/${row.message || ""}`;
		this.rows[id] = row;
		const route = frappe.utils.get_form_link(row.doctype, row.name);
		const late = row.moment && row.moment.slice(0, 10) < this.day.today ? "my-day-late" : "";
		const amount = row.amount ? format_currency(row.amount, company_currency(row.company)) : "";
		const facts = [this.when(key, row), row.note && __(row.note), amount].filter(Boolean).map((fact) => `<bdi>${text(fact)}</bdi>`);
		return `<li data-row="${text(id)}">
			<div class="my-day-what">
				<bdi><a href="${route}">${text(row.title || row.name)}</a></bdi>
				<span class="${late} text-muted">${facts.join(" · ")}</span>
			</div>
			<div class="my-day-acts">${this.acts(key, row).join("")}</div>
		</li>`;
	}

	when(key, { moment }) {
		if (!moment) {
			return "";
		}
		if (key === "appointments") {
			return moment.slice(11, 16);
		}
		return frappe.datetime.str_to_user(moment.slice(0, 10));
	}

	acts(key, row) {
		const button = (action, label) => `<button class="btn btn-xs btn-default" data-action="${action}">${label}</button>`;
		const link = (href, label) =>
			`<a class="btn btn-xs btn-default" href="${text(href)}" target="_blank" rel="noopener">${label}</a>`;
		const acts = [];
		if (key === "activities") {
			acts.push(button("finish", __("Done")));
		} else if (FOLLOWED.includes(row.doctype)) {
			acts.push(button("log", key === "follow_ups" ? __("Done") : __("Log a Call")));
		}
		if (["activities", "follow_ups"].includes(key)) {
			acts.push(button("tomorrow", __("Tomorrow")), button("next_week", __("Next Week")));
		}
		const whatsapp = (row.whatsapp || row.mobile || "").replace(/\D/g, "");
		if (row.mobile) {
			acts.push(link(`tel:${row.mobile}`, __("Call")));
		}
		if (whatsapp) {
			acts.push(link(`https://wa.me/${whatsapp}`, __("WhatsApp")));
		}
		return acts;
	}

	async act($button) {
		const action = $button.data("action");
		if (action === "more") {
			const { section, doctype } = $button.data();
			frappe.set_route("List", doctype, "List", SECTIONS[section].filters(doctype, this.day));
			return;
		}
		const id = $button.closest("[data-row]").attr("data-row");
		const row = this.rows[id];
		const section_key = id.split("/")[0];
		const { doctype, name } = row;
		if (action === "tomorrow" || action === "next_week") {
			await this.send("postpone", { doctype, name, days: action === "tomorrow" ? 1 : 7 });
		} else if (action === "finish") {
			this.ask(__("Activity Done"), this.outcome_fields(), (values) => this.send("finish", { name, ...values }));
		} else if (action === "log") {
			this.ask(__("Log an Activity"), this.log_fields(), (values) => {
				const reference = { reference_doctype: doctype, reference_name: name };
				// a due follow-up is done with this; on another row only a new date replaces the one that is set
				const set_follow_up = section_key === "follow_ups" || values.next_follow_up ? 1 : 0;
				return this.send("log", { ...reference, set_follow_up, ...values });
			});
		}
	}

	ask(title, fields, send) {
		const dialog = new frappe.ui.Dialog({
			title,
			fields,
			primary_action_label: __("Save"),
			primary_action: async (values) => {
				if (await send(values)) {
					dialog.hide();
				}
			},
		});
		dialog.show();
	}

	outcome_fields() {
		const options = ["", "Reached", "Not Reached", "Interested", "Not Interested", "Follow Up", "Meeting Booked", "Completed"];
		return [
			{ fieldname: "outcome", fieldtype: "Select", label: __("Outcome"), options: options.join("\n") },
			{ fieldname: "notes", fieldtype: "Small Text", label: __("Notes") },
		];
	}

	log_fields() {
		const kinds = ["Call", "Meeting", "Visit", "Note", "E-mail"];
		return [
			{
				fieldname: "activity_type",
				fieldtype: "Select",
				label: __("Activity Type"),
				options: kinds.join("\n"),
				default: "Call",
				reqd: 1,
			},
			...this.outcome_fields(),
			{ fieldname: "next_follow_up", fieldtype: "Date", label: __("Next Follow-up") },
			{ fieldname: "follow_up_note", fieldtype: "Data", label: __("Follow-up Note") },
		];
	}

	/** True when the server has done it; its own message is on the screen otherwise. */
	async send(method, values) {
		try {
			await frappe.xcall(`dafater_crm.api.activities.${method}`, values);
		} catch {
			return false;
		}
		frappe.show_alert({ message: __("Saved"), indicator: "green" });
		await this.load();
		return true;
	}
}
