"""What a conversation becomes in ERPNext: an Issue with its history, a Quotation."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime

ISSUE, CONVERSATION = "Issue", "Dafater Conversation"
MOST_MESSAGES, MOST_FILES = 200, 20
OVER = ("Closed", "Resolved")


def make_issue(conversation, subject: str | None = None) -> str:
	"""Insert an Issue of a conversation with what was said as a comment, files included; link it. The caller saves.

	An Issue of the conversation that is still open is returned instead. Permission: create on issues.
	"""
	if conversation.issue and frappe.db.get_value(ISSUE, conversation.issue, "status") not in (None, *OVER):
		return conversation.issue
	frappe.has_permission(ISSUE, "create", throw=True)
	messages = _messages(conversation.name)
	issue = frappe.new_doc(ISSUE)
	issue.update(
		{
			"subject": (subject or conversation.subject or _subject(conversation, messages))[:140],
			"description": _description(messages),
			"raised_by": frappe.db.get_value("Dafater Contact Identity", conversation.identity, "email_id"),
			"customer": conversation.customer,
			"contact": conversation.contact,
			"company": conversation.company,
			"dafater_lead": conversation.lead,
			"dafater_opportunity": conversation.opportunity,
		}
	)
	if frappe.db.exists("Issue Priority", conversation.priority):
		issue.priority = conversation.priority
	issue.insert()
	issue.add_comment("Comment", text=_history(conversation, messages))
	_attach_files(conversation.name, issue.name)
	conversation.issue = issue.name
	return issue.name


def _messages(conversation: str) -> list:
	"""The newest messages, oldest first. Notes stay in the inbox, with those who may read them there."""
	message = frappe.qb.DocType("Dafater Message")
	found = (
		frappe.qb.from_(message)
		.select(
			message.name,
			message.direction,
			message.message_type,
			message.body,
			message.message_on,
			message.author,
		)
		.where((message.conversation == conversation) & (message.direction != "Note"))
		.where(message.deleted_on.isnull())
		.orderby(message.message_on, order=frappe.qb.desc)
		.limit(MOST_MESSAGES)
		.run(as_dict=True)
	)
	return found[::-1]


def _subject(conversation, messages: list) -> str:
	first = next((row.body for row in messages if row.direction == "Incoming" and row.body), None)
	return " ".join(first.split()) if first else _("Conversation with {0}").format(conversation.title)


def _description(messages: list) -> str:
	said = [row.body for row in messages if row.direction == "Incoming" and row.body]
	return "<br>".join(escape_html(text).replace("\n", "<br>") for text in said[-10:])


def _history(conversation, messages: list) -> str:
	heading = _("Conversation {0} by {1}").format(conversation.name, _(conversation.channel))
	lines = [f"<p><b>{escape_html(heading)}</b></p>"]
	names: dict[str, str] = {}
	for row in messages:
		who = conversation.title or ""
		if row.direction == "Outgoing":
			who = (
				names.setdefault(row.author, frappe.utils.get_fullname(row.author)) if row.author else _("We")
			)
		text = escape_html(row.body or _(row.message_type)).replace("\n", "<br>")
		lines.append(f"<p>{format_datetime(row.message_on)} <b>{escape_html(who)}</b>: {text}</p>")
	return "".join(lines)


def _attach_files(conversation: str, issue: str) -> None:
	"""The files themselves are not copied: both records show the same one."""
	files = frappe.get_all(
		"Dafater Message Attachment",
		{"conversation": conversation, "status": "Ready", "file": ("is", "set")},
		["file", "file_name"],
		order_by="creation desc",
		limit=MOST_FILES,
	)
	for row in files:
		share_file(row.file, ISSUE, issue, row.file_name)


def share_file(file: str, doctype: str, name: str, file_name: str | None = None) -> str:
	"""Attach a stored file to another record as well. Returns the name of the new File."""
	source = frappe.get_doc("File", file)
	copy = frappe.new_doc("File")
	copy.update(
		{
			"file_url": source.file_url,
			"file_name": file_name or source.file_name,
			"is_private": source.is_private,
			"attached_to_doctype": doctype,
			"attached_to_name": name,
		}
	)
	copy.insert(
		ignore_permissions=True
	)  # the caller may write the record; a role may lack the right to make files
	return copy.name
