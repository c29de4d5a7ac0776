"""When somebody of ours last spoke with a party, and how: e-mail, call, meeting, visit, appointment.

An e-mail or call is read under the rule of Frappe's timeline: who may read the record may read what was said on it.
One statement for each kind of record and each channel, whatever the number of records.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import frappe
from frappe.utils import now_datetime
from pypika import Order
from pypika.terms import ValueWrapper

from dafater_crm.queries.access import ListedRows
from dafater_crm.queries.party_set import CUSTOMER, PartySet, party_rule

TOUCHES = ("Call", "Meeting", "Visit", "E-mail")
Visible = list[tuple[str, tuple[str, ...]]]


def last_contact(parties: PartySet, readable) -> dict | None:
	"""Return {"on", "channel", "doctype", "name", "subject"} of the last contact which the user may know of, or None.

	`readable(doctype)` says whether the user's roles may read a DocType that exists. Where only a record's own stamp
	is known (a channel that keeps no document), channel, name and subject are None.
	"""
	visible, stamp = _visible(parties, readable)
	if not visible:
		return None
	found = [row for row in _contacts(visible, readable) if row and row["on"]]
	if stamp:
		found.append({"on": stamp, "channel": None, "doctype": None, "name": None, "subject": None})
	# the stamp is last: at the same moment the document behind it is the better answer
	return max(found, key=lambda row: row["on"].replace(microsecond=0), default=None)


def _contacts(visible: Visible, readable) -> Iterator[dict | None]:
	yield _communication_of(visible)
	yield _communication_linked(visible)
	if readable("Dafater Activity"):
		yield _activity(visible)
	if readable("Dafater Appointment"):
		yield _appointment(visible)
	if readable("Call Log"):
		yield _call(visible)


def _visible(parties: PartySet, readable) -> tuple[Visible, datetime | None]:
	visible, stamps = [], []
	for doctype, names in parties.parties():
		if not readable(doctype):
			continue
		table = frappe.qb.DocType(doctype)
		query = frappe.qb.from_(table).where(table.name.isin(names)).where(ListedRows(doctype))
		fields = [table.name] if doctype == CUSTOMER else [table.name, table.last_contact_on]
		rows = query.select(*fields).run()
		if rows:
			visible.append((doctype, tuple(row[0] for row in rows)))
			stamps += [row[1] for row in rows if len(row) > 1 and row[1]]
	return visible, max(stamps, default=None)


def _communication_of(visible: Visible) -> dict | None:
	table = frappe.qb.DocType("Communication")
	query = _newest_communication(table)
	return _first(query.where(party_rule(table.reference_doctype, table.reference_name, visible)))


def _communication_linked(visible: Visible) -> dict | None:
	table, link = frappe.qb.DocType("Communication"), frappe.qb.DocType("Communication Link")
	query = _newest_communication(table).join(link).on(link.parent == table.name)
	return _first(query.where(party_rule(link.link_doctype, link.link_name, visible)))


def _newest_communication(table):
	return (
		frappe.qb.from_(table)
		.select(
			table.communication_date.as_("on"),
			table.communication_medium.as_("channel"),
			ValueWrapper("Communication").as_("doctype"),
			table.name,
			table.subject,
		)
		.where(table.communication_type == "Communication")
		.where(table.communication_date <= now_datetime())
		.orderby(table.communication_date, order=Order.desc)
	)


def _activity(visible: Visible) -> dict | None:
	table = frappe.qb.DocType("Dafater Activity")
	query = (
		frappe.qb.from_(table)
		.select(
			table.done_on.as_("on"),
			table.activity_type.as_("channel"),
			ValueWrapper("Dafater Activity").as_("doctype"),
			table.name,
			table.subject,
		)
		.where((table.status == "Done") & table.activity_type.isin(TOUCHES))
		.where(ListedRows("Dafater Activity"))
		.orderby(table.done_on, order=Order.desc)
	)
	return _first(query.where(party_rule(table.reference_doctype, table.reference_name, visible)))


def _appointment(visible: Visible) -> dict | None:
	table = frappe.qb.DocType("Dafater Appointment")
	query = (
		frappe.qb.from_(table)
		.select(
			table.starts_on.as_("on"),
			table.channel,
			ValueWrapper("Dafater Appointment").as_("doctype"),
			table.name,
			table.subject,
		)
		.where((table.status == "Completed") & (table.starts_on <= now_datetime()))
		.where(ListedRows("Dafater Appointment"))
		.orderby(table.starts_on, order=Order.desc)
	)
	return _first(query.where(party_rule(table.party_type, table.party_name, visible)))


def _call(visible: Visible) -> dict | None:
	table, link = frappe.qb.DocType("Call Log"), frappe.qb.DocType("Dynamic Link")
	query = (
		frappe.qb.from_(table)
		.join(link)
		.on((link.parent == table.name) & (link.parenttype == "Call Log"))
		.select(
			table.start_time.as_("on"),
			ValueWrapper("Phone").as_("channel"),
			ValueWrapper("Call Log").as_("doctype"),
			table.name,
			table.summary.as_("subject"),
		)
		.where(table.status == "Completed")
		.where(ListedRows("Call Log"))
		.orderby(table.start_time, order=Order.desc)
	)
	return _first(query.where(party_rule(link.link_doctype, link.link_name, visible)))


def _first(query) -> dict | None:
	rows = query.limit(1).run(as_dict=True)
	return rows[0] if rows else None
