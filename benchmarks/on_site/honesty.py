"""Is the filled data what the controllers would have stored? A sample is loaded and saved, and nothing may change.

Everything is rolled back. Checked: records of both CRMs through a save; the statuses of ours against `queries/facts.py`, which
reads the filled documents; totals and statuses of ERPNext's documents through ERPNext's own calculation.
"""

from __future__ import annotations

import frappe
from frappe.utils import cstr, flt

from dafater_crm.queries import facts
from dafater_crm.records.recompute import OPPORTUNITY
from dafater_crm.records.status import LADDERS

SAVED = {
	"Dafater Lead": 60,
	"Dafater Prospect": 15,
	OPPORTUNITY: 60,
	"Lead": 30,
	"Opportunity": 30,
}
CALCULATED = ("Quotation", "Sales Order", "Sales Invoice")
CALCULATED_EACH = 30
FACTS_OF = 500
UNTOUCHED = {"modified", "modified_by", "_comments", "_seen", "_liked_by", "_user_tags", "idx"}
TOTALS = ("net_total", "base_net_total", "grand_total", "base_grand_total")


def problems() -> list[str]:
	"""One line for each stored value that a controller would have stored otherwise. Empty for honest data."""
	found = []
	try:
		for doctype, count in SAVED.items():
			for name in _sample(doctype, count):
				found += _changed_by_a_save(doctype, name)
		for doctype in CALCULATED:
			for name in _sample(doctype, CALCULATED_EACH):
				found += _changed_by_calculation(doctype, name)
	finally:
		frappe.db.rollback()
	for doctype in (OPPORTUNITY, *LADDERS):
		found += _against_facts(doctype)
	return found


def checked() -> int:
	"""How many documents `problems` looks at."""
	return sum(SAVED.values()) + CALCULATED_EACH * len(CALCULATED) + FACTS_OF * (1 + len(LADDERS))


def _sample(doctype: str, count: int) -> list[str]:
	"""Names spread evenly over the table, the same every time."""
	names = frappe.get_all(doctype, pluck="name", order_by="name asc", limit=0)
	return names[:: max(len(names) // count, 1)][:count]


def _stored(doctype: str, name: str) -> dict[str, str]:
	row = frappe.db.get_value(doctype, name, "*", as_dict=True)
	return {field: _plain(value) for field, value in row.items() if field not in UNTOUCHED}


def _plain(value) -> str:
	return f"{flt(value, 6):.6f}" if isinstance(value, float) else cstr(value)


def _changed_by_a_save(doctype: str, name: str) -> list[str]:
	before = _stored(doctype, name)
	doc = frappe.get_doc(doctype, name)
	# the peer looks up a picture on the internet with every save of a lead without one
	doc.flags.ignore_email_validation = True
	try:
		doc.save()
	except frappe.ValidationError as error:
		return [f"{doctype} {name}: refused: {error}"]
	after = _stored(doctype, name)
	return _differences(doctype, name, before, after)


def _changed_by_calculation(doctype: str, name: str) -> list[str]:
	doc = frappe.get_doc(doctype, name)
	fields = (*TOTALS, "status") if doctype != "Sales Invoice" else TOTALS
	before = {field: _plain(doc.get(field)) for field in fields}
	doc.calculate_taxes_and_totals()
	if doctype != "Sales Invoice" and doc.status not in ("Expired", "Lost", "Closed"):
		doc.set_status()
	return _differences(doctype, name, before, {field: _plain(doc.get(field)) for field in fields})


def _differences(doctype: str, name: str, before: dict, after: dict) -> list[str]:
	return [
		f"{doctype} {name}: {field} is {value!r}, the controller stores {after[field]!r}"
		for field, value in before.items()
		if value != after[field]
	]


def _against_facts(doctype: str) -> list[str]:
	names = _sample(doctype, FACTS_OF)
	deal = doctype == OPPORTUNITY
	field = "document_status" if deal else "fact_status"
	found = facts.opportunity_facts(names) if deal else facts.party_facts(doctype, names)
	rows = frappe.get_all(doctype, {"name": ("in", names)}, ["name", field], limit=0)
	return [
		f"{doctype} {row.name}: {field} is {row[field]!r}, the documents prove {found[row.name]!r}"
		for row in rows
		if found[row.name] != (row[field] or "")
	]
