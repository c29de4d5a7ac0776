"""Leads, rules and events in numbers, written past the controllers, for the tests of scoring."""

from __future__ import annotations

import frappe
from frappe.utils import add_to_date, now_datetime

LEAD = "Dafater Lead"


def insert_leads(rows: list[dict]) -> list[str]:
	"""Leads with these columns in one statement; `days_ago` is when they were entered. Returns their names."""
	names = [f"DLEAD-TEST-{frappe.generate_hash(length=10)}" for _row in rows]
	now = now_datetime()
	columns = sorted({column for row in rows for column in row} - {"days_ago"})
	values = [
		(
			name,
			add_to_date(now, days=-row.get("days_ago", 0)),
			now,
			"Administrator",
			"Administrator",
			*(row.get(column) for column in columns),
		)
		for name, row in zip(names, rows, strict=True)
	]
	frappe.db.bulk_insert(LEAD, ["name", "creation", "modified", "owner", "modified_by", *columns], values)
	return names


def make_rule(**values):
	"""A rule about `source`, unless `values` say otherwise, inserted as the present user."""
	field = {"kind": "Lead Field", "lead_field": "source", "operator": "Is Set"}
	return frappe.get_doc(
		{
			"doctype": "Dafater Score Rule",
			"title": f"قاعدة {frappe.generate_hash(length=6)}",
			"points": 7,
			**({} if values.get("kind") == "Behaviour" else field),
			**values,
		}
	).insert()


def without_other_rules() -> None:
	"""Disable the shipped rules."""
	for name in frappe.get_all("Dafater Score Rule", {"enabled": 1}, pluck="name"):
		rule = frappe.get_doc("Dafater Score Rule", name)
		rule.enabled = 0
		rule.save()


def stored(lead: str, *fields: str):
	"""Stored values, past every cache."""
	return frappe.db.get_value(LEAD, lead, fields, cache=False)
