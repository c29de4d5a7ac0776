// The dialogs behind the buttons of the side panel.
import { act } from "./api";

/** Makes a record out of the conversation and opens it beside the inbox, saved or as a form to fill in. */
export async function make_record({ conversation }, action, changed) {
	const made = await act(action, { conversation: conversation.name });
	changed();
	if (made?.doctype && made.name && !made.__islocal) {
		frappe.show_alert({
			message: __("{0} was made.", [`<a href="${frappe.utils.get_form_link(made.doctype, made.name)}">${frappe.utils.escape_html(made.name)}</a>`]),
			indicator: "green",
		});
	} else if (made?.doctype) {
		const [doc] = frappe.model.sync(made);
		frappe.set_route("Form", doc.doctype, doc.name);
	}
}

const LINKABLE = ["Dafater Lead", "Customer", "Dafater Opportunity", "Issue"];

export function offer_link({ conversation }, changed) {
	ask(
		__("Link a Record"),
		[
			{
				fieldname: "doctype",
				fieldtype: "Select",
				label: __("Kind of Record"),
				options: LINKABLE.filter((doctype) => frappe.model.can_read(doctype)).map((value) => ({ value, label: __(value) })),
				default: LINKABLE.find((doctype) => frappe.model.can_read(doctype)),
				reqd: 1,
			},
			{ fieldname: "name", fieldtype: "Dynamic Link", label: __("Record"), options: "doctype", reqd: 1 },
		],
		__("Link"),
		({ doctype, name }) => act("link", { conversation: conversation.name, doctype, name }).then(changed)
	);
}

export function offer_invoice({ conversation, links }, changed) {
	const client_key = frappe.utils.get_random(20); // a second click sends nothing
	const filters = { docstatus: 1, ...(links.customer ? { customer: links.customer.name } : {}) };
	ask(
		__("Send an Invoice"),
		[{ fieldname: "invoice", fieldtype: "Link", options: "Sales Invoice", label: __("Sales Invoice"), reqd: 1, get_query: () => ({ filters }) }],
		__("Send"),
		({ invoice }) => act("send_invoice", { conversation: conversation.name, invoice, client_key }).then(changed)
	);
}

/** Asks until when; `cancelled` runs when nothing was chosen. */
export function offer_snooze(chosen, cancelled) {
	const now = moment(frappe.datetime.system_datetime());
	const stamp = (date) => date.locale("en").format("YYYY-MM-DD HH:mm:ss");
	const choices = {
		[__("In one hour")]: stamp(now.clone().add(1, "hour")),
		[__("In three hours")]: stamp(now.clone().add(3, "hours")),
		[__("Tomorrow morning")]: stamp(now.clone().add(1, "day").hour(9).minute(0).second(0)),
		[__("In one week")]: stamp(now.clone().add(7, "days").hour(9).minute(0).second(0)),
	};
	const own = __("Another time");
	let done = false;
	const dialog = ask(
		__("Snooze"),
		[
			{ fieldname: "when", fieldtype: "Select", label: __("Until"), options: [...Object.keys(choices), own], default: Object.keys(choices)[0], reqd: 1 },
			{ fieldname: "until", fieldtype: "Datetime", label: __("Time"), depends_on: `eval:doc.when === ${JSON.stringify(own)}`, mandatory_depends_on: `eval:doc.when === ${JSON.stringify(own)}` },
		],
		__("Snooze"),
		({ when, until }) => {
			done = true;
			return chosen(choices[when] || until);
		}
	);
	dialog.onhide = () => done || cancelled();
}

function ask(title, fields, label, act_on) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label: label,
		primary_action: async (values) => {
			await act_on(values);
			dialog.hide();
		},
	});
	dialog.show();
	return dialog;
}
