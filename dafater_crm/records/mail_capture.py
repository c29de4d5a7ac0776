"""A mail to a mailbox that appends to leads: a stranger becomes a lead, a known sender is filed, a program is neither.

Frappe makes the record (Email Account, "Append To"); these are steps of the lead's controller and of Communication. A step that
declines raises `DuplicateEntryError`, which Frappe takes as "no new record"; the mail itself is always kept.
"""

from __future__ import annotations

import frappe
from frappe.utils.user import is_system_user

from dafater_crm.channels import inbound_mail
from dafater_crm.domain import emails, mail_headers
from dafater_crm.domain.characters import one_line
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.text import is_formula
from dafater_crm.queries import mail_sender

LEAD = "Dafater Lead"


def fill(lead) -> bool:
	"""Fill a lead that Frappe makes of a received mail; False when no mail made it.

	Raises `frappe.DuplicateEntryError` when the mail makes no lead, with the record it belongs to noted on the mail.
	"""
	mail = inbound_mail.current()
	if mail is None:
		return False
	mail.flags.dafater_judged = True
	address = _address(mail)
	known = mail_sender.record_of(address) if address else None
	if known or not address or _is_program(mail, address) or is_system_user(address):
		mail.flags.dafater_record = known
		raise frappe.DuplicateEntryError(LEAD, address)
	lead.update(
		{
			"email_id": address,
			"lead_name": _without_markup(mail_headers.person_name(inbound_mail.display_name(mail), address)),
			"request_subject": _without_markup(inbound_mail.subject(mail))[:140],
			"request": inbound_mail.text(mail),
			"source": frappe.db.get_value(
				"Dafater Lead Source", {"channel": "E-mail", "disabled": 0}, order_by="creation"
			),
			"source_reference": (mail.message_id or "")[:140],
			"captured_through": "E-mail",
		}
	)
	return True


def file_communication(communication) -> None:
	"""Put a received mail on the record its sender belongs to, where the mail made no lead.

	Frappe would otherwise take any lead with the same address, a disqualified one as well.
	"""
	if communication.sent_or_received != "Received":
		return
	# longer than Frappe's field, it would refuse the whole mail
	communication.sender_full_name = (communication.sender_full_name or "")[:140] or None
	mail = inbound_mail.current()
	if mail is None or not mail.flags.dafater_judged or mail.flags.get("dafater_record", 0) == 0:
		return
	doctype, name = mail.flags.dafater_record or (None, None)
	communication.reference_doctype, communication.reference_name = doctype, name


def _address(mail) -> str:
	try:
		return emails.normalise(mail.from_email)
	except RuleError:
		return ""  # a mail is never refused for its sender


def _is_program(mail, address: str) -> bool:
	return mail_headers.is_automatic(inbound_mail.headers(mail), address, mail.mail.get_content_type())


def _without_markup(value: str) -> str:
	"""The controller refuses markup and formulas in one-line texts; a mail must not be lost for its subject."""
	line = one_line(value.replace("<", " ").replace(">", " ").replace("&", " "))
	while is_formula(line):
		line = line[1:].lstrip()
	return line
