"""What of a record duplicates are found by, worked out once for all its comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from . import organisations
from .emails import mailbox
from .names import Word, person_names

PERSON, COMPANY, UNNAMED = "person", "company", "unnamed"

_ROLES = frozenset(
	[
		"info",
		"sales",
		"admin",
		"contact",
		"office",
		"hr",
		"jobs",
		"career",
		"careers",
		"support",
		"marketing",
		"accounts",
		"account",
		"accounting",
		"finance",
		"mail",
		"email",
		"enquiry",
		"inquiry",
		"procurement",
		"purchase",
		"purchasing",
		"reception",
		"customercare",
		"help",
		"service",
		"services",
	]
)


@dataclass(frozen=True, slots=True)
class Record:
	"""One lead or row with cleaned values: phones as E.164, e-mails and numbers as `domain` normalises them."""

	name: str = ""
	name_latin: str = ""
	organisation: str = ""
	organisation_latin: str = ""
	phones: tuple[str, ...] = ()
	emails: tuple[str, ...] = ()
	cr_number: str = ""
	vat_number: str = ""
	national_id: str = ""
	city: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
	"""What of a record is compared, worked out once.

	``kind`` is a person, a company's own row (an organisation without a person), or only a way to reach somebody.
	"""

	names: tuple[tuple[Word, ...], ...]
	organisations: tuple[tuple[Word, ...], ...]
	mobiles: frozenset[str]
	fixed: frozenset[str]
	emails: frozenset[str]
	cr_number: str
	vat_number: str
	national_id: str
	city: str
	kind: str


def profile(record: Record) -> Profile:
	"""Return the profile of a record."""
	called = (
		organisations.organisation_words(name) for name in (record.organisation, record.organisation_latin)
	)
	names = person_names(record.name, record.name_latin)
	companies = tuple(dict.fromkeys(words for words in called if words))
	return Profile(
		names,
		companies,
		frozenset(phone for phone in record.phones if is_personal_phone(phone)),
		frozenset(phone for phone in record.phones if phone and not is_personal_phone(phone)),
		frozenset(mailbox(email) for email in record.emails if email),
		record.cr_number,
		record.vat_number,
		record.national_id,
		organisations.city_key(record.city),
		PERSON if names else COMPANY if companies else UNNAMED,
	)


def is_personal_phone(e164: str) -> bool:
	"""Tell a number that belongs to one person: Saudi mobiles, and every number of other countries."""
	return e164.startswith("+9665") or (bool(e164) and not e164.startswith("+966"))


@lru_cache(maxsize=20_000)
def is_role_email(email: str) -> bool:
	"""Tell an address that a company shares: info@, sales@ …"""
	return email.partition("@")[0].partition(".")[0].rstrip("0123456789") in _ROLES


def personal_emails(one: Profile) -> frozenset[str]:
	"""The addresses of a record that are not a company's."""
	return frozenset(email for email in one.emails if not is_role_email(email))
