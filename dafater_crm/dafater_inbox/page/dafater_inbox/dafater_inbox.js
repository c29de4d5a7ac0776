// Copyright (c) 2026, Dafater and contributors
// License: GPL-3.0, see license.txt

frappe.pages["dafater-inbox"].on_page_load = (wrapper) => {
	const title = __("Inbox", null, "Dafater Inbox");
	const page = frappe.ui.make_app_page({ parent: wrapper, title, single_column: true });
	wrapper.disable_scroll_to_top = true;
	wrapper.ready = new Promise((resolve) => {
		frappe.require(["dafater_inbox.bundle.js", "dafater_inbox.bundle.css"], () => {
			resolve(new dafater_crm.inbox.Inbox(page));
		});
	});
};

frappe.pages["dafater-inbox"].on_page_show = (wrapper) => wrapper.ready.then((inbox) => inbox.show());
