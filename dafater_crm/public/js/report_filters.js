// What the script reports share in the desk: their filters, and the links from a figure to the records behind it.
frappe.provide("dafater_crm.reports");

const link = (label, options) => ({ label, fieldtype: "Link", options });
const select = (label, values, more) => ({
	label,
	fieldtype: "Select",
	options: values.map((value) => ({ value, label: value ? __(value) : "" })),
	...more,
});
const several = (label, doctype) => ({
	label,
	fieldtype: "MultiSelectList",
	options: doctype,
	get_data: (text) => frappe.db.get_link_options(doctype, text),
});

// functions, since dates and defaults are those of the moment in which a report is opened
const FILTERS = {
	company: () => ({ ...link(__("Company"), "Company"), default: frappe.defaults.get_user_default("Company") }),
	from_date: () => {
		const today = frappe.datetime.get_today();
		const year_ago = frappe.datetime.add_days(frappe.datetime.add_months(today, -12), 1);
		return { label: __("From Date"), fieldtype: "Date", reqd: 1, default: year_ago };
	},
	to_date: () => ({ label: __("To Date"), fieldtype: "Date", reqd: 1, default: frappe.datetime.get_today() }),
	territory: () => link(__("Territory"), "Territory"),
	source: () => link(__("Source"), "Dafater Lead Source"),
	market_segment: () => link(__("Market Segment"), "Dafater Market Segment"),
	campaign: () => link(__("Campaign"), "Dafater Campaign"),
	lead: () => link(__("Lead Number"), "Dafater Lead"),
	lead_owner: () => link(__("Lead Owner"), "User"),
	opportunity_owner: () => link(__("Owner"), "User"),
	opportunity_type: () => link(__("Opportunity Type"), "Dafater Opportunity Type"),
	sales_stage: () => link(__("Sales Stage"), "Dafater Sales Stage"),
	lost_reason: () => several(__("Lost Reason"), "Dafater Opportunity Lost Reason"),
	competitor: () => several(__("Competitor"), "Dafater Competitor"),
	most_rows: () => ({ label: __("Most Rows"), fieldtype: "Int", default: 2000 }),
	measure: () =>
		select(__("Measure"), ["Count", "Amount", "Weighted Amount"], { default: "Count", reqd: 1 }),
	party_type: () =>
		select(__("Party Type"), ["", "Dafater Lead", "Dafater Prospect", "Customer"], {
			on_change: (report) => report.set_filter_value("party_name", ""),
		}),
	party_name: () => ({
		label: __("Party"),
		fieldtype: "Dynamic Link",
		options: "party_type",
		depends_on: "eval:doc.party_type",
	}),
};

/** Filters by name, in this order; `[name, {…}]` changes what is given, and a filter of its own comes as an object. */
dafater_crm.reports.filters = (...wanted) =>
	wanted.map((item) => {
		if (!Array.isArray(item) && typeof item === "object") return item;
		const [name, changes] = [].concat(item);
		return { fieldname: name, ...FILTERS[name](), ...changes };
	});

/** A Select filter of these words, each shown in the reader's language. */
dafater_crm.reports.select = (fieldname, label, values, more) => ({ fieldname, ...select(label, values, more) });

/** What the reader chose in these filters, as filters of a list; a territory takes in all below it. */
dafater_crm.reports.chosen = (...names) => {
	const found = {};
	for (const name of names) {
		const value = frappe.query_report.get_filter_value(name);
		if (Array.isArray(value) ? !value.length : !value) continue;
		if (name === "territory") found[name] = ["descendants of (inclusive)", value];
		else found[name] = Array.isArray(value) ? ["in", value] : value;
	}
	return found;
};

/** The period of the report, for a filter of a list. */
dafater_crm.reports.period = () => [
	"between",
	[frappe.query_report.get_filter_value("from_date"), frappe.query_report.get_filter_value("to_date")],
];

/** A filter for exactly this value; none stands for what is not filled in. */
dafater_crm.reports.exactly = (value) => value || ["is", "not set"];

/** `shown` as a link to the list of a DocType under these filters. */
dafater_crm.reports.figure = (shown, doctype, filters) => {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(filters)) {
		query.set(name, Array.isArray(value) ? JSON.stringify(value) : value);
	}
	const address = `${frappe.router.make_url([frappe.router.slug(doctype)])}?${query}`;
	return `<a href="${frappe.utils.escape_html(address)}">${shown}</a>`;
};

/** In print the row of totals comes without its currency. */
dafater_crm.reports.with_currency = (data) =>
	data?.is_total_row ? { ...data, currency: frappe.query_report.data[0]?.currency } : data;
