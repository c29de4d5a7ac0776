frappe.listview_settings["Dafater Lead"] = {
	add_fields: ["status", "lead_owner", "organisation_name", "mobile_no", "next_follow_up"],
	filters: [["status", "not in", ["Converted", "Disqualified", "Do Not Contact"]]],
	hide_name_column: true,

	onload(list) {
		if (frappe.model.can_read("Dafater Nurture Sequence") && frappe.model.can_write("Dafater Lead")) {
			list.page.add_actions_menu_item(__("Add to a Sequence"), () => enrol_leads(list), true);
		}
	},

	get_indicator(doc) {
		const colour = {
			New: "blue",
			Open: "orange",
			Contacted: "yellow",
			Qualified: "cyan",
			Opportunity: "purple",
			Quotation: "purple",
			Converted: "green",
			Disqualified: "gray",
			"Do Not Contact": "red",
		}[doc.status];
		return [__(doc.status), colour || "gray", `status,=,${doc.status}`];
	},
};

function enrol_leads(list) {
	const names = list.get_checked_items(true);
	const fields = [
		{
			fieldname: "sequence",
			fieldtype: "Link",
			label: __("Nurture Sequence"),
			options: "Dafater Nurture Sequence",
			get_query: () => ({ filters: { enabled: 1, applies_to: "Dafater Lead" } }),
			reqd: 1,
		},
	];
	const send = async ({ sequence }) => {
		const result = await frappe.xcall("dafater_crm.api.nurture.enrol_records", { sequence, names });
		const left = result.skipped.map(({ reason, count }) => `<li>${count}: ${frappe.utils.escape_html(reason)}</li>`);
		frappe.msgprint({
			title: __("Add to a Sequence"),
			message: `<p>${__("{0} records were added.", [result.enrolled])}</p><ul>${left.join("")}</ul>`,
		});
	};
	frappe.prompt(fields, send, __("Add to a Sequence"), __("Add"));
}
