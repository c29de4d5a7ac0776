"""The desk's export of a report, for ours so that Excel opens it rightly (hook `override_whitelisted_methods`)."""

from __future__ import annotations

import frappe
from frappe.desk import query_report
from frappe.utils.jinja_globals import is_rtl

from dafater_crm.domain.spreadsheets import right_to_left, with_mark

APP = "dafater_crm"


@frappe.whitelist(methods=["GET", "POST"])
def export_query() -> None:
	"""Frappe's export; files of our reports open from right to left in Arabic (XLSX) and as UTF-8 (CSV).

	Permission: Frappe's own for the export of this report.
	"""
	report = str(frappe.form_dict.get("report_name") or "")
	query_report.export_query()
	content = frappe.response.get("filecontent")
	if not isinstance(content, bytes) or not _is_ours(report):
		return
	name = str(frappe.response.get("filename") or "")
	if name.endswith(".csv"):
		frappe.response["filecontent"] = with_mark(content)
	elif name.endswith(".xlsx") and is_rtl():
		frappe.response["filecontent"] = right_to_left(content)


def _is_ours(report: str) -> bool:
	module = frappe.get_cached_value("Report", report, "module") or ""
	return frappe.local.module_app.get(frappe.scrub(module)) == APP
