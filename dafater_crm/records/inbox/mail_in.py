"""Mails to a mailbox that a channel account names become messages of a conversation, after Frappe has stored them.

The mail is on the site already as a Communication, so nothing can be lost: a job writes the message, and every five minutes what a lost
job left out is found by the message's key, which is unique. What follows the message is `mail_steps`. Programs' mails (bounces, newsletters) begin no conversation.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

import frappe
from frappe.utils import now_datetime

from dafater_crm.channels import inbound_mail, received_mail
from dafater_crm.domain import emails, mail_headers
from dafater_crm.domain.channels import EMAIL
from dafater_crm.domain.errors import RuleError
from dafater_crm.records import jobs
from dafater_crm.records.inbox import accounts, keys, mail_steps, outgoing_files, rows, starting, writer
from dafater_crm.records.inbox.acting import as_system
from dafater_crm.records.inbox.parts import Written

COMMUNICATION, MESSAGE, ATTACHMENT = "Communication", "Dafater Message", "Dafater Message Attachment"
CONVERSATION = "Dafater Conversation"
WRITE = "dafater_crm.records.inbox.mail_in.write"
AUTOMATIC = "dafater_automatic_mail"
# what a job that was lost left out is looked for so far back, and not before a running job had its time
LOST_WITHIN, LOST_AFTER = timedelta(days=1), timedelta(minutes=3)
MOST = 200


def received(communication) -> None:
	"""Step of Communication's `after_insert`: write it into the inbox after the commit, with its files then."""
	if not _is_mail(communication) or not _account(communication.email_account):
		return
	if _is_program():
		# kept on the row of the mail, so that the search for lost ones leaves it alone as well
		frappe.cache.set_value(f"{AUTOMATIC}:{communication.name}", 1, expires_in_sec=2 * 86_400)
		return
	name, person = communication.name, _person_name()
	frappe.db.after_commit.add(lambda: _enqueue(name, person))


def write(communication: str, person: str | None = None) -> str | None:
	"""Job: the mail becomes a message. Returns it, None where it makes none. Commits. Runs twice without harm.

	:param person: the sender's name as the header has it, which Frappe's own reading may have lost.
	"""
	with as_system():
		mail = frappe.get_doc(COMMUNICATION, communication)
		mail.sender_full_name = person or mail.sender_full_name
		return _write(mail)


def find_lost() -> int:
	"""Write what a lost job left out. Returns how many."""
	mailboxes = _mailboxes()
	if not mailboxes:
		return 0
	now = now_datetime()
	found = frappe.get_all(
		COMMUNICATION,
		{
			"modified": ("between", (now - LOST_WITHIN, now - LOST_AFTER)),
			"email_account": ("in", list(mailboxes)),
			"sent_or_received": "Received",
			"communication_medium": "Email",
		},
		["name", "message_id", "email_account"],
		order_by="modified desc",
		limit=MOST,
	)
	wanted = {
		keys.provider_key(mailboxes[row.email_account], row.message_id or row.name): row.name for row in found
	}
	there = frappe.get_all(MESSAGE, {"provider_key": ("in", list(wanted) or [""])}, pluck="provider_key")
	lost = [name for key, name in wanted.items() if key not in there]
	lost = [name for name in lost if not frappe.cache.get_value(f"{AUTOMATIC}:{name}", expires=True)]
	frappe.db.commit()  # nosemgrep: manual-commit - each mail is a transaction of its own
	return sum(bool(write(name)) for name in lost)


def _write(mail) -> str | None:
	account = accounts.row(_account(mail.email_account) or "")
	address = _address(mail.sender)
	if not account or not address or address == _own_address(mail.email_account):
		return None
	event = received_mail.message_of(account.name, mail, address)
	people = writer.lock_people(account, [event])
	starting.note_address(people[event.sender], EMAIL, event.sender)
	written = writer.receive(account, event, people)
	if not written.message:
		return None
	if frappe.db.get_value(MESSAGE, written.message, "communication"):
		frappe.db.commit()  # nosemgrep: manual-commit - written before; what follows it is done, or owed
		return written.message
	files = _take_files(mail.name, written)
	rows.update(MESSAGE, written.message, communication=mail.name, has_attachments=int(files > 0))
	_note_subject(written.conversation, mail)
	accounts.note_received(account.name)
	owed = mail_steps.owe(account.name, written.message)
	frappe.db.commit()  # nosemgrep: manual-commit - the message, its files, its conversation and what is owed together
	mail_steps.follow(frappe._dict(name=owed, attempts=0), written)
	return written.message


def _take_files(mail: str, written: Written) -> int:
	"""Show the mail's files in the conversation; those of a refused type by name alone. Returns how many there are."""
	files = frappe.get_all(
		"File",
		{"attached_to_doctype": COMMUNICATION, "attached_to_name": mail},
		["name", "file_name", "file_url", "file_size"],
	)
	refused = outgoing_files.refused_types()
	for file in files:
		mime_type = outgoing_files.mime_type_of(file.file_name)
		taken = None if mime_type in refused else _share(file, written.conversation)
		rows.insert(
			ATTACHMENT,
			message=written.message,
			conversation=written.conversation,
			kind=outgoing_files.kind_of(mime_type),
			file_name=rows.text(file.file_name, 140),
			mime_type=mime_type,
			file_size=file.file_size,
			status="Ready" if taken else "Refused",
			file=taken,
			attempts=0,
		)
	return len(files)


def _share(file: dict, conversation: str) -> str:
	"""The stored file, private, on the conversation as well: whoever may read that may read it."""
	copy = frappe.new_doc("File")
	copy.update(
		{
			"file_url": file.file_url,
			"file_name": file.file_name,
			"is_private": 1,
			"attached_to_doctype": CONVERSATION,
			"attached_to_name": conversation,
		}
	)
	copy.insert(ignore_permissions=True)  # a job: the mail's own files
	return copy.name


def _note_subject(conversation: str, mail) -> None:
	if mail.subject and not frappe.db.get_value(CONVERSATION, conversation, "subject"):
		rows.update(CONVERSATION, conversation, subject=rows.text(mail.subject, 140))


def _enqueue(name: str, person: str | None) -> None:
	# the mail is stored; where the queue takes no job, find_lost comes by every five minutes
	jobs.soon(
		WRITE,
		queue="short",
		job_id=f"dafater-inbox-mail-{name}",
		deduplicate=True,
		now=frappe.flags.in_test,
		communication=name,
		person=person,
	)


def _is_mail(communication) -> bool:
	return (
		communication.get("sent_or_received") == "Received"
		and communication.get("communication_medium") == "Email"
		and communication.get("communication_type") == "Communication"
		and bool(communication.get("email_account"))
	)


def _is_program() -> bool:
	"""Only while Frappe receives it are the headers known."""
	mail = inbound_mail.current()
	if mail is None:
		return False
	address = _address(mail.from_email)
	return mail_headers.is_automatic(inbound_mail.headers(mail), address, mail.mail.get_content_type())


def _person_name() -> str | None:
	"""Only while Frappe receives it is the header known."""
	mail = inbound_mail.current()
	if mail is None:
		return None
	return mail_headers.person_name(inbound_mail.display_name(mail), _address(mail.from_email))[:140]


def _mailboxes() -> dict[str, str]:
	"""Email Account -> enabled channel account. One statement."""
	found = frappe.get_all(
		accounts.ACCOUNT,
		{"channel": EMAIL, "enabled": 1, "email_account": ("is", "set")},
		["email_account", "name"],
		as_list=True,
	)
	return dict(found)


def _account(email_account: str | None) -> str | None:
	return _mailboxes().get(email_account) if email_account else None


def _own_address(email_account: str) -> str:
	return (frappe.get_cached_value("Email Account", email_account, "email_id") or "").lower()


def _address(sender: str | None) -> str:
	try:
		return emails.normalise(parseaddr(sender or "")[1] or sender)
	except RuleError:
		return ""  # a mail is never refused for its sender
