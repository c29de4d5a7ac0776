"""Sends one e-mail of a sequence: a Communication on the record and a row of Frappe's Email Queue."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.email_body import get_message_id
from frappe.utils import get_string_between


def account_of(sequence):
	"""The outgoing e-mail account of a sequence, or None when the site cannot send."""
	if sequence.email_account:
		account = frappe.get_cached_doc("Email Account", sequence.email_account)
		return account if account.enable_outgoing else None
	return EmailAccount.find_outgoing(match_by_doctype=sequence.applies_to)


def send(account, doctype: str, name: str, recipient: str, subject: str, message: str) -> tuple[str, str]:
	"""Queue one message to one recipient. Returns (Communication, Email Queue). Raises if Frappe refuses the address.

	Does not commit. The message is an automated one: it is no contact by a person, so it moves no status, and it must not
	count as the first response. Frappe would measure that if the Communication were inserted with its reference.
	"""
	communication = frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Automated Message",
			"communication_medium": "Email",
			"sent_or_received": "Sent",
			"subject": subject,
			"content": message,
			"sender": account.default_sender,
			"recipients": recipient,
			"message_id": get_string_between("<", get_message_id(), ">"),
		}
	)
	communication.flags.skip_add_signature = True
	communication.insert(ignore_permissions=True)  # a job: the person who enrolled had the right to
	communication.db_set(
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"status": "Linked",
			# with its account, Frappe would make a Contact of every address while it inserts
			"email_account": account.name,
		},
		update_modified=False,
	)
	queued = frappe.sendmail(
		recipients=[recipient],
		sender=account.default_sender,
		subject=subject,
		message=message,
		reference_doctype=doctype,
		reference_name=name,
		communication=communication.name,
		message_id=communication.message_id,
		unsubscribe_message=_("Unsubscribe"),
		add_unsubscribe_link=1,
		send_priority=0,
	)
	if not queued:
		# Frappe logs an address that it refuses and goes on; here that must not look like a sent message
		frappe.throw(_("{0} is not an e-mail address. Correct it on the record.").format(recipient))
	return communication.name, queued.name
