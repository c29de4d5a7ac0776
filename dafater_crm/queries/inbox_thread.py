"""What was said in one conversation: a page of messages with their files, quotes, people, and what was done in between.

The caller has checked that the user may read the conversation; everything here belongs to it. Six statements at most, whatever the page holds.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import Order

from dafater_crm.queries.inbox_list import people

MESSAGE, ATTACHMENT, LOG = "Dafater Message", "Dafater Message Attachment", "Dafater Conversation Log"
PAGE = 40
MAX_PAGE = 100
MAX_LOG = 200
QUOTE = 160
FIELDS = (
	"name",
	"direction",
	"message_type",
	"body",
	"message_on",
	"creation",
	"author",
	"status",
	"sent_on",
	"delivered_on",
	"read_on",
	"failed_on",
	"error_code",
	"error",
	"attempts",
	"send_after",
	"reply_to",
	"reaction",
	"our_reaction",
	"template",
	"content",
	"mentions",
	"has_attachments",
	"edited_on",
	"deleted_on",
	"via_app",
	"reference_doctype",
	"reference_name",
	"client_key",
)


def thread(
	conversation: str,
	before: tuple[str, str] | None = None,
	names: tuple[str, ...] = (),
	limit: int = PAGE,
) -> dict:
	"""Return {"messages": oldest first, "more": bool, "quotes": {name: ...}, "log": [...], "people": {...}}.

	`before`: (`message_on`, `name`) of the oldest message that the reader has. `names`: only these, for what has just changed.
	"""
	limit = max(1, min(limit, MAX_PAGE))
	rows = _messages(conversation, before, names, limit + 1)
	more, rows = len(rows) > limit and not names, rows[: limit + len(names)]
	# providers' moments are whole seconds: what came together stays in the order of its arrival
	rows.sort(key=lambda row: (row.message_on, row.creation, row.name))
	for row in rows:
		_blank_if_deleted(row)
	_attach(rows)
	quotes = _quotes(conversation, rows)
	log = [] if names else _log(conversation, rows, before, more)
	users = [row.author for row in (*rows, *quotes.values())] + [entry.done_by for entry in log]
	users += [entry.new_value for entry in log if entry.kind == "Assignment"]
	return {"messages": rows, "more": more, "quotes": quotes, "log": log, "people": people(users)}


def _messages(conversation: str, before, names: tuple[str, ...], limit: int) -> list[frappe._dict]:
	table = frappe.qb.DocType(MESSAGE)
	query = (
		frappe.qb.from_(table)
		.select(*(table[name] for name in FIELDS))
		.where(table.conversation == conversation)
		.orderby(table.message_on, order=Order.desc)
		.orderby(table.name, order=Order.desc)
	)
	if names:
		return query.where(table.name.isin(names)).run(as_dict=True)
	if before:
		moment, name = before
		query = query.where(table.message_on <= moment).where(
			(table.message_on < moment) | (table.name < name)
		)
	return query.limit(limit).run(as_dict=True)


def _blank_if_deleted(row: frappe._dict) -> None:
	"""What its author took back is not shown to anybody, whatever is still stored."""
	row.attachments = []
	if row.deleted_on:
		row.body, row.content, row.has_attachments = "", None, 0


def _attach(rows: list[frappe._dict]) -> None:
	by_name = {row.name: row for row in rows if row.has_attachments}
	if not by_name:
		return
	table, file = frappe.qb.DocType(ATTACHMENT), frappe.qb.DocType("File")
	found = (
		frappe.qb.from_(table)
		.left_join(file)
		.on(file.name == table.file)
		.select(
			table.name,
			table.message,
			table.kind,
			table.file_name,
			table.mime_type,
			table.file_size,
			table.status,
			table.error,
			file.file_url,
		)
		.where(table.message.isin(sorted(by_name)))
		.orderby(table.creation)
		.run(as_dict=True)
	)
	for attachment in found:
		by_name[attachment.pop("message")].attachments.append(attachment)


def _quotes(conversation: str, rows: list[frappe._dict]) -> dict[str, frappe._dict]:
	"""The messages that others answer, shortened; also those of the page, so that the reader needs no second look-up."""
	wanted = sorted({row.reply_to for row in rows if row.reply_to and not row.deleted_on})
	if not wanted:
		return {}
	table = frappe.qb.DocType(MESSAGE)
	found = (
		frappe.qb.from_(table)
		.select(table.name, table.direction, table.message_type, table.body, table.author, table.deleted_on)
		.where(table.conversation == conversation)
		.where(table.name.isin(wanted))
		.run(as_dict=True)
	)
	for row in found:
		row.body = "" if row.deleted_on else (row.body or "")[:QUOTE]
	return {row.name: row for row in found}


def _log(conversation: str, rows: list[frappe._dict], before, more: bool) -> list[frappe._dict]:
	"""What was done to the conversation in the time of the page; from the beginning where no older message follows."""
	table = frappe.qb.DocType(LOG)
	query = (
		frappe.qb.from_(table)
		.select(
			table.name,
			table.kind,
			table.old_value,
			table.new_value,
			table.cause,
			table.done_by,
			table.logged_on,
		)
		.where(table.conversation == conversation)
	)
	if more:
		query = query.where(table.logged_on >= rows[0].message_on)
	if before:
		query = query.where(table.logged_on < before[0])
	found = query.orderby(table.logged_on, order=Order.desc).limit(MAX_LOG).run(as_dict=True)
	return found[::-1]
