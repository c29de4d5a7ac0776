// ERPNext's Quotation list (hook `doctype_list_js`): the filter "Quotation To" offers what the form offers.
(() => {
	const settings = frappe.listview_settings["Quotation"];
	const onload = settings?.onload;
	if (!settings || settings.dafater_wrapped) {
		return;
	}
	settings.dafater_wrapped = true;

	settings.onload = function (listview) {
		onload?.call(this, listview);
		const field = listview.page.fields_dict.quotation_to;
		const allowed = frappe.meta.get_docfield("Quotation", "quotation_to")?.link_filters;
		if (field && allowed) {
			field.get_query = () => ({ filters: JSON.parse(allowed) });
		}
	};
})();
