"""What people do with a conversation in the inbox. Each needs write permission on it; what it makes needs its own besides.

Answers are `api.inbox_send`, what the page shows is `api.inbox`.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, get_datetime, get_fullname

from dafater_crm.api import selling
from dafater_crm.erpnext import conversation as records
from dafater_crm.erpnext import invoice_sending
from dafater_crm.erpnext.invoice_ways import chosen_way, way_of_conversation
from dafater_crm.erpnext.invoice_ways import ways as invoice_ways_of
from dafater_crm.records.inbox import assignment, people
from dafater_crm.records.inbox.status import LINKS, opened
from dafater_crm.records.references import require_readable

CONVERSATION, LEAD, OPPORTUNITY = "Dafater Conversation", "Dafater Lead", "Dafater Opportunity"
SHOWN = (
	"name",
	"status",
	"conversation_class",
	"class_source",
	"priority",
	"assigned_to",
	"team",
	"snoozed_until",
	"lead",
	"opportunity",
	"customer",
	"issue",
	"contact",
)


@frappe.whitelist(methods=["POST"])
def assign(conversation: str, user: str | None = None) -> dict:
	"""Give a conversation to somebody who works in the inbox, or to nobody. Permission: write on it.

	Returns what is shown of it, as all of these do that change it.
	"""
	if not user:
		return release(conversation)
	return _changed(opened(conversation), assigned_to=user)


@frappe.whitelist(methods=["POST"])
def take(conversation: str) -> dict:
	"""Take a conversation that nobody has; who is slower learns who has it. Permission: write on it."""
	doc = opened(conversation)
	if doc.assigned_to and doc.assigned_to != frappe.session.user:
		frappe.throw(
			_("{0} has this conversation already. Ask for it, or assign it to yourself.").format(
				frappe.bold(escape_html(get_fullname(doc.assigned_to)))
			)
		)
	return _changed(
		doc, assigned_to=frappe.session.user, status="Open" if doc.status == "New" else doc.status
	)


@frappe.whitelist(methods=["POST"])
def release(conversation: str) -> dict:
	"""Give a conversation back: it goes to the next agent, or waits for anybody. Permission: write on it."""
	doc = opened(conversation)
	before = doc.assigned_to
	changed = _changed(doc, assigned_to=None)
	if before and assignment.is_on():
		frappe.db.after_commit.add(
			lambda: assignment.pass_on(conversation, without=frozenset((before, frappe.session.user)))
		)
	return changed


@frappe.whitelist(methods=["POST"])
def set_class(conversation: str, conversation_class: str) -> dict:
	"""Say what a conversation is about; rules never change it again. Permission: write on it."""
	doc = opened(conversation)
	doc.class_source = "Agent"
	return _changed(doc, conversation_class=conversation_class)


@frappe.whitelist(methods=["POST"])
def set_status(conversation: str, status: str) -> dict:
	"""Open, Pending or Resolved; `snooze` needs a moment. Permission: write on it."""
	return _changed(opened(conversation), status=status)


@frappe.whitelist(methods=["POST"])
def snooze(conversation: str, until: str) -> dict:
	"""Put a conversation away until a moment in the site's time zone. Permission: write on it."""
	doc = opened(conversation)
	try:
		moment = get_datetime(until)
	except ValueError:
		moment = None
	return _changed(doc, status="Snoozed", snoozed_until=moment)


@frappe.whitelist(methods=["POST"])
def set_priority(conversation: str, priority: str) -> dict:
	"""Low, Medium, High or Urgent. Permission: write on it."""
	return _changed(opened(conversation), priority=priority)


@frappe.whitelist(methods=["POST"])
def set_team(conversation: str, team: str | None = None) -> dict:
	"""Move a conversation to a team, or to none. Permission: write on it, read on the team."""
	if team:
		frappe.has_permission("Dafater Team", "read", team, throw=True)
	return _changed(opened(conversation), team=team)


@frappe.whitelist(methods=["POST"])
def link(conversation: str, doctype: str, name: str) -> dict:
	"""Say which lead, opportunity, customer, issue or contact it is about. Permission: write on it, read on the record."""
	doc, field = opened(conversation, with_person=True), _field(doctype)
	require_readable(doc, doctype, name)
	return _changed(doc, **{field: name})


@frappe.whitelist(methods=["POST"])
def unlink(conversation: str, doctype: str) -> dict:
	"""Take such a link away; the person is not known by it any more. Permission: write on the conversation."""
	return _changed(opened(conversation, with_person=True), **{_field(doctype): None})


@frappe.whitelist(methods=["POST"])
def make_lead(conversation: str) -> dict:
	"""Make the person a lead, or link the one that is known. Permission: write on the conversation.

	Returns {"doctype", "name"} of what was made, as all of these do.
	"""
	doc = opened(conversation, with_person=True)
	return _made(doc, LEAD, people.lead_of(doc))


@frappe.whitelist(methods=["POST"])
def make_opportunity(conversation: str) -> dict:
	"""Make an opportunity of the person's lead or Customer. Permission: write on the conversation, create on opportunities."""
	doc = opened(conversation, with_person=True)
	return _made(doc, OPPORTUNITY, people.opportunity_of(doc))


@frappe.whitelist(methods=["POST"])
def make_issue(conversation: str, subject: str | None = None) -> dict:
	"""Make an Issue with the conversation's history. Permission: write on the conversation, create on issues."""
	doc = opened(conversation)
	return _made(doc, "Issue", records.make_issue(doc, subject))


@frappe.whitelist(methods=["POST"])
def make_quotation(conversation: str) -> Document:
	"""An unsaved quotation for the form: of the opportunity, else of the lead or Customer.

	Permission: write on the conversation, read on what it is made of, create on quotations.
	"""
	doc = frappe.get_doc(CONVERSATION, conversation)
	doc.check_permission("write")
	if doc.opportunity:
		return selling.make_quotation(doc.opportunity)
	if doc.lead:
		return selling.make_quotation_from_lead(doc.lead)
	frappe.has_permission("Quotation", "create", throw=True)
	if not doc.customer:
		frappe.throw(_("Nobody knows yet who this is. Link a lead or a customer, or make a lead first."))
	frappe.has_permission("Customer", "read", doc.customer, throw=True)
	quotation = frappe.new_doc("Quotation")
	quotation.update({"quotation_to": "Customer", "party_name": doc.customer, "company": doc.company})
	selling.complete(quotation)
	return quotation


@frappe.whitelist(methods=["GET", "POST"])
def invoice_ways(invoice: str) -> list[dict]:
	"""By which ways a submitted Sales Invoice can be sent to its customer, the best first. Permission: e-mail on the invoice.

	Each way: key, channel, address, label, and problem: why it cannot be used now, or None.
	"""
	doc = invoice_sending.sendable(invoice)
	return [way.shown() for way in invoice_ways_of(doc)]


@frappe.whitelist(methods=["POST"])
def send_invoice(
	invoice: str, client_key: str | None = None, way: str | None = None, conversation: str | None = None
) -> dict:
	"""Send the PDF of a submitted Sales Invoice to its customer. Permission: e-mail on the invoice; write on `conversation`.

	:param client_key: drawn by the browser; the same again sends nothing.
	:param way: a key of `invoice_ways`; may be left out where only one can be used.
	:param conversation: send it there instead.
	Returns {"sent_to", "channel", "conversation"}, or {"choose": ways} when there are several and nothing was sent. Commits.
	"""
	doc = invoice_sending.sendable(invoice)
	if conversation:
		talk = frappe.get_doc(CONVERSATION, conversation)
		talk.check_permission("write")
		chosen = way_of_conversation(doc, talk)
	else:
		chosen = chosen_way(doc, way)
		if isinstance(chosen, list):
			return {"choose": [one.shown() for one in chosen]}
	return invoice_sending.send(doc, chosen, client_key or frappe.generate_hash(length=20))


def _field(doctype: str) -> str:
	field = next((field for field, linked in LINKS.items() if linked == doctype), None)
	if not field:
		frappe.throw(_("A conversation cannot be linked to {0}.").format(escape_html(_(doctype))))
	return field


def _changed(doc, **values) -> dict:
	doc.update(values)
	_save(doc)
	return {field: doc.get(field) for field in SHOWN}


def _made(conversation, doctype: str, name: str) -> dict:
	_save(conversation)
	return {"doctype": doctype, "name": name}


def _save(doc) -> None:
	# `opened` checked write on what is stored: whoever may act may also move it out of their own sight
	doc.save(ignore_permissions=True)  # see above
