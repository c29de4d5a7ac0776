# Bad and good samples for the rule overriding-hook. Never imported.
# ruleid: overriding-hook
override_doctype_class = {"Quotation": "dafater_crm.erpnext.quotation.Quotation"}
# ruleid: overriding-hook
override_whitelisted_methods = {"frappe.desk.x": "dafater_crm.api.x"}
# ruleid: overriding-hook
doc_events = {"*": {"on_update": "dafater_crm.x.y"}}
# ok: overriding-hook
doc_events = {"Quotation": {"on_submit": "dafater_crm.erpnext.quotation.on_submit"}}
