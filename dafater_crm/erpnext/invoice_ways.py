"""By which ways an invoice can reach its customer: people who wrote to us, the contact's number and address."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from dafater_crm.domain import message_limits, message_window, phones
from dafater_crm.domain.channels import EMAIL, INSTAGRAM, MESSENGER, SMS, WHATSAPP
from dafater_crm.domain.errors import RuleError

ACCOUNT, IDENTITY, TEMPLATE = (
	"Dafater Channel Account",
	"Dafater Contact Identity",
	"Dafater Message Template",
)
# mail without an account of the inbox, by Frappe's own outgoing account
PLAIN_MAIL = "mail"
MOST_PEOPLE = 10


@dataclass(frozen=True)
class Way:
	"""One way. `account` None: plain e-mail. `template`: what WhatsApp needs outside the 24 hours. `problem`: why not now."""

	key: str
	channel: str
	address: str
	account: str | None = None
	user_id: str | None = None
	phone: str | None = None
	conversation: str | None = None
	template: str | None = None
	problem: str | None = None

	def shown(self) -> dict:
		label = f"{_(self.channel)}: {self.address}"
		return {**asdict(self), "label": label}


def ways(invoice) -> list[Way]:
	"""All ways, those that can be used now first; people who wrote most recently before numbers that never did."""
	found = [_of_person(row) for row in _people(invoice)]
	known = {way.phone for way in found if way.channel == WHATSAPP} | {
		way.user_id for way in found if way.channel == EMAIL
	}
	accounts = _accounts(invoice.company)
	phone, email = _phone(invoice), (invoice.contact_email or "").strip().lower()
	if phone and phone not in known:
		found += [
			_chat(f"phone:{account}", WHATSAPP, phone, account, None, phone=phone)
			for account in accounts.get(WHATSAPP, ())
		]
	if email and email not in known:
		mailboxes = accounts.get(EMAIL, ())
		found += [
			Way(f"address:{account}", EMAIL, email, account, user_id=email) for account in mailboxes
		] or [Way(PLAIN_MAIL, EMAIL, email)]
	return sorted(found, key=lambda way: bool(way.problem))


def chosen_way(invoice, key: str | None = None) -> Way | list[Way]:
	"""The way of this key, or the only one that can be used; several: all of them. Throws where there is none."""
	found = ways(invoice)
	if key:
		way = next((way for way in found if way.key == key), None)
		if not way:
			frappe.throw(_("The customer cannot be reached this way any more. Choose another one."))
		return usable(way)
	able = [way for way in found if not way.problem]
	if len(able) > 1:
		return able
	if not found:
		frappe.throw(
			_(
				"Nobody knows how to reach this customer. Enter a contact with a mobile number or an e-mail address."
			)
		)
	return usable(found[0])


def usable(way: Way) -> Way:
	if way.problem:
		frappe.throw(way.problem)
	return way


def way_of_conversation(invoice, conversation) -> Way:
	"""Into a conversation that is open on the screen. Throws where its channel does not allow it now."""
	person = frappe.db.get_value(
		IDENTITY,
		conversation.identity,
		["phone", "user_id", "email_id", "display_name", "customer"],
		as_dict=True,
	)
	customer = conversation.customer or person.customer
	if customer and customer != invoice.customer:
		frappe.throw(
			_(
				"{0} is an invoice of another customer. Choose one of the customer of this conversation."
			).format(frappe.bold(invoice.name))
		)
	address = person.email_id or person.phone or person.display_name or ""
	if conversation.channel == EMAIL:
		return Way("conversation", EMAIL, address, conversation.account, conversation=conversation.name)
	return usable(
		_chat(
			"conversation",
			conversation.channel,
			address,
			conversation.account,
			conversation.last_inbound_on,
			conversation=conversation.name,
		)
	)


def _people(invoice) -> list[dict]:
	"""Persons known to be the customer or the invoice's contact, the last to write first."""
	person, account = frappe.qb.DocType(IDENTITY), frappe.qb.DocType(ACCOUNT)
	rule = person.customer == invoice.customer
	if invoice.contact_person:
		rule = rule | (person.contact == invoice.contact_person)
	return (
		frappe.qb.from_(person)
		.join(account)
		.on(account.name == person.account)
		.select(
			person.name,
			person.channel,
			person.account,
			person.phone,
			person.user_id,
			person.email_id,
			person.display_name,
			person.last_inbound_on,
		)
		.where(rule & (person.blocked == 0) & person.merged_into.isnull() & (account.enabled == 1))
		.where(person.channel != SMS)
		.orderby(person.last_inbound_on, order=frappe.qb.desc)
		.limit(MOST_PEOPLE)
		.run(as_dict=True)
	)


def _of_person(row: dict) -> Way:
	address = row.phone or row.display_name or row.user_id or ""
	key = f"person:{row.name}"
	if row.channel == EMAIL:
		return Way(key, EMAIL, row.email_id or row.user_id, row.account, user_id=row.user_id)
	return _chat(
		key, row.channel, address, row.account, row.last_inbound_on, user_id=row.user_id, phone=row.phone
	)


def _chat(key: str, channel: str, address: str, account: str, last_inbound_on, **values) -> Way:
	"""A file within the service window; on WhatsApp the template of the settings outside it."""
	since = get_datetime(last_inbound_on) if last_inbound_on else None
	template = problem = None
	if not message_limits.takes_files(channel):
		problem = _("Files cannot be sent by {0}. Choose another way.").format(_(channel))
	elif not message_window.may_send(channel, "Document", since, now_datetime()):
		template = _template(account) if channel == WHATSAPP else None
		problem = None if template else _closed(channel)
	return Way(key, channel, address, account, template=template, problem=problem, **values)


def _closed(channel: str) -> str:
	if channel == WHATSAPP:
		return _(
			"The customer has not written in the last 24 hours. Choose an approved template with a document in the inbox settings to send invoices by WhatsApp."
		)
	return _("The customer has not written for too long. Choose another way.")


def _template(account: str) -> str | None:
	"""The template of the settings, or one of the same name of this account."""
	wanted = frappe.get_cached_doc("Dafater Inbox Settings").send_invoice_with
	if not wanted:
		return None
	name = frappe.db.get_value(TEMPLATE, wanted, "template_name")
	usable_ones = {
		"account": account,
		"template_name": name,
		"enabled": 1,
		"approval": "Approved",
		"header_type": "Document",
	}
	found = frappe.get_all(TEMPLATE, usable_ones, pluck="name", order_by="creation")
	return wanted if wanted in found else next(iter(found), None)


def _accounts(company: str) -> dict[str, list[str]]:
	"""channel -> enabled accounts of the company, or of none in particular."""
	found: dict[str, list[str]] = {}
	for row in frappe.get_all(
		ACCOUNT,
		{"enabled": 1, "channel": ("in", (WHATSAPP, EMAIL, MESSENGER, INSTAGRAM))},
		["name", "channel", "company"],
		order_by="creation",
	):
		if row.company in (None, "", company):
			found.setdefault(row.channel, []).append(row.name)
	return found


def _phone(invoice) -> str | None:
	for typed in (invoice.contact_mobile, frappe.db.get_value("Customer", invoice.customer, "mobile_no")):
		try:
			if typed:
				return phones.to_e164(typed)
		except RuleError:
			continue
	return None
