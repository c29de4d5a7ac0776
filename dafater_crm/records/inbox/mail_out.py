"""Answers by e-mail: a Communication in the thread of the mail that is answered, sent through Frappe's queue and the mailbox's account."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.email.email_body import get_message_id
from frappe.utils import escape_html, get_string_between, now_datetime

from dafater_crm.domain import channels
from dafater_crm.domain.channels import SendError, SendResult
from dafater_crm.records.inbox import rows

COMMUNICATION, MESSAGE, ATTACHMENT = "Communication", "Dafater Message", "Dafater Message Attachment"


def send(row: dict) -> SendResult | SendError:
	"""Hand a message to Frappe's Email Queue. Returns the answer as channels give it. The caller commits."""
	frappe.db.savepoint("dafater_mail_out")
	try:
		return _send(row)
	except SendError as error:
		return error
	except Exception as error:
		frappe.db.rollback(save_point="dafater_mail_out")
		frappe.clear_last_message()
		frappe.log_error(title=f"Dafater inbox: mail {row.name} not queued")
		return SendError("mail", frappe.utils.strip_html(str(error)), channels.FAIL)


def _send(row: dict) -> SendResult:
	person = frappe.db.get_value(
		"Dafater Contact Identity", row.identity, ["email_id", "user_id"], as_dict=True
	)
	address = person.email_id or person.user_id
	if not address:
		raise SendError("incomplete", "the person has no e-mail address", channels.FAIL)
	account = frappe.db.get_value("Dafater Channel Account", row.account, "email_account")
	if not account or not frappe.db.get_value("Email Account", account, "enable_outgoing"):
		raise SendError(
			"mailbox", "the mailbox of the account does not send; enable outgoing mail on it", channels.FAIL
		)
	answered = _answered(row)
	mail = _communication(row, address, account, answered)
	rows.update(MESSAGE, row.name, communication=mail.name)
	values = mail.sendmail_input_dict()
	# Later releases of 15, and 16, name the Communication here and find its id themselves; before, the header itself is asked for.
	if "in_reply_to" not in values and answered and answered.message_id:
		values["in_reply_to"] = f"<{answered.message_id}>"
	frappe.sendmail(**values)
	return SendResult(mail.message_id, "Sent")


def _communication(row: dict, address: str, account: str, answered: dict | None):
	doctype, name = _reference(row, answered)
	mail = frappe.new_doc(COMMUNICATION)
	mail.update(
		{
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Sent",
			"email_account": account,
			"subject": _subject(row, answered),
			"content": _html(row),
			"sender": frappe.db.get_value("Email Account", account, "email_id"),
			"sender_full_name": frappe.utils.get_fullname(row.author) if row.author else None,
			"user": row.author,
			"recipients": address,
			"message_id": get_string_between("<", get_message_id(), ">"),
			"in_reply_to": answered.name if answered else None,
			"reference_doctype": doctype,
			"reference_name": name,
			"communication_date": now_datetime(),
		}
	)
	mail.flags.skip_add_signature = True
	mail.insert(ignore_permissions=True)  # a job: write on the conversation was checked when it was queued
	_attach(row, mail)
	return mail


def _answered(row: dict) -> dict | None:
	"""The mail of the message that is answered, or the newest one in the conversation."""
	message, mail = frappe.qb.DocType(MESSAGE), frappe.qb.DocType(COMMUNICATION)
	query = (
		frappe.qb.from_(message)
		.join(mail)
		.on(mail.name == message.communication)
		.select(mail.name, mail.message_id, mail.subject, mail.reference_doctype, mail.reference_name)
		.where(message.conversation == row.conversation)
		.orderby(message.message_on, order=frappe.qb.desc)
		.limit(1)
	)
	wanted = message.name == row.reply_to if row.reply_to else message.direction == "Incoming"
	found = query.where(wanted).run(as_dict=True)
	return found[0] if found else None


def _reference(row: dict, answered: dict | None) -> tuple[str | None, str | None]:
	"""The document that the mail is about, so that it is on its timeline: what was sent, else the thread's, else the record behind it."""
	if row.reference_doctype and row.reference_name:
		return row.reference_doctype, row.reference_name
	if answered and answered.reference_name:
		return answered.reference_doctype, answered.reference_name
	known = frappe.db.get_value(
		"Dafater Conversation", row.conversation, ["issue", "opportunity", "lead", "customer"], as_dict=True
	)
	doctypes = {
		"issue": "Issue",
		"opportunity": "Dafater Opportunity",
		"lead": "Dafater Lead",
		"customer": "Customer",
	}
	return next(((doctypes[field], value) for field, value in known.items() if value), (None, None))


def _subject(row: dict, answered: dict | None) -> str:
	known = (answered.subject if answered else None) or frappe.db.get_value(
		"Dafater Conversation", row.conversation, "subject"
	)
	if known:
		return known if known.lower().startswith("re:") else f"Re: {known}"
	if row.reference_name:
		return f"{_(row.reference_doctype)} {row.reference_name}"
	company = frappe.db.get_value("Dafater Channel Account", row.account, "company")
	return _("Message from {0}").format(company or row.account)


def _html(row: dict) -> str:
	return f'<div dir="auto">{escape_html(row.body or "").replace(chr(10), "<br>")}</div>'


def _attach(row: dict, mail) -> None:
	for file in frappe.get_all(
		ATTACHMENT, {"message": row.name, "file": ("is", "set")}, ["file", "file_name"]
	):
		source = frappe.get_doc("File", file.file)
		copy = frappe.new_doc("File")
		copy.update(
			{
				"file_url": source.file_url,
				"file_name": file.file_name,
				"is_private": source.is_private,
				"attached_to_doctype": COMMUNICATION,
				"attached_to_name": mail.name,
			}
		)
		copy.insert(ignore_permissions=True)  # the same job
