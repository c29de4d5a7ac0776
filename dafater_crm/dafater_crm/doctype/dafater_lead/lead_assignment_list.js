// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

{
	const settings = frappe.listview_settings["Dafater Lead"];
	const before = settings.onload;
	settings.onload = (listview) => {
		before?.(listview);
		if (frappe.model.can_write("Dafater Assignment Rule")) {
			listview.page.add_actions_menu_item(__("Assign by the Rules"), () => assign(listview), false);
		}
	};

	async function assign(listview) {
		const leads = listview.get_checked_items(true);
		const done = await frappe.xcall("dafater_crm.api.assignment.assign_now", { leads });
		const message = __("{0} leads were assigned, {1} wait for an agent. Those with an owner kept it.", [
			done.assigned,
			done.waiting,
		]);
		frappe.show_alert({ message, indicator: done.waiting ? "orange" : "green" });
		listview.refresh();
	}
}
