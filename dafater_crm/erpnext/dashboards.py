"""Connections that ERPNext's documents show to ours (`override_doctype_dashboards`, which other apps may extend too)."""

from __future__ import annotations

from dafater_crm.records.labels import _


def add_opportunity(data: dict) -> dict:
	"""Quotation, Sales Order, Sales Invoice, Issue: the opportunity behind the document."""
	data.setdefault("internal_links", {})["Dafater Opportunity"] = "dafater_opportunity"
	data.setdefault("transactions", []).append({"label": _("Dafater CRM"), "items": ["Dafater Opportunity"]})
	return data
