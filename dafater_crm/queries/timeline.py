"""What happened on the earlier records of a deal: the lead behind an opportunity, the leads of a prospect.

Nothing is copied when a lead is converted; the later record's timeline reads it here, through the reader's permissions.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.utils import strip_html

from dafater_crm.queries.access import ListedRows

LEAD, PROSPECT = "Dafater Lead", "Dafater Prospect"
MOST_SOURCES, MOST_ITEMS, SHOWN = 20, 50, 600


def earlier_items(doctype: str, name: str) -> list[dict]:
	"""Newest messages, comments and files of the earlier records of `name` that the user may read.

	Each: {"kind", "source", "creation", "by", "subject", "text", "url"}; plain text, at most MOST_ITEMS of a kind.
	Five statements at most.
	"""
	sources = _sources(doctype, name)
	if not sources:
		return []
	return [*_messages(sources), *_comments(sources), *_files(sources)]


def _sources(doctype: str, name: str) -> list[str]:
	"""Leads behind the record that the reader's own list would show."""
	if not frappe.has_permission(LEAD, "read"):
		return []
	lead, opportunity = DocType(LEAD), DocType("Dafater Opportunity")
	query = frappe.qb.from_(lead).select(lead.name).where(ListedRows(LEAD)).limit(MOST_SOURCES)
	if doctype == PROSPECT:
		return query.where(lead.prospect == name).run(pluck=True)
	behind = frappe.qb.from_(opportunity).select(opportunity.lead).where(opportunity.name == name)
	return query.where(lead.name.isin(behind)).run(pluck=True)


def _messages(sources: list[str]) -> list[dict]:
	mail = DocType("Communication")
	rows = (
		frappe.qb.from_(mail)
		.select(
			mail.name, mail.reference_name, mail.communication_date, mail.sender, mail.subject, mail.content
		)
		.where((mail.reference_doctype == LEAD) & mail.reference_name.isin(sources))
		.where(mail.communication_type == "Communication")
		.orderby(mail.communication_date, order=frappe.qb.desc)
		.limit(MOST_ITEMS)
		.run(as_dict=True)
	)
	return [
		_item("Message", row.reference_name, row.communication_date, row.sender, row.subject, row.content)
		for row in rows
	]


def _comments(sources: list[str]) -> list[dict]:
	comment = DocType("Comment")
	rows = (
		frappe.qb.from_(comment)
		.select(comment.reference_name, comment.creation, comment.comment_email, comment.content)
		.where((comment.reference_doctype == LEAD) & comment.reference_name.isin(sources))
		.where(comment.comment_type == "Comment")
		.orderby(comment.creation, order=frappe.qb.desc)
		.limit(MOST_ITEMS)
		.run(as_dict=True)
	)
	return [
		_item("Comment", row.reference_name, row.creation, row.comment_email, None, row.content)
		for row in rows
	]


def _files(sources: list[str]) -> list[dict]:
	file = DocType("File")
	rows = (
		frappe.qb.from_(file)
		.select(file.attached_to_name, file.creation, file.owner, file.file_name, file.file_url)
		.where((file.attached_to_doctype == LEAD) & file.attached_to_name.isin(sources))
		.orderby(file.creation, order=frappe.qb.desc)
		.limit(MOST_ITEMS)
		.run(as_dict=True)
	)
	return [
		_item("File", row.attached_to_name, row.creation, row.owner, row.file_name, None, row.file_url)
		for row in rows
	]


def _item(kind, source, creation, by, subject, content, url=None) -> dict:
	return {
		"kind": kind,
		"source": source,
		"creation": creation,
		"by": by,
		"subject": subject,
		"text": strip_html(content or "")[:SHOWN],
		"url": url,
	}
