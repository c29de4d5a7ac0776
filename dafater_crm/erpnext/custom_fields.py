"""Custom fields on ERPNext's documents: one dictionary for install, re-sync and uninstall."""

from __future__ import annotations

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from dafater_crm.records.labels import _

MODULE = "Dafater CRM"


def _opportunity(after: str, **values) -> dict:
	return {
		"fieldname": "dafater_opportunity",
		"label": _("Dafater Opportunity"),
		"fieldtype": "Link",
		"options": "Dafater Opportunity",
		"insert_after": after,
		"search_index": 1,
		"no_copy": 0,
		"print_hide": 1,
		**values,
	}


def _party() -> list[dict]:
	"""Hidden: our party behind the document. It travels with every copy, so that statuses can follow."""
	hidden = {"hidden": 1, "read_only": 1, "no_copy": 0, "print_hide": 1, "search_index": 1}
	return [
		{
			"fieldname": "dafater_party_type",
			"label": _("Dafater Party Type"),
			"fieldtype": "Link",
			"options": "DocType",
			"insert_after": "dafater_opportunity",
			**hidden,
			"search_index": 0,
		},
		{
			"fieldname": "dafater_party",
			"label": _("Dafater Party"),
			"fieldtype": "Dynamic Link",
			"options": "dafater_party_type",
			"insert_after": "dafater_party_type",
			**hidden,
		},
	]


CUSTOM_FIELDS = {
	"Quotation": [_opportunity("company"), *_party()],
	"Sales Order": [_opportunity("company"), *_party()],
	"Sales Invoice": [_opportunity("company"), *_party()],
	"Payment Entry": [_opportunity("company", read_only=1, no_copy=1)],
	"Issue": [
		{
			"fieldname": "dafater_lead",
			"label": _("Dafater Lead"),
			"fieldtype": "Link",
			"options": "Dafater Lead",
			"insert_after": "customer",
			"search_index": 1,
		},
		_opportunity("dafater_lead"),
	],
	"Notification Settings": [
		{
			"fieldname": "dafater_follow_up_digest",
			"label": _("Follow-ups Due by E-mail"),
			"fieldtype": "Check",
			"insert_after": "enable_email_event_reminders",
			"description": _("One e-mail a day with the leads and opportunities that you want to follow up."),
		},
	],
}


def install() -> None:
	"""Create or refresh our custom fields on the DocTypes that this site has. Idempotent."""
	present = {
		doctype: [{**field, "module": MODULE} for field in fields]
		for doctype, fields in CUSTOM_FIELDS.items()
		if frappe.db.exists("DocType", doctype)
	}
	create_custom_fields(present, ignore_validate=True, update=True)


def uninstall() -> None:
	"""Remove our custom fields, and the columns and indexes that Frappe leaves behind."""
	for doctype, fields in CUSTOM_FIELDS.items():
		names = [field["fieldname"] for field in fields]
		for custom_field in frappe.get_all(
			"Custom Field", filters={"dt": doctype, "fieldname": ("in", names)}, pluck="name"
		):
			frappe.delete_doc("Custom Field", custom_field, ignore_missing=True, force=True)
		_drop_columns(doctype, names)
		frappe.clear_cache(doctype=doctype)


def _drop_columns(doctype: str, columns: list[str]) -> None:
	if not frappe.db.table_exists(doctype):
		return
	left = set(frappe.db.get_table_columns(doctype)).intersection(columns)
	if left:
		drops = ", ".join(f"drop column `{column}`" for column in sorted(left))
		statement = f"alter table `tab{doctype}` {drops}"  # the names are the constants above
		frappe.db.sql_ddl(statement)  # nosemgrep: raw-sql - the query builder has no ALTER TABLE
