"""The desk's export of a report, for ours so that Excel opens it rightly (hook `override_whitelisted_methods`)."""

from __future__ import annotations

import frappe
from frappe.desk import query_report

from dafater_crm.records.report_files import for_excel, is_ours


@frappe.whitelist(methods=["GET", "POST"])
def export_query() -> None:
	"""Frappe's export; files of our reports open from right to left in Arabic (XLSX) and as UTF-8 (CSV).

	Permission: Frappe's own for the export of this report.
	"""
	report = str(frappe.form_dict.get("report_name") or "")
	query_report.export_query()
	content = frappe.response.get("filecontent")
	if isinstance(content, bytes) and is_ours(report):
		frappe.response["filecontent"] = for_excel(str(frappe.response.get("filename") or ""), content)
