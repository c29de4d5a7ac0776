"""What people do to a conversation: status, class, priority, team, assignee, links. Steps of its controller, so that the inbox,
the form and REST go one way. `opened` gives the row locked, since received messages write to it at any moment.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html, get_datetime, now_datetime

from dafater_crm.domain import conversation_rules as rules
from dafater_crm.domain import conversation_status as statuses
from dafater_crm.queries import inbox_assignment as reads
from dafater_crm.queries.business_calendar import business_calendar
from dafater_crm.records.inbox import log, notice, realtime
from dafater_crm.records.inbox.assignment import note_turn
from dafater_crm.records.inbox.log import Entry
from dafater_crm.records.references import require_readable
from dafater_crm.records.rules import explained

CONVERSATION = "Dafater Conversation"
LINKS = {
	"lead": "Dafater Lead",
	"opportunity": "Dafater Opportunity",
	"customer": "Customer",
	"issue": "Issue",
	"contact": "Contact",
}
KINDS = {
	"conversation_class": log.CLASS,
	"priority": log.PRIORITY,
	"team": log.TEAM,
	"assigned_to": log.ASSIGNMENT,
	"status": log.STATUS,
	**dict.fromkeys(LINKS, log.LINK),
}


def opened(conversation: str, with_person: bool = False):
	"""Return the conversation, locked until the transaction ends. Permission: write on it.

	:param with_person: lock the person as well, first, as the writer does: two that lock crosswise would wait for each other.
	"""
	if with_person:
		identity = frappe.db.get_value(CONVERSATION, conversation, "identity")
		frappe.db.get_value("Dafater Contact Identity", identity, "name", for_update=True)
	doc = frappe.get_doc(CONVERSATION, conversation, for_update=True)
	doc.check_permission("write")
	return doc


def check(doc) -> None:
	"""Step of `validate`: what a person changed is allowed, and what follows from it is written along."""
	doc.flags.inbox_changes = []
	if doc.is_new():
		return
	before = doc.get_doc_before_save()
	doc.flags.inbox_changes = [
		(field, before.get(field) or None, doc.get(field) or None)
		for field in KINDS
		if (before.get(field) or None) != (doc.get(field) or None)
	]
	changed = {field for field, _old, _new in doc.flags.inbox_changes}
	_empty_is_null(doc)
	if "conversation_class" in changed:
		doc.class_source = rules.BY_AGENT
	if "assigned_to" in changed:
		_check_assignee(doc)
	if "status" in changed or doc.has_value_changed("snoozed_until"):
		_move(doc, before)
	for field in changed.intersection(LINKS):
		require_readable(doc, LINKS[field], doc.get(field))
	if "opportunity" in changed and doc.opportunity and not doc.lead:
		doc.lead = frappe.db.get_value("Dafater Opportunity", doc.opportunity, "lead")


def record(doc) -> None:
	"""Step of `on_update`: log, whose turn it is, who is told, and what is known of the person from now on."""
	changes = doc.flags.inbox_changes or []
	cause = doc.flags.inbox_cause or log.BY_AGENT
	log.append([Entry(doc.name, KINDS[field], old, new, cause) for field, old, new in changes])
	changed = {field for field, _old, _new in changes}
	if "assigned_to" in changed and doc.assigned_to:
		note_turn(doc.assigned_to)
		if doc.assigned_to != frappe.session.user:
			conversation, user = doc.name, doc.assigned_to
			frappe.db.after_commit.add(lambda: notice.assigned(conversation, user))
	realtime.changed(doc.name)
	_remember_person(doc, changed)
	doc.flags.inbox_changes = []


def _empty_is_null(doc) -> None:
	"""The rule of who may see what compares with NULL, and so do the lists."""
	for field in ("assigned_to", "team"):
		doc.set(field, doc.get(field) or None)


def _check_assignee(doc) -> None:
	doc.assigned_on = now_datetime() if doc.assigned_to else None
	if not doc.assigned_to:
		return
	user = frappe.db.get_value("User", doc.assigned_to, ["enabled", "full_name"], as_dict=True)
	if not user or not user.enabled or not frappe.has_permission(CONVERSATION, "read", user=doc.assigned_to):
		doc.throw(
			_("{0} does not work in the inbox. Choose somebody who may read conversations.").format(
				frappe.bold(escape_html(user.full_name if user else doc.assigned_to))
			)
		)


def _move(doc, before) -> None:
	"""The clocks of the new status, counted from what is stored. A status that there is not is Frappe's to refuse."""
	if doc.status not in statuses.STATUSES:
		return
	row = {
		field: before.get(field)
		for field in ("status", "first_inbound_on", "snoozed_until", "reopened", "identity")
	}
	for field in ("first_inbound_on", "snoozed_until"):
		row[field] = get_datetime(row[field]) if row[field] else None
	until = get_datetime(doc.snoozed_until) if doc.snoozed_until else None
	with explained(_("Status")):
		changes = statuses.moved(row, doc.status, now_datetime(), business_calendar(doc.company), until)
	if changes.get("open_key") and reads.is_open_elsewhere(doc.identity, doc.name):
		doc.throw(
			_(
				"{0} already has an open conversation. Continue there instead of opening this one again."
			).format(frappe.bold(escape_html(doc.title or doc.name)))
		)
	doc.update(changes or {"snoozed_until": before.snoozed_until})


def _remember_person(doc, changed: set[str]) -> None:
	"""Whom a person linked here is known by the next message as well. An emptied link is forgotten there too."""
	known = {field: doc.get(field) or None for field in ("lead", "customer", "contact") if field in changed}
	if known and doc.identity:
		table = frappe.qb.DocType("Dafater Contact Identity")
		query = frappe.qb.update(table).where(table.name == doc.identity)
		for field, value in known.items():
			query = query.set(table[field], value)
		query.run()
		frappe.clear_document_cache("Dafater Contact Identity", doc.identity)
