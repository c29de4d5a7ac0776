"""A submitted Sales Invoice goes to its customer as a PDF: into a conversation of the inbox, or by plain e-mail."""

from __future__ import annotations

import hashlib

import frappe
from frappe import _
from frappe.core.doctype.communication import email
from frappe.translate import print_language
from frappe.utils import escape_html, fmt_money, formatdate

from dafater_crm.domain.channels import EMAIL, Sender
from dafater_crm.erpnext.invoice_ways import Way
from dafater_crm.records.inbox import identities, notice, outbox, starting

INVOICE, CONVERSATION, MESSAGE = "Sales Invoice", "Dafater Conversation", "Dafater Message"


def sendable(name: str):
	"""Return the invoice. Permission: read and e-mail on it. Throws unless it is submitted."""
	invoice = frappe.get_doc(INVOICE, name)
	invoice.check_permission("read")
	invoice.check_permission("email")
	if invoice.docstatus != 1:
		frappe.throw(
			_("{0} is not submitted. Submit the invoice first.").format(
				frappe.bold(escape_html(invoice.name))
			)
		)
	return invoice


def send(invoice, way: Way, client_key: str) -> dict:
	"""Queue the invoice's PDF; once it is sent, the invoice says so. The same `client_key` again sends nothing. Commits.

	Returns {"sent_to", "channel", "conversation"}.
	"""
	key = f"invoice-{frappe.scrub(invoice.name)}-{client_key}"[: outbox.LONGEST_KEY]
	known = frappe.db.get_value(MESSAGE, {"client_key": key}, "conversation")
	if known:
		return _answer(way, known)
	if not way.account:
		return _send_plain(invoice, way, key)
	pdf = _pdf(invoice)
	conversation = way.conversation or starting.begin(
		way.account,
		Sender(user_id=way.user_id, phone=way.phone, name=invoice.contact_display or invoice.customer_name),
		customer=invoice.customer,
		contact=invoice.contact_person,
	)
	_queue(invoice, way, conversation, _keep(invoice, pdf), key)
	return _answer(way, conversation)


def _queue(invoice, way: Way, conversation: str, file: str, key: str) -> None:
	# an answer of whoever works in the conversation; from anybody else it is the system's, and whoever waits still waits
	works_there = frappe.has_permission(CONVERSATION, "write", doc=conversation)
	outbox.queue_message(
		conversation,
		text="" if way.template else _text(invoice),
		template=way.template,
		values=_template_values(invoice, way.template) if way.template else None,
		attachments=(file,),
		client_key=key,
		author=frappe.session.user if works_there else None,
		reference=(INVOICE, invoice.name),
	)


def note_sent(message: dict) -> None:
	"""Hook `dafater_message_sent`: a comment on the invoice, of who sent it. None for a mail, which is on the timeline itself."""
	fields = ["channel", "phone", "display_name", "user_id"]
	person = frappe.db.get_value(identities.IDENTITY, message.identity, fields, as_dict=True)
	if not person or person.channel == EMAIL or not frappe.db.exists(INVOICE, message.reference_name):
		return
	address = person.phone or person.display_name or person.user_id or ""
	lang = notice.language_of(message.owner) or frappe.db.get_default("lang")
	text = _("sent this invoice to {0} by {1}", lang=lang)
	comment = frappe.new_doc("Comment")
	comment.update(
		{
			"comment_type": "Info",
			"reference_doctype": INVOICE,
			"reference_name": message.reference_name,
			"comment_email": message.owner,
			"comment_by": frappe.utils.get_fullname(message.owner),
			"content": text.format(escape_html(address), _(person.channel, lang=lang)),
		}
	)
	# whoever sent the invoice was allowed to; this is the provider's answer, and no user's
	comment.insert(ignore_permissions=True)
	comment.db_set("owner", message.owner, update_modified=False)


def _send_plain(invoice, way: Way, key: str) -> dict:
	"""By Frappe's own mail, on the invoice's timeline. Throws where the site has no outgoing account.

	The PDF's File bears a name that follows from the click, and mails of one invoice are made one after the other: of two requests
	with the same click, the second finds the file of the first.
	"""
	name = hashlib.sha256(key.encode()).hexdigest()[:20]
	if frappe.db.exists("File", name):
		return _answer(way, None)
	pdf = _pdf(invoice)  # takes seconds, so before the lock
	frappe.db.commit()  # nosemgrep: manual-commit - nothing is written yet; what is read from here on is what others have committed
	frappe.db.get_value(INVOICE, invoice.name, "name", for_update=True)
	if not frappe.db.exists("File", name):
		with print_language(_language(invoice)):
			subject = _("Invoice {0} from {1}").format(invoice.name, invoice.company)
		email.make(
			doctype=INVOICE,
			name=invoice.name,
			subject=subject,
			content=f'<div dir="auto">{escape_html(_text(invoice))}</div>',
			recipients=way.address,
			send_email=True,
			attachments=[_keep(invoice, pdf, name)],
		)
	return _answer(way, None)


def _answer(way: Way, conversation: str | None) -> dict:
	return {"sent_to": way.address, "channel": way.channel, "conversation": conversation}


def _pdf(invoice) -> bytes:
	"""The invoice as it is printed, in its own language."""
	try:
		with print_language(_language(invoice)):
			return frappe.get_print(INVOICE, invoice.name, doc=invoice, as_pdf=True)
	except OSError:
		frappe.log_error(title="Invoice not printed")
		frappe.throw(
			_("The invoice could not be made a PDF. Print it once to see why, or ask your administrator.")
		)


def _keep(invoice, pdf: bytes, name: str | None = None) -> str:
	"""Attach the PDF to the invoice, privately, as a File of this name or of one drawn by chance. Returns the File."""
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": f"{frappe.scrub(invoice.name).upper().replace('_', '-')}.pdf".replace("/", "-"),
			"attached_to_doctype": INVOICE,
			"attached_to_name": invoice.name,
			"is_private": 1,
			"content": pdf,
		}
	)
	file.insert(
		ignore_permissions=True, set_name=name
	)  # the invoice may be e-mailed by the user; a role may lack the right to make files
	return file.name


def _language(invoice) -> str:
	customers = frappe.get_cached_value("Customer", invoice.customer, "language")
	return invoice.get("language") or customers or frappe.local.lang


def _text(invoice) -> str:
	with print_language(_language(invoice)):
		return _("Dear {0}, your invoice {1} of {2} is attached. Thank you for your business.").format(
			invoice.contact_display or invoice.customer_name, invoice.name, _amount(invoice)
		)


def _template_values(invoice, template: str) -> dict[str, str]:
	"""placeholder -> text, for what a template says that it takes from the document."""
	known = {
		"Person's Name": invoice.contact_display or invoice.customer_name,
		"Company": invoice.company,
		"Document Number": invoice.name,
		"Amount": _amount(invoice),
		"Due Date": formatdate(invoice.due_date) if invoice.due_date else "",
	}
	rows = frappe.get_cached_doc("Dafater Message Template", template).parameters
	return {row.placeholder.strip("{} "): known[row.value_from] for row in rows if known.get(row.value_from)}


def _amount(invoice) -> str:
	return fmt_money(invoice.rounded_total or invoice.grand_total, currency=invoice.currency)
