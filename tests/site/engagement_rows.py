"""Rows for the tests of reports: written as they are, with the dates and owners that a test names.

A report reads what is stored, so these rows skip the controllers, which would set today's date and statuses. Each test
works in a territory of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from dafater_crm.records import response_times
from tests.site.factories import COMPANY, unique

LEAD, OPPORTUNITY = "Dafater Lead", "Dafater Opportunity"


def make_territory(parent: str | None = None) -> str:
	"""A new territory, by default below the root; a group, so that others can be put below it."""
	root = parent or frappe.db.get_value("Territory", {"parent_territory": ("in", ("", None))})
	values = {"territory_name": unique("إقليم"), "parent_territory": root, "is_group": 1}
	return frappe.get_doc({"doctype": "Territory", **values}).insert().name


def row(doctype: str, **values) -> str:
	"""Store one row and return its name. `creation` also stands for `modified`."""
	doc = frappe.new_doc(doctype)
	doc.update(values)
	doc.name = values.get("name") or frappe.generate_hash(length=12)
	doc.creation = doc.modified = values.get("creation") or "2015-01-01 00:00:00"
	doc.owner = doc.modified_by = values.get("owner") or "Administrator"
	doc.docstatus = values.get("docstatus", 0)
	doc.db_insert()
	return doc.name


def lead_row(territory: str, creation: str, **values) -> str:
	values = {"title": "عميل", "status": "Open", "lead_owner": None, "company": COMPANY, **values}
	return row(LEAD, territory=territory, creation=creation, **values)


def opportunity_row(territory: str, creation: str, lead: str | None = None, **values) -> str:
	party = {"party_type": LEAD, "party_name": lead, "lead": lead} if lead else {}
	values = {"status": "Open", "company": COMPANY, "opportunity_owner": None, **party, **values}
	return row(OPPORTUNITY, territory=territory, creation=creation, **values)


def count_answers(before: str = "2020-01-01") -> None:
	"""Response times of the opportunities of a test, which lie in the past, as the app counts them after a commit."""
	names = frappe.get_all(OPPORTUNITY, {"creation": ("<", before)}, pluck="name", limit=0)
	for start in range(0, len(names), response_times.BATCH):
		response_times.recount(names[start : start + response_times.BATCH])


def message_row(doctype: str, name: str, moment: str | None, **values) -> str:
	values = {
		"communication_type": "Communication",
		"communication_medium": "Email",
		"sent_or_received": "Sent",
		**values,
	}
	return row(
		"Communication",
		reference_doctype=doctype,
		reference_name=name,
		communication_date=moment,
		**{"creation": moment, **values},
	)


def activity_row(doctype: str, name: str, moment: str | None, **values) -> str:
	values = {"activity_type": "Call", "status": "Done", "subject": "مكالمة", **values}
	return row("Dafater Activity", reference_doctype=doctype, reference_name=name, done_on=moment, **values)


def order_row(day: str, **values) -> str:
	values = {"docstatus": 1, "status": "To Bill", "company": COMPANY, **values}
	return row("Sales Order", transaction_date=day, **values)


def invoice_row(day: str, **values) -> str:
	values = {"docstatus": 1, "status": "Unpaid", "company": COMPANY, **values}
	return row("Sales Invoice", posting_date=day, **values)


def many(doctype: str, rows: list[dict]) -> None:
	"""Store a thousand rows at once; all have the same keys."""
	fields = list(rows[0])
	frappe.db.bulk_insert(doctype, fields=fields, values=[tuple(values.values()) for values in rows])


@contextmanager
def restricted(user: str, territory: str) -> Iterator[None]:
	"""Within the block, `user` has a User Permission for the territory."""
	permission = frappe.get_doc(
		{"doctype": "User Permission", "user": user, "allow": "Territory", "for_value": territory}
	).insert()
	try:
		yield
	finally:
		permission.delete()


def card(result: tuple, label: str):
	"""The value of one figure of the summary."""
	return next(found["value"] for found in result[4] if found["label"] == label)
