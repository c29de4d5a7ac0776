"""Whose number or address is this: the lead, contact and customer of a person, and the lead that an unknown one becomes.

Asked once, when a person begins a conversation and nothing is known yet. It sees every record: a colleague's customer is a customer too,
and whoever opens the record needs the right to read it.
"""

from __future__ import annotations

import frappe
from frappe import _

from dafater_crm.domain import channels, phones
from dafater_crm.domain.characters import one_line
from dafater_crm.domain.errors import RuleError
from dafater_crm.domain.text import is_formula
from dafater_crm.queries.inbox_person import known_as
from dafater_crm.records import capture
from dafater_crm.records.inbox import accounts, identities, rows

LEAD, CONVERSATION, MESSAGE = "Dafater Lead", "Dafater Conversation", "Dafater Message"
LINKS = ("lead", "contact", "customer")


def recognise(person: dict) -> None:
	"""Fill the links of a locked person from its number and address, where none is set. At most five statements."""
	if any(person[field] for field in LINKS):
		return
	found = {field: value for field, value in known_as(person.phone, person.email_id).items() if value}
	if found:
		rows.update(identities.IDENTITY, person.name, **found)
		person.update(found)


def ensure_lead(conversation: str) -> str | None:
	"""Make the lead of a stranger where the account's rule says so, and link it. Returns it. Safe to repeat; commits.

	Under the person's lock, so that two conversations make one lead. Raises what the lead's controller refuses, and `Moved`.
	"""
	row = frappe.db.get_value(
		CONVERSATION,
		conversation,
		["identity", "account", "conversation_class", "lead", "customer"],
		as_dict=True,
	)
	account = accounts.row(row.account) if row else None
	if not account or not is_wanted(account, row):
		return None
	frappe.db.commit()  # nosemgrep: manual-commit - locks come first in a transaction, see `identities`
	person = identities.lock([row.identity])[row.identity]
	recognise(person)
	if not any(person[field] for field in LINKS):
		person.lead = insert_lead(account, person, conversation)
		rows.update(identities.IDENTITY, person.name, lead=person.lead)
	_link(person, conversation)
	frappe.db.commit()  # nosemgrep: manual-commit - the lead and its links, a transaction of their own
	return person.lead


def is_wanted(account: dict, conversation: dict) -> bool:
	"""Does the account's rule want a lead behind this conversation, which has none yet?"""
	if conversation.lead or conversation.customer:
		return False
	if account.lead_rule == "Always":
		return True
	return account.lead_rule == "For Sales Conversations" and conversation.conversation_class == "Sales"


def _link(person: dict, conversation: str) -> None:
	known = {field: person[field] for field in LINKS if person[field]}
	rows.update(CONVERSATION, conversation, **known)


def insert_lead(account: dict, person: dict, conversation: str) -> str:
	"""Insert the lead that a person of a conversation becomes, whoever asks: the caller has decided that there may be one."""
	first = frappe.get_all(
		MESSAGE,
		{"conversation": conversation, "direction": "Incoming", "body": ("is", "set")},
		["body", "provider_id"],
		order_by="message_on",
		limit=1,
	)
	values = {
		"lead_type": "Person",
		"lead_name": plain_name(person.display_name) or person.phone or person.username or _("Unknown"),
		"email_id": person.email_id,
		"source": account.lead_source,
		"campaign": account.campaign,
		"company": account.company,
		"lead_owner": account.lead_owner,
		"request": first[0].body[: capture.MAX_TEXT] if first else None,
		"preferred_channel": account.channel,
		"preferred_language": person.language,
		**_reach(account.channel, person.phone),
	}
	# the account's rule, set by a manager, is the permission: the sender is no user
	return capture.insert_lead(values, "Channel", unattended=True).name


def _reach(channel: str, phone: str | None) -> dict[str, str]:
	"""The number, where it is one that a lead may have."""
	try:
		number = phones.to_e164(phone)
	except RuleError:
		return {}
	if not number:
		return {}
	return {"mobile_no": number, **({"whatsapp_no": number} if channel == channels.WHATSAPP else {})}


def plain_name(value: str | None) -> str:
	"""A display name as a lead's name may be: one line without markup; strangers write anything there."""
	line = one_line((value or "").replace("<", " ").replace(">", " ").replace("&", " "))
	while is_formula(line):
		line = line[1:].lstrip()
	return line[:140]
