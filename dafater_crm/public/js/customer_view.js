// The customer view: one panel with everything about a business relation. All text is set as text, never as HTML.
frappe.provide("dafater_crm.customer_view");

const METHOD = "dafater_crm.api.customer_view.get";

const LABELS = {
	contacts: () => __("Contacts"),
	leads: () => __("Leads"),
	opportunities: () => __("Open Opportunities"),
	quotations: () => __("Quotations"),
	orders: () => __("Sales Orders"),
	invoices: () => __("Invoices"),
	payments: () => __("Payments"),
	issues: () => __("Issues"),
	appointments: () => __("Appointments"),
	contracts: () => __("Contracts"),
};

const FIGURES = {
	open: () => __("Open Amount"),
	weighted: () => __("Weighted Amount"),
	ordered: () => __("Ordered Amount"),
	unbilled: () => __("Not Billed Yet"),
	billed: () => __("Billed Amount"),
	outstanding: () => __("Outstanding Amount"),
	overdue: () => __("Overdue Amount"),
	overdue_count: () => __("Overdue Invoices"),
	drafts: () => __("Drafts"),
	received: () => __("Received Amount"),
	days_to_pay: () => __("Average Days to Pay"),
	open_count: () => __("Open Issues"),
	upcoming_count: () => __("Upcoming Appointments"),
	active: () => __("Value of Active Contracts"),
	active_count: () => __("Active Contracts"),
	won_count: () => __("Won Opportunities"),
	lost_count: () => __("Lost Opportunities"),
};

// shown at the top of the panel: [section, figure]
const HEADLINES = [
	["opportunities", "open"],
	["orders", "unbilled"],
	["invoices", "outstanding"],
	["invoices", "overdue"],
	["payments", "days_to_pay"],
];

// where Frappe's guess would alarm or say nothing
const COLOURS = { New: "blue", Open: "orange", Overdue: "red", Scheduled: "blue", Unpaid: "orange" };

/** Load the panel into an HTML field when its tab is open; call it in `refresh` and `on_tab_change`. */
dafater_crm.customer_view.on_tab = function (frm, fieldname = "customer_view_html") {
	const field = frm.fields_dict[fieldname];
	if (field && !frm.is_new() && field.tab?.is_active()) {
		dafater_crm.customer_view.load(frm, field.$wrapper);
	}
};

/** A closed section on a form of another app; it loads when it is opened. */
dafater_crm.customer_view.on_dashboard = function (frm) {
	if (frm.is_new() || !frm.dashboard) {
		return;
	}
	frm.dashboard.parent.find(".dafater-customer-view").remove();
	const css_class = "dafater-customer-view";
	if (localStorage.getItem(`${css_class}-closed`) === null) {
		localStorage.setItem(`${css_class}-closed`, "1");
	}
	const body = frm.dashboard.add_section("", __("Customer View"), css_class);
	const load_when_open = () => body.hasClass("hide") || dafater_crm.customer_view.load(frm, body);
	body.parent().find(".section-head").on("click", load_when_open);
	frm.dashboard.show();
	load_when_open();
};

/** Read the view and draw it, once for each state of the document. */
dafater_crm.customer_view.load = async function (frm, wrapper) {
	const state = `${frm.doctype}/${frm.doc.name}/${frm.doc.modified}`;
	const $wrapper = $(wrapper);
	if ($wrapper.data("dafater-state") === state) {
		return;
	}
	$wrapper.data("dafater-state", state);
	$wrapper.empty().append(text("p", "text-muted", __("Loading...")));
	try {
		const args = { doctype: frm.doctype, name: frm.doc.name };
		const { message } = await frappe.call({ method: METHOD, args, type: "GET" });
		if ($wrapper.data("dafater-state") === state) {
			$wrapper.empty().append(panel(message, () => reload(frm, $wrapper)));
		}
	} catch (error) {
		$wrapper.removeData("dafater-state").empty();
		$wrapper.append(text("p", "text-muted", __("The customer view could not be loaded. Try again later.")));
	}
};

function reload(frm, $wrapper) {
	$wrapper.removeData("dafater-state");
	dafater_crm.customer_view.load(frm, $wrapper);
}

function panel(view, refresh) {
	const root = $('<div class="dafater-view"></div>');
	root.append(top_line(view, refresh), headlines(view));
	const grid = $('<div class="dafater-view-grid"></div>').appendTo(root);
	view.sections.forEach((section) => grid.append(card(section)));
	return root;
}

function top_line(view, refresh) {
	const line = $('<div class="dafater-view-top"></div>').append(last_contact(view.last_contact));
	const again = text("button", "btn btn-xs btn-default", __("Refresh")).attr("type", "button");
	return line.append(again.on("click", refresh));
}

function last_contact(last) {
	const line = $('<div class="dafater-view-last"></div>').append(text("strong", "", __("Last Contact")));
	if (!last) {
		return line.append(text("span", "text-muted", __("No contact is recorded yet.")));
	}
	line.append(text("bdi", "", frappe.datetime.str_to_user(last.on)));
	line.append(text("span", "text-muted", frappe.datetime.prettyDate(last.on)));
	if (last.channel) {
		line.append(text("span", "indicator-pill blue no-indicator-dot", __(last.channel)));
	}
	if (last.name) {
		line.append(link(last.doctype, last.name, last.subject || last.name));
	}
	return line;
}

function headlines(view) {
	const strip = $('<dl class="dafater-view-figures"></dl>');
	HEADLINES.forEach(([key, name]) => {
		const section = view.sections.find((found) => found.key === key);
		const figure = section?.figures?.find((found) => found.key === name);
		if (figure) {
			const box = $('<div class="dafater-view-figure"></div>').attr("data-figure", name).appendTo(strip);
			const alarming = name === "overdue" && figure.values.some((row) => row.value > 0);
			box.toggleClass("is-alarming", alarming);
			box.append(text("dt", "", FIGURES[name]()), $("<dd></dd>").append(values_of(figure)));
		}
	});
	return strip;
}

function card(section) {
	const box = $('<section class="dafater-view-card"></section>').attr("data-section", section.key);
	const label = LABELS[section.key]();
	const head = $('<div class="dafater-view-head"></div>').appendTo(box);
	head.append(text("h5", "", label));
	if (section.access !== "read") {
		return box.append(text("p", "text-muted", __("Your roles do not let you read {0}.", [label])));
	}
	head.append(list_link(section));
	box.append(small_figures(section));
	if (!section.rows.length) {
		return box.append(text("p", "text-muted", __("None yet.")));
	}
	const list = $('<ul class="dafater-view-rows"></ul>').appendTo(box);
	section.rows.forEach((row) => list.append(line_of(section, row)));
	return box;
}

/** The count; a link to the same list where a list filter can say it. */
function list_link(section) {
	if (!section.filters || !section.count) {
		return text("span", "dafater-view-count", String(section.count));
	}
	const href = frappe.router.make_url([frappe.router.slug(section.doctype)]);
	const anchor = text("a", "dafater-view-count", __("All {0}", [section.count])).attr("href", href);
	anchor.attr("aria-label", `${LABELS[section.key]()}: ${__("All {0}", [section.count])}`);
	return anchor.on("click", (event) => {
		event.preventDefault();
		frappe.route_options = { ...section.filters };
		frappe.set_route("List", section.doctype, "List");
	});
}

function small_figures(section) {
	const line = $('<p class="dafater-view-small"></p>');
	section.figures
		.filter((figure) => FIGURES[figure.key] && figure.values.some((row) => row.value))
		.forEach((figure) => {
			const part = $("<span></span>").append(text("span", "text-muted", `${FIGURES[figure.key]()}: `));
			line.append(part.append(values_of(figure)));
		});
	return line.children().length ? line : null;
}

function values_of(figure) {
	if (!figure.values.length) {
		return text("bdi", "", "0");
	}
	const shown = figure.values.map((row) => text("bdi", "", value_of(figure.kind, row)));
	return shown.flatMap((part, index) => (index ? [document.createTextNode(" + "), part[0]] : [part[0]]));
}

function value_of(kind, row) {
	if (kind === "currency") {
		return plain(format_currency(row.value, row.currency));
	}
	return String(row.value);
}

function line_of(section, row) {
	const line = $("<li></li>");
	const main = $('<div class="dafater-view-main"></div>').appendTo(line);
	main.append(link(section.doctype, row.name, row.title || row.name));
	main.append(detail_line(details(section, row)));
	const side = $('<div class="dafater-view-side"></div>').appendTo(line);
	if (row.amount !== undefined && row.amount !== null) {
		side.append(text("bdi", "dafater-view-amount", plain(format_currency(row.amount, row.currency))));
	}
	const status = row.is_overdue ? "Overdue" : row.status;
	if (status) {
		const colour = COLOURS[status] || frappe.utils.guess_colour(status);
		side.append(text("span", `indicator-pill no-indicator-dot ${colour}`, __(status)));
	}
	return line;
}

function details(section, row) {
	const name = row.title && row.title !== row.name ? row.name : "";
	const day = row.date && frappe.datetime.str_to_user(String(row.date).slice(0, 10));
	const parts = {
		contacts: [row.role && __(row.role), row.designation, row.mobile_no || row.phone, row.email_id],
		leads: [name, day, row.source && __(row.source)],
		opportunities: [name, row.stage && __(row.stage), expected(row)],
		issues: [name, day, row.priority && __(row.priority)],
		appointments: [row.datetime && frappe.datetime.str_to_user(row.datetime), row.channel && __(row.channel)],
		contracts: [name, day, until(row)],
		invoices: [name, day, row.outstanding ? due(row) : ""],
	}[section.key] || [name, day];
	return parts.filter(Boolean);
}

/** Each part keeps its own direction: numbers and names of both scripts stand side by side. */
function detail_line(parts) {
	const line = $('<div class="text-muted small"></div>');
	parts.forEach((part, index) => {
		line.append(index ? document.createTextNode(" · ") : null, text("bdi", "", part));
	});
	return line;
}

function expected(row) {
	return row.due_date && __("Closing {0}", [date_inside(row.due_date)]);
}

function until(row) {
	return row.due_date && __("Until {0}", [date_inside(row.due_date)]);
}

function due(row) {
	const amount = plain(format_currency(row.outstanding, row.currency));
	return __("{0} due on {1}", [amount, date_inside(row.due_date)]);
}

/** A date after Arabic words would show its year first; the isolate marks keep day, month and year in their order. */
function date_inside(day) {
	return `\u2066${frappe.datetime.str_to_user(day)}\u2069`;
}

function link(doctype, name, label) {
	return text("a", "", label).attr("href", frappe.utils.get_form_link(doctype, name)).attr("dir", "auto");
}

function text(tag, css_class, value) {
	return $(document.createElement(tag)).addClass(css_class).text(value);
}

/** Formatters may wrap what they return in markup; only the text is wanted, and nothing in it may run. */
function plain(value) {
	return new DOMParser().parseFromString(String(value), "text/html").body.textContent;
}
