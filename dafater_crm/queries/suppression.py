"""Who must not be written to by which channel: opt-outs, unsubscribed addresses, blocked people and consent.

At most six statements for many records and both channels. It decides what is sent, not what a person sees, so it reads without
`ListedRows`: an opt-out on a record of another team binds us as well. It is asked at the moment of sending, never earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce

LEAD, PROSPECT, CONTACT, IDENTITY = "Dafater Lead", "Dafater Prospect", "Contact", "Dafater Contact Identity"
# channels as consent entries name them, and the columns in which a lead or prospect holds their addresses
EMAIL, WHATSAPP = "E-mail", "WhatsApp"
COLUMNS = {EMAIL: ("email_id",), WHATSAPP: ("whatsapp_no", "mobile_no")}
# reasons, in the order in which they are told
OPTED_OUT, NO_ADDRESS, NO_NUMBER = "do not contact", "no e-mail address", "no number"
UNSUBSCRIBED, BLOCKED, NO_MARKETING = "unsubscribed", "blocked", "no marketing"
WITHDRAWN, NO_CONSENT = "consent withdrawn", "no marketing consent"

Party = tuple[str, str]


@dataclass(frozen=True)
class Addressee:
	"""One record and the addresses that would be written to. `phone`: E.164. `parties`: (DocType, name) of the people behind it."""

	doctype: str
	name: str
	email: str
	parties: tuple[Party, ...] = ()
	phone: str = ""

	def address(self, channel: str) -> str:
		return self.email.lower() if channel == EMAIL else self.phone

	def all_parties(self) -> set[Party]:
		return {(self.doctype, self.name), *self.parties}


def reasons(
	addressees: Iterable[Addressee], channels: Sequence[str], promotional: bool, needs_consent: bool
) -> dict[str, dict[str, str]]:
	"""Channel -> record name -> why it must not be written to that way; records that may be are left out.

	`promotional` adds withdrawn consent and people who stopped marketing, `needs_consent` the lack of consent.
	"""
	people = list(addressees)
	if not people:
		return {channel: {} for channel in channels}
	known = _Known(people, channels, promotional)
	found: dict[str, dict[str, str]] = {}
	for channel in channels:
		judged = {
			person.name: _reason(person, channel, known, promotional, needs_consent) for person in people
		}
		found[channel] = {name: reason for name, reason in judged.items() if reason}
	return found


def _reason(
	person: Addressee, channel: str, known: _Known, promotional: bool, needs_consent: bool
) -> str | None:
	address, own = person.address(channel), person.all_parties()
	related = own | known.sharing.get((channel, address), set())
	if related & known.opted_out:
		return OPTED_OUT
	if not address:
		return NO_ADDRESS if channel == EMAIL else NO_NUMBER
	if channel == EMAIL and (related & known.unsubscribed or known.left(person, address)):
		return UNSUBSCRIBED
	if channel == WHATSAPP and address in known.blocked:
		return BLOCKED
	if not promotional:
		return None
	if channel == WHATSAPP and address in known.no_marketing:
		return NO_MARKETING
	if any(known.consent(party, channel) == "Withdrawn" for party in related):
		return WITHDRAWN
	granted = any(known.consent(party, channel) == "Granted" for party in own)
	return None if granted or not needs_consent else NO_CONSENT


class _Known:
	"""What is known of these people and of whoever shares an address with them."""

	def __init__(self, people: list[Addressee], channels: Sequence[str], promotional: bool) -> None:
		self.opted_out: set[Party] = set()
		self.unsubscribed: set[Party] = set()
		# (channel, address) -> records that hold it
		self.sharing: dict[tuple[str, str], set[Party]] = {}
		# what a record shows of its consent, for records without a ledger
		self._shown: dict[Party, str] = {}
		self._ledger: dict[Party, dict[str, str]] = {}
		self._left: set[tuple] = set()
		self.blocked: set[str] = set()
		self.no_marketing: set[str] = set()
		addresses = {
			channel: sorted({person.address(channel) for person in people} - {""}) for channel in channels
		}
		parties = set().union(*(person.all_parties() for person in people))
		for doctype in (LEAD, PROSPECT):
			self._read_records(doctype, sorted(name for kind, name in parties if kind == doctype), addresses)
		if EMAIL in addresses:
			self._read_unsubscribed(addresses[EMAIL])
		if WHATSAPP in addresses:
			self._read_identities(addresses[WHATSAPP])
		if promotional:
			self._read_consent(parties.union(*self.sharing.values()))

	def left(self, person: Addressee, address: str) -> bool:
		"""True where Frappe's own unsubscribe page recorded the address, for everything or for this record."""
		return bool(self._left & {(None, None, address), (person.doctype, person.name, address)})

	def consent(self, party: Party, channel: str) -> str | None:
		"""The latest word on marketing by this channel: the ledger's where there is one, else what the record shows."""
		if party in self._ledger:
			return self._ledger[party].get(channel)
		return self._shown.get(party)

	def _read_records(self, doctype: str, names: list[str], addresses: dict[str, list[str]]) -> None:
		"""Rows of those names or addresses. One statement, a UNION so that each index is used."""
		table = DocType(doctype)
		fields = ["name", "do_not_contact", "marketing_consent"]
		fields += [field for channel in addresses for field in COLUMNS[channel]]
		fields += ["unsubscribed"] if doctype == LEAD else []
		query = (
			frappe.qb.from_(table)
			.select(*(table[field] for field in fields))
			.where(table.name.isin(names or [""]))
		)
		for channel, wanted in addresses.items():
			for field in COLUMNS[channel]:
				part = frappe.qb.from_(table).select(*(table[name] for name in fields))
				query = query + part.where(table[field].isin(wanted or [""]))
		for row in query.run(as_dict=True):
			self._note(doctype, row, addresses)

	def _note(self, doctype: str, row: dict, channels: Iterable[str]) -> None:
		party = (doctype, row.name)
		if row.do_not_contact:
			self.opted_out.add(party)
		if row.get("unsubscribed"):
			self.unsubscribed.add(party)
		self._shown[party] = row.marketing_consent
		for channel in channels:
			for field in COLUMNS[channel]:
				if row[field]:
					self.sharing.setdefault((channel, row[field].lower()), set()).add(party)

	def _read_unsubscribed(self, emails: list[str]) -> None:
		"""Contacts and addresses that were unsubscribed. Two statements."""
		contact, address = DocType(CONTACT), DocType("Contact Email")
		contacts = (
			frappe.qb.from_(address)
			.join(contact)
			.on(contact.name == address.parent)
			.select(address.email_id)
			.where(address.email_id.isin(emails or [""]))
			.where(contact.unsubscribed == 1)
			.run(pluck=True)
		)
		table = DocType("Email Unsubscribe")
		rows = (
			frappe.qb.from_(table)
			.select(table.reference_doctype, table.reference_name, table.email, table.global_unsubscribe)
			.where(table.email.isin(emails or [""]))
			.run()
		)
		self._left = {(None, None, email.lower()) for email in contacts} | {
			(None, None, email.lower()) if everywhere else (doctype, name, email.lower())
			for doctype, name, email, everywhere in rows
		}

	def _read_identities(self, phones: list[str]) -> None:
		"""What the inbox knows of these numbers; of a person who was merged, what the kept row says. One statement."""
		person, keeper = DocType(IDENTITY), DocType(IDENTITY).as_("keeper")
		rows = (
			frappe.qb.from_(person)
			.left_join(keeper)
			.on(keeper.name == person.merged_into)
			.select(
				person.phone_key,
				Coalesce(keeper.blocked, person.blocked),
				Coalesce(keeper.no_marketing, person.no_marketing),
			)
			.where(person.phone_key.isin([f"{WHATSAPP}:{phone}" for phone in phones] or [""]))
			.run()
		)
		for key, blocked, no_marketing in rows:
			phone = key.removeprefix(f"{WHATSAPP}:")
			if blocked:
				self.blocked.add(phone)
			if no_marketing:
				self.no_marketing.add(phone)

	def _read_consent(self, parties: set[Party]) -> None:
		"""The consent ledger on marketing, the latest entry last. One statement."""
		entry = DocType("Dafater Consent Entry")
		rows = (
			frappe.qb.from_(entry)
			.select(entry.party_type, entry.party_name, entry.channel, entry.action)
			.where(entry.party_name.isin(sorted({name for _doctype, name in parties})))
			.where(entry.party_type.isin(sorted({doctype for doctype, _name in parties})))
			.where(entry.purpose == "Marketing")
			.orderby(entry.given_on)
			.orderby(entry.creation)
			.run()
		)
		for doctype, name, channel, action in rows:
			said = self._ledger.setdefault((doctype, name), {})
			said |= {one: action for one in (EMAIL, WHATSAPP) if channel in ("All", one)}
